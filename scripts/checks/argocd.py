"""ArgoCD: every path, value file and chart version that an application names is there, in order."""

import pathlib
import re
import shutil
import tempfile

import yaml

from proof import ENVIRONMENTS, ROOT, finish, hold, objects, only, proof, refused, render, run, title, tool

WAVE = "argocd.argoproj.io/sync-wave"
HOOK = "argocd.argoproj.io/hook"

# What must be there before what, among the applications and inside the backend.
ORDER = [
    ("AppProject/oxcart", "Namespace/oxcart"),
    ("Namespace/oxcart", "Application/external-secrets"),
    ("Namespace/oxcart", "Application/aws-load-balancer-controller"),
    ("Application/external-secrets", "Application/backend"),
    ("Application/aws-load-balancer-controller", "Application/backend"),
    ("Application/backend", "Application/frontend"),
]
INSIDE = [
    ("ServiceAccount", "ExternalSecret"), ("SecretStore", "ExternalSecret"), ("ExternalSecret", "ConfigMap"),
    ("ConfigMap", "Job"), ("Job", "Deployment"),
]


def tracked():
    """What git has, or is about to have: ArgoCD sees nothing else."""
    if not (ROOT / ".git").exists():
        return {str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()}
    return set(run("git", "ls-files", "--cached", "--others", "--exclude-standard").splitlines())


def wave(found):
    return int(found["metadata"].get("annotations", {}).get(WAVE, "0"))


def applications():
    for environment in ENVIRONMENTS:
        for found in objects(render("argocd/apps", environment, "operations.enabled=true"), "Application"):
            yield environment, found


def paths():
    files = tracked()
    count = 0
    for environment, found in applications():
        source = found["spec"]["source"]
        if "path" not in source:
            continue
        where = f"{environment}, {title(found)}"
        hold(f"{source['path']}/Chart.yaml" in files, f"{where}: {source['path']} holds no chart")
        for name in source["helm"]["valueFiles"]:
            file = (ROOT / source["path"] / name).resolve()
            hold(file.is_relative_to(ROOT), f"{where}: {name} is outside the repository")
            hold(str(file.relative_to(ROOT)) in files, f"{where}: there is no value file {name}")
            count += 1
        files_of = [word for name in source["helm"]["valueFiles"] for word in ("-f", ROOT / source["path"] / name)]
        run(tool("helm"), "template", source["helm"]["releaseName"], ROOT / source["path"], *files_of)
    hold(count >= 16, f"only {count} value files were looked at")


def pins():
    for environment, found in applications():
        source = found["spec"]["source"]
        if "chart" in source:
            hold(
                re.fullmatch(r"\d+\.\d+\.\d+", source["targetRevision"]),
                f"{environment}, {title(found)}: {source['targetRevision']} is not one version",
            )
            hold(source["repoURL"].startswith("https://"), f"{title(found)}: fetched in clear")


def preflight():
    """The pinned charts are those that the compatibility table was made for."""
    script = ROOT / "scripts" / "preflight.sh"
    text = "".join(file.read_text() for file in (script, ROOT / "scripts" / "compatibility.json") if file.exists())
    charts = yaml.safe_load((ROOT / "argocd/apps/values.yaml").read_text())["charts"]
    wanted = charts["externalSecrets"]["version"]
    hold(wanted in text or re.search(rf"\b{wanted.split('.')[0]}\.", text), f"the table knows no External Secrets {wanted}")


