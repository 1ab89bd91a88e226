# Layer 2: what the shop uses. It holds the data.

locals {
  # Pods answer from either group, whichever interface they were given.
  clients = { cluster = local.cluster_security_group_id, node = local.node_security_group_id }
}

module "budget" {
  source = "../modules/budget"

  name_prefix = local.name_prefix
  environment = var.environment
  limit_usd   = var.budget_usd
  emails      = var.alert_emails
  kms_key_arn = local.kms_key_arn
}

module "database" {
  source = "../modules/database"

  name_prefix               = local.name_prefix
  vpc_id                    = local.vpc_id
  subnet_ids                = local.database_subnet_ids
  client_security_group_ids = local.clients
  kms_key_arn               = local.kms_key_arn
  instance_class            = var.database_instance_class
  max_connections           = var.database_max_connections
  multi_az                  = var.database_multi_az
  backup_days               = var.database_backup_days
  deletion_protection       = var.deletion_protection
  password                  = ephemeral.aws_secretsmanager_random_password.database.random_password
  credentials_version       = var.credentials_version.database
  alarm_topic_arn           = module.budget.topic_arn
}

module "cache" {
  source = "../modules/cache"

  name_prefix               = local.name_prefix
  vpc_id                    = local.vpc_id
  subnet_ids                = local.database_subnet_ids
  client_security_group_ids = local.clients
  kms_key_arn               = local.kms_key_arn
  engine                    = var.cache_engine
  node_type                 = var.cache_node_type
  replicas                  = var.cache_replicas
  token                     = ephemeral.aws_secretsmanager_random_password.redis.random_password
  credentials_version       = var.credentials_version.redis
}

module "media" {
  source = "../modules/media"

  # The backend's role, in the layer below, is for this name.
  bucket       = "${local.name_prefix}-media-${var.account_id}"
  kms_key_arn  = local.kms_key_arn
  force_delete = !var.deletion_protection
}
