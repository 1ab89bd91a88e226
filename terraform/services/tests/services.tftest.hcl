override_data {
  target = data.terraform_remote_state.platform
  values = {
    outputs = {
      name_prefix               = "oxcart-demo"
      vpc_id                    = "vpc-1"
      database_subnet_ids       = ["subnet-1", "subnet-2"]
      cluster_security_group_id = "sg-cluster"
      node_security_group_id    = "sg-node"
      alb_certificate_arn       = ""
      kms_key_arn               = "arn:aws:kms:us-east-1:123456789012:key/test"
    }
  }
}

variables {
  project                  = "oxcart"
  environment              = "demo"
  region                   = "us-east-1"
  account_id               = "123456789012"
  database_instance_class  = "db.t4g.micro"
  database_max_connections = 110
  database_multi_az        = false
  database_backup_days     = 1
  deletion_protection      = false
  cache_node_type          = "cache.t4g.micro"
  cache_replicas           = 0
  cdn_enabled              = false
  waf_enabled              = false
  budget_usd               = 250
}

run "before_there_is_a_load_balancer" {
  assert {
    condition     = length(data.aws_lb.ingress) == 0 && output.app_url == null && output.api_health_url == null
    error_message = "The first apply must not look for a load balancer."
  }
  assert {
    condition     = output.secret_names == { database = "oxcart/demo/database", redis = "oxcart/demo/redis", jwt = "oxcart/demo/jwt" }
    error_message = "External Secrets asks for these."
  }
  assert {
    condition     = output.media_store == "s3://oxcart-demo-media-123456789012/media"
    error_message = "The backend's role is for this bucket and prefix."
  }
  assert {
    condition     = output.database_identifier == "oxcart-demo-postgres"
    error_message = "The cost scripts find the instance by this name."
  }
}

run "both_groups_are_admitted" {
  assert {
    condition     = local.clients == { cluster = "sg-cluster", node = "sg-node" }
    error_message = "Pods can carry the cluster's group or the nodes'."
  }
}

run "with_the_distribution" {
  variables {
    cdn_enabled = true
  }
  assert {
    condition     = data.aws_lb.ingress[0].name == "oxcart-demo" && output.app_url == "https://${output.cloudfront_domain_name}/" && output.api_health_url == "https://${output.cloudfront_domain_name}/api/health"
    error_message = "Shoppers and probes go through CloudFront."
  }
}

run "with_a_name_of_its_own" {
  command = plan
  variables {
    cdn_enabled     = true
    aliases         = ["shop.example.com"]
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/test"
  }
  assert {
    condition     = output.app_url == "https://shop.example.com/"
    error_message = "The shop's name is what shoppers see."
  }
}
