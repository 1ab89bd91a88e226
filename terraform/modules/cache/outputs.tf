output "primary_endpoint" {
  description = "Host name of the node that takes writes."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "port" {
  description = "Port."
  value       = local.port
}

output "security_group_id" {
  description = "The group of the cache."
  value       = aws_security_group.this.id
}
