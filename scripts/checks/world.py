"""The emulated account of the script checks: makes it, sets it, tells how it is.

world.py make|on|off|show|lose-database|copy-database|drop-copy|keep WORDS|forget|other-account
"""

import sys

import boto3

CLUSTER, GROUP, DATABASE = "oxcart-demo-eks", "oxcart-demo-eks-node-group", "oxcart-demo-postgres"
KEPT, SIZE = "/oxcart-demo/node-group-size", '{"minSize":1,"desiredSize":2,"maxSize":3}'

client = {name: boto3.client(name) for name in ("ec2", "eks", "elbv2", "iam", "rds", "ssm", "sts")}


def make():
    role = client["iam"].create_role(RoleName="nodes", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    vpc = client["ec2"].describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = [subnet["SubnetId"] for subnet in client["ec2"].describe_subnets()["Subnets"][:2]]
    client["eks"].create_cluster(name=CLUSTER, roleArn=role, resourcesVpcConfig={"subnetIds": subnets})
    client["eks"].create_nodegroup(
        clusterName=CLUSTER, nodegroupName=GROUP, nodeRole=role, subnets=subnets, scalingConfig=size(1, 2)
    )
    balancer = client["elbv2"].create_load_balancer(Name="oxcart-demo", Subnets=subnets)["LoadBalancers"][0]
    target = {"Name": "backend", "Port": 4000, "Protocol": "HTTP", "VpcId": vpc, "TargetType": "ip"}
    group = client["elbv2"].create_target_group(**target)["TargetGroups"][0]["TargetGroupArn"]
    client["elbv2"].create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Port=80,
        Protocol="HTTP",
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    client["elbv2"].register_targets(TargetGroupArn=group, Targets=[{"Id": "172.31.0.10", "Port": 4000}])
    database()


def size(least, desired):
    return {"minSize": least, "desiredSize": desired, "maxSize": 3}


def database():
    client["rds"].create_db_instance(
        DBInstanceIdentifier=DATABASE,
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="oxcart",
        MasterUserPassword="emulator-only",
    )


def status():
    return client["rds"].describe_db_instances(DBInstanceIdentifier=DATABASE)["DBInstances"][0]["DBInstanceStatus"]


def kept():
    try:
        return client["ssm"].get_parameter(Name=KEPT)["Parameter"]["Value"]
    except client["ssm"].exceptions.ParameterNotFound:
        return "nothing"


def on():
    """As after a deployment: nodes, database, nothing kept."""
    try:
        if status() == "stopped":
            client["rds"].start_db_instance(DBInstanceIdentifier=DATABASE)
    except client["rds"].exceptions.DBInstanceNotFoundFault:
        database()
    client["eks"].update_nodegroup_config(clusterName=CLUSTER, nodegroupName=GROUP, scalingConfig=size(1, 2))
    forget()


def off():
    """As after a shutdown."""
    if status() != "stopped":
        client["rds"].stop_db_instance(DBInstanceIdentifier=DATABASE)
    client["eks"].update_nodegroup_config(clusterName=CLUSTER, nodegroupName=GROUP, scalingConfig=size(0, 0))
    keep(SIZE)


def keep(words):
    client["ssm"].put_parameter(Name=KEPT, Type="String", Overwrite=True, Value=words)


def forget():
    if kept() != "nothing":
        client["ssm"].delete_parameter(Name=KEPT)


def show():
    group = client["eks"].describe_nodegroup(clusterName=CLUSTER, nodegroupName=GROUP)["nodegroup"]["scalingConfig"]
    print(f"{group['minSize']}/{group['desiredSize']}/{group['maxSize']} {status()} kept {kept()}")


def lose_database():
    client["rds"].delete_db_instance(DBInstanceIdentifier=DATABASE, SkipFinalSnapshot=True)


def copy_database():
    client["rds"].create_db_instance_read_replica(
        DBInstanceIdentifier="copy", SourceDBInstanceIdentifier=DATABASE
    )


def drop_copy():
    client["rds"].delete_db_instance(DBInstanceIdentifier="copy", SkipFinalSnapshot=True)


def other_account():
    """Keys of somebody elsewhere."""
    role = "arn:aws:iam::210987654321:role/other"
    keys = client["sts"].assume_role(RoleArn=role, RoleSessionName="other")["Credentials"]
    print(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


words = sys.argv[1:]
globals()[words[0].replace("-", "_")](*words[1:])
