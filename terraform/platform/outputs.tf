# The contract with layer 2, the charts' facts and the scripts. A name here is read by its name.

output "region" {
  description = "Where the shop runs."
  value       = var.region
}

output "environment" {
  description = "demo or prod."
  value       = var.environment
}

output "name_prefix" {
  description = "Begins every name."
  value       = local.name_prefix
}

output "vpc_id" {
  description = "The network."
  value       = module.network.vpc_id
}

output "vpc_cidr" {
  description = "Its addresses."
  value       = module.network.vpc_cidr
}

output "private_subnet_ids" {
  description = "Where nodes and the load balancer are."
  value       = module.network.private_subnet_ids
}

output "private_subnet_cidrs" {
  description = "Where the load balancer's requests to pods come from."
  value       = module.network.private_subnet_cidrs
}

output "public_subnet_ids" {
  description = "Where NAT gateways are."
  value       = module.network.public_subnet_ids
}

output "database_subnet_ids" {
  description = "Where the database and the cache are."
  value       = module.network.database_subnet_ids
}

output "database_subnet_cidrs" {
  description = "What pods must reach to use them."
  value       = module.network.database_subnet_cidrs
}

output "cluster_name" {
  description = "The cluster."
  value       = module.eks.cluster_name
}

output "cluster_endpoint" {
  description = "The API server."
  value       = module.eks.cluster_endpoint
}

output "cluster_certificate_authority_data" {
  description = "Proves the API server, in base64."
  value       = module.eks.cluster_certificate_authority_data
}

output "cluster_version" {
  description = "Kubernetes version."
  value       = module.eks.cluster_version
}

output "cluster_security_group_id" {
  description = "The control plane's group."
  value       = module.eks.cluster_security_group_id
}

output "node_security_group_id" {
  description = "The nodes' and pods' group."
  value       = module.eks.node_security_group_id
}

output "alb_security_group_id" {
  description = "The load balancer's group."
  value       = aws_security_group.alb.id
}

output "alb_certificate_arn" {
  description = "The load balancer's certificate; empty without one."
  value       = var.alb_certificate_arn == null ? "" : var.alb_certificate_arn
}

output "node_group_name" {
  description = "What the cost scripts scale."
  value       = module.eks.node_group_name
}

output "oidc_provider_arn" {
  description = "The cluster's identity provider in IAM."
  value       = module.eks.oidc_provider_arn
}

output "oidc_issuer" {
  description = "The cluster's issuer."
  value       = module.eks.oidc_issuer
}

output "kms_key_arn" {
  description = "The environment's key."
  value       = aws_kms_key.this.arn
}

output "ecr_repository_urls" {
  description = "Where images are, by repository."
  value       = module.ecr.repository_urls
}

output "irsa_role_arns" {
  description = "Roles of service accounts, by service account."
  value       = merge({ for name, role in module.irsa : name => role.role_arn }, { aws-node = module.eks.aws_node_role_arn })
}

output "github_role_arns" {
  description = "Roles of workflows: images, plan, apply, schedule. Empty without a repository."
  value       = try(module.github[0].role_arns, {})
}
