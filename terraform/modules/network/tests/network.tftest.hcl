variables {
  name_prefix = "oxcart-test"
  cidr        = "10.0.0.0/16"
  zone_count  = 2
  nat_mode    = "single"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/test"
}

run "two_zones_and_one_way_out" {
  assert {
    condition     = length(aws_subnet.private) == 2 && length(aws_subnet.public) == 2 && length(aws_subnet.database) == 2
    error_message = "Every tier has a subnet in every zone."
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 1
    error_message = "Mode single is one NAT gateway."
  }
  assert {
    condition     = length(distinct(concat([for s in aws_subnet.private : s.cidr_block], [for s in aws_subnet.public : s.cidr_block], [for s in aws_subnet.database : s.cidr_block]))) == 6
    error_message = "No two subnets share addresses."
  }
  assert {
    condition     = alltrue([for s in aws_subnet.private : endswith(s.cidr_block, "/20")])
    error_message = "Private subnets leave room for prefix delegation."
  }
  assert {
    condition     = alltrue([for route in aws_route.private_out : route.route_table_id != aws_route_table.database.id]) && aws_route.public_out.route_table_id != aws_route_table.database.id
    error_message = "The database tier has no way out."
  }
  assert {
    condition     = length(aws_default_security_group.closed.ingress) + length(aws_default_security_group.closed.egress) == 0
    error_message = "The default security group admits nothing."
  }
  assert {
    condition     = alltrue([for s in aws_subnet.private : s.tags["kubernetes.io/role/internal-elb"] == "1"])
    error_message = "The load balancer controller finds its subnets by their tag."
  }
}

run "three_zones_each_with_its_own_way_out" {
  variables {
    zone_count = 3
    nat_mode   = "per_az"
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(distinct([for r in aws_route.private_out : r.nat_gateway_id])) == 3
    error_message = "Mode per_az keeps each zone's traffic in its zone."
  }
}

run "a_mode_there_is_not" {
  command = plan
  variables {
    nat_mode = "none"
  }
  expect_failures = [var.nat_mode]
}
