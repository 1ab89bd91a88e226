# In front of the load balancer that the Ingress made, found by its name. Not looked for before
# cdn_enabled, so that a first apply needs no cluster with anything in it.

data "aws_lb" "ingress" {
  count = var.cdn_enabled ? 1 : 0

  name = local.name_prefix
}

module "cdn" {
  source = "../modules/cdn"
  count  = var.cdn_enabled ? 1 : 0

  name_prefix          = local.name_prefix
  alb_arn              = data.aws_lb.ingress[0].arn
  alb_dns_name         = data.aws_lb.ingress[0].dns_name
  alb_https            = local.alb_certificate_arn != ""
  origin_access_mode   = var.origin_access_mode
  origin_header        = var.origin_header
  aliases              = var.aliases
  certificate_arn      = var.certificate_arn
  html_cache_mode      = var.html_cache_mode
  origin_shield_region = var.origin_shield_region
  waf                  = var.waf_enabled
}
