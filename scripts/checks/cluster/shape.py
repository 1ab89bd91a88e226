"""What the API server itself says of every object of the charts, and whether selectors mean what they should."""

import copy
import json

import charts
import grants
from kube import Refused
from proof import hold, only, render, title
from timeline import step

SHOP = "oxcart"
TRIAL = "shape"
# Their kinds come from elsewhere (the Prometheus operator), or are of an old cluster's version.
NOT_SERVED = {"monitoring.coreos.com/v1", "external-secrets.io/v1beta1"}


def namespace(name):
    """The shop's namespace as the repository declares it, under another name."""
    found = copy.deepcopy(only(render("argocd/apps", "demo"), "Namespace"))
    found["metadata"]["name"] = name
    return found


def before(world):
    """What needs the API server alone: nothing acts on what is applied here."""
    cluster = world.cluster
    # Whatever others' kinds made it say is not ours.
    cluster.warnings.clear()
    with step("a privileged pod is refused by its namespace, and one of ours is not") as tell:
        cluster.apply(namespace(TRIAL))
        for user in ("backend", "default"):
            cluster.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": user, "namespace": TRIAL}})
        pod = only(render("helm/backend", "demo"), "Deployment")["spec"]["template"]
        found = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one", "namespace": TRIAL}, "spec": pod["spec"]}
        cluster.ask("POST", f"/api/v1/namespaces/{TRIAL}/pods", found, dryRun="All")
        found["spec"]["containers"][0]["securityContext"] = {"privileged": True}
        try:
            cluster.ask("POST", f"/api/v1/namespaces/{TRIAL}/pods", found, dryRun="All")
        except Refused as error:
            hold(error.status == 403 and 'violates PodSecurity "restricted' in str(error), f"refused otherwise: {error}")
            tell(str(error).partition(": 403 ")[2][:200])
        else:
            hold(False, "a privileged pod is let in")
    with step("every object of every chart, environment and switch is accepted, and a second apply changes nothing") as tell:
        everything(world, tell)
    with step("the API server warned of nothing"):
        hold(not cluster.warnings, f"{len(cluster.warnings)} warnings: {cluster.warnings[:3]}")
    cluster.delete("Namespace", TRIAL)


def everything(world, tell):
    """Applied server-side twice, each to a place of its own kind and name; equal ones once."""
    cluster, done, skipped = world.cluster, set(), set()
    grants.namespace(cluster, "argocd")
    sources = [*charts.rendered(), *((f"argocd/apps, {each}", render("argocd/apps", each, "operations.enabled=true")) for each in charts.ENVIRONMENTS)]
    for where, documents in sources:
        for found in documents:
            if found["apiVersion"] in NOT_SERVED:
                skipped.add((found["apiVersion"], found["kind"]))
                continue
            found = copy.deepcopy(found)
            if found["metadata"].get("namespace") == SHOP:
                found["metadata"]["namespace"] = TRIAL
            if found["kind"] == "Namespace":
                found["metadata"]["name"] = f"{TRIAL}-other"
            text = json.dumps(found, sort_keys=True)
            if text in done:
                continue
            done.add(text)
            twice(cluster, where, found)
    for kind, place in (("Application", "argocd"), ("AppProject", "argocd")):
        for found in cluster.list(kind, place):
            cluster.patch(kind, found["metadata"]["name"], place, {"metadata": {"finalizers": None}})
            cluster.delete(kind, found["metadata"]["name"], place)
    cluster.delete("Namespace", f"{TRIAL}-other")
    hold(len(done) > 100, f"only {len(done)} objects")
    tell(f"{len(done)} different objects; not asked, because their kinds are not served here: {sorted(skipped)}")


def twice(cluster, where, found):
    """Accepted, and left alone by the second apply."""
    try:
        first = cluster.apply(found)
        second = cluster.apply(found)
    except Refused as error:
        # What cannot be changed differs between switches: it is made anew, as a rollout would.
        if "immutable" not in str(error):
            raise
        cluster.delete((found["apiVersion"], found["kind"]), found["metadata"]["name"], found["metadata"].get("namespace"))
        first, second = cluster.apply(found), cluster.apply(found)
    same = first["metadata"]["resourceVersion"] == second["metadata"]["resourceVersion"]
    hold(same, f"{where}: a second apply changed {title(found)}")


