# The load balancer is the Ingress's; its security group is ours, so that only CloudFront comes in.

locals {
  alb_port = var.alb_certificate_arn == null ? 80 : 443

  # Where the load balancer sends requests. Containers, charts and these rules agree on them.
  pod_ports = { frontend = 3000, backend = 4000, argocd = 8080 }
}

data "aws_ec2_managed_prefix_list" "cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_security_group" "alb" {
  name        = "${local.name_prefix}-alb"
  description = "Load balancer of ${local.name_prefix}"
  vpc_id      = module.network.vpc_id

  tags = { Name = "${local.name_prefix}-alb" }
}

# One rule and no second: the list counts as 55 of the 60 rules that a group may have.
resource "aws_vpc_security_group_ingress_rule" "alb_from_cloudfront" {
  security_group_id = aws_security_group.alb.id
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront.id
  ip_protocol       = "tcp"
  from_port         = local.alb_port
  to_port           = local.alb_port
  description       = "CloudFront"
}

resource "aws_vpc_security_group_egress_rule" "alb_to_pods" {
  for_each = local.pod_ports

  security_group_id            = aws_security_group.alb.id
  referenced_security_group_id = module.eks.node_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  description                  = "To ${each.key}"
}

resource "aws_vpc_security_group_ingress_rule" "pods_from_alb" {
  for_each = local.pod_ports

  security_group_id            = module.eks.node_security_group_id
  referenced_security_group_id = aws_security_group.alb.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  description                  = "Load balancer to ${each.key}"
}
