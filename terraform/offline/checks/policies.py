"""Every policy of both layers: known actions, no `*` among them, every resource only where it must.

policies.py WORK
"""

import json
import re
import sys

from parliament import analyze_policy_string

from state import finish, resources

# Actions that AWS offers for every resource or for none, or that name theirs in a condition.
ANYTHING = re.compile(
    r"(ec2|elasticloadbalancing|acm):(Describe|List|Get)\w+$"
    r"|ecr:GetAuthorizationToken$"
    r"|secretsmanager:GetRandomPassword$"
)
# What parliament's tables, older than some actions and conditions, get wrong. It also asks that a rule
# for listeners cover network load balancers, which the controller is not to make here.
ACCEPTED = {
    "UNKNOWN_ACTION": re.compile(r"elasticloadbalancing:|ec2:(DescribeIpamPools|GetSecurityGroupsForVpc)"),
    "UNKNOWN_CONDITION_FOR_ACTION": re.compile(r"kms:ResourceAliases|elasticloadbalancing:CreateAction"),
    "RESOURCE_MISMATCH": re.compile(
        r"^\[(\{'action': 'elasticloadbalancing:\w+', 'required_format': '[^']*/net/[^']*'\}(, )?)+\]$"
    ),
}


def statements(policy):
    found = policy["Statement"]
    return found if isinstance(found, list) else [found]


def words(statement, key):
    found = statement.get(key, [])
    return found if isinstance(found, list) else [found]


def narrow(name, policy, is_resource_policy):
    """No action with a star; every resource only for actions that know no other."""
    for statement in statements(policy):
        if statement["Effect"] != "Allow":
            continue
        if "NotAction" in statement or "NotResource" in statement:
            yield f"{name} allows all but something"
        for action in words(statement, "Action"):
            # A key's own policy gives the account its rights over the key; without, nobody has any.
            root = str(statement.get("Principal", {})).endswith(":root'}")
            if "*" in action and not (action == "kms:*" and root):
                yield f"{name} allows {action}"
            everything = "*" in words(statement, "Resource") and not is_resource_policy
            if everything and not statement.get("Condition") and not ANYTHING.match(action):
                yield f"{name} allows {action} on every resource"
        if "Principal" in statement and "*" in str(statement["Principal"]):
            yield f"{name} allows everybody"


def lint(name, text):
    """What parliament says of a policy of an identity."""
    for finding in analyze_policy_string(text).findings:
        accepted = ACCEPTED.get(finding.issue)
        detail = str(finding.detail)
        if not (accepted and accepted.search(detail)):
            yield f"{name}: {finding.issue} {detail}"


def main(work):
    problems, seen = [], 0
    for resource in resources(work):
        for key in ("policy", "assume_role_policy"):
            text = resource["values"].get(key)
            if not isinstance(text, str) or '"Statement"' not in text:
                continue
            seen += 1
            name = resource["address"]
            of_identity = resource["type"] == "aws_iam_role_policy"
            problems += narrow(name, json.loads(text), not of_identity)
            if of_identity:
                problems += lint(name, text)
    if seen < 15:
        problems.append(f"only {seen} policies were found")
    print(f"{seen} policies")
    finish(problems)


main(*sys.argv[1:])
