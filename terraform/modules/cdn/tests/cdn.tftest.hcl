variables {
  name_prefix  = "oxcart-test"
  alb_arn      = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/oxcart-test/1"
  alb_dns_name = "internal-oxcart-test.us-east-1.elb.amazonaws.com"
  alb_https    = false
  waf          = false
}

run "paths" {
  assert {
    condition     = [for b in aws_cloudfront_distribution.this.ordered_cache_behavior : b.path_pattern] == ["/api/media/*", "/api/*", "/assets/*"]
    error_message = "The narrower path comes first."
  }
  assert {
    condition     = length(aws_cloudfront_distribution.this.ordered_cache_behavior[1].allowed_methods) == 7 && aws_cloudfront_distribution.this.ordered_cache_behavior[1].cache_policy_id == data.aws_cloudfront_cache_policy.disabled.id && aws_cloudfront_distribution.this.ordered_cache_behavior[1].origin_request_policy_id == data.aws_cloudfront_origin_request_policy.all_viewer.id
    error_message = "The API takes every method, is never cached, and sees the whole request."
  }
  assert {
    condition     = aws_cloudfront_distribution.this.ordered_cache_behavior[1].viewer_protocol_policy == "https-only"
    error_message = "No API call in clear."
  }
  assert {
    condition     = alltrue([for index in [0, 2] : aws_cloudfront_distribution.this.ordered_cache_behavior[index].origin_request_policy_id == null && aws_cloudfront_distribution.this.ordered_cache_behavior[index].cache_policy_id == data.aws_cloudfront_cache_policy.optimized.id])
    error_message = "What is cached is asked for without cookies."
  }
  assert {
    condition     = length(aws_cloudfront_distribution.this.default_cache_behavior[0].allowed_methods) == 7 && aws_cloudfront_distribution.this.default_cache_behavior[0].cache_policy_id == data.aws_cloudfront_cache_policy.disabled.id
    error_message = "Pages take form posts, and are not cached."
  }
  assert {
    condition     = length(aws_cloudfront_distribution.this.custom_error_response) == 0 && aws_cloudfront_distribution.this.default_root_object == null
    error_message = "A custom error response would rewrite the API's answers too."
  }
  assert {
    condition     = length(one(aws_cloudfront_response_headers_policy.this.security_headers_config).content_security_policy) == 0 && one(one(aws_cloudfront_response_headers_policy.this.security_headers_config).strict_transport_security).access_control_max_age_sec == 31536000
    error_message = "HSTS for a year; the content security policy is the shop's."
  }
  assert {
    condition     = one(aws_cloudfront_distribution.this.origin).vpc_origin_config[0].vpc_origin_id == aws_cloudfront_vpc_origin.this[0].id && one(aws_cloudfront_distribution.this.origin).vpc_origin_config[0].origin_keepalive_timeout < 60
    error_message = "The load balancer is reached inside the network, on connections that it closes last."
  }
  assert {
    condition     = length(aws_wafv2_web_acl.this) == 0
    error_message = "The firewall is off unless asked for."
  }
}

run "pages_cached_as_they_say" {
  variables {
    html_cache_mode = "origin"
  }
  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].cache_policy_id == aws_cloudfront_cache_policy.html[0].id && aws_cloudfront_cache_policy.html[0].default_ttl == 0
    error_message = "What says nothing is not cached."
  }
  assert {
    condition     = contains(one(one(one(aws_cloudfront_cache_policy.html[0].parameters_in_cache_key_and_forwarded_to_origin).cookies_config).cookies).items, "__Host-cart")
    error_message = "A shopper's cart is part of the key."
  }
}

run "in_front_of_a_public_load_balancer" {
  variables {
    origin_access_mode = "public_prefix_list"
    origin_header      = "only-in-this-test"
    waf                = true
  }
  assert {
    condition     = length(aws_cloudfront_vpc_origin.this) == 0 && length(aws_wafv2_web_acl.this[0].rule) == 3
    error_message = "No VPC origin, and the firewall's three rules."
  }
}

run "a_public_load_balancer_without_its_secret" {
  command = plan
  variables {
    origin_access_mode = "public_prefix_list"
  }
  expect_failures = [aws_cloudfront_distribution.this]
}

run "a_name_without_a_certificate" {
  command = plan
  variables {
    aliases = ["shop.example.com"]
  }
  expect_failures = [aws_cloudfront_distribution.this]
}
