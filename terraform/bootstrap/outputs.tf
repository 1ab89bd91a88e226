output "bucket" {
  description = "Must be the bucket in envs/<environment>/backend.hcl."
  value       = aws_s3_bucket.state.bucket
}
