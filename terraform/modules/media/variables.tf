variable "bucket" {
  description = "The bucket's name: it is in the backend's role too."
  type        = string
}

variable "kms_key_arn" {
  description = "Encrypts the pictures."
  type        = string
}

variable "force_delete" {
  description = "Whether the bucket may be deleted with pictures in it."
  type        = bool
}
