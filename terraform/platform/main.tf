# Layer 1: what the shop runs on. It changes rarely, and holds no data.

data "aws_caller_identity" "current" {}

locals {
  name_prefix  = "${var.project}-${var.environment}"
  state_bucket = "${local.name_prefix}-tfstate-${var.account_id}"
}

module "network" {
  source = "../modules/network"

  name_prefix = local.name_prefix
  cidr        = var.vpc_cidr
  zone_count  = var.zone_count
  nat_mode    = var.nat_mode
  kms_key_arn = aws_kms_key.this.arn
}

module "eks" {
  source = "../modules/eks"

  name_prefix           = local.name_prefix
  cluster_version       = var.cluster_version
  vpc_id                = module.network.vpc_id
  subnet_ids            = module.network.private_subnet_ids
  kms_key_arn           = aws_kms_key.this.arn
  public_endpoint_cidrs = var.public_endpoint_cidrs
  allow_public_endpoint = var.allow_public_endpoint
  admin_principal_arns  = var.admin_principal_arns
  deletion_protection   = var.deletion_protection
  node_architecture     = var.node_architecture
  node_size             = var.node_size
  node_count            = var.node_count
}

module "ecr" {
  source = "../modules/ecr"

  repositories = var.repositories
  kms_key_arn  = aws_kms_key.this.arn
  force_delete = !var.deletion_protection
}

module "github" {
  source = "../modules/github-oidc"
  count  = var.github_repository == null ? 0 : 1

  name_prefix     = local.name_prefix
  environment     = var.environment
  repository      = var.github_repository
  create_provider = var.github_create_provider
  repository_arns = values(module.ecr.repository_arns)
  state_bucket    = local.state_bucket
}
