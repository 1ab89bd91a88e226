# Redis, in name and protocol. It holds nothing that may not be lost.

locals {
  name    = "${var.name_prefix}-redis"
  port    = 6379
  version = { valkey = "8.0", redis = "7.1" }[var.engine]
  family  = { valkey = "valkey8", redis = "redis7" }[var.engine]
}

resource "aws_elasticache_subnet_group" "this" {
  name       = local.name
  subnet_ids = var.subnet_ids
}

resource "aws_elasticache_parameter_group" "this" {
  name   = "${local.name}-${local.family}"
  family = local.family

  # A full cache forgets what was not asked for lately; it never refuses a write.
  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "this" {
  name        = local.name
  description = "Redis of ${var.name_prefix}"
  vpc_id      = var.vpc_id

  tags = { Name = local.name }
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each = var.client_security_group_ids

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  description                  = "Redis from the ${each.key} group"
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = local.name
  description          = "Cache and rate limits of ${var.name_prefix}"
  engine               = var.engine
  engine_version       = local.version
  node_type            = var.node_type
  port                 = local.port
  parameter_group_name = aws_elasticache_parameter_group.this.name

  num_cache_clusters         = 1 + var.replicas
  automatic_failover_enabled = var.replicas > 0
  multi_az_enabled           = var.replicas > 0

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this.id]

  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
  kms_key_id                 = var.kms_key_arn

  auth_token_wo              = var.token
  auth_token_wo_version      = var.credentials_version
  auth_token_update_strategy = "ROTATE"

  maintenance_window         = "sun:05:00-sun:06:00"
  auto_minor_version_upgrade = true
  apply_immediately          = true
}
