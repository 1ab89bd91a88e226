variable "path" {
  description = "Begins the secrets' names: oxcart/<environment>."
  type        = string
}

variable "kms_key_arn" {
  description = "Encrypts the secrets."
  type        = string
}

variable "recovery_days" {
  description = "How long a deleted secret can be brought back; 0 deletes at once, so that the name is free again."
  type        = number
}

variable "database" {
  description = "What the database secret holds. Never kept: written to Secrets Manager only."
  type        = map(string)
  sensitive   = true
  ephemeral   = true
}

variable "redis" {
  description = "What the cache secret holds."
  type        = map(string)
  sensitive   = true
  ephemeral   = true
}

variable "jwt" {
  description = "What the signing secret holds."
  type        = map(string)
  sensitive   = true
  ephemeral   = true
}

variable "versions" {
  description = "One number for each secret; raise it to write that secret anew."
  type        = object({ database = number, redis = number, jwt = number })
}
