variable "project" {
  description = "The shop's name in AWS."
  type        = string
  default     = "oxcart"
}

variable "environment" {
  description = "demo or prod."
  type        = string
}

variable "region" {
  description = "Where the state is kept."
  type        = string
}

variable "account_id" {
  description = "The account; another one is refused."
  type        = string
}
