"""The real ArgoCD: started as our values say, given the root application, and watched."""

import shutil
import threading
import time

import yaml

import grants
from clone import ENVIRONMENT
from kube import wait_until
from parts import free_port, part, source
from proof import ROOT, hold, run, tool

NAMESPACE = "argocd"
SERVER = "https://kubernetes.default.svc"
WAVE, HOOK = "argocd.argoproj.io/sync-wave", "argocd.argoproj.io/hook"
REFRESH = "argocd.argoproj.io/refresh"
APPLICATIONS = ("root", "backend", "frontend")
# Kinds whose beginning is noted, to see in which order waves really run.
WATCHED = (
    "ServiceAccount", "SecretStore", "ExternalSecret", "ConfigMap", "Job", "Service", "Deployment",
    "Ingress.networking.k8s.io", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy.networking.k8s.io",
)


def kinds(world):
    """Makes the API server know ArgoCD's kinds."""
    for name in ("application-crd", "appproject-crd", "applicationset-crd"):
        world.cluster.apply_file(source("argocd") / f"manifests/crds/{name}.yaml")


def start(world):
    """Runs the repository server and the controller with ArgoCD's own rights and our own settings."""
    cluster, programs, ports = world.cluster, world.programs, world.ports
    grants.namespace(cluster, NAMESPACE)
    manifests = source("argocd") / "manifests"
    for folder in ("cluster-rbac/application-controller", "base/application-controller-roles"):
        found = [each for file in (manifests / folder).glob("*role*.yaml") for each in yaml.safe_load_all(file.read_text())]
        for each in found:
            each["metadata"].setdefault("namespace", NAMESPACE)
        grants.give(cluster, found, "argocd", "argocd-application-controller")
    _settings(cluster)
    ports["argocd-redis"], ports["repo-server"], metrics = free_port(), free_port(), free_port()
    redis = shutil.which("redis-server") or shutil.which("valkey-server")
    programs.start("argocd-redis", redis, "--port", ports["argocd-redis"], "--bind", "127.0.0.1", "--save", "", cwd=world.folder)
    programs.wait_for_port("argocd-redis", ports["argocd-redis"])
    home = world.folder / "argocd"
    home.mkdir()
    helm = shutil.which("helm") or tool("helm")
    common = {
        "KUBECONFIG": str(world.plane.kubeconfig("argocd")), "ARGOCD_FAKE_IN_CLUSTER": "true", "HOME": str(home),
        "TMPDIR": str(home), "PATH": f"{helm.rpartition('/')[0]}:/usr/local/bin:/usr/bin:/bin", "ARGOCD_GPG_ENABLED": "false",
        "ARGOCD_ASK_PASS_SOCK": str(home / "ask-pass.sock"),
        "REDIS_SERVER": f"127.0.0.1:{ports['argocd-redis']}",
    }
    programs.start(
        "argocd-repo-server", part("argocd"), "--disable-tls", "--address=127.0.0.1", f"--port={ports['repo-server']}",
        "--metrics-address=127.0.0.1", f"--metrics-port={metrics}", "--revision-cache-expiration=2s", "--logformat=text",
        "--redis", common["REDIS_SERVER"], env={**common, "ARGOCD_BINARY_NAME": "argocd-repo-server"}, cwd=home,
    )
    programs.wait_for_port("argocd-repo-server", ports["repo-server"])
    programs.start(
        "argocd-application-controller", part("argocd"), "--repo-server", f"127.0.0.1:{ports['repo-server']}",
        "--repo-server-plaintext", "--redis", common["REDIS_SERVER"], f"--metrics-port={free_port()}",
        "--app-resync=10", "--app-resync-jitter=0", "--self-heal-timeout-seconds=1", "--logformat=text",
        f"--namespace={NAMESPACE}",
        env={**common, "ARGOCD_BINARY_NAME": "argocd-application-controller", "ARGOCD_CONTROLLER_REPLICAS": "1"}, cwd=home,
    )


def _settings(cluster):
    """ArgoCD's settings, with what our values of its chart say."""
    ours = yaml.safe_load((ROOT / "argocd/bootstrap/values.yaml").read_text())["configs"]
    said = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in ours["cm"].items()}
    for name, data in (
        ("argocd-cm", said), ("argocd-rbac-cm", ours["rbac"]), ("argocd-cmd-params-cm", {}), ("argocd-gpg-keys-cm", {}),
        ("argocd-ssh-known-hosts-cm", {}), ("argocd-tls-certs-cm", {}),
    ):
        about = {"name": name, "namespace": NAMESPACE, "labels": {"app.kubernetes.io/part-of": "argocd"}}
        cluster.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": about, "data": data})
    about = {"name": "argocd-secret", "namespace": NAMESPACE, "labels": {"app.kubernetes.io/part-of": "argocd"}}
    secret = {"server.secretkey": "not-used-by-anybody"}
    cluster.apply({"apiVersion": "v1", "kind": "Secret", "metadata": about, "stringData": secret})


