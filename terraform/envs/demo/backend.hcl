# Made by bootstrap/. The last twelve digits are the account.
bucket = "oxcart-demo-tfstate-123456789012"
region = "us-east-1"
