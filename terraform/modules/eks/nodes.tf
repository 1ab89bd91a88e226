# The nodes: who talks to them, what they are, what runs on each.

locals {
  family   = { amd64 = "t3", arm64 = "t4g" }[var.node_architecture]
  ami_type = { amd64 = "AL2023_x86_64_STANDARD", arm64 = "AL2023_ARM_64_STANDARD" }[var.node_architecture]

  cluster_security_group_id = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id

  # What the control plane reaches on nodes and pods.
  from_control_plane = {
    https              = { port = 443, why = "API server to webhooks on 443" }
    lbc-webhook        = { port = 9443, why = "API server to the load balancer controller's webhook" }
    kubelet            = { port = 10250, why = "API server to kubelets and the External Secrets webhook" }
    metrics-aggregator = { port = 10251, why = "API server to metrics-server" }
  }

  # What nodes and pods reach among each other.
  among_nodes = {
    dns-tcp = { protocol = "tcp", from = 53, to = 53, why = "DNS" }
    dns-udp = { protocol = "udp", from = 53, to = 53, why = "DNS" }
    pods    = { protocol = "tcp", from = 1025, to = 65535, why = "Pods on unprivileged ports" }
  }
}

resource "aws_security_group" "node" {
  name        = "${local.name}-node"
  description = "Nodes and pods of ${local.name}"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${local.name}-node"
    # The load balancer controller writes its rules into the one group that has this tag, and gives
    # up when there are two.
    "kubernetes.io/cluster/${local.name}" = "owned"
  }
}

# Every rule is a resource of its own: the load balancer controller adds more of them, and rules
# listed inside the group would fight with those.
resource "aws_vpc_security_group_ingress_rule" "node_from_control_plane" {
  for_each = local.from_control_plane

  security_group_id            = aws_security_group.node.id
  referenced_security_group_id = local.cluster_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = each.value.why
}

resource "aws_vpc_security_group_ingress_rule" "node_from_node" {
  for_each = local.among_nodes

  security_group_id            = aws_security_group.node.id
  referenced_security_group_id = aws_security_group.node.id
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.from
  to_port                      = each.value.to
  description                  = each.value.why
}

resource "aws_vpc_security_group_ingress_rule" "control_plane_from_node" {
  security_group_id            = local.cluster_security_group_id
  referenced_security_group_id = aws_security_group.node.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  description                  = "Nodes and pods to the API server"
}

resource "aws_vpc_security_group_egress_rule" "node_out" {
  security_group_id = aws_security_group.node.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
  description       = "Nodes reach registries and AWS; what pods reach is NetworkPolicy's"
}

resource "aws_launch_template" "node" {
  name_prefix            = "${local.name}-node-"
  update_default_version = true
  vpc_security_group_ids = [aws_security_group.node.id]

  # Merged by EKS with its own: only the limit of pods, which is computed without prefix delegation.
  user_data = base64encode(<<-MIME
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="//"

    --//
    Content-Type: application/node.eks.aws

    apiVersion: node.eks.aws/v1alpha1
    kind: NodeConfig
    spec:
      kubelet:
        config:
          maxPods: ${var.max_pods_per_node}

    --//--
  MIME
  )

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
    # One hop ends at the node: a pod that asks for the node's credentials gets no answer.
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_type           = "gp3"
      volume_size           = 30
      encrypted             = true
      delete_on_termination = true
    }
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "volume", "network-interface"]
    content {
      resource_type = tag_specifications.value
      tags          = { Name = "${local.name}-node" }
    }
  }
}

resource "aws_iam_role" "node" {
  name = "${local.name}-node"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# Not the CNI policy: that belongs to the aws-node service account alone.
resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset(["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"])

  role       = aws_iam_role.node.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

resource "aws_eks_node_group" "this" {
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = "${local.name}-node-group"
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = var.subnet_ids
  ami_type        = local.ami_type
  instance_types  = ["${local.family}.${var.node_size}"]

  launch_template {
    id      = aws_launch_template.node.id
    version = aws_launch_template.node.latest_version
  }

  scaling_config {
    min_size     = var.node_count.min
    desired_size = var.node_count.desired
    max_size     = var.node_count.max
  }

  update_config {
    max_unavailable = 1
  }

  node_repair_config {
    enabled = true
  }

  lifecycle {
    # scripts/shutdown-resources.sh sets it to zero; the next apply must not wake the nodes.
    ignore_changes = [scaling_config[0].desired_size]
  }

  depends_on = [
    aws_iam_role_policy_attachment.node,
    aws_vpc_security_group_ingress_rule.control_plane_from_node,
    # A node is not ready before it has a network.
    aws_eks_addon.before_nodes,
  ]
}

module "aws_node_role" {
  source = "../irsa"

  name                = "${local.name}-aws-node"
  oidc_provider_arn   = aws_iam_openid_connect_provider.this.arn
  oidc_issuer         = aws_eks_cluster.this.identity[0].oidc[0].issuer
  namespace           = "kube-system"
  service_account     = "aws-node"
  managed_policy_arns = { cni = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" }
}

locals {
  addons_before_nodes = {
    vpc-cni = {
      role = module.aws_node_role.role_arn
      configuration = jsonencode({
        enableNetworkPolicy = "true"
        env                 = { ENABLE_PREFIX_DELEGATION = "true", WARM_PREFIX_TARGET = "1" }
      })
    }
    kube-proxy = { role = null, configuration = null }
  }

  addons = ["coredns", "metrics-server", "eks-node-monitoring-agent"]
}

resource "aws_eks_addon" "before_nodes" {
  for_each = local.addons_before_nodes

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  service_account_role_arn    = each.value.role
  configuration_values        = each.value.configuration
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
}

resource "aws_eks_addon" "this" {
  for_each = toset(local.addons)

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.value
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  depends_on = [aws_eks_node_group.this]
}
