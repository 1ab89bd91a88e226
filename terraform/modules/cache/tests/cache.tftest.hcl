variables {
  name_prefix               = "oxcart-test"
  vpc_id                    = "vpc-1"
  subnet_ids                = ["subnet-1", "subnet-2"]
  client_security_group_ids = { cluster = "sg-cluster", node = "sg-node" }
  kms_key_arn               = "arn:aws:kms:us-east-1:123456789012:key/test"
  node_type                 = "cache.t4g.micro"
  replicas                  = 0
  token                     = "onlyinthistest"
  credentials_version       = 1
}

run "closed_to_all_but_pods" {
  assert {
    condition     = { for name, rule in aws_vpc_security_group_ingress_rule.client : rule.referenced_security_group_id => rule.from_port if rule.from_port == rule.to_port } == { sg-cluster = 6379, sg-node = 6379 }
    error_message = "Exactly the cluster's and the nodes' group reach port 6379."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.transit_encryption_mode == "required" && aws_elasticache_replication_group.this.at_rest_encryption_enabled == "true"
    error_message = "Nothing travels or rests in the clear."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.auth_token == null && aws_elasticache_replication_group.this.auth_token_wo_version == 1
    error_message = "Only the token's version is in the state."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 1 && !aws_elasticache_replication_group.this.automatic_failover_enabled
    error_message = "Without replicas there is one node."
  }
}

run "a_replica_takes_over" {
  command = plan
  variables {
    replicas = 1
  }
  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 2 && aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "With a replica, failover is automatic and in another zone."
  }
}

run "engine_and_family_change_together" {
  command = plan
  variables {
    engine = "redis"
  }
  assert {
    condition     = aws_elasticache_replication_group.this.engine_version == "7.1" && aws_elasticache_parameter_group.this.family == "redis7"
    error_message = "Version and parameters belong to the engine."
  }
}
