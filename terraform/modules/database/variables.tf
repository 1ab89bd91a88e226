variable "name_prefix" {
  description = "Begins every name; the instance is <name_prefix>-postgres."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnet_ids" {
  description = "Database subnets, in two zones at least."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "Who may connect, by a name for each: the cluster's group and the nodes' group. Pods can carry either."
  type        = map(string)

  validation {
    condition     = toset(keys(var.client_security_group_ids)) == toset(["cluster", "node"])
    error_message = "client_security_group_ids must have exactly cluster and node: with one alone, pods on the other are cut off without a word."
  }
}

variable "kms_key_arn" {
  description = "Encrypts storage and logs."
  type        = string
}

variable "instance_class" {
  description = "Size of the instance; its memory decides how many connections there are."
  type        = string
}

variable "max_connections" {
  description = "What the class allows by default, for the alarm: about 110 per GiB."
  type        = number
}

variable "multi_az" {
  description = "Whether a standby waits in another zone."
  type        = bool
}

variable "backup_days" {
  description = "How long backups are kept."
  type        = number
}

variable "deletion_protection" {
  description = "Whether the instance refuses to be deleted; with it goes a last snapshot."
  type        = bool
}

variable "password" {
  description = "The master user's password. Never kept: written to RDS only."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "credentials_version" {
  description = "Raise it to write a new password."
  type        = number
}

variable "alarm_topic_arn" {
  description = "Where alarms go."
  type        = string
}
