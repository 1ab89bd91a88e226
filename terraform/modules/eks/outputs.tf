output "cluster_name" {
  description = "For kubectl, the load balancer controller and the scripts."
  value       = aws_eks_cluster.this.name
}

output "cluster_endpoint" {
  description = "The API server."
  value       = aws_eks_cluster.this.endpoint
}

output "cluster_certificate_authority_data" {
  description = "Proves the API server, in base64."
  value       = aws_eks_cluster.this.certificate_authority[0].data
}

output "cluster_version" {
  description = "For the compatibility table."
  value       = aws_eks_cluster.this.version
}

output "cluster_security_group_id" {
  description = "The group that EKS made for the control plane."
  value       = local.cluster_security_group_id
}

output "node_security_group_id" {
  description = "The group of nodes and pods."
  value       = aws_security_group.node.id
}

output "node_group_name" {
  description = "What the cost scripts scale."
  value       = aws_eks_node_group.this.node_group_name
}

output "oidc_provider_arn" {
  description = "For roles of service accounts."
  value       = aws_iam_openid_connect_provider.this.arn
}

output "oidc_issuer" {
  description = "The issuer, with its scheme."
  value       = aws_eks_cluster.this.identity[0].oidc[0].issuer
}

output "aws_node_role_arn" {
  description = "What the network plugin runs as."
  value       = module.aws_node_role.role_arn
}
