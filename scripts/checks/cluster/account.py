"""An emulated AWS account (moto): a network with two nodes, security groups, and the shop's secrets.

    account = Account(programs)
    account.client("elbv2")            boto3, towards the emulator
    account.url                        for programs; `account.environment` are the variables that they need
    account.network()                  fills vpc, subnets and the security group
    account.fill(...) / account.write("redis", {...})
"""

import functools
import ipaddress
import json

import boto3

from parts import free_port
from proof import tool

REGION = "us-east-1"
CLUSTER = "oxcart-demo-eks"
# What the platform layer tags its subnets with, so that load balancers find them.
INTERNAL, PUBLIC = "kubernetes.io/role/internal-elb", "kubernetes.io/role/elb"
# The addresses that each node's network interface has for its pods, as Amazon's network plugin gives them.
PODS = ("10.0.16.64/26", "10.0.32.64/26")


class Account:
    """Where the emulator is, and what was made in it."""

    def __init__(self, programs):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        programs.start("moto", tool("moto_server"), "-H", "127.0.0.1", "-p", port)
        programs.wait_for_port("moto", port)
        self.environment = {
            "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "none",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": self.url,
        }
        self.vpc, self.private, self.public, self.group = None, [], [], None
        self.node_group, self.instances = None, []

    @functools.cache
    def client(self, service):
        """boto3 for one service."""
        return boto3.client(
            service, endpoint_url=self.url, region_name=REGION, aws_access_key_id="AKIATEST", aws_secret_access_key="none"
        )

    def network(self):
        """A network of the platform layer's shape: two zones, each with a private and a public subnet."""
        ec2 = self.client("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        for kind, tag, blocks in (
            (self.private, INTERNAL, ("10.0.16.0/20", "10.0.32.0/20")), (self.public, PUBLIC, ("10.0.0.0/24", "10.0.1.0/24")),
        ):
            for zone, block in zip("ab", blocks, strict=True):
                made = ec2.create_subnet(VpcId=self.vpc, CidrBlock=block, AvailabilityZone=f"{REGION}{zone}")
                kind.append(made["Subnet"]["SubnetId"])
            ec2.create_tags(Resources=kind, Tags=[{"Key": tag, "Value": "1"}])
        self.group = ec2.create_security_group(GroupName="oxcart-demo-alb", Description="The CDN", VpcId=self.vpc)["GroupId"]
        self.node_group = ec2.create_security_group(GroupName="oxcart-demo-node", Description="Nodes", VpcId=self.vpc)["GroupId"]
        ec2.create_tags(Resources=[self.node_group], Tags=[{"Key": f"kubernetes.io/cluster/{CLUSTER}", "Value": "owned"}])
        for subnet, block in zip(self.private, PODS, strict=True):
            made = ec2.run_instances(
                ImageId=ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"], MinCount=1, MaxCount=1,
                SubnetId=subnet, SecurityGroupIds=[self.node_group], InstanceType="t3.medium",
            )
            instance = made["Instances"][0]
            self.instances.append(instance["InstanceId"])
            ec2.assign_private_ip_addresses(
                NetworkInterfaceId=instance["NetworkInterfaces"][0]["NetworkInterfaceId"],
                PrivateIpAddresses=[str(address) for address in ipaddress.ip_network(block).hosts()],
            )

    def write(self, name, values, environment="demo"):
        """One secret as the services layer names it: a JSON object."""
        manager, where = self.client("secretsmanager"), f"oxcart/{environment}/{name}"
        try:
            manager.put_secret_value(SecretId=where, SecretString=json.dumps(values))
        except manager.exceptions.ResourceNotFoundException:
            manager.create_secret(Name=where, SecretString=json.dumps(values))
