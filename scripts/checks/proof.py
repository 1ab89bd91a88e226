"""What the checks have in common: one line per proof, tools, charts rendered."""

import contextlib
import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import yaml

ROOT = pathlib.Path(os.environ.get("OXCART_ROOT", pathlib.Path(__file__).parents[2])).resolve()
SHARED = pathlib.Path(os.environ.get("OXCART_SHARED", pathlib.Path(__file__).resolve().parents[3] / "shared"))
SCHEMAS = SHARED / "schemas"
ENVIRONMENTS = ("demo", "prod")
KUBERNETES = ("1.34", "1.35", "1.36")

_failed = 0


class Broken(Exception):
    """A proof did not hold; the text says what was found."""


def hold(condition, reason):
    """Ends the proof unless the condition holds."""
    if not condition:
        raise Broken(reason)


@contextlib.contextmanager
def proof(name):
    """One proof, which prints its line when it is over."""
    global _failed
    start = time.monotonic()
    try:
        yield
    except Exception as error:  # Whatever goes wrong, the proof was not given.
        _failed += 1
        reason = str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}"
        print(f"FAIL {name}: {' '.join(reason.split())[:1000]}", flush=True)
    else:
        print(f"ok   {name} ({time.monotonic() - start:.1f} s)", flush=True)


def finish():
    """Ends the script, well only when every proof was given."""
    sys.exit(1 if _failed else 0)


@functools.cache
def tool(name):
    """The path of a program, installed first when that is the only way to have it."""
    found = shutil.which(name)
    if found:
        return found
    installer = ROOT / "scripts" / "install-tools.sh"
    hold(installer.exists(), f"{name} is not installed; scripts/install-tools.sh brings it")
    answer = subprocess.run([installer, name], capture_output=True, text=True)
    hold(answer.returncode == 0, f"{name} could not be installed: {answer.stderr[-300:]}")
    return answer.stdout.split()[-1]


def run(*command, cwd=None, env=None, timeout=600):
    """Runs a program that must succeed; what it printed."""
    answer = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        cwd=cwd or ROOT,
        env={**os.environ, **(env or {})},
        timeout=timeout,
    )
    said = (answer.stderr.strip() or answer.stdout.strip())[-800:]
    hold(answer.returncode == 0, f"{pathlib.Path(str(command[0])).name} ended with {answer.returncode}: {said}")
    return answer.stdout


def refused(*command, because):
    """Runs a program that must fail, and say why."""
    answer = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=ROOT)
    hold(answer.returncode != 0, f"accepted, though {because!r} was expected")
    hold(because in answer.stderr + answer.stdout, f"refused without {because!r}: {answer.stderr[-300:]}")


def values_of(chart, environment):
    """The value files of a chart in an environment, in the order that ArgoCD reads them."""
    files = [ROOT / chart / f"values-{environment}.yaml"] if chart.startswith("helm/") else []
    files.append(ROOT / "argocd" / "envs" / environment / "platform.yaml")
    if chart == "argocd/apps":
        files.append(ROOT / "argocd" / "envs" / environment / "apps.yaml")
    return [word for file in files for word in ("-f", file)]


def render_text(chart, environment, *settings):
    """What Helm makes of a chart."""
    name = pathlib.Path(chart).name
    return run(
        tool("helm"), "template", name, ROOT / chart, "--namespace", "oxcart", "--kube-version", "1.35.0",
        *values_of(chart, environment), *(word for setting in settings for word in ("--set", setting)),
    )


def render(chart, environment, *settings):
    """The objects that a chart makes."""
    return [found for found in yaml.safe_load_all(render_text(chart, environment, *settings)) if found]


def objects(documents, kind, name=None):
    """Those of one kind, and of one name when it is given."""
    return [
        found
        for found in documents
        if found["kind"] == kind and (name is None or found["metadata"]["name"] == name)
    ]


def only(documents, kind, name=None):
    """The one object of that kind and name."""
    found = objects(documents, kind, name)
    hold(len(found) == 1, f"{len(found)} objects of kind {kind} named {name or 'anyhow'}, not one")
    return found[0]


def pods(documents):
    """Every pod that is made, with the object that makes it."""
    for found in documents:
        if found["kind"] == "Pod":
            yield found, found
        elif "template" in found.get("spec", {}) and "spec" in found["spec"]["template"]:
            yield found, found["spec"]["template"]


def title(found):
    """An object's kind and name."""
    return f"{found['kind']}/{found['metadata']['name']}"


def read_json(path):
    """A JSON file of the project."""
    return json.loads((ROOT / path).read_text())
