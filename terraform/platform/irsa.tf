# What runs in the cluster and asks AWS for something: a role each.

locals {
  secrets_arn = "arn:aws:secretsmanager:${var.region}:${data.aws_caller_identity.current.account_id}:secret:${var.project}/${var.environment}"

  decrypt_through_secrets_manager = {
    Effect    = "Allow"
    Action    = "kms:Decrypt"
    Resource  = aws_kms_key.this.arn
    Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${var.region}.amazonaws.com" } }
  }

  media_bucket_arn = "arn:aws:s3:::${local.name_prefix}-media-${var.account_id}"

  service_accounts = {
    external-secrets = {
      namespace = "external-secrets"
      policies = {
        read-secrets = jsonencode({
          Version = "2012-10-17"
          Statement = [
            {
              Effect   = "Allow"
              Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
              Resource = "${local.secrets_arn}/*"
            },
            local.decrypt_through_secrets_manager,
          ]
        })
      }
    }

    # The backend can read its secrets itself. Secrets Manager ends each name with six characters. It keeps pictures
    # below one prefix of a bucket of its own; without the list, S3 would call what is not there forbidden.
    backend = {
      namespace = "oxcart"
      policies = {
        read-secrets = jsonencode({
          Version = "2012-10-17"
          Statement = [
            {
              Effect   = "Allow"
              Action   = "secretsmanager:GetSecretValue"
              Resource = [for name in ["database", "redis", "jwt"] : "${local.secrets_arn}/${name}-??????"]
            },
            local.decrypt_through_secrets_manager,
          ]
        })
        keep-pictures = jsonencode({
          Version = "2012-10-17"
          Statement = [
            {
              Effect   = "Allow"
              Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
              Resource = "${local.media_bucket_arn}/media/*"
            },
            {
              Effect   = "Allow"
              Action   = "s3:ListBucket"
              Resource = local.media_bucket_arn
            },
            {
              Effect    = "Allow"
              Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
              Resource  = aws_kms_key.this.arn
              Condition = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }
            },
          ]
        })
      }
    }

    aws-load-balancer-controller = {
      namespace = "kube-system"
      policies  = { load-balancers = jsonencode(local.load_balancer_policy) }
    }
  }
}

module "irsa" {
  source   = "../modules/irsa"
  for_each = local.service_accounts

  name              = "${local.name_prefix}-${each.key}"
  oidc_provider_arn = module.eks.oidc_provider_arn
  oidc_issuer       = module.eks.oidc_issuer
  namespace         = each.value.namespace
  service_account   = each.key
  policies          = each.value.policies
}
