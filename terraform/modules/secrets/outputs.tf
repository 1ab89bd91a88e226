output "arns" {
  description = "Where the secrets are; not what is in them."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}

output "names" {
  description = "What External Secrets asks for."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.name }
}
