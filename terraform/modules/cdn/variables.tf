variable "name_prefix" {
  description = "Begins every name."
  type        = string
}

variable "alb_arn" {
  description = "The load balancer that the Ingress made."
  type        = string
}

variable "alb_dns_name" {
  description = "Its name."
  type        = string
}

variable "alb_https" {
  description = "Whether the load balancer has a certificate, for the name that shoppers use."
  type        = bool
}

variable "origin_access_mode" {
  description = "vpc_origin: an internal load balancer that only this distribution reaches. public_prefix_list: a public one that admits CloudFront's addresses and a secret header."
  type        = string
  default     = "vpc_origin"

  validation {
    condition     = contains(["vpc_origin", "public_prefix_list"], var.origin_access_mode)
    error_message = "origin_access_mode must be vpc_origin or public_prefix_list."
  }
}

variable "origin_header" {
  description = "With public_prefix_list: the secret that the load balancer asks for in X-Origin-Secret. CloudFront keeps it in its configuration, hence so does the state."
  type        = string
  default     = null
  sensitive   = true
}

variable "aliases" {
  description = "Host names of the shop beside the distribution's own."
  type        = list(string)
  default     = []
}

variable "certificate_arn" {
  description = "A certificate for the aliases, in us-east-1."
  type        = string
  default     = null
}

variable "html_cache_mode" {
  description = "off: pages are never cached. origin: as long as the shop's own Cache-Control says."
  type        = string
  default     = "off"

  validation {
    condition     = contains(["off", "origin"], var.html_cache_mode)
    error_message = "html_cache_mode must be off or origin."
  }
}

variable "session_cookies" {
  description = "Cookies that make two shoppers' pages differ; part of the key when pages are cached."
  type        = list(string)
  default     = ["__Host-cart", "__Host-session"]
}

variable "origin_shield_region" {
  description = "A region in front of the origin, or null. Pays only when cacheable pages are asked for from many regions."
  type        = string
  default     = null
}

variable "waf" {
  description = "Whether a web application firewall stands in front; from 5 USD a month and 1 per rule."
  type        = bool
}
