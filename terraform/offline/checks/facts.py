"""The facts that were written have every key that the charts ask for, and the layers' values.

facts.py WORK REPOSITORY
"""

import json
import sys
from pathlib import Path

import jsonschema
import yaml

from state import finish, outputs


def main(work, repository):
    problems = []
    facts = yaml.safe_load(Path(work, "facts.yaml").read_text(encoding="utf-8"))["facts"]
    platform, services = outputs(work, "platform"), outputs(work, "services")
    if facts["publicUrl"] + "/" != services["app_url"] or facts["vpcId"] != platform["vpc_id"]:
        problems.append(f"the facts are not this environment's: {facts['publicUrl']}, {facts['vpcId']}")
    for chart in ("argocd/apps", "helm/backend", "helm/frontend"):
        path = Path(repository, chart, "values.schema.json")
        if not path.exists():
            print(f"{chart} is not here; its schema was not asked")
            continue
        schema = json.loads(path.read_text(encoding="utf-8"))
        wanted = schema["properties"]["facts"]
        # A schema may keep its words in a place of their own.
        validator = jsonschema.validators.validator_for(schema)({**wanted, "$defs": schema.get("$defs", {})})
        problems += [f"{chart}: {error.json_path} {error.message}" for error in validator.iter_errors(facts)]
    finish(problems)


main(*sys.argv[1:])
