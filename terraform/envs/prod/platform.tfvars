# Layer 1 of a shop that sells: three zones, a way out in each, protected against deletion.
vpc_cidr            = "10.1.0.0/16"
zone_count          = 3
nat_mode            = "per_az"
deletion_protection = true
node_size           = "large"
node_count          = { min = 3, desired = 3, max = 6 }

# Who administers the cluster; from inside the network only.
admin_principal_arns  = ["arn:aws:iam::123456789012:role/operator"]
public_endpoint_cidrs = []

# github_repository      = "owner/name"
# github_create_provider = false
