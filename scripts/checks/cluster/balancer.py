"""The real AWS Load Balancer Controller: started as our application's values say, towards the emulated account."""

import base64
import json

import yaml

import grants
from kube import condition, wait_until
from nodes import is_ready
from parts import free_port, part, source
from proof import hold, objects, only, render, run, tool
from timeline import step

NAMESPACE, NAME = "kube-system", "aws-load-balancer-controller"


def kinds(world):
    """Makes the API server know the controller's kinds, and its class of Ingresses."""
    world.cluster.apply_file(source(NAME) / f"helm/{NAME}/crds/crds.yaml")


def chart(world):
    """What the controller's own chart makes of the values that our application gives it."""
    application = only(render("argocd/apps", "demo"), "Application", NAME)
    values = {**application["spec"]["source"]["helm"]["valuesObject"], "vpcId": world.account.vpc}
    settings = [word for name, value in values.items() for word in ("--set-json", f"{name}={json.dumps(value)}")]
    made = run(tool("helm"), "template", NAME, source(NAME) / f"helm/{NAME}", "--namespace", NAMESPACE, *settings)
    found = [each for each in yaml.safe_load_all(made) if each]
    return [inner for each in found for inner in (each["items"] if each["kind"] == "List" else [each])]


def start(world):
    """Runs the controller with the arguments, the rights and the webhooks that its chart gives it."""
    made = chart(world)
    for found in made:
        found["metadata"].setdefault("namespace", NAMESPACE)
    grants.give(world.cluster, made, "balancer", NAME)
    for kind in ("IngressClassParams", "IngressClass"):
        for found in objects(made, kind):
            world.cluster.apply(found)
    container = only(made, "Deployment", NAME)["spec"]["template"]["spec"]["containers"][0]
    certificate, key = world.plane.authority.sign(NAME)
    port, probed = free_port(), free_port()
    world.programs.start(
        NAME, part(NAME), *container["args"], f"--kubeconfig={world.plane.kubeconfig('balancer')}", "--enable-leader-election=false",
        # Otherwise it looks after its targets every fifteen seconds.
        "--targetgroupbinding-requeue-duration=2s",
        f"--webhook-bind-port={port}", f"--webhook-cert-dir={certificate.parent}", f"--webhook-cert-file={certificate.name}",
        f"--webhook-key-file={key.name}", f"--metrics-bind-addr=127.0.0.1:{free_port()}", f"--health-probe-bind-addr=127.0.0.1:{probed}",
        env={**world.account.environment, "AWS_DEFAULT_REGION": "us-east-1"},
    )
    world.programs.wait_for_port(NAME, port)
    webhooks(world, made, port)


def webhooks(world, made, port):
    """Has the API server ask the controller, at its address here instead of by its Service."""
    authority = base64.b64encode(world.plane.authority.file.read_bytes()).decode()
    count = 0
    for kind in ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"):
        for found in objects(made, kind):
            for hook in found["webhooks"]:
                path = hook["clientConfig"]["service"]["path"]
                hook["clientConfig"] = {"url": f"https://127.0.0.1:{port}{path}", "caBundle": authority}
                count += 1
            world.cluster.apply(found)
    hold(count, "the chart brings no webhook")


# What became of the Ingresses


HEALTH = {
    "HealthCheckIntervalSeconds": 15, "HealthCheckTimeoutSeconds": 5, "HealthyThresholdCount": 2,
    "UnhealthyThresholdCount": 3, "Matcher": {"HttpCode": "200"}, "TargetType": "ip", "Protocol": "HTTP",
}
# By port: the health check, and the paths in the order in which the load balancer asks for them.
RULES = [(4000, "/api/health/live", {"/api", "/api/*"}), (3000, "/health/live", {"/*"})]


def balancers(world):
    """The load balancers of the account."""
    return world.account.client("elbv2").describe_load_balancers()["LoadBalancers"]


def rules(world, balancer):
    """The one listener's rules in their order: paths and target group."""
    elb = world.account.client("elbv2")
    listeners = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    hold([(each["Port"], each["Protocol"]) for each in listeners] == [(80, "HTTP")], f"listeners: {listeners}")
    found = elb.describe_rules(ListenerArn=listeners[0]["ListenerArn"])["Rules"]
    found = sorted((each for each in found if each["Priority"] != "default"), key=lambda each: int(each["Priority"]))
    return [
        (set(each["Conditions"][0].get("Values") or each["Conditions"][0]["PathPatternConfig"]["Values"]), _target(each["Actions"][0]))
        for each in found
    ]


def _target(action):
    return action.get("TargetGroupArn") or action["ForwardConfig"]["TargetGroups"][0]["TargetGroupArn"]


