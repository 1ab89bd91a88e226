terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # From September 2026: aws_elasticache_replication_group knows auth_token_wo.
      version = ">= 6.62, < 7.0"
    }
  }

  # Bucket and region come from envs/<environment>/backend.hcl.
  backend "s3" {
    key          = "platform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
