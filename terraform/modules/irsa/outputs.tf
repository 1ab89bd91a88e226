output "role_arn" {
  description = "For the service account's annotation."
  value       = aws_iam_role.this.arn
}
