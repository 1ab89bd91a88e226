"""Every rule that lets somebody in, in both layers, against the whole list of what should be.

groups.py WORK
"""

import sys

from state import finish, outputs, resources

# into: {(from, first port, last port, protocol)}
EXPECTED = {
    "alb": {("cloudfront", 80, 80, "tcp")},
    "control plane": {("node", 443, 443, "tcp")},
    "node": {
        ("control plane", 443, 443, "tcp"),
        ("control plane", 9443, 9443, "tcp"),
        ("control plane", 10250, 10250, "tcp"),
        ("control plane", 10251, 10251, "tcp"),
        ("node", 53, 53, "tcp"),
        ("node", 53, 53, "udp"),
        ("node", 1025, 65535, "tcp"),
        ("alb", 3000, 3000, "tcp"),
        ("alb", 4000, 4000, "tcp"),
        ("alb", 8080, 8080, "tcp"),
    },
    "postgres": {("control plane", 5432, 5432, "tcp"), ("node", 5432, 5432, "tcp")},
    "redis": {("control plane", 6379, 6379, "tcp"), ("node", 6379, 6379, "tcp")},
}


def main(work):
    found, names = {}, {outputs(work, "platform")["cluster_security_group_id"]: "control plane"}
    for resource in resources(work):
        if resource["type"] == "aws_security_group":
            values = resource["values"]
            names[values["id"]] = values["name"].rsplit("-", 1)[-1]
            if values["ingress"] or values["egress"]:
                finish([f"{values['name']} lists rules inside itself; they fight with those of their own"])
    for resource in resources(work):
        if resource["type"] == "aws_vpc_security_group_ingress_rule":
            values = resource["values"]
            source = names.get(values["referenced_security_group_id"], values["cidr_ipv4"] or "cloudfront")
            rule = (source, values["from_port"], values["to_port"], values["ip_protocol"])
            found.setdefault(names[values["security_group_id"]], set()).add(rule)

    problems = []
    for group in sorted(EXPECTED.keys() | found.keys()):
        wanted, has = EXPECTED.get(group, set()), found.get(group, set())
        problems += [f"{group} does not admit {rule}" for rule in sorted(wanted - has)]
        problems += [f"{group} admits {rule}" for rule in sorted(has - wanted)]
    finish(problems)


main(*sys.argv[1:])
