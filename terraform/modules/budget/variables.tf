variable "name_prefix" {
  description = "Begins every name."
  type        = string
}

variable "environment" {
  description = "The value of the Environment tag whose costs are counted."
  type        = string
}

variable "limit_usd" {
  description = "What a month may cost."
  type        = number
}

variable "emails" {
  description = "Who hears of alarms and of the budget. Each address confirms once."
  type        = set(string)
}

variable "kms_key_arn" {
  description = "Encrypts the topic."
  type        = string
}
