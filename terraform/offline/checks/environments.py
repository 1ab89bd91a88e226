"""Each environment's files name one account and the bucket that follows from it.

environments.py TREE
"""

import sys
from pathlib import Path

import hcl2

from state import finish


def values(path):
    with open(path, encoding="utf-8") as file:
        found = hcl2.load(file)
    return {key: value.strip('"') if isinstance(value, str) else value for key, value in found.items()}


def main(tree):
    problems, networks = [], {}
    for folder in sorted(Path(tree, "envs").iterdir()):
        env, backend = values(folder / "env.tfvars"), values(folder / "backend.hcl")
        bucket = f"{env['project']}-{env['environment']}-tfstate-{env['account_id']}"
        if env["environment"] != folder.name:
            problems.append(f"{folder.name}/env.tfvars says {env['environment']}")
        if backend["bucket"] != bucket:
            problems.append(f"{folder.name}/backend.hcl names {backend['bucket']}; env.tfvars makes it {bucket}")
        if backend["region"] != env["region"]:
            problems.append(f"{folder.name}: the state is in {backend['region']}, the shop in {env['region']}")
        cidr = values(folder / "platform.tfvars").get("vpc_cidr", "10.0.0.0/16")
        if cidr in networks:
            problems.append(f"{folder.name} and {networks[cidr]} share the addresses {cidr}")
        networks[cidr] = folder.name
    finish(problems)


main(*sys.argv[1:])
