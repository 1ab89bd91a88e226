"""What was delivered: nobody changes what git has, selectors mean their pods, and who may talk to whom."""

import json
import time

import gitops
from delivery import made
from gitops import HOOK
from kube import Refused
from proof import hold, title
from reach import Peer, Reach, fits
from shape import differences
from timeline import step

SHOP = "oxcart"
SERVERS = ("backend", "frontend")
WATCHED = (
    "ServiceAccount", "SecretStore", "ExternalSecret", "ConfigMap", "Service", "Deployment", "Ingress.networking.k8s.io",
    "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy.networking.k8s.io",
)
# Longer than ArgoCD's, External Secrets' and the load balancer controller's next look at everything.
QUIET = 12


def after(world):
    """All of it, on the running shop."""
    with step("no controller holds another value of what git has") as tell:
        unchanged(world, tell)
    with step(f"left alone for {QUIET} s, with every controller at work, nothing changes") as tell:
        still(world, tell)
    with step("autoscaler, budget and Service of both servers mean exactly their pods"):
        for name in SERVERS:
            means(world, name)
    with step("a selector that git changes arrives") as tell:
        arrives(world, tell)
    with step("the default-deny policy covers every pod, and each pod has a policy of its own") as tell:
        policies(world, tell)
    with step("who may talk to whom, by the policies of the pods that run") as tell:
        talks(world, tell)


# No fights


def unchanged(world, tell):
    """Every field that git has is ArgoCD's alone, or of the same value."""
    count = 0
    for name in SERVERS:
        for found in made(world, name):
            notes = found["metadata"].get("annotations", {})
            if HOOK in notes or any(key.startswith("helm.sh/hook") for key in notes):
                continue
            others = conflicts(world, found)
            hold(not others, f"{title(found)} is fought over: {others}")
            kind, place = (found["apiVersion"], found["kind"]), found["metadata"]["name"]
            now, again = world.cluster.get(kind, place, SHOP), world.cluster.apply(found, "somebody", dry=True)
            changed = [*differences(found, now), *differences(now.get("spec"), again.get("spec"))]
            hold(not changed, f"{title(found)} is not what git has: {changed}")
            count += 1
    hold(count >= 20, f"only {count} objects")
    tell(f"{count} objects")


def conflicts(world, found):
    """Who else than ArgoCD holds another value, when somebody asks politely for what git has."""
    try:
        world.cluster.apply(found, "somebody", dry=True, force=False)
    except Refused as error:
        hold(error.status == 409, str(error))
        causes = [f"{each['message']} {each['field']}" for each in error.body["details"]["causes"]]
        # ArgoCD's own list is one value to the API server, with what that has added to each entry.
        return [each for each in causes if 'conflict with "argocd-controller"' not in each]
    return []


def content(found):
    """What an object says, without what is counted or said of its state."""
    about = {key: value for key, value in found["metadata"].items() if key not in ("resourceVersion", "managedFields")}
    return json.dumps({**found, "metadata": about, "status": None}, sort_keys=True)


def still(world, tell):
    """Every object of the shop before and after some looks of all controllers."""
    def taken():
        return {
            (kind, found["metadata"]["name"]): content(found) for kind in WATCHED for found in world.cluster.list(kind, SHOP)
        }

    first = taken()
    gitops.refresh(world)
    time.sleep(QUIET)
    changed = {key for key, text in taken().items() if first.get(key) != text} | (first.keys() - taken().keys())
    hold(not changed, f"changed: {sorted(changed)}")
    tell(f"{len(first)} objects")


# Selectors


def chosen(selector, pods):
    """Names of the pods that a selector chooses."""
    return {pod["metadata"]["name"] for pod in pods if fits(selector, pod["metadata"]["labels"])}


def means(world, name):
    """HPA, PDB and Service, by what controllers made of them and by their selectors."""
    cluster, pods = world.cluster, world.cluster.list("Pod", SHOP)
    own = owned(world, name)
    hold(len(own) >= 2, f"{name} has {len(own)} pods")
    scaler = cluster.get("HorizontalPodAutoscaler", name, SHOP)
    target = {key: scaler["spec"]["scaleTargetRef"][key] for key in ("kind", "name")}
    hold(target == {"kind": "Deployment", "name": name}, f"the autoscaler of {name} scales {target}")
    hold(scaler["status"]["currentReplicas"] == len(own), f"the autoscaler of {name} sees {scaler['status']['currentReplicas']} pods")
    hold(scaler["status"]["currentMetrics"][0]["resource"]["current"], f"the autoscaler of {name} measures nothing")
    budget = cluster.get("PodDisruptionBudget", name, SHOP)
    hold(chosen(budget["spec"]["selector"], pods) == own, f"the budget of {name} means {chosen(budget['spec']['selector'], pods)}")
    status = budget["status"]
    hold((status["expectedPods"], status["disruptionsAllowed"]) == (len(own), 1), f"the budget of {name}: {status}")
    service = cluster.get("Service", name, SHOP)
    hold(chosen({"matchLabels": service["spec"]["selector"]}, pods) == own, f"the Service {name} means others")
    slices = cluster.list("EndpointSlice", SHOP, f"kubernetes.io/service-name={name}")
    ready = {each["targetRef"]["name"] for found in slices for each in found["endpoints"] if each["conditions"]["ready"]}
    hold(ready == own, f"behind the Service {name} are {ready}")
    ports = {(each["name"], each["port"]) for found in slices for each in found["ports"]}
    container = next(each for pod in pods for each in pod["spec"]["containers"] if each["name"] == name)
    declared = {(each["name"], each["containerPort"]) for each in container["ports"]}
    hold(ports == declared, f"the Service {name} leads to {ports}, the pods have {declared}")


