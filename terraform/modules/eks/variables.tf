variable "name_prefix" {
  description = "Begins every name; the cluster is <name_prefix>-eks."
  type        = string
}

variable "cluster_version" {
  description = "Kubernetes version."
  type        = string

  validation {
    # Versions in standard support; an older one costs six times as much per hour.
    condition     = contains(["1.34", "1.35", "1.36"], var.cluster_version)
    error_message = "cluster_version must be 1.34, 1.35 or 1.36. When EKS adds or drops one, change this list and scripts/preflight.sh together."
  }
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets for the control plane's interfaces and the nodes."
  type        = list(string)
}

variable "kms_key_arn" {
  description = "Encrypts Kubernetes secrets, logs and disks."
  type        = string
}

variable "public_endpoint_cidrs" {
  description = "Who may reach the API server from outside; empty means nobody."
  type        = list(string)
}

variable "allow_public_endpoint" {
  description = "Whether public_endpoint_cidrs may be the whole internet."
  type        = bool
  default     = false
}

variable "admin_principal_arns" {
  description = "IAM roles or users that administer the cluster."
  type        = set(string)
}

variable "deletion_protection" {
  description = "Whether the cluster refuses to be deleted."
  type        = bool
}

variable "node_architecture" {
  description = "amd64 or arm64. Images must be built for it."
  type        = string
  default     = "amd64"

  validation {
    condition     = contains(["amd64", "arm64"], var.node_architecture)
    error_message = "node_architecture must be amd64 or arm64."
  }
}

variable "node_size" {
  description = "The second half of the instance type: t3.<size> on amd64, t4g.<size> on arm64."
  type        = string
  default     = "medium"

  validation {
    # Two nodes carry 22 pods before the shop has a second replica; see the README.
    condition     = contains(["medium", "large", "xlarge"], var.node_size)
    error_message = "node_size must be medium, large or xlarge: on less, a rolling update does not fit."
  }
}

variable "node_count" {
  description = "How many nodes at least, at first and at most."
  type        = object({ min = number, desired = number, max = number })

  validation {
    condition     = var.node_count.min <= var.node_count.desired && var.node_count.desired <= var.node_count.max && var.node_count.max >= 1
    error_message = "node_count must have min <= desired <= max, and max >= 1."
  }
}

variable "max_pods_per_node" {
  description = "The kubelet's limit. It sets aside about 11 MiB for each, used or not."
  type        = number
  default     = 35
}

variable "log_days" {
  description = "How long control plane logs are kept."
  type        = number
  default     = 14
}
