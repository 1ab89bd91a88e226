variables {
  name_prefix           = "oxcart-test"
  cluster_version       = "1.35"
  vpc_id                = "vpc-1"
  subnet_ids            = ["subnet-1", "subnet-2"]
  kms_key_arn           = "arn:aws:kms:us-east-1:123456789012:key/test"
  public_endpoint_cidrs = ["203.0.113.0/24"]
  admin_principal_arns  = ["arn:aws:iam::123456789012:role/operator"]
  deletion_protection   = false
  node_count            = { min = 1, desired = 2, max = 3 }
}

run "the_cluster" {
  assert {
    condition     = aws_eks_cluster.this.name == "oxcart-test-eks" && aws_eks_node_group.this.node_group_name == "oxcart-test-eks-node-group"
    error_message = "The cost scripts find the cluster and its nodes by these names."
  }
  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && !aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "Who may use the cluster is said by access entries only."
  }
  assert {
    condition     = aws_eks_cluster.this.upgrade_policy[0].support_type == "STANDARD"
    error_message = "Extended support must not start by itself."
  }
  assert {
    condition     = aws_eks_cluster.this.encryption_config[0].resources == toset(["secrets"])
    error_message = "Kubernetes secrets are encrypted with our key."
  }
  assert {
    condition     = aws_launch_template.node.metadata_options[0].http_tokens == "required" && aws_launch_template.node.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "Pods must not reach the node's credentials."
  }
  assert {
    condition     = !contains([for a in aws_iam_role_policy_attachment.node : a.policy_arn], "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy")
    error_message = "The CNI policy is the aws-node service account's."
  }
  assert {
    condition     = length(module.aws_node_role.role_arn) > 0 && jsondecode(aws_eks_addon.before_nodes["vpc-cni"].configuration_values).enableNetworkPolicy == "true"
    error_message = "The network plugin enforces NetworkPolicy."
  }
  assert {
    condition     = { for key, rule in aws_vpc_security_group_ingress_rule.node_from_control_plane : rule.from_port => rule.referenced_security_group_id == aws_eks_cluster.this.vpc_config[0].cluster_security_group_id } == { "443" = true, "9443" = true, "10250" = true, "10251" = true }
    error_message = "The control plane reaches webhooks, kubelets and metrics-server."
  }
  assert {
    condition     = aws_security_group.node.tags["kubernetes.io/cluster/oxcart-test-eks"] == "owned"
    error_message = "The load balancer controller finds the node group's security group by its tag."
  }
}

run "pods_fit_on_two_nodes" {
  command = plan
  assert {
    # Daemon sets 3 on each, coredns 2, ArgoCD 5, External Secrets 3, load balancer controller 2,
    # metrics-server 1, shop 4, a migration and one surge of each server.
    condition     = 2 * var.max_pods_per_node >= 2 * 3 + 2 + 5 + 3 + 2 + 1 + 4 + 1 + 2
    error_message = "A rolling update must fit on two nodes."
  }
  assert {
    condition     = aws_eks_node_group.this.instance_types == tolist(["t3.medium"])
    error_message = "Nodes are t3.medium unless said otherwise."
  }
}

run "arm_changes_image_and_type_together" {
  command = plan
  variables {
    node_architecture = "arm64"
  }
  assert {
    condition     = aws_eks_node_group.this.instance_types == tolist(["t4g.medium"]) && aws_eks_node_group.this.ami_type == "AL2023_ARM_64_STANDARD"
    error_message = "Type and image belong together."
  }
}

run "no_public_endpoint_without_networks" {
  command = plan
  variables {
    public_endpoint_cidrs = []
  }
  assert {
    condition     = !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "No networks means no public endpoint."
  }
}

run "the_whole_internet_is_refused" {
  command = plan
  variables {
    public_endpoint_cidrs = ["0.0.0.0/0"]
  }
  expect_failures = [aws_eks_cluster.this]
}

run "a_version_out_of_support" {
  command = plan
  variables {
    cluster_version = "1.29"
  }
  expect_failures = [var.cluster_version]
}

run "nodes_too_small" {
  command = plan
  variables {
    node_size = "small"
  }
  expect_failures = [var.node_size]
}
