"""What the load balancer controller made of our Ingresses, read back from the account, and of some that cannot be."""

import copy
import json

from balancer import chart
from kube import condition, wait_until
from nodes import is_ready
from proof import hold, objects, only, render, run, tool
from timeline import step

SHOP, PROD = "oxcart", "oxcart-prod"
INGRESS = "Ingress.networking.k8s.io"
NOTE = "alb.ingress.kubernetes.io/"
# As the design of the deployment has it, in the order in which the load balancer asks: server, port, paths, health.
RULES = [("backend", 4000, {"/api", "/api/*"}, "/api/health/live"), ("frontend", 3000, {"/*"}, "/health/live")]
GROUP = {
    "TargetType": "ip", "Protocol": "HTTP", "ProtocolVersion": "HTTP1", "HealthCheckEnabled": True, "HealthCheckProtocol": "HTTP",
    "HealthCheckPort": "traffic-port", "HealthCheckIntervalSeconds": 15, "HealthCheckTimeoutSeconds": 5,
    "HealthyThresholdCount": 2, "UnhealthyThresholdCount": 3, "Matcher": {"HttpCode": "200"},
}
GROUP_SETTINGS = {"deregistration_delay.timeout_seconds": "30", "load_balancing.algorithm.type": "least_outstanding_requests"}
SETTINGS = {
    "idle_timeout.timeout_seconds": "60", "routing.http.drop_invalid_header_fields.enabled": "true", "deletion_protection.enabled": "false",
}


# The account


def settings(found):
    """Keys and values as a dictionary."""
    return {each["Key"]: each["Value"] for each in found}


