"""What operators do, and what ArgoCD makes of it: in which order things came, new images, ways back, drift."""

import contextlib
import threading

import yaml

import gitops
import synced
from clone import ENVIRONMENT
from gitops import HOOK, WAVE, application, is_at, says, settle, state
from kube import wait_until
from nodes import BAD_DIGEST, is_ready
from proof import hold, run, title, tool
from timeline import step

SHOP = "oxcart"
GOOD_DIGEST = "sha256:" + "a1" * 32


def made(world, chart):
    """What the repository that ArgoCD follows makes of a chart."""
    folder = world.clone.folder
    files = (f"helm/{chart}/values-{ENVIRONMENT}.yaml", f"argocd/envs/{ENVIRONMENT}/platform.yaml")
    words = [word for name in files for word in ("-f", folder / name)]
    text = run(tool("helm"), "template", chart, folder / "helm" / chart, "--namespace", SHOP, *words)
    return [found for found in yaml.safe_load_all(text) if found]


def declared(world, chart):
    """What the repository declares for an application: name of each object to its wave, the checks after a sync left out."""
    notes = {title(found): found["metadata"].get("annotations", {}) for found in made(world, chart)}
    return {
        name: int(each.get(WAVE, "0")) for name, each in notes.items()
        if each.get(HOOK) != "PostSync" and not any(key.startswith("helm.sh/hook") for key in each)
    }


def order(world, watched):
    """The observed order equals the declared one."""
    with step("the observed order of waves equals the declared one, the migration before the servers") as tell:
        last = 0
        for chart in ("backend", "frontend"):
            times = watched.times(declared(world, chart))
            hold(times[0][0] >= last, f"{chart} began before what comes first had ended")
            waves = [wave for _, wave, _ in times]
            hold(waves == sorted(waves), f"{chart} came in the order {[name for *_, name in times]} of waves {waves}")
            tell(f"{chart}: " + ", ".join(f"{wave}: {name}" for wave, name in _grouped(times)))
            last = times[-1][0]
        migration = next(name for name in watched.ended if "-migrate-" in name)
        servers = watched.first["Deployment/backend"]
        hold(watched.ended[migration] <= servers, "the servers came before the migration had ended")
        tell(f"{migration} ended {servers - watched.ended[migration]:.1f} s before Deployment/backend came")


def _grouped(times):
    waves = {}
    for _, wave, name in times:
        waves.setdefault(wave, []).append(name)
    return [(wave, " ".join(names)) for wave, names in waves.items()]


# The running version


def image_of(world, name="backend"):
    """The image that a Deployment asks for."""
    found = world.cluster.get("Deployment", name, SHOP)
    return found["spec"]["template"]["spec"]["containers"][0]["image"]


def serving(world, name="backend"):
    """Images of the pods that are ready and not about to go, one each."""
    pods = world.cluster.list("Pod", SHOP, f"app.kubernetes.io/name={name}")
    return [
        pod["spec"]["containers"][0]["image"] for pod in pods
        if is_ready(pod) and "deletionTimestamp" not in pod["metadata"]
    ]


def jobs(world):
    """The migrations that are there, by name."""
    return {job["metadata"]["name"]: job for job in world.cluster.list("Job", SHOP) if "-migrate-" in job["metadata"]["name"]}


def set_image(world, digest):
    """What the images workflow does: the project's own script, and a commit."""
    run(world.clone.folder / "scripts/set-image.sh", ENVIRONMENT, "backend", digest, cwd=world.clone.folder)
    return world.clone.commit(f"Run backend {digest[:19]}")


@contextlib.contextmanager
def never_fewer(world, least):
    """Watches that at no moment fewer backends serve than that."""
    stop, seen = threading.Event(), []
    thread = world.cluster.watch("Deployment", SHOP, lambda _, found: seen.append(
        (found["metadata"]["name"], found.get("status", {}).get("availableReplicas", 0))), stop)
    yield
    stop.set()
    thread.join(0.1)
    few = [count for name, count in seen if name == "backend" and count < least]
    hold(any(name == "backend" for name, _ in seen), "nothing was seen of the rollout")
    hold(not few, f"only {min(few, default=0)} backends were available, not {least}")


# What operators do


def new_image(world):
    """Its migration first, then the pods, one after another."""
    with step("a commit of a new image rolls out, its migration first, and never are fewer pods ready") as tell:
        before = image_of(world)
        with never_fewer(world, 2):
            settle(world, set_image(world, GOOD_DIGEST))
        hold(image_of(world).endswith(GOOD_DIGEST), f"the Deployment asks for {image_of(world)}")
        wait_until("only new pods", lambda: set(serving(world)) == {image_of(world)}, 60)
        job = jobs(world)[f"backend-migrate-{GOOD_DIGEST[7:19]}"]
        hold(job["spec"]["template"]["spec"]["containers"][0]["image"] == image_of(world), "another image migrated")
        sets = world.cluster.list("ReplicaSet", SHOP, "app.kubernetes.io/name=backend")
        made = next(each["metadata"]["creationTimestamp"] for each in sets
                    if each["spec"]["template"]["spec"]["containers"][0]["image"] == image_of(world))
        hold(job["status"]["completionTime"] <= made, "the new pods were asked for before the migration had ended")
        tell(f"{before.rpartition('/')[2]} → {image_of(world).rpartition('/')[2][:27]}…; migrated {job['status']['completionTime']}, pods from {made}")


def back(world):
    """The way back is a commit too."""
    with step("git revert rolls back"):
        now = image_of(world)
        settle(world, world.clone.revert())
        hold(image_of(world) != now and not image_of(world).endswith(GOOD_DIGEST), f"the Deployment asks for {image_of(world)}")
        wait_until("only the old pods", lambda: set(serving(world)) == {image_of(world)}, 60)


