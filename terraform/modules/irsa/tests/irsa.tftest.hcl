variables {
  name              = "oxcart-test-external-secrets"
  oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/ABC"
  oidc_issuer       = "https://oidc.eks.us-east-1.amazonaws.com/id/ABC"
  namespace         = "external-secrets"
  service_account   = "external-secrets"
  policies = {
    one = jsonencode({ Version = "2012-10-17", Statement = [] })
  }
}

run "only_that_service_account" {
  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition.StringEquals["oidc.eks.us-east-1.amazonaws.com/id/ABC:sub"] == "system:serviceaccount:external-secrets:external-secrets"
    error_message = "The trust names the service account."
  }
  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition.StringEquals["oidc.eks.us-east-1.amazonaws.com/id/ABC:aud"] == "sts.amazonaws.com"
    error_message = "The trust names the audience."
  }
  assert {
    condition     = length(regexall("https://", aws_iam_role.this.assume_role_policy)) == 0
    error_message = "A condition key with a scheme in it never matches."
  }
  assert {
    condition     = keys(aws_iam_role_policy.this) == ["one"]
    error_message = "Each policy is attached."
  }
}
