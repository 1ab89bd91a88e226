variable "name_prefix" {
  description = "Begins the roles' names."
  type        = string
}

variable "environment" {
  description = "The GitHub environment that the apply role is bound to."
  type        = string
}

variable "repository" {
  description = "owner/name on GitHub."
  type        = string

  validation {
    condition     = can(regex("^[\\w.-]+/[\\w.-]+$", var.repository))
    error_message = "repository must be owner/name, without wildcards."
  }
}

variable "branch" {
  description = "The branch that images are built from."
  type        = string
  default     = "main"
}

variable "create_provider" {
  description = "An account has one GitHub provider; false uses the one that another environment made."
  type        = bool
  default     = true
}

variable "repository_arns" {
  description = "Image repositories that the images role may push to."
  type        = list(string)
}

variable "state_bucket" {
  description = "Name of the bucket with both states."
  type        = string
}
