variables {
  path          = "oxcart/test"
  kms_key_arn   = "arn:aws:kms:us-east-1:123456789012:key/test"
  recovery_days = 0
  database      = { DATABASE_URL = "postgres://only-in-this-test" }
  redis         = { REDIS_HOST = "cache", REDIS_PASSWORD = "only-in-this-test" }
  jwt           = { JWT_SECRET = "only-in-this-test" }
  versions      = { database = 1, redis = 2, jwt = 3 }
}

run "three_secrets_that_nobody_keeps" {
  assert {
    condition     = output.names == { database = "oxcart/test/database", redis = "oxcart/test/redis", jwt = "oxcart/test/jwt" }
    error_message = "External Secrets and the backend ask for these names."
  }
  assert {
    condition     = alltrue([for v in [aws_secretsmanager_secret_version.database, aws_secretsmanager_secret_version.redis, aws_secretsmanager_secret_version.jwt] : v.secret_string == null])
    error_message = "The content must not be in the state."
  }
  assert {
    condition     = [aws_secretsmanager_secret_version.database.secret_string_wo_version, aws_secretsmanager_secret_version.redis.secret_string_wo_version, aws_secretsmanager_secret_version.jwt.secret_string_wo_version] == [1, 2, 3]
    error_message = "Each secret is written anew by its own number."
  }
  assert {
    condition     = alltrue([for p in aws_secretsmanager_secret_policy.this : jsondecode(p.policy).Statement[0].Effect == "Deny" && jsondecode(p.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"])
    error_message = "Secrets are not read in the clear."
  }
}
