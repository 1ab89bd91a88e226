# The first four are in envs/<environment>/env.tfvars, for both layers and the scripts.

variable "project" {
  description = "The shop's name in AWS."
  type        = string
}

variable "environment" {
  description = "demo or prod."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.environment))
    error_message = "environment must be a short lower-case word: names in AWS have limits."
  }
}

variable "region" {
  description = "Where the shop runs."
  type        = string
}

variable "account_id" {
  description = "The account; another one is refused."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must have twelve digits."
  }
}

variable "vpc_cidr" {
  description = "The network's addresses, a /16."
  type        = string
  default     = "10.0.0.0/16"
}

variable "zone_count" {
  description = "In how many availability zones the shop runs."
  type        = number
}

variable "nat_mode" {
  description = "single or per_az."
  type        = string
}

variable "cluster_version" {
  description = "Kubernetes version."
  type        = string
  default     = "1.35"
}

variable "public_endpoint_cidrs" {
  description = "Who may reach the API server from outside."
  type        = list(string)
}

variable "allow_public_endpoint" {
  description = "Whether that may be the whole internet."
  type        = bool
  default     = false
}

variable "admin_principal_arns" {
  description = "IAM roles or users that administer the cluster."
  type        = set(string)
}

variable "deletion_protection" {
  description = "Whether cluster and images refuse to be deleted."
  type        = bool
}

variable "node_architecture" {
  description = "amd64 or arm64."
  type        = string
  default     = "amd64"
}

variable "node_size" {
  description = "medium, large or xlarge."
  type        = string
  default     = "medium"
}

variable "node_count" {
  description = "How many nodes at least, at first and at most."
  type        = object({ min = number, desired = number, max = number })
}

variable "alb_certificate_arn" {
  description = "The load balancer's certificate, for the name that shoppers use; its one open port is 443 then, else 80."
  type        = string
  default     = null
}

variable "repositories" {
  description = "Image repositories."
  type        = set(string)
  default     = ["oxcart/backend", "oxcart/frontend"]
}

variable "github_repository" {
  description = "owner/name whose workflows may come in, or null for none."
  type        = string
  default     = null
}

variable "github_create_provider" {
  description = "false when another environment of this account has made GitHub's provider."
  type        = bool
  default     = true
}
