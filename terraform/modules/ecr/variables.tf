variable "repositories" {
  description = "Names of the image repositories."
  type        = set(string)
}

variable "kms_key_arn" {
  description = "Encrypts the images."
  type        = string
}

variable "keep" {
  description = "How many released images stay."
  type        = number
  default     = 30
}

variable "force_delete" {
  description = "Whether destroying may take images with it."
  type        = bool
  default     = false
}
