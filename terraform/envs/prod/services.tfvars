# Layer 2 of a shop that sells: a standby, a week of backups, a firewall.
database_instance_class  = "db.t4g.medium"
database_max_connections = 440
database_multi_az        = true
database_backup_days     = 7
deletion_protection      = true

cache_node_type = "cache.t4g.small"
cache_replicas  = 1

# scripts/deploy.sh turns this on once the load balancer is there.
cdn_enabled = false
waf_enabled = true

budget_usd   = 1000
alert_emails = []
