variables {
  repositories = ["oxcart/backend", "oxcart/frontend"]
  kms_key_arn  = "arn:aws:kms:us-east-1:123456789012:key/test"
}

run "a_tag_is_written_once" {
  assert {
    condition     = alltrue([for r in aws_ecr_repository.this : r.image_tag_mutability == "IMMUTABLE"])
    error_message = "Tags must not move."
  }
  assert {
    condition     = alltrue([for r in aws_ecr_repository.this : r.image_scanning_configuration[0].scan_on_push && r.encryption_configuration[0].encryption_type == "KMS"])
    error_message = "Images are scanned and encrypted."
  }
  assert {
    condition     = keys(output.repository_urls) == ["oxcart/backend", "oxcart/frontend"]
    error_message = "There is an address per repository."
  }
  assert {
    condition     = alltrue([for p in aws_ecr_lifecycle_policy.this : length(jsondecode(p.policy).rules) == 2])
    error_message = "Old images go."
  }
}
