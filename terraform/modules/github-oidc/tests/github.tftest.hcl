variables {
  name_prefix     = "oxcart-test"
  environment     = "test"
  repository      = "someone/oxcart"
  repository_arns = ["arn:aws:ecr:us-east-1:123456789012:repository/oxcart/backend"]
  state_bucket    = "oxcart-test-tfstate-123456789012"
}

run "each_role_has_one_door" {
  assert {
    condition = { for name, role in aws_iam_role.this : name => jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] } == {
      images   = "repo:someone/oxcart:ref:refs/heads/main"
      plan     = "repo:someone/oxcart:pull_request"
      apply    = "repo:someone/oxcart:environment:test"
      schedule = "repo:someone/oxcart:environment:test-schedule"
    }
    error_message = "Each role trusts exactly one subject."
  }
  assert {
    condition     = alltrue([for role in aws_iam_role.this : jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"])
    error_message = "Each role names the audience."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.state["plan"].policy).Statement[1].Resource == "arn:aws:s3:::oxcart-test-tfstate-123456789012/*.tflock"
    error_message = "A plan must not write a state."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.images.policy).Statement[1].Resource == ["arn:aws:ecr:us-east-1:123456789012:repository/oxcart/backend"]
    error_message = "Images are pushed to our repositories only."
  }
}

run "no_wildcards_in_the_repository" {
  command = plan
  variables {
    repository = "someone/*"
  }
  expect_failures = [var.repository]
}
