"""Mistakes that somebody could make in the repository: each ends in the failure that an operator would see.

Those that would only show where the shop is new are made on branches of their own and delivered into
namespaces of their own, all at once; the others are committed to the running shop, and reverted.
"""

import contextlib
import copy

import yaml

import delivery
import gitops
from clone import ENVIRONMENT
from gitops import says, settle, state
from kube import wait_until
from proof import hold, only, run, tool
from timeline import step

TEMPLATES = "helm/backend/templates"

# Name of the trial, file, what it says, what it says by mistake, and what must be seen of it.
TRIALS = {
    "typo": ("a key of the secret is misspelt", f"{TEMPLATES}/externalsecret.yaml", "property: REDIS_PASSWORD", "property: REDIS_PASSWRD", "REDIS_PASSWRD"),
    "waves": ("the secret comes in a wave after the migration", f"{TEMPLATES}/externalsecret.yaml", 'sync-wave: "-3"', 'sync-wave: "1"', 'secret "oxcart-backend" not found'),
    "presync": ("the migration runs before the sync", f"{TEMPLATES}/migrate-job.yaml", "hook: Sync", "hook: PreSync", 'serviceaccount "backend" not found'),
}


def _application(world, name):
    """The backend's application as the repository has it, for a branch and a namespace of its own."""
    folder = world.clone.folder / "argocd"
    files = [word for each in ("platform", "apps") for word in ("-f", folder / f"envs/{ENVIRONMENT}/{each}.yaml")]
    made = yaml.safe_load_all(run(tool("helm"), "template", "root", folder / "apps", *files))
    documents = [found for found in made if found]
    found = copy.deepcopy(only(documents, "Application", "backend"))
    found["metadata"] = {"name": f"trial-{name}", "namespace": gitops.NAMESPACE}
    found["spec"].update(project="trials")
    found["spec"]["source"].update(targetRevision=f"trial-{name}")
    # Its Ingress would be a second one for the same paths of the load balancer.
    found["spec"]["source"]["helm"]["parameters"] = [{"name": "ingress.enabled", "value": "false"}]
    found["spec"]["destination"]["namespace"] = f"trial-{name}"
    namespace = only(documents, "Namespace")
    namespace["metadata"]["name"] = f"trial-{name}"
    return found, namespace


def begin(world):
    """Delivers each trial to its namespace."""
    anything = [{"group": "*", "kind": "*"}]
    world.cluster.apply({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": "trials", "namespace": gitops.NAMESPACE},
        "spec": {"sourceRepos": ["*"], "destinations": [{"server": gitops.SERVER, "namespace": "trial-*"}], "clusterResourceWhitelist": anything},
    })
    for name, (what, file, right, wrong, _) in TRIALS.items():
        world.clone.branch(f"trial-{name}", lambda file=file, right=right, wrong=wrong: world.clone.replace(file, right, wrong), what)
        found, namespace = _application(world, name)
        world.cluster.apply(namespace)
        world.cluster.apply(found)


def trials(world):
    """The mistakes that show where nothing was before."""
    for name, (what, *_, seen) in TRIALS.items():
        with step(f"mistake: {what}") as tell:
            words = wait_until(f"a word of {seen!r}", lambda name=name, seen=seen: _seen(world, name, seen), 90, 1,
                               lambda name=name: f"{state(world, f'trial-{name}')} {says(world, f'trial-{name}')}")
            tell(f"seen: {words}")
            hold(state(world, f"trial-{name}")[1] != "Healthy", "the application is called healthy")
            hold(world.cluster.get("Deployment", "backend", f"trial-{name}") is None, "the servers were started all the same")
            tell(f"the application is {state(world, f'trial-{name}')}: {says(world, f'trial-{name}')[:160]}")
    for name in TRIALS:
        world.cluster.delete("Application", f"trial-{name}", gitops.NAMESPACE)
        world.cluster.delete("Namespace", f"trial-{name}")


def _seen(world, name, text):
    """The event that names the mistake, and whose it is."""
    namespace = f"trial-{name}"
    for event in world.cluster.list(("v1", "Event"), namespace):
        if text in event.get("message", ""):
            about = event["involvedObject"]
            return f"event on {about['kind']} {about['name']}: {event['reason']}: {event['message'][:200]}"
    return None


@contextlib.contextmanager
def committed(world, file, right, wrong):
    """A mistake in the running shop, which serves all the while, and its revert."""
    before, count = delivery.image_of(world), len(delivery.serving(world))
    world.clone.replace(file, right, wrong)
    world.clone.commit(f"A mistake in {file}")
    gitops.refresh(world)
    try:
        yield
        hold(len([image for image in delivery.serving(world) if image == before]) >= count, "the running version does not serve any more")
    finally:
        settle(world, world.clone.revert(), seconds=120)


def _event(world, kind, text):
    for event in world.cluster.list(("v1", "Event"), delivery.SHOP):
        if event["involvedObject"]["kind"] == kind and text in event.get("message", ""):
            return f"event on {kind} {event['involvedObject']['name']}: {event['reason']}: {' '.join(event['message'].split())[:220]}"
    return None


def running(world):
    """The mistakes that show in a shop that is there."""
    cases = (
        ("a container's security context is missing", f"{TEMPLATES}/deployment.yaml",
         '          securityContext: {{- include "backend.containerSecurity" . | nindent 12 }}\n          {{- include "backend.environment"',
         '          {{- include "backend.environment"', lambda: _event(world, "ReplicaSet", 'violates PodSecurity "restricted')),
        ("a probe asks at a path that does not exist", f"{TEMPLATES}/deployment.yaml", "path: /api/health/ready", "path: /api/health/raedy",
         lambda: _event(world, "Pod", "HTTP probe failed")),
        ("the Service calls its port something else", f"{TEMPLATES}/service.yaml", "- name: http", "- name: web",
         lambda: _event(world, "Ingress", "unable to find port http")),
        ("an application's folder does not exist", "argocd/apps/templates/backend.yaml", "path: helm/backend", "path: helm/backnd",
         lambda: _condition(world, "helm/backnd")),
    )
    for what, file, right, wrong, look in cases:
        with step(f"mistake: {what}") as tell, committed(world, file, right, wrong):
            tell("seen: " + wait_until("the failure", look, 90, 0.5, lambda: f"{state(world, 'backend')} {says(world)}"))
            tell(f"the application is {state(world, 'backend')}")


def _condition(world, text):
    words = says(world)
    return f"ArgoCD: {delivery.around(words, text)}" if text in words else None


def run_proofs(world):
    """All of them."""
    begin(world)
    running(world)
    trials(world)
