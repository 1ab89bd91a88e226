variables {
  name_prefix               = "oxcart-test"
  vpc_id                    = "vpc-1"
  subnet_ids                = ["subnet-1", "subnet-2"]
  client_security_group_ids = { cluster = "sg-cluster", node = "sg-node" }
  kms_key_arn               = "arn:aws:kms:us-east-1:123456789012:key/test"
  instance_class            = "db.t4g.micro"
  max_connections           = 110
  multi_az                  = false
  backup_days               = 1
  deletion_protection       = false
  password                  = "only-in-this-test"
  credentials_version       = 1
  alarm_topic_arn           = "arn:aws:sns:us-east-1:123456789012:test"
}

run "closed_to_all_but_pods" {
  assert {
    condition     = { for name, rule in aws_vpc_security_group_ingress_rule.client : rule.referenced_security_group_id => rule.from_port if rule.from_port == rule.to_port } == { sg-cluster = 5432, sg-node = 5432 }
    error_message = "Exactly the cluster's and the nodes' group reach port 5432."
  }
  assert {
    condition     = !aws_db_instance.this.publicly_accessible && aws_db_instance.this.storage_encrypted
    error_message = "The instance is private and encrypted."
  }
  assert {
    condition     = contains([for p in aws_db_parameter_group.this.parameter : "${p.name}=${p.value}"], "rds.force_ssl=1")
    error_message = "Connections without TLS are refused."
  }
  assert {
    condition     = aws_db_instance.this.identifier == "oxcart-test-postgres"
    error_message = "The cost scripts find the instance by this name."
  }
}

run "the_password_is_not_kept" {
  assert {
    condition     = aws_db_instance.this.password == null && aws_db_instance.this.password_wo_version == 1
    error_message = "Only its version is in the state."
  }
}

run "alarms" {
  command = plan
  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.threshold } == { cpu = 80, storage = 2147483648, connections = 88 }
    error_message = "CPU, storage and connections are watched."
  }
}

run "protected_keeps_a_last_snapshot" {
  command = plan
  variables {
    deletion_protection = true
    multi_az            = true
  }
  assert {
    condition     = aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.final_snapshot_identifier == "oxcart-test-postgres-last"
    error_message = "A protected database leaves a snapshot behind."
  }
}

run "one_group_alone_is_refused" {
  command = plan
  variables {
    client_security_group_ids = { cluster = "sg-cluster" }
  }
  expect_failures = [var.client_security_group_ids]
}
