variables {
  name_prefix = "oxcart-test"
  environment = "test"
  limit_usd   = 150
  emails      = ["operator@example.com"]
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/test"
}

run "speaks_before_it_is_spent" {
  assert {
    condition     = { for n in aws_budgets_budget.this.notification : n.notification_type => n.threshold } == { ACTUAL = 80, FORECASTED = 100 }
    error_message = "80 % spent and 100 % forecast are told."
  }
  assert {
    condition     = one(aws_budgets_budget.this.cost_filter).values == tolist(["user:Environment$test"])
    error_message = "Only this environment's costs count."
  }
  assert {
    condition     = keys(aws_sns_topic_subscription.email) == ["operator@example.com"]
    error_message = "The operator hears of it."
  }
}
