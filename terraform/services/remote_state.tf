# Everything that layer 2 knows of layer 1, read here and nowhere else.

data "terraform_remote_state" "platform" {
  backend = "s3"

  config = {
    bucket = "${var.project}-${var.environment}-tfstate-${var.account_id}"
    key    = "platform.tfstate"
    region = var.region
  }
}

locals {
  name_prefix               = data.terraform_remote_state.platform.outputs.name_prefix
  vpc_id                    = data.terraform_remote_state.platform.outputs.vpc_id
  database_subnet_ids       = data.terraform_remote_state.platform.outputs.database_subnet_ids
  cluster_security_group_id = data.terraform_remote_state.platform.outputs.cluster_security_group_id
  node_security_group_id    = data.terraform_remote_state.platform.outputs.node_security_group_id
  alb_certificate_arn       = data.terraform_remote_state.platform.outputs.alb_certificate_arn
  kms_key_arn               = data.terraform_remote_state.platform.outputs.kms_key_arn
}
