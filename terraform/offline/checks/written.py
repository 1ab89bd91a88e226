"""What layer 2 wrote into Secrets Manager is what the shop reads, and what the services were given.

written.py WORK     WORK holds the stand-in's record and both layers' states
"""

import json
import re
import sys
from pathlib import Path

from state import finish, outputs

# The shop's own words: External Secrets copies the first of each, the backend reads them by name.
KEYS = {
    "database": {"DATABASE_URL", "DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER", "DATABASE_PASSWORD"},
    "redis": {"REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD"},
    "jwt": {"JWT_SECRET"},
}
PLAIN = re.compile(r"[A-Za-z0-9]{32,}$")


def main(work):
    problems, secrets, given = [], {}, {}
    for line in open(Path(work, "record", "written.jsonl"), encoding="utf-8"):
        note = json.loads(line)
        if note["kind"] == "aws_secretsmanager_secret_version":
            name = note["about"].split(":secret:")[1].rsplit("-", 1)[0]
            if name in secrets:
                problems.append(f"{name} was written twice, although its number stayed the same")
            secrets[name] = json.loads(note["value"])
        else:
            given[note["kind"]] = note["value"]

    names = outputs(work, "services")["secret_names"]
    for short, keys in KEYS.items():
        found = secrets.get(names[short], {})
        for key in sorted(keys ^ set(found)):
            problems.append(f"{names[short]} {'lacks' if key in keys else 'has'} the key {key}")
    if not problems:
        problems += values(work, {short: secrets[names[short]] for short in KEYS}, given)
    finish(problems)


def values(work, secrets, given):
    """Passwords are the ones that the services were given; addresses are theirs."""
    database, redis, jwt = secrets["database"], secrets["redis"], secrets["jwt"]
    endpoints = outputs(work, "services")
    password = given["aws_db_instance"]
    url = f"postgres://oxcart:{password}@{endpoints['database_endpoint']}/oxcart?sslmode=require"
    if database["DATABASE_PASSWORD"] != password:
        yield "the database's password is not the one in its secret"
    if database["DATABASE_URL"] != url:
        yield "DATABASE_URL does not lead to the database with its password"
    if redis["REDIS_PASSWORD"] != given["aws_elasticache_replication_group"]:
        yield "the cache's token is not the one in its secret"
    if redis["REDIS_HOST"] != endpoints["redis_primary_endpoint"] or redis["REDIS_PORT"] != "6379":
        yield "REDIS_HOST and REDIS_PORT are not the cache's"
    for secret in (password, redis["REDIS_PASSWORD"], jwt["JWT_SECRET"]):
        if not PLAIN.match(secret):
            yield "a secret is short, or has characters that an address would need to escape"


main(*sys.argv[1:])
