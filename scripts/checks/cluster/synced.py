"""The shop's secrets: from the account into the cluster by the real External Secrets, and on to the alert rule."""

import base64
import json
import re
import shutil
import urllib.request

import promql_parser
import yaml

import grants
from kube import condition, wait_until
from parts import free_port, part, source
from proof import ROOT, hold, only, render, run, tool
from timeline import step

NAMESPACE, NAME = "oxcart", "oxcart-backend"
KEYS = ("DATABASE_URL", "JWT_SECRET", "REDIS_HOST", "REDIS_PASSWORD")
REFRESH = "3s"
ALERT = "OxcartSecretNotSynced"


def kinds(world):
    """Makes the API server know External Secrets' kinds."""
    world.cluster.apply_file(source("external-secrets") / "deploy/crds/bundle.yaml")


def chart(world):
    """What External Secrets' own chart makes of the values that our application gives it."""
    folder = world.folder / "external-secrets-chart"
    shutil.copytree(source("external-secrets") / "deploy/charts/external-secrets", folder)
    about = yaml.safe_load((folder / "Chart.yaml").read_text())
    # Another provider's server, which is off and not among the module's files.
    del about["dependencies"]
    (folder / "Chart.yaml").write_text(yaml.safe_dump(about))
    application = only(render("argocd/apps", "demo"), "Application", "external-secrets")
    values = application["spec"]["source"]["helm"]["valuesObject"]
    settings = [word for name, value in values.items() for word in ("--set-json", f"{name}={json.dumps(value)}")]
    made = run(
        tool("helm"), "template", "external-secrets", folder, "--namespace", "external-secrets", *settings,
    )
    return [found for found in yaml.safe_load_all(made) if found]


def start(world):
    """Runs the controller with the arguments and the rights that its chart gives it."""
    made = chart(world)
    grants.namespace(world.cluster, "external-secrets")
    grants.give(world.cluster, made, "external-secrets", "external-secrets")
    container = only(made, "Deployment", "external-secrets")["spec"]["template"]["spec"]["containers"][0]
    arguments = [each for each in container["args"] if not each.startswith(("--metrics-addr", "--live-addr"))]
    port = world.ports["external-secrets"] = free_port()
    world.programs.start(
        "external-secrets", part("external-secrets"), *arguments, f"--metrics-addr=127.0.0.1:{port}",
        f"--live-addr=127.0.0.1:{free_port()}", "--store-requeue-interval=5s",
        env={
            **world.account.environment, "AWS_SECRETSMANAGER_ENDPOINT": world.account.url,
            "AWS_STS_ENDPOINT": world.account.url, "KUBECONFIG": str(world.plane.kubeconfig("external-secrets")),
        },
    )
    world.programs.wait_for_port("external-secrets", port)


def secret(world):
    """The Secret as the cluster has it, decoded."""
    found = world.cluster.get("Secret", NAME, NAMESPACE) or {}
    return {key: base64.b64decode(value).decode() for key, value in found.get("data", {}).items()}


def ready(world):
    """The ExternalSecret's own word: status and reason of its condition."""
    found = condition(world.cluster.get("ExternalSecret", NAME, NAMESPACE), "Ready")
    return found.get("status"), found.get("reason"), found.get("message")


def metric(world):
    """What External Secrets tells Prometheus, as text."""
    return urllib.request.urlopen(f"http://127.0.0.1:{world.ports['external-secrets']}/metrics", timeout=5).read().decode()


def alert_value(world):
    """The value of the alert's series, as the rule asks for it: its selector, held against a real scrape."""
    groups = yaml.safe_load((ROOT / "helm/operations/rules.yaml").read_text())["groups"]
    rule = next((rule for group in groups for rule in group["rules"] if rule.get("alert") == ALERT), None)
    hold(rule, f"there is no alert {ALERT}")
    compared = promql_parser.parse(rule["expr"])
    selector, least = compared.lhs.expr, compared.rhs.val
    wanted = {each.name: each.value for each in selector.matchers.matchers}
    for labels, value in re.findall(rf"^{selector.name}\{{(.*)\}} (\S+)$", metric(world), re.M):
        have = dict(re.findall(r'(\w+)="([^"]*)"', labels))
        if have.get("name") == NAME and wanted.items() <= have.items():
            return float(value), float(value) == least
    return None, False


def run_proofs(world):
    """What happens to secrets while the shop runs."""
    with step("the Secret has exactly the four keys, with the account's values") as tell:
        hold(tuple(sorted(secret(world))) == KEYS, f"the Secret has {sorted(secret(world))}")
        hold(secret(world) == world.values(), "a value is not the account's")
        hold(ready(world)[:2] == ("True", "SecretSynced"), f"its condition is {ready(world)}")
        hold(alert_value(world) == (0.0, False), f"the alert's series is {alert_value(world)} while all is well")
        tell(f"condition: {ready(world)[1]}")
    with step("a rotated value arrives within a refresh, and no other changes") as tell:
        rotation(world, tell)
    with step("a key that is missing in the account has a clear condition, and an alert rule matches what is told") as tell:
        missing_key(world, tell)


def rotation(world, tell):
    """The services layer writes a new value, and nobody does anything else."""
    before = secret(world)
    world.fill(jwt={"JWT_SECRET": "r" * 48})
    wait_until("the new value", lambda: secret(world)["JWT_SECRET"] == "r" * 48, 30)
    changed = {key for key in KEYS if secret(world)[key] != before[key]}
    hold(changed == {"JWT_SECRET"}, f"changed: {changed}")
    tell(f"within its refresh interval, which is {REFRESH} in this run")


def missing_key(world, tell):
    """Without REDIS_PASSWORD the old Secret stays, the condition names the key, and the alert's series is 1."""
    before, redis = secret(world), {"REDIS_HOST": world.values()["REDIS_HOST"]}
    world.account.write("redis", redis)
    wait_until("a failed sync", lambda: ready(world)[0] == "False", 30)
    reason, events = ready(world)[1:], world.cluster.events(NAMESPACE, NAME)
    hold(reason[0] == "SecretSyncedError", f"the reason is {reason}")
    named = [event for event in events if "REDIS_PASSWORD" in event]
    hold(named, f"no event names the key: {events[-3:]}")
    tell(f"condition: {reason[0]}; event: {named[-1][:160]}")
    value, fires = wait_until("the alert's series", lambda: alert_value(world)[1] and alert_value(world), 30)
    hold(fires and value == 1, f"the alert's series is {value}")
    tell(f"{ALERT}: its series is {value:g}")
    hold(secret(world) == before, "the Secret that pods use was changed")
    world.fill()
    wait_until("a sync that succeeds again", lambda: ready(world)[0] == "True" and not alert_value(world)[1], 30)

