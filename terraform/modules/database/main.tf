# PostgreSQL, reachable from pods and from nothing else.

locals {
  name     = "${var.name_prefix}-postgres"
  database = "oxcart"
  user     = "oxcart"
  port     = 5432
}

resource "aws_db_subnet_group" "this" {
  name       = local.name
  subnet_ids = var.subnet_ids
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${local.name}-"
  family      = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "500"
  }

  # Nothing in the shop waits for anybody inside a transaction.
  parameter {
    name  = "idle_in_transaction_session_timeout"
    value = "60000"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "this" {
  name        = local.name
  description = "PostgreSQL of ${var.name_prefix}"
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
  description                  = "PostgreSQL from the ${each.key} group"
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["postgresql", "upgrade"])

  # RDS writes to these names; made here, they have a retention.
  name              = "/aws/rds/instance/${local.name}/${each.value}"
  retention_in_days = 14
  kms_key_id        = var.kms_key_arn
}

resource "aws_db_instance" "this" {
  identifier     = local.name
  engine         = "postgres"
  engine_version = "17"
  instance_class = var.instance_class

  db_name             = local.database
  username            = local.user
  password_wo         = var.password
  password_wo_version = var.credentials_version
  port                = local.port

  storage_type          = "gp3"
  allocated_storage     = 20
  max_allocated_storage = 100
  storage_encrypted     = true
  kms_key_id            = var.kms_key_arn

  multi_az               = var.multi_az
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  publicly_accessible    = false
  ca_cert_identifier     = "rds-ca-rsa2048-g1"
  parameter_group_name   = aws_db_parameter_group.this.name

  backup_retention_period    = var.backup_days
  backup_window              = "03:00-03:30"
  maintenance_window         = "sun:04:00-sun:04:45"
  auto_minor_version_upgrade = true
  copy_tags_to_snapshot      = true
  deletion_protection        = var.deletion_protection
  skip_final_snapshot        = !var.deletion_protection
  final_snapshot_identifier  = var.deletion_protection ? "${local.name}-last" : null

  # Seven days of it cost nothing.
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.kms_key_arn
  performance_insights_retention_period = 7

  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]

  depends_on = [aws_cloudwatch_log_group.this]
}

locals {
  alarms = {
    cpu = {
      metric = "CPUUtilization", comparison = "GreaterThanThreshold", threshold = 80
      why    = "The database is busy; checkout gets slow."
    }
    storage = {
      metric = "FreeStorageSpace", comparison = "LessThanThreshold", threshold = 2 * 1024 * 1024 * 1024
      why    = "Less than 2 GiB left; storage grows by itself up to its limit, so the limit is near."
    }
    connections = {
      metric = "DatabaseConnections", comparison = "GreaterThanThreshold", threshold = floor(var.max_connections * 0.8)
      why    = "More connections than the budget allows; one more replica may find none."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.why
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  dimensions          = { DBInstanceIdentifier = aws_db_instance.this.identifier }
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  # A stopped instance sends nothing, and that is no alarm.
  treat_missing_data = "notBreaching"
  alarm_actions      = [var.alarm_topic_arn]
  ok_actions         = [var.alarm_topic_arn]
}
