variable "name_prefix" {
  description = "Begins every name, for example oxcart-demo."
  type        = string
}

variable "cidr" {
  description = "The network's addresses, a /16."
  type        = string

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && endswith(var.cidr, "/16")
    error_message = "cidr must be an IPv4 /16, such as 10.0.0.0/16."
  }
}

variable "zone_count" {
  description = "In how many availability zones the shop runs: 2 or 3."
  type        = number

  validation {
    condition     = contains([2, 3], var.zone_count)
    error_message = "zone_count must be 2 or 3: EKS and the database need two zones, more than three cost without use."
  }
}

variable "nat_mode" {
  description = "single: one NAT gateway for all zones. per_az: one in each, so that a zone's failure stays there."
  type        = string

  validation {
    condition     = contains(["single", "per_az"], var.nat_mode)
    error_message = "nat_mode must be single or per_az."
  }
}

variable "kms_key_arn" {
  description = "Encrypts the flow logs."
  type        = string
}

variable "flow_log_days" {
  description = "How long flow logs are kept."
  type        = number
  default     = 14
}
