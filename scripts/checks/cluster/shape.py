"""What the API server itself says of every object of the charts, before anything acts on them."""

import copy
import json
import re

import charts
import grants
from kube import Refused, wait_until
from parts import source
from proof import Broken, hold, objects, only, pods, render, title
from timeline import step

SHOP, TRIAL, FREE = "oxcart", "shape", "shape-free"
# What an old cluster still serves, as the kind's definition in the newer one describes it.
OLD = "external-secrets.io/v1beta1"
OLD_SWITCH = "External Secrets of an old cluster"
# ArgoCD has no other version of its kinds.
ONLY_VERSION = "argoproj.io/v1alpha1"


def kinds(world):
    """Makes the API server know the Prometheus operator's kinds, which the charts make when asked to."""
    for name in ("prometheusrules", "servicemonitors"):
        folder = source("prometheus-operator") / "example/prometheus-operator-crd"
        world.cluster.apply_file(folder / f"monitoring.coreos.com_{name}.yaml")


def before(world):
    """What needs the API server alone: nothing acts on what is applied here."""
    cluster = world.cluster
    everything = [*charts.rendered(), *argocd()]
    accounts = sorted({pod["spec"].get("serviceAccountName", "default") for _, documents in everything for _, pod in pods(documents)})
    for name in (TRIAL, FREE):
        cluster.apply(namespace(name) if name == TRIAL else {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        for user in {*accounts, "default"}:
            cluster.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": user, "namespace": name}})
    with step("the namespace refuses a privileged pod and others that are not restricted") as tell:
        refusals(world, tell)
    with step("the namespace lets in every pod of every chart, environment and switch") as tell:
        let_in(world, everything, tell)
    # Whatever others' kinds made the server say is not ours.
    cluster.warnings.clear()
    with step("every object of every chart, environment and switch is accepted, reads back as it was asked, and a second apply changes nothing") as tell:
        accepted(world, everything, tell)
    with step("the API server warned of nothing but the old cluster's version, of which it is known") as tell:
        warnings(world, tell)
    with step("nothing is of an alpha or beta version") as tell:
        versions(everything, tell)
    for name in (TRIAL, FREE):
        cluster.delete("Namespace", name)


def argocd():
    """The applications with all of them on, as what they are and their objects."""
    for environment in charts.ENVIRONMENTS:
        yield f"argocd/apps, {environment}, all on", render("argocd/apps", environment, "operations.enabled=true")


# Pods


def namespace(name):
    """The shop's namespace as the repository declares it, the same everywhere, under another name."""
    found, other = (only(render("argocd/apps", each), "Namespace") for each in charts.ENVIRONMENTS)
    hold(found["metadata"]["labels"] == other["metadata"]["labels"], "the environments' namespaces differ")
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": found["metadata"]["labels"]}}


def ask_for(world, pod, place):
    """Asks for a pod without making it."""
    about = {"name": "one", "namespace": place, "labels": pod["metadata"].get("labels", {})}
    found = {"apiVersion": "v1", "kind": "Pod", "metadata": about, "spec": pod["spec"]}
    return world.cluster.ask("POST", f"/api/v1/namespaces/{place}/pods", found, dryRun="All")


def refusals(world, tell):
    """Pods that are not restricted: refused here, let in by a namespace without our labels."""
    good = only(render("helm/backend", "demo"), "Deployment")["spec"]["template"]
    changes = {
        "privileged": lambda spec: spec["containers"][0].update(securityContext={"privileged": True}),
        "runAsUser=0": lambda spec: spec["containers"][0]["securityContext"].update(runAsUser=0),
        "allowPrivilegeEscalation != false": lambda spec: spec["containers"][0].pop("securityContext"),
        "host namespaces": lambda spec: spec.update(hostNetwork=True),
        'volume type "hostPath"': lambda spec: spec["volumes"].append({"name": "host", "hostPath": {"path": "/"}}),
    }
    for words, change in changes.items():
        pod = copy.deepcopy(good)
        change(pod["spec"])
        ask_for(world, pod, FREE)
        try:
            ask_for(world, pod, TRIAL)
        except Refused as error:
            text = str(error)
            hold(error.status == 403 and 'violates PodSecurity "restricted' in text and words in text, f"{words}: refused otherwise: {text}")
            tell(text.partition("violates ")[2][:160])
        else:
            raise Broken(f"{words}: let in")


def let_in(world, everything, tell):
    """Every pod that the charts make, equal ones once."""
    done = set()
    for where, documents in everything:
        for found, pod in pods(documents):
            text = json.dumps(pod["spec"], sort_keys=True)
            if text in done:
                continue
            done.add(text)
            try:
                ask_for(world, pod, TRIAL)
            except Refused as error:
                raise Broken(f"{where}, {title(found)}: {error}") from error
    hold(len(done) > 20, f"only {len(done)} pods")
    tell(f"{len(done)} different pods")


# Objects


def moved(found):
    """The same object in the namespace of this trial."""
    found = copy.deepcopy(found)
    if found["metadata"].get("namespace") == SHOP:
        found["metadata"]["namespace"] = TRIAL
    if found["kind"] == "Namespace":
        found["metadata"]["name"] = f"{TRIAL}-other"
    return found


def accepted(world, everything, tell):
    """Applied server-side twice, each to a place of its own kind and name; equal ones once."""
    cluster, done = world.cluster, {}
    grants.namespace(cluster, "argocd")
    serve_old(world, True)
    try:
        for where, documents in everything:
            for found in map(moved, documents):
                text = json.dumps(found, sort_keys=True)
                if text not in done:
                    done[text] = (found["apiVersion"], found["kind"])
                    twice(cluster, where, found)
    finally:
        clean(cluster)
        serve_old(world, False)
    hold(len(done) > 110, f"only {len(done)} objects")
    tell(f"{len(done)} different objects of {len(set(done.values()))} kinds: {' '.join(sorted({kind for _, kind in done.values()}))}")


def clean(cluster):
    """Removes what controllers that start later would act on."""
    for kind, place in (("Application", "argocd"), ("AppProject", "argocd"), ("Ingress.networking.k8s.io", TRIAL), ("ExternalSecret", TRIAL), ("SecretStore", TRIAL)):
        # Right after a kind's definition changed, its objects cannot be listed for a moment.
        for found in wait_until(f"the list of {kind}", lambda k=kind, p=place: [cluster.list(k, p)], 30)[0]:
            if found["metadata"].get("finalizers"):
                cluster.patch(kind, found["metadata"]["name"], place, {"metadata": {"finalizers": None}})
            cluster.delete(kind, found["metadata"]["name"], place)
        hold(not cluster.list(kind, place), f"{kind} is still there")
    cluster.delete("Namespace", f"{TRIAL}-other")


def twice(cluster, where, found):
    """Accepted without an unknown field, read back as asked, and left alone by the second apply."""
    def apply():
        return cluster.apply(found, fieldValidation="Strict")

    try:
        first = apply()
    except Refused as error:
        # What cannot be changed differs between switches: it is made anew, as a rollout would.
        if "immutable" not in str(error):
            raise Broken(f"{where}, {title(found)}: {error}") from error
        cluster.delete((found["apiVersion"], found["kind"]), found["metadata"]["name"], found["metadata"].get("namespace"))
        first = apply()
    changed = list(differences(found, first))
    hold(not changed, f"{where}: {title(found)} reads back otherwise: {changed}")
    same = first["metadata"]["resourceVersion"] == apply()["metadata"]["resourceVersion"]
    hold(same, f"{where}: a second apply changed {title(found)}")


def differences(asked, stored, path=""):
    """Where what is stored is not what was asked for; what the server adds does not count."""
    if isinstance(asked, dict) and isinstance(stored, dict):
        for name, value in asked.items():
            yield from differences(value, stored.get(name), f"{path}.{name}")
    elif isinstance(asked, list) and isinstance(stored, list) and len(asked) == len(stored):
        for number, (one, other) in enumerate(zip(asked, stored, strict=True)):
            yield from differences(one, other, f"{path}[{number}]")
    elif asked != stored:
        yield f"{path}: {asked!r} became {stored!r}"


# Versions


def serve_old(world, served):
    """Has the API server serve the old version of the secrets' kinds, or not."""
    for name in ("externalsecrets", "secretstores"):
        path = world.cluster.path("CustomResourceDefinition", f"{name}.external-secrets.io")
        at = next(number for number, each in enumerate(world.cluster.ask("GET", path)["spec"]["versions"]) if each["name"] == "v1beta1")
        change = [{"op": "replace", "path": f"/spec/versions/{at}/served", "value": served}]
        world.cluster.ask("PATCH", path, change, "application/json-patch+json")

    def there():
        group = next(each for each in world.cluster.ask("GET", "/apis")["groups"] if each["name"] == "external-secrets.io")
        if OLD not in {each["groupVersion"] for each in group["versions"]}:
            return not served
        names = {each["name"] for each in world.cluster.ask("GET", f"/apis/{OLD}")["resources"]}
        return {"externalsecrets", "secretstores"} <= names if served else not {"externalsecrets", "secretstores"} & names

    wait_until(f"{OLD} {'there' if served else 'gone'}", there, 30)


def warnings(world, tell):
    """The old version is warned of, which shows that warnings are heard; of ours is none."""
    known = {text for _, text in world.cluster.warnings if OLD in text and "deprecated" in text}
    others = [each for each in world.cluster.warnings if each[1] not in known]
    hold(not others, f"{len(others)} warnings: {others[:3]}")
    hold(known, f"the API server did not warn of {OLD}, so that nothing would have been heard")
    tell("; ".join(sorted(known)))


def named_versions(found):
    """Every apiVersion that an object names, its own and those of what it refers to."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name == "apiVersion" and isinstance(value, str):
                yield value
            yield from named_versions(value)
    elif isinstance(found, list):
        for each in found:
            yield from named_versions(each)


def versions(everything, tell):
    """Alpha and beta versions go; what is used is of stable ones, with two that are named here."""
    seen = set()
    for where, documents in everything:
        for found in documents:
            for version in named_versions(found):
                seen.add(version)
                stable = re.fullmatch(r"([a-z0-9.-]+/)?v\d+", version)
                old = version == OLD and OLD_SWITCH in where
                hold(stable or old or version == ONLY_VERSION, f"{where}, {title(found)} names {version}")
    hold(OLD in seen and objects(everything[-1][1], "Application"), "the two exceptions were not looked at")
    tell(" ".join(sorted(seen)))
