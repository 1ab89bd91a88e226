# Layer 1 of a shop to show: two zones, one way out, nothing protected.
zone_count          = 2
nat_mode            = "single"
deletion_protection = false
node_count          = { min = 1, desired = 2, max = 3 }

# Who administers the cluster, and from where.
admin_principal_arns  = ["arn:aws:iam::123456789012:role/operator"]
public_endpoint_cidrs = ["203.0.113.0/24"]

# github_repository = "owner/name"