# What was delivered


def after(world):
    """Selectors, against the objects that are really there."""
    with step("autoscaler, budget and Service of both servers mean exactly their pods"):
        for name in ("backend", "frontend"):
            means(world, name)
    with step("the default-deny policy covers every pod, and each pod has a policy of its own") as tell:
        policies(world, tell)


def chosen(selector, pods):
    """Names of the pods that a selector chooses."""
    def fits(labels):
        for each in selector.get("matchExpressions", []):
            hold(each["operator"] == "In", f"{each['operator']} is not looked at here")
            if labels.get(each["key"]) not in each["values"]:
                return False
        return selector.get("matchLabels", {}).items() <= labels.items()

    return {pod["metadata"]["name"] for pod in pods if fits(pod["metadata"]["labels"])}


def means(world, name):
    """HPA, PDB and Service, by what controllers made of them and by their selectors."""
    cluster, pods = world.cluster, world.cluster.list("Pod", SHOP)
    own = chosen({"matchLabels": {"app.kubernetes.io/name": name}}, pods)
    hold(len(own) >= 2, f"{name} has {len(own)} pods")
    scaler = cluster.get("HorizontalPodAutoscaler", name, SHOP)
    hold(scaler["spec"]["scaleTargetRef"]["name"] == name, f"the autoscaler of {name} scales {scaler['spec']['scaleTargetRef']}")
    hold(scaler["status"]["currentReplicas"] == len(own), f"the autoscaler of {name} sees {scaler['status']['currentReplicas']} pods")
    hold(scaler["status"]["currentMetrics"][0]["resource"]["current"], f"the autoscaler of {name} measures nothing")
    budget = cluster.get("PodDisruptionBudget", name, SHOP)
    hold(chosen(budget["spec"]["selector"], pods) == own, f"the budget of {name} means others")
    status = budget["status"]
    hold((status["expectedPods"], status["disruptionsAllowed"]) == (len(own), 1), f"the budget of {name}: {status}")
    service = cluster.get("Service", name, SHOP)
    hold(chosen({"matchLabels": service["spec"]["selector"]}, pods) == own, f"the Service {name} means others")
    slices = cluster.list("EndpointSlice", SHOP, f"kubernetes.io/service-name={name}")
    ready = {each["targetRef"]["name"] for found in slices for each in found["endpoints"] if each["conditions"]["ready"]}
    hold(ready == own, f"behind the Service {name} are {ready}")
    ports = {(each["name"], each["port"]) for found in slices for each in found["ports"]}
    declared = {(each["name"], each["containerPort"]) for each in pods_container(pods, name)["ports"]}
    hold(ports == declared, f"the Service {name} leads to {ports}, the pods have {declared}")


def pods_container(pods, name):
    """The container that gives a server its name."""
    return next(each for pod in pods for each in pod["spec"]["containers"] if each["name"] == name)


def policies(world, tell):
    """Which policy chooses which pod, pods that have ended and those of the charts' hooks among them."""
    pods = world.cluster.list("Pod", SHOP)
    found = world.cluster.list("NetworkPolicy.networking.k8s.io", SHOP)
    deny = [each for each in found if each["metadata"]["name"] == "default-deny"]
    hold(len(deny) == 1 and deny[0]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}, f"default-deny is {deny}")
    everyone = {pod["metadata"]["name"] for pod in pods}
    hold(chosen(deny[0]["spec"]["podSelector"], pods) == everyone, "default-deny lets somebody out")
    own = {each["metadata"]["name"]: chosen(each["spec"]["podSelector"], pods) for each in found if each is not deny[0]}
    without = everyone - set().union(*own.values())
    hold(not without, f"without a policy of their own: {without}")
    for name, chosen_pods in own.items():
        tell(f"{name}: {len(chosen_pods)} pods")
