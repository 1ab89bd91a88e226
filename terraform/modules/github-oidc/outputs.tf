output "role_arns" {
  description = "For the workflows: images, plan, apply, schedule."
  value       = { for name, role in aws_iam_role.this : name => role.arn }
}
