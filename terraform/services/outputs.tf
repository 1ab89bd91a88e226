output "database_endpoint" {
  description = "Host and port of PostgreSQL."
  value       = module.database.endpoint
}

output "database_identifier" {
  description = "What the cost scripts stop and start."
  value       = module.database.identifier
}

output "redis_primary_endpoint" {
  description = "Host of the cache."
  value       = module.cache.primary_endpoint
}

output "secret_arns" {
  description = "Where the secrets are; not what is in them."
  value       = module.secrets.arns
}

output "secret_names" {
  description = "What External Secrets asks for."
  value       = module.secrets.names
}

output "media_store" {
  description = "Where the backend keeps pictures."
  value       = module.media.store
}

output "alb_scheme" {
  description = "What the Ingress must ask for: internal, or internet-facing."
  value       = var.origin_access_mode == "vpc_origin" ? "internal" : "internet-facing"
}

output "cloudfront_domain_name" {
  description = "The distribution's name; null until cdn_enabled."
  value       = try(module.cdn[0].domain_name, null)
}

output "cloudfront_distribution_id" {
  description = "For invalidations; null until cdn_enabled."
  value       = try(module.cdn[0].distribution_id, null)
}

output "app_url" {
  description = "Where shoppers go; null until cdn_enabled."
  value       = try("https://${length(var.aliases) > 0 ? var.aliases[0] : module.cdn[0].domain_name}/", null)
}

output "api_health_url" {
  description = "Says how the shop is; null until cdn_enabled."
  value       = try("https://${length(var.aliases) > 0 ? var.aliases[0] : module.cdn[0].domain_name}/api/health", null)
}
