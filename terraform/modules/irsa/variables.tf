variable "name" {
  description = "The role's name."
  type        = string
}

variable "oidc_provider_arn" {
  description = "The cluster's identity provider in IAM."
  type        = string
}

variable "oidc_issuer" {
  description = "The cluster's issuer, with or without https://."
  type        = string
}

variable "namespace" {
  description = "The namespace of the service account."
  type        = string
}

variable "service_account" {
  description = "The only service account that may take the role."
  type        = string
}

variable "policies" {
  description = "Inline policies by name, as JSON."
  type        = map(string)
  default     = {}
}

variable "managed_policy_arns" {
  description = "Managed policies by a name of their own."
  type        = map(string)
  default     = {}
}
