# Three secrets, written and never read back: neither plan nor state holds their content.

locals {
  about = {
    database = "PostgreSQL of ${var.path}"
    redis    = "Cache of ${var.path}"
    jwt      = "Signing secret of ${var.path}"
  }
}

resource "aws_secretsmanager_secret" "this" {
  for_each = local.about

  name                    = "${var.path}/${each.key}"
  description             = each.value
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.recovery_days
}

resource "aws_secretsmanager_secret_policy" "this" {
  for_each = aws_secretsmanager_secret.this

  secret_arn = each.value.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "secretsmanager:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# Written out three times: what is ephemeral cannot decide how many of something there are.
resource "aws_secretsmanager_secret_version" "database" {
  secret_id                = aws_secretsmanager_secret.this["database"].id
  secret_string_wo         = jsonencode(var.database)
  secret_string_wo_version = var.versions.database
}

resource "aws_secretsmanager_secret_version" "redis" {
  secret_id                = aws_secretsmanager_secret.this["redis"].id
  secret_string_wo         = jsonencode(var.redis)
  secret_string_wo_version = var.versions.redis
}

resource "aws_secretsmanager_secret_version" "jwt" {
  secret_id                = aws_secretsmanager_secret.this["jwt"].id
  secret_string_wo         = jsonencode(var.jwt)
  secret_string_wo_version = var.versions.jwt
}