def one_balancer(world, tell):
    """One internal load balancer with the listener, rules, ports and health checks that the charts declare."""
    found, elb = balancers(world), world.account.client("elbv2")
    hold(len(found) == 1, f"{len(found)} load balancers")
    it = found[0]
    hold((it["Scheme"], it["Type"], it["LoadBalancerName"]) == ("internal", "application", "oxcart-demo"), f"it is {it}")
    hold({each["SubnetId"] for each in it["AvailabilityZones"]} == set(world.account.private), "it is not in the private subnets")
    hold(world.account.group in it["SecurityGroups"], f"its security groups are {it['SecurityGroups']}")
    attributes = {each["Key"]: each["Value"] for each in elb.describe_load_balancer_attributes(LoadBalancerArn=it["LoadBalancerArn"])["Attributes"]}
    hold(attributes["idle_timeout.timeout_seconds"] == "60", f"idle for {attributes['idle_timeout.timeout_seconds']} s")
    hold(attributes["routing.http.drop_invalid_header_fields.enabled"] == "true", "it lets invalid headers through")
    for (paths, arn), (port, path, wanted) in zip(rules(world, it), RULES, strict=True):
        group = elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
        hold((paths, group["HealthCheckPath"]) == (wanted, path), f"{paths} go to what is asked at {group['HealthCheckPath']}")
        hold(group["HealthCheckPort"] == "traffic-port", f"{port}: its health is asked at {group['HealthCheckPort']}")
        wrong = {name: group.get(name) for name, value in HEALTH.items() if group.get(name) != value}
        hold(not wrong, f"{port}: {wrong}")
        said = {each["Key"]: each["Value"] for each in elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]}
        hold(said["deregistration_delay.timeout_seconds"] == "30", f"{port}: leaves after {said['deregistration_delay.timeout_seconds']} s")
        hold(said["load_balancing.algorithm.type"] == "least_outstanding_requests", f"{port}: {said['load_balancing.algorithm.type']}")
        tell(f"{' '.join(sorted(paths))} → {port}, asked at {path}")
    for name in ("backend", "frontend"):
        status = world.cluster.get("Ingress.networking.k8s.io", name, "oxcart")["status"]["loadBalancer"]
        hold(status["ingress"][0]["hostname"] == it["DNSName"], f"the Ingress {name} tells {status}")


def targets(world):
    """Of each server: the targets that the load balancer has, and the pods' addresses."""
    elb = world.account.client("elbv2")
    groups = {each["HealthCheckPath"]: each["TargetGroupArn"] for each in elb.describe_target_groups()["TargetGroups"]}
    for name, (port, path, _) in zip(("backend", "frontend"), RULES, strict=True):
        pods = world.cluster.list("Pod", "oxcart", f"app.kubernetes.io/name={name}")
        health = elb.describe_target_health(TargetGroupArn=groups[path])["TargetHealthDescriptions"]
        there = {(each["Target"]["Id"], each["Target"]["Port"]) for each in health if each["TargetHealth"]["State"] == "healthy"}
        yield there, {(pod["status"].get("podIP"), port) for pod in pods}


def gate(world, tell):
    """A pod that comes while the load balancer is there becomes ready when it is a healthy target, not before."""
    pods = world.cluster.list("Pod", "oxcart", "app.kubernetes.io/name=frontend")
    old = {pod["metadata"]["name"] for pod in pods}
    world.cluster.delete("Pod", sorted(old)[0], "oxcart")

    def came():
        pods = world.cluster.list("Pod", "oxcart", "app.kubernetes.io/name=frontend")
        return next((pod for pod in pods if pod["metadata"]["name"] not in old), None)

    pod = wait_until("another pod", came, 30)
    gates = [each["conditionType"] for each in pod["spec"].get("readinessGates", [])]
    hold(len(gates) == 1 and gates[0].startswith("target-health.elbv2.k8s.aws/"), f"its gates are {gates}")
    pod = wait_until("its readiness", lambda: is_ready(came()) and came(), 60)
    opened, ready = condition(pod, gates[0]), condition(pod, "Ready")
    hold(opened["lastTransitionTime"] <= ready["lastTransitionTime"], f"ready at {ready}, a target at {opened}")
    tell(f"a target at {opened['lastTransitionTime']}, ready at {ready['lastTransitionTime']}")


def ingress(name, annotations):
    """An Ingress beside those of the charts."""
    notes = {f"alb.ingress.kubernetes.io/{key}": value for key, value in annotations.items()}
    service = {"service": {"name": "backend", "port": {"name": "http"}}}
    path = {"path": "/other", "pathType": "Prefix", "backend": service}
    return {
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
        "metadata": {"name": name, "namespace": "oxcart", "annotations": notes},
        "spec": {"ingressClassName": "alb", "rules": [{"http": {"paths": [path]}}]},
    }


def mistaken(world, tell, made, word):
    """An Ingress that cannot be: an event says so, and the load balancer stays as it is."""
    before = [(each["LoadBalancerArn"], each["Scheme"], rules(world, each)) for each in balancers(world)]
    name = made["metadata"]["name"]
    world.cluster.apply(made)
    try:
        events = lambda: [each for each in world.cluster.events("oxcart") if word in each]  # noqa: E731
        tell(f"event: {wait_until(f'a word of {word!r}', events, 40)[0][:220]}")
        after = [(each["LoadBalancerArn"], each["Scheme"], rules(world, each)) for each in balancers(world)]
        hold(after == before, f"the load balancers changed: {after}")
        hold("ingress" not in world.cluster.get("Ingress.networking.k8s.io", name, "oxcart")["status"].get("loadBalancer", {}), "it got an address")
    finally:
        world.cluster.delete("Ingress.networking.k8s.io", name, "oxcart")


def run_proofs(world):
    """What the controller made of our Ingresses, and of two that cannot be."""
    ip = {"target-type": "ip"}
    with step("both Ingresses are one internal load balancer, with the rules, ports and health checks of the charts") as tell:
        one_balancer(world, tell)
    with step("a pod that comes later becomes ready when the load balancer has it as a healthy target") as tell:
        gate(world, tell)
    with step("exactly the pods that serve are its targets") as tell:
        wait_until("the right targets", lambda: all(there == pods for there, pods in targets(world)), 60, 1, lambda: str(list(targets(world))))
        tell("; ".join(f"{address}:{port}" for there, _ in targets(world) for address, port in sorted(there)))
    with step("a second scheme in the group ends in an event, and changes nothing") as tell:
        mistaken(world, tell, ingress("public", {**ip, "group.name": "oxcart-demo", "scheme": "internet-facing"}), "conflicting scheme")
    with step("an annotation that cannot be read ends in an event") as tell:
        mistaken(world, tell, ingress("unreadable", {**ip, "scheme": "internal", "listen-ports": "HTTP on 80"}), "listen-ports")
