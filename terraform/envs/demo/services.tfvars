# Layer 2 of a shop to show.
database_instance_class  = "db.t4g.micro"
database_max_connections = 110
database_multi_az        = false
database_backup_days     = 1
deletion_protection      = false

cache_node_type = "cache.t4g.micro"
cache_replicas  = 0

# scripts/deploy.sh turns this on once the load balancer is there.
cdn_enabled = false
waf_enabled = false

budget_usd   = 250
alert_emails = []
