output "bucket" {
  description = "The bucket of pictures."
  value       = aws_s3_bucket.this.id
}

output "store" {
  description = "Where the backend keeps pictures: its MEDIA_STORE."
  value       = "s3://${aws_s3_bucket.this.id}/media"
}
