# Passwords are made anew in every run and forgotten at its end. They are written, to the service and
# to its secret in one apply, only when their number is raised. Letters and digits alone: ElastiCache
# refuses most punctuation, and an address needs no escapes.

ephemeral "aws_secretsmanager_random_password" "database" {
  password_length     = 40
  exclude_punctuation = true
}

ephemeral "aws_secretsmanager_random_password" "redis" {
  password_length     = 64
  exclude_punctuation = true
}

ephemeral "aws_secretsmanager_random_password" "jwt" {
  password_length     = 64
  exclude_punctuation = true
}

module "secrets" {
  source = "../modules/secrets"

  path          = "${var.project}/${var.environment}"
  kms_key_arn   = local.kms_key_arn
  recovery_days = var.deletion_protection ? 7 : 0
  versions      = var.credentials_version

  # DATABASE_URL is what the shop reads; the parts are for people and for tools that want them apart.
  database = {
    DATABASE_URL      = "postgres://${module.database.user}:${ephemeral.aws_secretsmanager_random_password.database.random_password}@${module.database.endpoint}/${module.database.database}?sslmode=require"
    DATABASE_HOST     = module.database.address
    DATABASE_PORT     = tostring(module.database.port)
    DATABASE_NAME     = module.database.database
    DATABASE_USER     = module.database.user
    DATABASE_PASSWORD = ephemeral.aws_secretsmanager_random_password.database.random_password
  }

  redis = {
    REDIS_HOST     = module.cache.primary_endpoint
    REDIS_PORT     = tostring(module.cache.port)
    REDIS_PASSWORD = ephemeral.aws_secretsmanager_random_password.redis.random_password
  }

  jwt = {
    JWT_SECRET = ephemeral.aws_secretsmanager_random_password.jwt.random_password
  }
}
