# What both layers and the scripts agree on. Put your account here and in backend.hcl.
project     = "oxcart"
environment = "demo"
region      = "us-east-1"
account_id  = "123456789012"
