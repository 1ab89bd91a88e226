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

variable "database_instance_class" {
  description = "Size of the database."
  type        = string
}

variable "database_max_connections" {
  description = "What that class allows: about 110 per GiB of memory. The charts' connection budget and an alarm use it."
  type        = number
}

variable "database_multi_az" {
  description = "Whether a standby waits in another zone."
  type        = bool
}

variable "database_backup_days" {
  description = "How long backups are kept."
  type        = number
}

variable "deletion_protection" {
  description = "Whether the database refuses to be deleted, and secrets can be brought back for a week."
  type        = bool
}

variable "cache_engine" {
  description = "valkey or redis."
  type        = string
  default     = "valkey"
}

variable "cache_node_type" {
  description = "Size of each cache node."
  type        = string
}

variable "cache_replicas" {
  description = "Cache nodes beside the primary."
  type        = number
}

variable "credentials_version" {
  description = "One number for each secret. Raise one, apply, and that secret is new everywhere at once."
  type        = object({ database = number, redis = number, jwt = number })
  default     = { database = 1, redis = 1, jwt = 1 }
}

variable "cdn_enabled" {
  description = "false until the Ingress has made its load balancer; without it there is nothing to be in front of."
  type        = bool
}

variable "origin_access_mode" {
  description = "vpc_origin or public_prefix_list."
  type        = string
  default     = "vpc_origin"
}

variable "origin_header" {
  description = "With public_prefix_list: the secret that the load balancer asks for."
  type        = string
  default     = null
  sensitive   = true
}

variable "aliases" {
  description = "Host names of the shop beside the distribution's own."
  type        = list(string)
  default     = []
}

variable "certificate_arn" {
  description = "A certificate for the aliases, in us-east-1."
  type        = string
  default     = null
}

variable "html_cache_mode" {
  description = "off or origin."
  type        = string
  default     = "off"
}

variable "origin_shield_region" {
  description = "A region in front of the origin, or null."
  type        = string
  default     = null
}

variable "waf_enabled" {
  description = "Whether a web application firewall stands in front."
  type        = bool
}

variable "budget_usd" {
  description = "What a month may cost."
  type        = number
}

variable "alert_emails" {
  description = "Who hears of alarms and of the budget."
  type        = set(string)
  default     = []
}
