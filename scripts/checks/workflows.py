"""The hosted workflows: well-formed, least privilege, pinned, and calling what is there."""

import json
import re
import subprocess

import yaml

from proof import ENVIRONMENTS, ROOT, Broken, finish, hold, proof, run, tool

FOLDER = ROOT / ".github" / "workflows"
NAMES = {"ci", "images", "terraform-plan", "terraform-apply", "load-test", "cost-schedule"}


def workflows():
    for file in sorted(FOLDER.glob("*.yml")):
        yield file.stem, yaml.safe_load(file.read_text())


def steps():
    for name, workflow in workflows():
        for job in workflow["jobs"].values():
            for step in job["steps"]:
                yield name, step


def pinned():
    count = 0
    for name, step in steps():
        if "uses" in step:
            hold(re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", step["uses"]), f"{name}: {step['uses']} is not pinned to a commit")
            count += 1
    for file in FOLDER.glob("*.yml"):
        for line in file.read_text().splitlines():
            if "uses:" in line:
                hold(re.search(r"# v\d+(\.\d+)*$", line), f"{file.name}: no version beside {line.strip()}")
    hold(count > 20, f"only {count} uses")


def least_privilege():
    for name, workflow in workflows():
        hold(workflow["permissions"] == {}, f"{name}: rights for every job")
        hold("concurrency" in workflow, f"{name}: two runs at once")
        for title, job in workflow["jobs"].items():
            rights = job.get("permissions")
            hold(isinstance(rights, dict), f"{name}/{title}: rights are not said")
            hold(job.get("timeout-minutes"), f"{name}/{title}: may run for six hours")
            writes = {right for right, level in rights.items() if level == "write"}
            allowed = {
                ("images", "build"): {"id-token", "attestations"}, ("images", "bump"): {"contents"},
                ("terraform-plan", "plan"): {"id-token"}, ("terraform-apply", "apply"): {"id-token"},
                ("cost-schedule", "run"): {"id-token"},
            }.get((name, title), set())
            hold(writes == allowed, f"{name}/{title}: may write {writes}")
            if "id-token" in writes:
                hold("environment" in job, f"{name}/{title}: becomes an AWS role outside of any environment")


def no_injection():
    for name, step in steps():
        hold("${{" not in step.get("run", ""), f"{name}: an expression inside a script: {step.get('run', '')[:80]}")
        if step.get("uses", "").startswith("actions/checkout@") and name != "images":
            hold(step["with"]["persist-credentials"] is False, f"{name}: the token stays in the work tree")


def paths():
    """Scripts and folders that a workflow calls are there, or come with the Terraform layers."""
    for name, step in steps():
        for script in re.findall(r"(?:scripts|k6)/[\w-]+\.(?:sh|js)", step.get("run", "")):
            hold((ROOT / script).exists(), f"{name}: there is no {script}")
    if (ROOT / "terraform").exists():
        for environment in ENVIRONMENTS:
            for file in ("backend.hcl", "platform.tfvars", "services.tfvars"):
                hold((ROOT / "terraform/envs" / environment / file).exists(), f"there is no {file} for {environment}")


def sizes():
    for file in FOLDER.glob("*.yml"):
        hold(file.stem in NAMES, f"{file.name} is not expected")
    hold({file.stem for file in FOLDER.glob("*.yml")} == NAMES, "a workflow is missing")


def main():
    files = [str(file) for file in sorted(FOLDER.glob("*.yml"))]
    with proof("workflows: the six are there"):
        sizes()
    with proof("workflows: actionlint, with its look into every script"):
        run(tool("actionlint"), "-no-color", *files)
    with proof("workflows: zizmor, offline, at its strictest"):
        answer = subprocess.run(
            [tool("zizmor"), "--offline", "--no-progress", "--format=json", "--persona=regular", *files],
            capture_output=True, text=True, cwd=ROOT,
        )
        if answer.returncode:
            found = json.loads(answer.stdout or "[]")
            raise Broken(str([(each["ident"], each["desc"]) for each in found])[:600] or answer.stderr[-300:])
    with proof("workflows: the schema of workflow files"):
        run(tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *files)
    with proof("workflows: every action is pinned to a commit, with its version beside it"):
        pinned()
    with proof("workflows: rights job by job, and no more than needed"):
        least_privilege()
    with proof("workflows: nothing from outside is pasted into a script"):
        no_injection()
    with proof("workflows: what they call is there"):
        paths()
    finish()


if __name__ == "__main__":
    main()