def bootstrap(world):
    """Applies the project and the root application, and nothing else, as argocd/README.md says."""
    folder = world.clone.folder / "argocd"
    files = [word for name in ("platform", "apps") for word in ("-f", folder / f"envs/{ENVIRONMENT}/{name}.yaml")]
    shown = [word for name in ("project", "root") for word in ("--show-only", f"templates/{name}.yaml")]
    for found in yaml.safe_load_all(run(tool("helm"), "template", "root", folder / "apps", *files, *shown)):
        world.cluster.apply(found)


# What applications say


def application(world, name):
    """An application, with its status."""
    return world.cluster.get("Application", name, NAMESPACE) or {"status": {}}


def state(world, name):
    """Sync, health and phase of the last operation."""
    status = application(world, name).get("status", {})
    return (
        status.get("sync", {}).get("status"), status.get("health", {}).get("status"),
        status.get("operationState", {}).get("phase"),
    )


def says(world, name="backend"):
    """What an application says of itself, for people: the operation's message and the conditions."""
    status = application(world, name).get("status", {})
    words = [status.get("operationState", {}).get("message", "")]
    words += [each["message"] for each in status.get("conditions", [])]
    results = status.get("operationState", {}).get("syncResult", {}).get("resources", [])
    words += [f"{each['kind']}/{each['name']}: {each.get('message', '')}" for each in results if each.get("status") == "SyncFailed"
              or each.get("hookPhase") in ("Failed", "Error")]
    words += [f"{each['kind']}/{each['name']}: {each['health'].get('message', each['health']['status'])}"
              for each in status.get("resources", []) if each.get("health", {}).get("status") not in (None, "Healthy")]
    return " | ".join(filter(None, words))


def refresh(world, *names):
    """Tells ArgoCD to look at git now, as a hook of the git host does."""
    for name in names or APPLICATIONS:
        world.cluster.patch("Application", name, NAMESPACE, {"metadata": {"annotations": {REFRESH: "normal"}}})


def is_at(world, name, commit):
    """Whether an application is synced to a commit, healthy, and its operation over."""
    sync = application(world, name).get("status", {}).get("sync", {})
    return state(world, name) == ("Synced", "Healthy", "Succeeded") and sync.get("revision") == commit


def settle(world, commit=None, names=APPLICATIONS, seconds=150):
    """Waits until all are Synced and Healthy at the newest commit."""
    commit = commit or world.clone.head()
    refresh(world, *[name for name in names if application(world, name).get("metadata")])
    wait_until(
        f"everything Synced and Healthy at {commit[:8]}", lambda: all(is_at(world, name, commit) for name in names), seconds, 0.5,
        lambda: "; ".join(f"{name} {state(world, name)} {says(world, name)}" for name in names if not is_at(world, name, commit)),
    )


# The order of things


class Order:
    """Notes when each object of the shop's namespace was first seen, and when each Job had ended."""

    def __init__(self, world, namespace="oxcart"):
        self.first, self.waves, self.ended, self._stop = {}, {}, {}, threading.Event()
        self._threads = [world.cluster.watch(kind, namespace, self._seen, self._stop) for kind in WATCHED]

    def _seen(self, what, found):
        notes = found["metadata"].get("annotations", {})
        if found["kind"] == "Status" or "argocd.argoproj.io/tracking-id" not in notes and HOOK not in notes:
            return
        name = f"{found['kind']}/{found['metadata']['name']}"
        if what in ("ADDED", "MODIFIED"):
            self.first.setdefault(name, time.monotonic())
            self.waves.setdefault(name, int(notes.get(WAVE, "0")))
        if found["kind"] == "Job" and found.get("status", {}).get("succeeded"):
            self.ended.setdefault(name, time.monotonic())

    def stop(self):
        """Looks no longer."""
        self._stop.set()

    def times(self, declared):
        """Of the objects declared, given as name to wave: (time, wave, name) in the order in which they came."""
        missing = set(declared) - set(self.first)
        hold(not missing, f"never seen: {sorted(missing)}")
        wrong = {name for name in declared if self.waves[name] != declared[name]}
        hold(not wrong, f"in another wave than declared: {sorted(wrong)}")
        return sorted((self.first[name], declared[name], name) for name in declared)
