variables {
  project               = "oxcart"
  environment           = "demo"
  region                = "us-east-1"
  account_id            = "123456789012"
  zone_count            = 2
  nat_mode              = "single"
  deletion_protection   = false
  node_count            = { min = 1, desired = 2, max = 3 }
  admin_principal_arns  = ["arn:aws:iam::123456789012:role/operator"]
  public_endpoint_cidrs = ["203.0.113.0/24"]
  github_repository     = "someone/oxcart"
}

run "only_cloudfront_comes_in" {
  assert {
    condition     = aws_vpc_security_group_ingress_rule.alb_from_cloudfront.prefix_list_id == data.aws_ec2_managed_prefix_list.cloudfront.id && aws_vpc_security_group_ingress_rule.alb_from_cloudfront.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.alb_from_cloudfront.from_port == 80
    error_message = "The load balancer admits CloudFront on one port, and nobody else."
  }
  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.pods_from_alb : rule.from_port]) == toset([3000, 4000, 8080]) && alltrue([for rule in aws_vpc_security_group_ingress_rule.pods_from_alb : rule.security_group_id == output.node_security_group_id && rule.referenced_security_group_id == output.alb_security_group_id])
    error_message = "The load balancer reaches frontend, backend and ArgoCD."
  }
}

run "roles_of_service_accounts" {
  assert {
    condition     = keys(output.irsa_role_arns) == ["aws-load-balancer-controller", "aws-node", "backend", "external-secrets"]
    error_message = "These four ask AWS for something."
  }
  assert {
    condition     = jsondecode(local.service_accounts["external-secrets"].policies["read-secrets"]).Statement[0].Resource == "arn:aws:secretsmanager:us-east-1:123456789012:secret:oxcart/demo/*"
    error_message = "External Secrets reads this environment's secrets only."
  }
  assert {
    condition     = [for statement in jsondecode(local.service_accounts["backend"].policies["keep-pictures"]).Statement : statement.Resource if contains(flatten([statement.Action]), "s3:GetObject")] == ["arn:aws:s3:::oxcart-demo-media-123456789012/media/*"] && alltrue([for statement in jsondecode(local.service_accounts["backend"].policies["keep-pictures"]).Statement : length(regexall("[*]$", join(",", flatten([statement.Action])))) == 0])
    error_message = "The backend keeps pictures below one prefix of one bucket, and may name what it does there."
  }
  assert {
    condition     = local.service_accounts["external-secrets"].namespace == "external-secrets" && local.service_accounts["backend"].namespace == "oxcart" && local.service_accounts["aws-load-balancer-controller"].namespace == "kube-system"
    error_message = "Roles are for the namespaces that the charts use."
  }
  assert {
    condition     = alltrue([for statement in local.load_balancer_policy.Statement : try(statement.Condition.ArnEquals["ec2:Vpc"], "") != "" if contains(flatten([statement.Action]), "ec2:AuthorizeSecurityGroupIngress")])
    error_message = "The controller writes rules in this network only."
  }
}

run "with_a_certificate_the_one_port_is_443" {
  command = plan
  variables {
    alb_certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/test"
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.alb_from_cloudfront.from_port == 443
    error_message = "Two ports of the prefix list do not fit into one group."
  }
}

run "without_github_there_are_no_roles_for_it" {
  command = plan
  variables {
    github_repository = null
  }
  assert {
    condition     = output.github_role_arns == {}
    error_message = "Nobody else comes in."
  }
}

run "an_account_number_is_twelve_digits" {
  command = plan
  variables {
    account_id = "12345"
  }
  expect_failures = [var.account_id]
}
