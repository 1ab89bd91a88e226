output "address" {
  description = "Host name."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "Port."
  value       = local.port
}

output "database" {
  description = "Name of the database."
  value       = local.database
}

output "user" {
  description = "Name of the master user."
  value       = local.user
}

output "endpoint" {
  description = "Host and port."
  value       = "${aws_db_instance.this.address}:${local.port}"
}

output "identifier" {
  description = "What the cost scripts stop and start."
  value       = aws_db_instance.this.identifier
}

output "security_group_id" {
  description = "The instance's group."
  value       = aws_security_group.this.id
}
