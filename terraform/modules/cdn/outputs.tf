output "domain_name" {
  description = "The distribution's own name."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "distribution_id" {
  description = "For invalidations."
  value       = aws_cloudfront_distribution.this.id
}
