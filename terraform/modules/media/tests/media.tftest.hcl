variables {
  bucket       = "oxcart-test-media-123456789012"
  kms_key_arn  = "arn:aws:kms:us-east-1:123456789012:key/test"
  force_delete = false
}

run "nobody_but_the_backend_reads_pictures" {
  assert {
    condition     = alltrue([aws_s3_bucket_public_access_block.this.block_public_acls, aws_s3_bucket_public_access_block.this.block_public_policy, aws_s3_bucket_public_access_block.this.ignore_public_acls, aws_s3_bucket_public_access_block.this.restrict_public_buckets])
    error_message = "The bucket is private."
  }
  assert {
    condition     = jsondecode(aws_s3_bucket_policy.this.policy).Statement[0].Effect == "Deny" && jsondecode(aws_s3_bucket_policy.this.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "Pictures are not read in the clear."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).kms_master_key_id == var.kms_key_arn
    error_message = "Pictures are encrypted by the environment's key."
  }
  assert {
    condition     = one(aws_s3_bucket_versioning.this.versioning_configuration).status == "Enabled" && !aws_s3_bucket.this.force_destroy
    error_message = "What is deleted by mistake can be brought back."
  }
}

run "what_was_cut_off_goes_by_itself" {
  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this.rule[0].abort_incomplete_multipart_upload).days_after_initiation == 7
    error_message = "Parts of uploads that broke off are not paid for."
  }
  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this.rule[1].filter).prefix == "media/masters/" && one(aws_s3_bucket_lifecycle_configuration.this.rule[1].expiration).days == 30
    error_message = "Only what sizes are made from expires, never a picture."
  }
  assert {
    condition     = output.store == "s3://oxcart-test-media-123456789012/media"
    error_message = "The backend's role is for this prefix."
  }
}