def arrives(world, tell):
    """A budget's selector with one label more, and back: the API server's merge treats it unlike other maps."""
    def selector():
        return world.cluster.get("PodDisruptionBudget", "backend", SHOP)["spec"]["selector"]["matchLabels"]

    before, more = selector(), {"app.kubernetes.io/part-of": "oxcart"}
    old = '{{- include "backend.selector" . | nindent 6 }}'
    world.clone.replace("helm/backend/templates/pdb.yaml", old, f"{old}\n      app.kubernetes.io/part-of: oxcart")
    world.clone.commit("Choose the budget's pods by one label more")
    try:
        gitops.settle(world)
        hold(selector() == {**before, **more}, f"the selector is {selector()}")
        means(world, "backend")
    finally:
        world.clone.revert()
        gitops.settle(world)
    hold(selector() == before, f"the selector is {selector()}")
    tell("one label more, and back")


def owned(world, name):
    """Names of a Deployment's pods, by who owns them and not by any label."""
    def owners(found):
        return {each["name"] for each in found["metadata"].get("ownerReferences", [])}

    sets = {each["metadata"]["name"] for each in world.cluster.list("ReplicaSet", SHOP) if name in owners(each)}
    return {pod["metadata"]["name"] for pod in world.cluster.list("Pod", SHOP) if owners(pod) & sets}


# Policies


def policies(world, tell):
    """Which policy chooses which pod, pods that have ended among them."""
    pods = world.cluster.list("Pod", SHOP)
    found = world.cluster.list("NetworkPolicy.networking.k8s.io", SHOP)
    deny = [each for each in found if each["metadata"]["name"] == "default-deny"]
    hold(len(deny) == 1 and deny[0]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}, f"default-deny is {deny}")
    everyone = {pod["metadata"]["name"] for pod in pods}
    hold(chosen(deny[0]["spec"]["podSelector"], pods) == everyone, "default-deny lets somebody out")
    own = {each["metadata"]["name"]: chosen(each["spec"]["podSelector"], pods) for each in found if each is not deny[0]}
    without = everyone - set().union(*own.values())
    hold(not without, f"without a policy of their own: {without}")
    for name in SERVERS:
        missing = owned(world, name) - own[name]
        hold(not missing, f"the policy {name} does not mean {missing}")
    for name, chosen_pods in own.items():
        tell(f"{name}: {len(chosen_pods)} pods")


def somebody(namespace, **labels):
    """A pod of another namespace."""
    return Peer(labels, {"kubernetes.io/metadata.name": namespace})


def talks(world, tell):
    """What must be possible for the shop to work, and what must not."""
    home = world.cluster.get("Namespace", SHOP)["metadata"]["labels"]
    hold(home["kubernetes.io/metadata.name"] == SHOP, f"the namespace is labelled {home}")
    own = {"kubernetes.io/metadata.name": SHOP}
    reach = Reach(world.cluster.list("NetworkPolicy.networking.k8s.io", SHOP))
    everyone = {pod["metadata"]["labels"]["app.kubernetes.io/name"]: Peer(pod["metadata"]["labels"], own) for pod in world.cluster.list("Pod", SHOP)}
    backend, frontend, migration = everyone["backend"], everyone["frontend"], everyone["backend-migrate"]
    tester = next(found for found in made(world, "backend") if found["kind"] == "Pod")
    tester = Peer(tester["metadata"]["labels"], own)
    balancer, database, anywhere = Peer(address="10.0.32.10"), Peer(address="10.0.8.10"), Peer(address="203.0.113.7")
    names, measures, stranger = somebody("kube-system"), somebody("monitoring"), somebody("elsewhere")
    keys = Peer(address="169.254.169.254")
    lets = [
        (balancer, backend, 4000), (balancer, frontend, 3000), (frontend, backend, 4000), (tester, backend, 4000),
        (measures, backend, 9400), (measures, frontend, 9300), (backend, database, 5432), (backend, database, 6379),
        (migration, database, 5432), (backend, anywhere, 443),
        *((each, names, 53, "UDP") for each in (backend, frontend, migration, tester)),
    ]
    denies = [
        (anywhere, backend, 4000), (anywhere, frontend, 3000), (stranger, backend, 4000), (stranger, frontend, 3000),
        (stranger, backend, 9400), (balancer, backend, 9400), (balancer, frontend, 9300), (frontend, backend, 9400),
        (backend, frontend, 3000), (frontend, database, 5432), (frontend, database, 6379), (frontend, anywhere, 443),
        (tester, database, 5432), (tester, anywhere, 443), (backend, anywhere, 80), (backend, keys, 443), (backend, keys, 80),
        (backend, names, 443), (backend, stranger, 4000),
    ]
    wrong = [f"not let: {talk}" for talk in lets if not reach.may(*talk)] + [f"let: {talk}" for talk in denies if reach.may(*talk)]
    hold(not wrong, "; ".join(wrong))
    tell(f"{len(lets)} that must be are let, {len(denies)} that must not be are not")