def failing_migration(world):
    """The new version never starts."""
    with step("a migration that fails blocks the rollout, and the old version serves; a revert ends it") as tell:
        before, count = image_of(world), len(serving(world))
        set_image(world, BAD_DIGEST)
        gitops.refresh(world, "backend")
        wait_until("the migration's end", lambda: "BackoffLimitExceeded" in says(world) or "backoff limit" in says(world), 200, 1,
                   lambda: f"{state(world, 'backend')} {says(world)}")
        tell(f"ArgoCD: {says(world)[:200]}")
        hold(image_of(world) == before, "the Deployment asks for the new image")
        hold(serving(world) == [before] * count, f"{serving(world)} serve")
        settle(world, world.clone.revert(), seconds=120)
        hold(serving(world) == [before] * count, f"after the revert {serving(world)} serve")


def broken_commits(world):
    """One that does not render, and one that the API server refuses."""
    for what, file, old, new, seen in (
        ("that its schema refuses", f"helm/backend/values-{ENVIRONMENT}.yaml", "max: 4", "max: many", "values don't meet the specifications"),
        ("that the API server refuses", "helm/backend/templates/deployment.yaml", "- name: metrics", "- name: metrics-for-operators", "must be no more than 15"),
    ):
        with step(f"a commit {what} fails the sync and leaves the running version; a revert ends it") as tell:
            before, count = image_of(world), len(serving(world))
            world.clone.replace(file, old, new)
            world.clone.commit(f"Break {file}")
            gitops.refresh(world, "backend")
            wait_until("the failure", lambda seen=seen: seen in says(world), 60, 0.5, lambda: f"{state(world, 'backend')} {says(world)}")
            tell(f"ArgoCD: {around(says(world), seen)}")
            hold(state(world, "backend")[0] != "Synced", "it is called Synced")
            hold(serving(world) == [before] * count and image_of(world) == before, "the running version changed")
            settle(world, world.clone.revert(), seconds=120)


def around(text, part):
    """A part of a long text with what is around it."""
    start = max(0, text.index(part) - 120)
    return " ".join(text[start:start + 260].split())


def drift(world):
    """What somebody changes or deletes by hand is as git says soon after."""
    with step("drift is healed: another image, a changed setting, a deleted budget, another limit") as tell:
        cluster, before = world.cluster, image_of(world)
        container = {"name": "backend", "image": "somewhere.example/backend:other"}
        template = {"template": {"spec": {"containers": [container]}}}
        cluster.ask("PATCH", cluster.path("Deployment", "backend", SHOP), {"spec": template}, "application/strategic-merge-patch+json")
        cluster.patch("ConfigMap", "backend", SHOP, {"data": {"TEST_PAYMENTS": "false"}})
        cluster.delete("PodDisruptionBudget", "backend", SHOP)
        cluster.patch("HorizontalPodAutoscaler", "backend", SHOP, {"spec": {"maxReplicas": 40}})
        wait_until("the image as git says", lambda: image_of(world) == before, 60)
        wait_until("the setting", lambda: cluster.get("ConfigMap", "backend", SHOP)["data"]["TEST_PAYMENTS"] == "true", 60)
        wait_until("the budget", lambda: cluster.get("PodDisruptionBudget", "backend", SHOP), 60)
        wait_until("the limit", lambda: cluster.get("HorizontalPodAutoscaler", "backend", SHOP)["spec"]["maxReplicas"] == 4, 60)
        settle(world)
        wait_until("only pods of git's image", lambda: set(serving(world)) == {before}, 60)
        tell("the number of replicas is the autoscaler's, and stays")


def pruned(world):
    """A file that goes takes its object along, and brings it back."""
    with step("a removed file is pruned, and comes back with its revert"):
        world.clone.remove("helm/backend/templates/pdb.yaml")
        settle(world, world.clone.commit("Without a budget"))
        hold(world.cluster.get("PodDisruptionBudget", "backend", SHOP) is None, "the budget is still there")
        settle(world, world.clone.revert())
        hold(world.cluster.get("PodDisruptionBudget", "backend", SHOP), "the budget did not come back")


def scaling(world):
    """Busy pods become more, and ArgoCD does not undo it."""
    with step("busy pods become more, and ArgoCD lets the autoscaler") as tell:
        world.measures.busy["backend"] = 300
        ready = lambda: len(serving(world))  # noqa: E731
        wait_until("four pods", lambda: ready() == 4, 90, hint=lambda: f"{ready()} pods")
        gitops.refresh(world, "backend")
        wait_until("Synced all the same", lambda: is_at(world, "backend", world.clone.head()), 60)
        hold(ready() == 4, f"{ready()} pods")
        tell("from 2 to 4, the most of the demo environment")
        del world.measures.busy["backend"]


def run_proofs(world):
    """All of them, one after the other: each leaves the shop as it found it."""
    before = world.cluster.get("Secret", synced.NAME, SHOP)
    for proof in (new_image, back, failing_migration, broken_commits, drift, pruned, scaling):
        proof(world)
    with step("all of this left the Secret as it was"):
        after = world.cluster.get("Secret", synced.NAME, SHOP)
        hold(after["metadata"]["uid"] == before["metadata"]["uid"], "it was made anew")
        hold(after["data"] == before["data"], "its content changed")
        healthy = lambda: application(world, "root")["status"]["health"]["status"] == "Healthy"  # noqa: E731
        wait_until("everything healthy", healthy, 60, hint=lambda: str(state(world, "root")))
