"""The cost report's sums by other means, its sizes against the layers' files, its tables in the page.

costs.py REPOSITORY
"""

import json
import re
import subprocess
import sys
from pathlib import Path


def expected(prices, environment, hours):
    on = off = month = 0.0
    for item in prices["environments"][environment]:
        rate = prices["rates"][item["rate"]]
        hourly = rate["usd"] if rate["per"] == "hour" else rate["usd"] / prices["hours_per_month"]
        on += hourly * item["count"] * hours
        off += hourly * item["off"] * hours
        month += hourly * item["count"] * prices["hours_per_month"]
    return [on, off, month]


def report(root, *arguments):
    return subprocess.run([root / "scripts/cost-report.sh", *arguments], check=True, capture_output=True, text=True).stdout


def sizes(root, prices, environment):
    """What Terraform makes is what is counted."""
    platform = (root / f"terraform/envs/{environment}/platform.tfvars").read_text(encoding="utf-8")
    services = (root / f"terraform/envs/{environment}/services.tfvars").read_text(encoding="utf-8")
    said = {item["rate"]: item["count"] for item in prices["environments"][environment]}

    def value(text, name, otherwise=None):
        found = re.search(rf'^{name}\s*=\s*"?([\w.-]+)"?', text, re.M)
        return found[1] if found else otherwise

    zones = "two zones" if value(services, "database_multi_az") == "true" else ""
    nodes = re.search(r"desired = (\d+)", platform)[1]
    yield f"Node t3.{value(platform, 'node_size', 'medium')}", int(nodes), said
    yield "Node disk, GiB", 30 * int(nodes), said
    yield "NAT gateway", 1 if value(platform, "nat_mode") == "single" else int(value(platform, "zone_count")), said
    yield f"Database {value(services, 'database_instance_class')}" + (f", {zones}" if zones else ""), 1, said
    yield f"Cache {value(services, 'cache_node_type')}", 1 + int(value(services, "cache_replicas")), said
    yield "Firewall", 1 if value(services, "waf_enabled") == "true" else None, said


def main(root):
    root, problems = Path(root), []
    prices = json.loads((root / "scripts/prices.json").read_text(encoding="utf-8"))
    page = (root / "docs/deploy.md").read_text(encoding="utf-8")
    for environment in prices["environments"]:
        for hours in (12, 100):
            line = report(root, "--env", environment, "--hours", str(hours)).splitlines()[-1].split()
            found, wanted = [float(word) for word in line[-3:]], expected(prices, environment, hours)
            if any(abs(a - b) > 0.006 for a, b in zip(found, wanted)):
                problems.append(f"{environment}, {hours} h: the report says {found}, it is {wanted}")
        for name, count, said in sizes(root, prices, environment):
            if said.get(name) != count:
                problems.append(f"{environment} has {count} of {name}; prices.json counts {said.get(name)}")
        if report(root, "--env", environment, "--markdown") not in page:
            problems.append(f"the costs of {environment} in docs/deploy.md are old: run scripts/cost-report.sh --write")
    for problem in problems:
        print(f"Error: {problem}")
    sys.exit(1 if problems else 0)


main(*sys.argv[1:])