def read(world):
    """All load balancers by name, with what belongs to them."""
    elb, found = world.account.client("elbv2"), {}
    for it in elb.describe_load_balancers()["LoadBalancers"]:
        arn = it["LoadBalancerArn"]
        it["Tags"] = settings(elb.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"])
        it["Settings"] = settings(elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"])
        it["Listeners"] = elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]
        for listener in it["Listeners"]:
            rules = elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
            rules = [each for each in rules if not each["IsDefault"]]
            listener["Rules"] = sorted(rules, key=lambda each: int(each["Priority"]))
        groups = elb.describe_target_groups(LoadBalancerArn=arn)["TargetGroups"]
        it["Groups"] = {each["TargetGroupArn"]: each for each in groups}
        for group, each in it["Groups"].items():
            each["Settings"] = settings(elb.describe_target_group_attributes(TargetGroupArn=group)["Attributes"])
        found[it["LoadBalancerName"]] = it
    return found


def is_balancer(world, it, environment, port, protocol, **changed):
    """What holds for a load balancer as a whole, in every environment."""
    name = f"oxcart-{environment}"
    hold((it["Scheme"], it["Type"], it["LoadBalancerName"]) == ("internal", "application", name), f"it is {it}")
    hold({each["SubnetId"] for each in it["AvailabilityZones"]} == set(world.account.private), "it is not in the private subnets")
    hold(world.account.group in it["SecurityGroups"], f"its security groups are {it['SecurityGroups']}")
    for wanted, has in (
        ({**SETTINGS, **changed}, it["Settings"]), ({"Project": "oxcart", "Environment": environment, "ingress.k8s.aws/stack": name}, it["Tags"]),
    ):
        wrong = {key: has.get(key) for key, value in wanted.items() if has.get(key) != value}
        hold(not wrong, f"of {name} {wrong}")
    listeners = [(each["Port"], each["Protocol"]) for each in it["Listeners"]]
    hold(listeners == [(port, protocol)], f"listeners: {listeners}")
    answer = it["Listeners"][0]["DefaultActions"]
    hold([each.get("FixedResponseConfig", {}).get("StatusCode") for each in answer] == ["404"], f"what no rule takes: {answer}")


def are_rules(it):
    """Each rule's only condition and only target group: (server, port, health) with what was found for it."""
    rules = it["Listeners"][0]["Rules"]
    hold(len(rules) == len(RULES) == len(it["Groups"]), f"{len(rules)} rules, {len(it['Groups'])} target groups")
    for rule, (name, port, paths, health) in zip(rules, RULES, strict=True):
        conditions = [(each["Field"], set(each["PathPatternConfig"]["Values"])) for each in rule["Conditions"]]
        hold(conditions == [("path-pattern", paths)], f"a rule for {conditions} instead of {paths}")
        hold([each["Type"] for each in rule["Actions"]] == ["forward"], f"{paths}: {rule['Actions']}")
        targets = [each["TargetGroupArn"] for each in rule["Actions"][0]["ForwardConfig"]["TargetGroups"]]
        hold(len(targets) == 1, f"{paths} go to {targets}")
        group = it["Groups"][targets[0]]
        for wanted, has in (({**GROUP, "HealthCheckPath": health}, group), (GROUP_SETTINGS, group["Settings"])):
            wrong = {key: has.get(key) for key, value in wanted.items() if has.get(key) != value}
            hold(not wrong, f"{name}: {wrong}")
        yield name, port, health, group


# Our Ingresses


def one_balancer(world, tell):
    """One internal load balancer with the listener, rules, ports and health checks that the charts declare."""
    found = read(world)
    hold(set(found) == {"oxcart-demo"}, f"load balancers: {set(found)}")
    it = found["oxcart-demo"]
    is_balancer(world, it, "demo", 80, "HTTP")
    for name, port, health, group in are_rules(it):
        container = only(render(f"helm/{name}", "demo"), "Deployment")["spec"]["template"]["spec"]["containers"][0]
        ports = {each["name"]: each["containerPort"] for each in container["ports"]}
        hold(ports["http"] == port, f"the chart {name} has its server at {ports}")
        hold(f"{name}:{port}{health}" in world.answers, f"the real {name} does not answer {health} at {port}")
        binding = next(each for each in world.cluster.list("TargetGroupBinding", SHOP) if each["spec"]["targetGroupARN"] == group["TargetGroupArn"])
        hold(binding["spec"]["serviceRef"] == {"name": name, "port": "http"}, f"{name}: {binding['spec']['serviceRef']}")
        hostname = world.cluster.get(INGRESS, name, SHOP)["status"]["loadBalancer"]["ingress"][0]["hostname"]
        hold(hostname == it["DNSName"], f"the Ingress {name} tells {hostname}")
        tell(f"{name}: {port}, asked at {health}")


def opened(world, tell):
    """The nodes' security group lets the load balancer's own group in, at the servers' ports, and nobody else."""
    ec2, it = world.account.client("ec2"), read(world)["oxcart-demo"]
    own = set(it["SecurityGroups"]) - {world.account.group}
    hold(len(own) == 1, f"the controller's groups at the load balancer are {own}")

    def rules():
        found = ec2.describe_security_groups(GroupIds=[world.account.node_group])["SecurityGroups"][0]["IpPermissions"]
        return [
            (each["IpProtocol"], each["FromPort"], each["ToPort"], {pair["GroupId"] for pair in each["UserIdGroupPairs"]},
             each["IpRanges"] + each["Ipv6Ranges"] + each["PrefixListIds"]) for each in found
        ]

    # The controller sums ports up to one range, from the lowest to the highest.
    wait_until("the nodes' rule", lambda: rules() == [("tcp", 3000, 4000, own, [])], 40, 1, lambda: str(rules()))
    tell("tcp 3000-4000, from the controller's own group")


def targets(world):
    """Of each server: the targets that the load balancer has, and the pods' addresses."""
    for name, port, _, group in are_rules(read(world)["oxcart-demo"]):
        health = world.account.client("elbv2").describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
        there = {(each["Target"]["Id"], each["Target"]["Port"]) for each in health if each["TargetHealth"]["State"] == "healthy"}
        pods = world.cluster.list("Pod", SHOP, f"app.kubernetes.io/name={name}")
        yield there, {(pod["status"].get("podIP"), port) for pod in pods}


def gate(world, tell):
    """A pod that comes while the load balancer is there becomes ready when it is a healthy target, not before."""
    pods = world.cluster.list("Pod", SHOP, "app.kubernetes.io/name=frontend")
    old = {pod["metadata"]["name"] for pod in pods}
    world.cluster.delete("Pod", sorted(old)[0], SHOP)

    def came():
        pods = world.cluster.list("Pod", SHOP, "app.kubernetes.io/name=frontend")
        return next((pod for pod in pods if pod["metadata"]["name"] not in old), None)

    pod = wait_until("another pod", came, 30)
    gates = [each["conditionType"] for each in pod["spec"].get("readinessGates", [])]
    hold(len(gates) == 1 and gates[0].startswith("target-health.elbv2.k8s.aws/"), f"its gates are {gates}")
    pod = wait_until("its readiness", lambda: is_ready(came()) and came(), 60)
    at, ready = condition(pod, gates[0]), condition(pod, "Ready")
    hold(at["lastTransitionTime"] <= ready["lastTransitionTime"], f"ready at {ready}, a target at {at}")
    tell(f"a target at {at['lastTransitionTime']}, ready at {ready['lastTransitionTime']}")


# What cannot be


def ingress(name, **notes):
    """One more Ingress of the shop's group."""
    notes = {"target-type": "ip", "group.name": "oxcart-demo", "scheme": "internal", "listen-ports": '[{"HTTP":80}]', **notes}
    path = {"path": "/other", "pathType": "Prefix", "backend": {"service": {"name": "backend", "port": {"name": "http"}}}}
    return {
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
        "metadata": {"name": name, "namespace": SHOP, "annotations": {NOTE + key.replace("_", "-"): value for key, value in notes.items()}},
        "spec": {"ingressClassName": "alb", "rules": [{"http": {"paths": [path]}}]},
    }


def warned(world, name, words, namespace=SHOP):
    """The warning of an Ingress that has these words, with its reason."""
    for each in world.cluster.list(("v1", "Event"), namespace):
        about = each["involvedObject"]
        if (about["kind"], about["name"], each["type"]) == ("Ingress", name, "Warning") and words in each["message"]:
            return f"{each['reason']}: {each['message']}"
    return None


def times_well(world):
    """How often the controller has said that the shop's Ingress is well: times of events are whole seconds, too coarse to compare."""
    events = world.cluster.list(("v1", "Event"), SHOP)
    return sum(
        each.get("count") or 1 for each in events
        if each["reason"] == "SuccessfullyReconciled" and (each["involvedObject"]["kind"], each["involvedObject"]["name"]) == ("Ingress", "backend")
    )


def mistaken(world, tell, made, words):
    """An Ingress that cannot be: a warning on it says so, nothing changes, and when it goes the group is well again."""
    name, before = made["metadata"]["name"], read(world)
    world.cluster.apply(made)
    try:
        said = wait_until(f"a warning with {words!r}", lambda: warned(world, name, words), 40)
        tell(said[:220])
        on_ours = warned(world, "backend", words)
        hold(on_ours, "the group's other Ingresses do not say it")
        hold(read(world) == before, f"the load balancers changed: {read(world)}")
        status = world.cluster.get(INGRESS, name, SHOP)["status"].get("loadBalancer", {})
        hold("ingress" not in status, "it got an address")
    finally:
        then = times_well(world)
        world.cluster.delete(INGRESS, name, SHOP)
    wait_until("a group that is well again", lambda: times_well(world) > then, 60)
    hold(read(world) == before, f"the load balancers changed: {read(world)}")


# The other environment, with TLS


def prod(world):
    """Services and Ingresses of prod with a certificate and access logs, in a namespace of their own."""
    made = world.account.client("acm").request_certificate(DomainName="shop.example.com")
    facts = [f"facts.albSecurityGroupId={world.account.group}", f"facts.albCertificateArn={made['CertificateArn']}"]
    found = render("helm/backend", "prod", *facts, "ingress.accessLogsBucket=logs") + render("helm/frontend", "prod", *facts)
    for kind in ("Service", "Ingress"):
        for each in copy.deepcopy(objects(found, kind)):
            each["metadata"]["namespace"] = PROD
            yield each
    hold(len(objects(found, "Ingress")) == 2, "not two Ingresses")


def tls(world, tell):
    """prod's load balancer listens with TLS alone, writes access logs, and is not deleted before its protection is off."""
    cluster, made = world.cluster, list(prod(world))
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": PROD}})
    for found in made:
        cluster.apply(found)
    try:
        it = wait_until("prod's load balancer", lambda: read(world).get(PROD), 40)
        wait_until("its rules", lambda: len(read(world)[PROD]["Listeners"][0]["Rules"]) == 2, 40)
        it = read(world)[PROD]
        is_balancer(world, it, "prod", 443, "HTTPS", **{
            "deletion_protection.enabled": "true", "access_logs.s3.enabled": "true", "access_logs.s3.bucket": "logs",
        })
        hold(len(list(are_rules(it))) == 2, "not two rules")
        listener = it["Listeners"][0]
        hold(len(listener["Certificates"]) == 1, f"certificates: {listener['Certificates']}")
        hold(listener["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2"), f"it speaks {listener['SslPolicy']}")
        tell(f"443 with {listener['SslPolicy']}")
        cluster.delete(INGRESS, "backend", PROD)
        words = "deletion_protection is enabled, cannot delete the ingress: backend"
        # The one that is to go gets no event; those that stay do.
        tell(wait_until("the protection's warning", lambda: warned(world, "frontend", words, PROD), 40)[:160])
        hold(PROD in read(world) and cluster.get(INGRESS, "backend", PROD), "it was deleted")
    finally:
        off = {"metadata": {"annotations": {f"{NOTE}load-balancer-attributes": "deletion_protection.enabled=false"}}}
        cluster.patch(INGRESS, "backend", PROD, off)
        for name in ("backend", "frontend"):
            cluster.delete(INGRESS, name, PROD)
        wait_until("no Ingress of prod", lambda: not cluster.list(INGRESS, PROD), 60)
        cluster.delete("Namespace", PROD)
    hold(set(read(world)) == {"oxcart-demo"}, f"load balancers: {set(read(world))}")


# The controller's own chart


def settled(world, tell):
    """Whatever its chart makes anew at every rendering, its application tells ArgoCD to leave alone."""
    application = only(render("argocd/apps", "demo"), "Application", "aws-load-balancer-controller")["spec"]
    hold("RespectIgnoreDifferences=true" in application["syncPolicy"]["syncOptions"], "a sync would write what it is told to ignore")
    one, other = chart(world), chart(world)
    hold(one != other, "its chart makes the same twice, so that this proves nothing")
    for first, second in zip(one, other, strict=True):
        if first != second:
            name = f"{first['kind']}/{first['metadata']['name']}"
            hold(_left(first, application) == _left(second, application), f"ArgoCD would never find {name} as it should be")
            tell(name)


def _left(found, application):
    """An object without what ArgoCD is told to ignore of it."""
    for each in application.get("ignoreDifferences", []):
        if each["kind"] == found["kind"] and each["name"] == found["metadata"]["name"]:
            found = json.loads(run_jq(found, f"del({', '.join(each['jqPathExpressions'])})"))
    return found


def run_jq(found, expression):
    """What jq makes of an object, as ArgoCD does."""
    return run(tool("jq"), "-n", "--argjson", "it", json.dumps(found), f"$it | {expression}")


def run_proofs(world):
    """All of them."""
    with step("both Ingresses are one internal load balancer, with the rules, ports and health checks of the charts") as tell:
        one_balancer(world, tell)
    with step("a pod that comes later becomes ready when the load balancer has it as a healthy target") as tell:
        gate(world, tell)
    with step("exactly the pods that serve are its targets") as tell:
        wait_until("the right targets", lambda: all(there == pods for there, pods in targets(world)), 60, 1, lambda: str(list(targets(world))))
        tell("; ".join(f"{address}:{port}" for there, _ in targets(world) for address, port in sorted(there)))
    with step("the nodes let the load balancer in at the servers' ports, and nobody else") as tell:
        opened(world, tell)
    with step("a second scheme in the group ends in a warning on the Ingress, and changes nothing") as tell:
        mistaken(world, tell, ingress("public", scheme="internet-facing"), "conflicting scheme")
    with step("an annotation that cannot be read ends in a warning on the Ingress, and changes nothing") as tell:
        mistaken(world, tell, ingress("unreadable", listen_ports="HTTP on 80"), "failed to parse listen-ports")
    with step("with a certificate prod's load balancer speaks TLS alone, and its protection keeps it from being deleted") as tell:
        tls(world, tell)
    with step("the load balancer controller's application leaves alone what its chart makes anew every time") as tell:
        settled(world, tell)
