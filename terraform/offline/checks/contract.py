"""Outputs of layer 1 and those who read them call the same things by the same names.

contract.py REPOSITORY TREE     TREE is the terraform folder that is looked at
"""

import re
import sys
from pathlib import Path

import hcl2

from state import finish

# Put out for people and workflows; no file of the repository asks for them.
FOR_PEOPLE = {
    "platform": {
        "cluster_certificate_authority_data",
        "cluster_endpoint",
        "cluster_security_group_id",
        "github_role_arns",
        "node_group_name",
        "oidc_issuer",
        "oidc_provider_arn",
        "private_subnet_ids",
        "public_subnet_ids",
        "vpc_cidr",
    },
    "services": {
        "cloudfront_distribution_id",
        "cloudfront_domain_name",
        "database_endpoint",
        "database_identifier",
        "redis_primary_endpoint",
        "secret_arns",
        "secret_names",
    },
}
READ = re.compile(r"data\.terraform_remote_state\.platform\.outputs\.(\w+)")


def put_out(folder):
    with open(folder / "outputs.tf", encoding="utf-8") as file:
        return {name.strip('"') for block in hcl2.load(file)["output"] for name in block if not name.startswith("__")}


def read_by_scripts(repository, names):
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((repository / "scripts").glob("*.sh")))
    return {name for name in names if re.search(rf"\b{name}\b", text)}


def main(repository, tree):
    repository, tree, problems = Path(repository), Path(tree), []
    reads, places = set(), set()
    for path in sorted((tree / "services").glob("*.tf")):
        found = READ.findall(path.read_text(encoding="utf-8"))
        reads.update(found)
        places.update([path.name] if found else [])
    if places != {"remote_state.tf"}:
        problems.append(f"layer 1 is read in {sorted(places)}, not in remote_state.tf alone")
    for layer in ("platform", "services"):
        outputs = put_out(tree / layer)
        used = read_by_scripts(repository, outputs) | (reads if layer == "platform" else set())
        if layer == "platform":
            for name in sorted(reads - outputs):
                problems.append(f"services reads {name}, which platform does not put out")
        for name in sorted(FOR_PEOPLE[layer] - outputs):
            problems.append(f"{layer} is to put out {name}, and does not")
        for name in sorted(outputs - used - FOR_PEOPLE[layer]):
            problems.append(f"{layer} puts out {name}, which nothing reads")
    finish(problems)


main(*sys.argv[1:])
