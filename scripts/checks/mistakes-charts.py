"""Mistakes, made one at a time in a copy of the project: each is caught, by the proof that is named."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from proof import ROOT, finish, hold, proof

HERE = pathlib.Path(__file__).parent

# What is wrong, where, what is replaced by what, and who must notice.
MISTAKES = [
    ("a wrong port in a chart", "helm/backend/templates/deployment.yaml", "containerPort: 4000", "containerPort: 4001", "wiring.ports"),
    ("a wrong port in a Dockerfile", "Dockerfile.frontend", "EXPOSE 3000", "EXPOSE 3001", "wiring.ports"),
    ("a secret's key misspelt", "helm/backend/templates/externalsecret.yaml", "property: REDIS_PASSWORD", "property: REDIS_PASSWD", "wiring.secrets"),
    ("a secret's name misspelt", "helm/backend/templates/externalsecret.yaml", "$folder }}/jwt", "$folder }}/jwts", "charts.synced_keys"),
    ("a setting that no server knows", "helm/backend/templates/configmap.yaml", "TEST_PAYMENTS:", "TEST_PAYMENT:", "wiring.every_setting"),
    ("the tag latest", "helm/backend/values-demo.yaml", 'tag: "0.1.0"', "tag: latest", "argocd.paths"),
    ("a migration before the sync", "helm/backend/templates/migrate-job.yaml", "argoproj.io/hook: Sync", "argoproj.io/hook: PreSync", "argocd.migration"),
    ("a migration in the wrong wave", "helm/backend/templates/migrate-job.yaml", 'sync-wave: "-1"', 'sync-wave: "-5"', "argocd.order"),
    ("a path that is not there", "argocd/apps/templates/backend.yaml", "path: helm/backend", "path: ecommerce-demo/helm/backend", "argocd.paths"),
    ("a value file that is not there", "argocd/apps/templates/frontend.yaml", "- values-{{", "- value-{{", "argocd.paths"),
    ("a chart at no version in particular", "argocd/apps/values.yaml", "version: 2.0.0", "version: 2.x.x", "argocd.pins"),
    ("an action that is not pinned", ".github/workflows/ci.yml", "checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", "checkout@v7", "workflows.pinned"),
    ("a workflow that may write everything", ".github/workflows/ci.yml", "permissions: {}", "permissions: write-all", "workflows.least_privilege"),
    ("a branch's name pasted into a script", ".github/workflows/ci.yml", "run: cargo xtask test", "run: echo ${{ github.head_ref }}", "workflows.no_injection"),
    ("a liveness probe that depends on others", "helm/frontend/templates/deployment.yaml", "livenessProbe:\n            httpGet:\n              path: /health/live", "livenessProbe:\n            httpGet:\n              path: /", "charts.rollouts"),
    ("a pod that may run as root", "helm/backend/templates/_helpers.tpl", "runAsNonRoot: true", "runAsNonRoot: false", "charts.restricted_demo"),
    ("a schema that takes anything", "helm/frontend/values.schema.json", '"additionalProperties": false', '"additionalProperties": true', "charts.closed_schemas"),
    ("pools larger than the database", "helm/backend/values.yaml", "databaseConnections: 10", "databaseConnections: 30", "wiring.connections"),
    ("an image that runs as root", "Dockerfile.backend", "USER 65532:65532", "USER root", "images.files"),
    ("an alert that the runbook does not know", "helm/operations/rules.yaml", "alert: OxcartSheds", "alert: OxcartShedding", "operations.alerts"),
    ("an alert that burns another promise", "helm/operations/rules.yaml", "> 14.4 * 0.0005", "> 14.4 * 0.005", "operations.objectives"),
    ("an expression that does not parse", "helm/operations/rules.yaml", "sum(rate(oxcart_http_shed_total[5m])) >", "sum(rate(oxcart_http_shed_total[5m]) >", "operations.parsed"),
]

# Only where there is a shop to scrape.
WITH_SHOP = [
    ("a metric that no server has", "helm/operations/rules.yaml", "oxcart_http_shed_total", "oxcart_shed_requests_total", "operations.real"),
]

COPIED = ("helm", "argocd", ".github", "docs", "scripts", "k6", "backend/demo", "terraform", "xtask/Cargo.toml")


def copy(target):
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("node_modules", ".terraform", "pictures", "__pycache__")
            shutil.copytree(source, target / name, ignore=ignored)
    for file in ROOT.iterdir():
        if file.is_file() and file.name != ".git":
            shutil.copy2(file, target / file.name)


def ask(who, root):
    """Calls one proof's function on a copy of the project; whether it held, and what it said."""
    module, function = who.split(".")
    answer = subprocess.run(
        [sys.executable, "-c", f"import {module}; {module}.{function}()"],
        env={**os.environ, "OXCART_ROOT": str(root), "PYTHONPATH": str(HERE)}, cwd=HERE, capture_output=True, text=True,
    )
    return answer.returncode == 0, answer.stderr.strip()


def caught(root, where, right, wrong, who):
    file = root / where
    text = file.read_text()
    hold(right in text, f"{where} has no {right!r} to be wrong about")
    file.write_text(text.replace(right, wrong, 1))
    try:
        held, said = ask(who, root)
    finally:
        file.write_text(text)
    hold(not held, "nobody noticed")
    hold("proof.Broken" in said, f"noticed by accident only: {said[-200:]}")


def title(who):
    """The name of the proof that calls a function."""
    module, function = who.split(".")
    function = function.removesuffix("_demo")
    text = (HERE / f"{module}.py").read_text().rpartition("def main():")[2]
    before = text.partition(f" {function}(")[0]
    return re.findall(r'with proof\(f?"([^"]+)"\)', before)[-1]


def main():
    mistakes = MISTAKES + (WITH_SHOP if os.environ.get("API_METRICS") else [])
    with tempfile.TemporaryDirectory(prefix="oxcart-mistakes-") as folder:
        root = pathlib.Path(folder)
        copy(root)
        with proof("mistakes: without any, every proof that is asked holds"):
            for who in sorted({mistake[-1] for mistake in mistakes}):
                held, said = ask(who, root)
                hold(held, f"{who}: {said[-300:]}")
        for what, where, right, wrong, who in mistakes:
            with proof(f"mistakes: {what} is caught by `{title(who)}`"):
                caught(root, where, right, wrong, who)
    finish()


if __name__ == "__main__":
    main()
