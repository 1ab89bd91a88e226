# What the load balancer controller needs for our Ingress: one application load balancer, its
# listeners, rules and targets, and rules in security groups of this network. It touches only what
# carries its own cluster tag; Cognito, Shield and network load balancers are left out.

locals {
  lbc_tag   = "elbv2.k8s.aws/cluster"
  lbc_mine  = { StringEquals = { "aws:ResourceTag/${local.lbc_tag}" = module.eks.cluster_name } }
  lbc_to_be = { StringEquals = { "aws:RequestTag/${local.lbc_tag}" = module.eks.cluster_name } }
  in_vpc    = { ArnEquals = { "ec2:Vpc" = "arn:aws:ec2:${var.region}:${data.aws_caller_identity.current.account_id}:vpc/${module.network.vpc_id}" } }
  elb_arn   = "arn:aws:elasticloadbalancing:${var.region}:${data.aws_caller_identity.current.account_id}"
  ec2_arn   = "arn:aws:ec2:${var.region}:${data.aws_caller_identity.current.account_id}"

  load_balancer_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "Look"
        Effect = "Allow"
        Action = [
          "acm:ListCertificates",
          "ec2:DescribeAccountAttributes",
          "ec2:DescribeAddresses",
          "ec2:DescribeAvailabilityZones",
          "ec2:DescribeInstances",
          "ec2:DescribeInternetGateways",
          "ec2:DescribeIpamPools",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeRouteTables",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeTags",
          "ec2:DescribeVpcPeeringConnections",
          "ec2:DescribeVpcs",
          "elasticloadbalancing:DescribeCapacityReservation",
          "elasticloadbalancing:DescribeListenerAttributes",
          "elasticloadbalancing:DescribeListenerCertificates",
          "elasticloadbalancing:DescribeListeners",
          "elasticloadbalancing:DescribeLoadBalancerAttributes",
          "elasticloadbalancing:DescribeLoadBalancers",
          "elasticloadbalancing:DescribeRules",
          "elasticloadbalancing:DescribeSSLPolicies",
          "elasticloadbalancing:DescribeTags",
          "elasticloadbalancing:DescribeTargetGroupAttributes",
          "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth",
          "elasticloadbalancing:DescribeTrustStores",
        ]
        Resource = "*"
      },
      {
        Sid      = "LookAtCertificates"
        Effect   = "Allow"
        Action   = "acm:DescribeCertificate"
        Resource = "arn:aws:acm:${var.region}:${data.aws_caller_identity.current.account_id}:certificate/*"
      },
      {
        Sid      = "LookAtThisNetwork"
        Effect   = "Allow"
        Action   = "ec2:GetSecurityGroupsForVpc"
        Resource = "${local.ec2_arn}:vpc/${module.network.vpc_id}"
      },
      {
        Sid       = "ServiceLinkedRole"
        Effect    = "Allow"
        Action    = "iam:CreateServiceLinkedRole"
        Resource  = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"
        Condition = { StringEquals = { "iam:AWSServiceName" = "elasticloadbalancing.amazonaws.com" } }
      },
      {
        # Rules in the nodes' group carry no cluster tag; the network is what bounds this.
        Sid       = "RulesInThisNetwork"
        Effect    = "Allow"
        Action    = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
        Resource  = "${local.ec2_arn}:security-group/*"
        Condition = local.in_vpc
      },
      {
        Sid      = "OwnSecurityGroupInThisNetwork"
        Effect   = "Allow"
        Action   = "ec2:CreateSecurityGroup"
        Resource = ["${local.ec2_arn}:security-group/*", "${local.ec2_arn}:vpc/${module.network.vpc_id}"]
      },
      {
        Sid      = "TagOwnSecurityGroup"
        Effect   = "Allow"
        Action   = "ec2:CreateTags"
        Resource = "${local.ec2_arn}:security-group/*"
        Condition = {
          StringEquals = {
            "ec2:CreateAction"                = "CreateSecurityGroup"
            "aws:RequestTag/${local.lbc_tag}" = module.eks.cluster_name
          }
        }
      },
      {
        Sid       = "OwnSecurityGroup"
        Effect    = "Allow"
        Action    = ["ec2:CreateTags", "ec2:DeleteTags", "ec2:DeleteSecurityGroup"]
        Resource  = "${local.ec2_arn}:security-group/*"
        Condition = local.lbc_mine
      },
      {
        Sid       = "CreateTagged"
        Effect    = "Allow"
        Action    = ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"]
        Resource  = ["${local.elb_arn}:loadbalancer/app/*", "${local.elb_arn}:targetgroup/*"]
        Condition = local.lbc_to_be
      },
      {
        Sid      = "TagWhatIsCreated"
        Effect   = "Allow"
        Action   = "elasticloadbalancing:AddTags"
        Resource = ["${local.elb_arn}:loadbalancer/app/*", "${local.elb_arn}:targetgroup/*"]
        Condition = {
          StringEquals = {
            "elasticloadbalancing:CreateAction" = ["CreateLoadBalancer", "CreateTargetGroup"]
            "aws:RequestTag/${local.lbc_tag}"   = module.eks.cluster_name
          }
        }
      },
      {
        Sid    = "Own"
        Effect = "Allow"
        Action = [
          "elasticloadbalancing:AddTags",
          "elasticloadbalancing:CreateListener",
          "elasticloadbalancing:DeleteLoadBalancer",
          "elasticloadbalancing:DeleteTargetGroup",
          "elasticloadbalancing:DeregisterTargets",
          "elasticloadbalancing:ModifyIpPools",
          "elasticloadbalancing:ModifyCapacityReservation",
          "elasticloadbalancing:ModifyLoadBalancerAttributes",
          "elasticloadbalancing:ModifyTargetGroup",
          "elasticloadbalancing:ModifyTargetGroupAttributes",
          "elasticloadbalancing:RegisterTargets",
          "elasticloadbalancing:RemoveTags",
          "elasticloadbalancing:SetIpAddressType",
          "elasticloadbalancing:SetSecurityGroups",
          "elasticloadbalancing:SetSubnets",
        ]
        Resource  = ["${local.elb_arn}:loadbalancer/app/*", "${local.elb_arn}:targetgroup/*"]
        Condition = local.lbc_mine
      },
      {
        Sid    = "ListenersAndRules"
        Effect = "Allow"
        Action = [
          "elasticloadbalancing:AddListenerCertificates",
          "elasticloadbalancing:AddTags",
          "elasticloadbalancing:CreateRule",
          "elasticloadbalancing:DeleteListener",
          "elasticloadbalancing:DeleteRule",
          "elasticloadbalancing:ModifyListener",
          "elasticloadbalancing:ModifyListenerAttributes",
          "elasticloadbalancing:ModifyRule",
          "elasticloadbalancing:RemoveListenerCertificates",
          "elasticloadbalancing:RemoveTags",
          "elasticloadbalancing:SetRulePriorities",
        ]
        Resource = ["${local.elb_arn}:listener/app/*", "${local.elb_arn}:listener-rule/app/*"]
      },
    ]
  }
}
