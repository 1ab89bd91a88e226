# CloudFront in front of the load balancer. One origin, four kinds of path.

locals {
  origin      = "alb"
  vpc_origin  = var.origin_access_mode == "vpc_origin"
  every       = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
  reading     = ["GET", "HEAD", "OPTIONS"]
  html_policy = var.html_cache_mode == "origin" ? aws_cloudfront_cache_policy.html[0].id : data.aws_cloudfront_cache_policy.disabled.id

  # In order; the first that matches is taken.
  paths = {
    # Pictures have their content's hash in their names.
    "/api/media/*" = { methods = local.reading, cache = data.aws_cloudfront_cache_policy.optimized.id, forward = null, viewer = "https-only" }
    # No API call in clear: a redirect would come after the cookie was sent.
    "/api/*"    = { methods = local.every, cache = data.aws_cloudfront_cache_policy.disabled.id, forward = data.aws_cloudfront_origin_request_policy.all_viewer.id, viewer = "https-only" }
    "/assets/*" = { methods = local.reading, cache = data.aws_cloudfront_cache_policy.optimized.id, forward = null, viewer = "redirect-to-https" }
  }
}

data "aws_cloudfront_cache_policy" "disabled" {
  name = "Managed-CachingDisabled"
}

data "aws_cloudfront_cache_policy" "optimized" {
  name = "Managed-CachingOptimized"
}

# With Host in it: links and cookies are for the name that the shopper sees.
data "aws_cloudfront_origin_request_policy" "all_viewer" {
  name = "Managed-AllViewer"
}

resource "aws_cloudfront_cache_policy" "html" {
  count = var.html_cache_mode == "origin" ? 1 : 0

  name        = "${var.name_prefix}-html"
  comment     = "Pages, as long as their own Cache-Control says"
  min_ttl     = 0
  default_ttl = 0
  max_ttl     = 3600

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "whitelist"
      cookies {
        items = var.session_cookies
      }
    }

    headers_config {
      header_behavior = "none"
    }

    query_strings_config {
      query_string_behavior = "all"
    }
  }
}

# What every answer carries. The content security policy is the shop's own, and is not touched.
resource "aws_cloudfront_response_headers_policy" "this" {
  name    = var.name_prefix
  comment = "Transport and framing"

  security_headers_config {
    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = true
      override                   = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = false
    }

    referrer_policy {
      referrer_policy = "strict-origin-when-cross-origin"
      override        = false
    }
  }
}

resource "aws_cloudfront_vpc_origin" "this" {
  count = local.vpc_origin ? 1 : 0

  vpc_origin_endpoint_config {
    name                   = var.name_prefix
    arn                    = var.alb_arn
    http_port              = 80
    https_port             = 443
    origin_protocol_policy = var.alb_https ? "https-only" : "http-only"

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }
}

resource "aws_cloudfront_distribution" "this" {
  enabled         = true
  comment         = var.name_prefix
  aliases         = var.aliases
  http_version    = "http2and3"
  is_ipv6_enabled = true
  price_class     = "PriceClass_100"
  web_acl_id      = var.waf ? aws_wafv2_web_acl.this[0].arn : null

  # No custom_error_response: it knows no paths, so it would put a page where the API says a problem.

  origin {
    origin_id   = local.origin
    domain_name = var.alb_dns_name

    dynamic "vpc_origin_config" {
      for_each = aws_cloudfront_vpc_origin.this
      content {
        vpc_origin_id = vpc_origin_config.value.id
        # 55 here, 60 at the load balancer, more in the servers: who waits longer must be further in.
        origin_keepalive_timeout = 55
        origin_read_timeout      = 30
      }
    }

    dynamic "custom_origin_config" {
      for_each = local.vpc_origin ? [] : [1]
      content {
        http_port                = 80
        https_port               = 443
        origin_protocol_policy   = var.alb_https ? "https-only" : "http-only"
        origin_ssl_protocols     = ["TLSv1.2"]
        origin_keepalive_timeout = 55
        origin_read_timeout      = 30
      }
    }

    dynamic "custom_header" {
      for_each = local.vpc_origin ? [] : [1]
      content {
        name  = "X-Origin-Secret"
        value = var.origin_header
      }
    }

    dynamic "origin_shield" {
      for_each = var.origin_shield_region == null ? [] : [var.origin_shield_region]
      content {
        enabled              = true
        origin_shield_region = origin_shield.value
      }
    }
  }

  # Pages. All methods, because every form works without scripts.
  default_cache_behavior {
    target_origin_id           = local.origin
    allowed_methods            = local.every
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = local.html_policy
    origin_request_policy_id   = data.aws_cloudfront_origin_request_policy.all_viewer.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.this.id
    viewer_protocol_policy     = "redirect-to-https"
    compress                   = true
  }

  dynamic "ordered_cache_behavior" {
    for_each = [for path in ["/api/media/*", "/api/*", "/assets/*"] : merge(local.paths[path], { path = path })]
    content {
      path_pattern               = ordered_cache_behavior.value.path
      target_origin_id           = local.origin
      allowed_methods            = ordered_cache_behavior.value.methods
      cached_methods             = ["GET", "HEAD"]
      cache_policy_id            = ordered_cache_behavior.value.cache
      origin_request_policy_id   = ordered_cache_behavior.value.forward
      response_headers_policy_id = aws_cloudfront_response_headers_policy.this.id
      viewer_protocol_policy     = ordered_cache_behavior.value.viewer
      compress                   = true
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.certificate_arn == null
    acm_certificate_arn            = var.certificate_arn
    ssl_support_method             = var.certificate_arn == null ? null : "sni-only"
    # With CloudFront's own certificate, AWS ignores this.
    minimum_protocol_version = var.certificate_arn == null ? "TLSv1" : "TLSv1.2_2021"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  lifecycle {
    precondition {
      condition     = local.vpc_origin || var.origin_header != null
      error_message = "public_prefix_list needs origin_header: without it, anybody's distribution reaches the load balancer."
    }
    precondition {
      condition     = length(var.aliases) == 0 || var.certificate_arn != null
      error_message = "aliases need certificate_arn."
    }
  }
}
