variable "name_prefix" {
  description = "Begins every name; the group is <name_prefix>-redis."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnet_ids" {
  description = "Database subnets."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "Who may connect, by a name for each: the cluster's group and the nodes' group."
  type        = map(string)

  validation {
    condition     = toset(keys(var.client_security_group_ids)) == toset(["cluster", "node"])
    error_message = "client_security_group_ids must have exactly cluster and node: with one alone, pods on the other are cut off without a word."
  }
}

variable "kms_key_arn" {
  description = "Encrypts what is written to disk."
  type        = string
}

variable "engine" {
  description = "valkey or redis: the same protocol; the first costs about a fifth less."
  type        = string
  default     = "valkey"

  validation {
    condition     = contains(["valkey", "redis"], var.engine)
    error_message = "engine must be valkey or redis."
  }
}

variable "node_type" {
  description = "Size of each node."
  type        = string
}

variable "replicas" {
  description = "Nodes beside the primary; with one or more, failover is automatic."
  type        = number
}

variable "token" {
  description = "The password. Never kept: written to ElastiCache only."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "credentials_version" {
  description = "Raise it to write a new token."
  type        = number
}
