"""The real AWS Load Balancer Controller: started as our application's values say, towards the emulated account."""

import base64
import json

import yaml

import grants
from parts import free_port, part, source
from proof import hold, objects, only, render, run, tool

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
