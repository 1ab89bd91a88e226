output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "vpc_cidr" {
  description = "Its addresses."
  value       = aws_vpc.this.cidr_block
}

output "private_subnet_ids" {
  description = "Where nodes and the load balancer are."
  value       = [for zone in local.zones : aws_subnet.private[zone].id]
}

output "private_subnet_cidrs" {
  description = "Where the load balancer's requests to pods come from."
  value       = [for zone in local.zones : aws_subnet.private[zone].cidr_block]
}

output "public_subnet_ids" {
  description = "Where NAT gateways are."
  value       = [for zone in local.zones : aws_subnet.public[zone].id]
}

output "database_subnet_ids" {
  description = "Where the database and the cache are."
  value       = [for zone in local.zones : aws_subnet.database[zone].id]
}

output "database_subnet_cidrs" {
  description = "What pods must reach to use them."
  value       = [for zone in local.zones : aws_subnet.database[zone].cidr_block]
}