def project():
    for environment in ENVIRONMENTS:
        documents = render("argocd/apps", environment, "operations.enabled=true")
        allowed = only(documents, "AppProject", "oxcart")["spec"]
        destinations = {(each["server"], each["namespace"]) for each in allowed["destinations"]}
        hold("*" not in str(allowed["sourceRepos"]) + str(destinations), "the project allows anything")
        for found in objects(documents, "Application"):
            spec = found["spec"]
            hold(spec["project"] == "oxcart", f"{title(found)} is in no project of ours")
            hold(spec["source"]["repoURL"] in allowed["sourceRepos"], f"{title(found)}: its source is not allowed")
            target = (spec["destination"]["server"], spec["destination"]["namespace"])
            hold(target in destinations, f"{title(found)}: its destination is not allowed")
            hold(spec["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}, f"{title(found)} does not heal")


def order():
    for environment in ENVIRONMENTS:
        waves = {title(found): wave(found) for found in render("argocd/apps", environment)}
        for first, then in ORDER:
            hold(waves[first] < waves[then], f"{environment}: {first} does not come before {then}")
        inside = {}
        for found in render("helm/backend", environment):
            if found["metadata"].get("annotations", {}).get(HOOK) != "PostSync":
                inside.setdefault(found["kind"], []).append(wave(found))
        for first, then in INSIDE:
            hold(max(inside[first]) < min(inside[then]), f"{environment}: {first} does not come before {then}")


def migration():
    for environment in ENVIRONMENTS:
        documents = render("helm/backend", environment)
        jobs = [job for job in objects(documents, "Job") if "-migrate-" in job["metadata"]["name"]]
        hold(len(jobs) == 1, f"{len(jobs)} migrations")
        notes = jobs[0]["metadata"]["annotations"]
        hold(notes.get(HOOK) == "Sync", f"the migration is a hook of {notes.get(HOOK)}: before the sync there is no Secret")
        hold(not any(name.startswith("helm.sh/hook") for name in notes), "Helm's hooks are ignored beside ArgoCD's")
        hold(notes["argocd.argoproj.io/hook-delete-policy"] == "BeforeHookCreation", "a second sync would find the first's job")
        hold(wave(only(documents, "ExternalSecret")) < wave(jobs[0]) < 0, "the migration is not between the Secret and the rollout")
        for found in documents:
            hold(found["metadata"].get("annotations", {}).get(HOOK) != "PreSync", f"{title(found)} is a PreSync hook")


def autoscaler():
    """Git and the autoscaler do not pull at the same number."""
    for environment, found in applications():
        if found["metadata"]["name"] in ("backend", "frontend"):
            ignored = found["spec"].get("ignoreDifferences", [])
            hold(any("/spec/replicas" in each.get("jsonPointers", []) for each in ignored), f"{environment}, {title(found)}: replicas")


def namespace():
    for environment in ENVIRONMENTS:
        labels = only(render("argocd/apps", environment), "Namespace")["metadata"]["labels"]
        hold(labels.get("pod-security.kubernetes.io/enforce") == "restricted", "Pod Security is not restricted")
        hold(labels.get("elbv2.k8s.aws/pod-readiness-gate-inject") == "enabled", "no readiness gate")


def images():
    """An image is named by one tag or digest, in the file that the images workflow writes."""
    for environment in ENVIRONMENTS:
        for chart in ("backend", "frontend"):
            image = yaml.safe_load((ROOT / f"helm/{chart}/values-{environment}.yaml").read_text())["image"]
            named = [image.get("tag"), image.get("digest")]
            hold(sum(map(bool, named)) == 1, f"{chart}, {environment}: named by {named}")


def new_image():
    """What the images workflow commits is the digest that pods run, and nothing else changes."""
    digest = "sha256:" + "ab" * 32
    with tempfile.TemporaryDirectory(prefix="oxcart-image-") as folder:
        copy = pathlib.Path(folder)
        shutil.copytree(ROOT / "helm", copy / "helm")
        (copy / "scripts").mkdir()
        script = shutil.copy2(ROOT / "scripts/set-image.sh", copy / "scripts")
        for chart in ("backend", "frontend"):
            for _ in range(2):
                run(script, "demo", chart, digest)
            values = ("-f", copy / f"helm/{chart}/values-demo.yaml", "-f", ROOT / "argocd/envs/demo/platform.yaml")
            made = yaml.safe_load_all(run(tool("helm"), "template", chart, copy / "helm" / chart, *values))
            deployment = only([found for found in made if found], "Deployment")
            image = deployment["spec"]["template"]["spec"]["containers"][0]["image"]
            hold(image.endswith(f"/{chart}@{digest}"), f"{chart} runs {image}")
        for wrong in (("demo", "backend", "latest"), ("nowhere", "backend", digest), ("demo", "database", digest)):
            refused(script, *wrong, because="set-image.sh")


def main():
    with proof("argocd: every application's path and value files are in git, and render"):
        paths()
    with proof("argocd: every chart of others is pinned to one version"):
        pins()
    if (ROOT / "scripts" / "preflight.sh").exists():
        with proof("argocd: the pinned charts are in the compatibility table"):
            preflight()
    with proof("argocd: the project allows what the applications need, and no more"):
        project()
    with proof("argocd: waves bring each thing after what it needs"):
        order()
    with proof("argocd: the migration is a hook of the sync, after the Secret and before the rollout"):
        migration()
    with proof("argocd: replicas are the autoscaler's"):
        autoscaler()
    with proof("argocd: the namespace is restricted and gated"):
        namespace()
    with proof("argocd: one tag or digest per image and environment"):
        images()
    with proof("argocd: the digest that the images workflow commits is what pods run"):
        new_image()
    finish()


if __name__ == "__main__":
    main()
