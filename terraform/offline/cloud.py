"""What the stand-in answers: plans with unknowns, resources with made-up but plausible values."""

import hashlib
import json
import secrets
import string
from collections import Counter
from threading import Lock

import msgpack

ACCOUNT = "123456789012"
UNKNOWN = msgpack.ExtType(0, b"\0")


def is_unknown(value):
    return isinstance(value, msgpack.ExtType)


class Cloud:
    """Keeps no resources: Terraform's state does. Keeps what was generated and written, for proofs."""

    def __init__(self, schema, overlay, record):
        self.schema, self.overlay, self.record = schema, overlay, record
        self.region, self.default_tags = "us-east-1", {}
        self.twins, self.lock = Counter(), Lock()

    def configure(self, config):
        self.region = config.get("region") or self.region
        for block in config.get("default_tags") or ():
            self.default_tags = block.get("tags") or {}

    def plan(self, kind, prior, proposed, config):
        """The planned state: what the configuration says, and unknown what AWS will say."""
        if proposed is None:
            return None
        block = self.schema["resource_schemas"][kind]["block"]
        planned = self.fill(block, proposed, config, prior is None)
        if "tags_all" in planned:
            planned["tags_all"] = self.all_tags(config)
        return planned

    def all_tags(self, config):
        tags = config.get("tags")
        if is_unknown(tags):
            return UNKNOWN
        return {**self.default_tags, **(tags or {})}

    def fill(self, block, proposed, config, new):
        """Unknown for what only AWS knows; null for what may never be kept."""
        planned = {}
        for name, attribute in block["attributes"].items():
            value = proposed.get(name)
            if attribute.get("write_only"):
                value = None
            elif attribute.get("computed") and value is None and new and (config or {}).get(name) is None:
                value = self.region if name == "region" else UNKNOWN
            planned[name] = value
        for name, nested in block.get("block_types", {}).items():
            planned[name] = self.fill_nested(nested, proposed.get(name), (config or {}).get(name), new)
        return planned

    def fill_nested(self, nested, proposed, config, new):
        if proposed is None or is_unknown(proposed):
            return proposed
        if nested["nesting_mode"] == "single":
            return self.fill(nested["block"], proposed, config, new)
        if nested["nesting_mode"] == "map":
            return {key: self.fill(nested["block"], one, one, new) for key, one in proposed.items()}
        # A set has no order to pair its members by; none that this project uses has computed values.
        return [self.fill(nested["block"], one, one, new) for one in proposed]

    def apply(self, kind, prior, planned, config):
        """The new state: every unknown gets a value."""
        if planned is None:
            return None
        self.note_written(kind, prior or {}, planned, config)
        block = self.schema["resource_schemas"][kind]["block"]
        known = {key: value for key, value in planned.items() if not is_unknown(value)}
        return self.settle(block, planned, Names(self, kind, known, self.twin(kind, known)))

    def settle(self, block, planned, names):
        settled = {}
        for name, attribute in block["attributes"].items():
            value = planned.get(name)
            settled[name] = names.value(name, attribute["type"]) if is_unknown(value) else value
        for name, nested in block.get("block_types", {}).items():
            value = planned.get(name)
            if isinstance(value, list):
                value = [self.settle(nested["block"], one, names) for one in value]
            elif isinstance(value, dict):
                value = self.settle(nested["block"], value, names)
            settled[name] = value
        return settled

    def read(self, kind, config):
        """A data source: what was asked, and values for the rest."""
        block = self.schema["data_source_schemas"][kind]["block"]
        known = {key: value for key, value in config.items() if value is not None}
        known.setdefault("region", self.region)
        # Asking twice gives the same answer.
        names = Names(self, "data." + kind, known, 0)
        found = dict(config)
        for name, attribute in block["attributes"].items():
            if found.get(name) is None and (attribute.get("computed") or names.has(name)):
                found[name] = names.value(name, attribute["type"])
        return found

    def open(self, kind, config):
        """An ephemeral resource. The one there is makes passwords."""
        letters = string.ascii_letters + string.digits
        if not config.get("exclude_punctuation"):
            letters += "!#$%&*()-_=+[]{}<>:?"
        length = int(config.get("password_length") or 32)
        password = "".join(secrets.choice(letters) for _ in range(length))
        self.note("generated", {"kind": kind, "value": password})
        return {**config, "random_password": password}

    def note_written(self, kind, prior, planned, config):
        """Remembers what a write-only argument was given, when its version says it is new."""
        for name in planned:
            version = planned.get(name + "_version")
            if name.endswith("_wo") and config.get(name) is not None and version != prior.get(name + "_version"):
                about = planned.get("secret_id") or planned.get("identifier") or planned.get("replication_group_id")
                self.note("written", {"kind": kind, "argument": name, "about": about, "value": config[name]})

    def note(self, what, line):
        if self.record:
            with self.lock, open(f"{self.record}/{what}.jsonl", "a", encoding="utf-8") as out:
                out.write(json.dumps(line) + "\n")

    def twin(self, *about):
        """Tells two resources of the same configuration apart."""
        with self.lock:
            self.twins[repr(about)] += 1
            return self.twins[repr(about)]


class Names:
    """Values for one resource, the same for the same configuration."""

    def __init__(self, cloud, kind, known, twin):
        self.given = cloud.overlay["values"].get(kind, {})
        words = json.dumps([kind, known, twin], sort_keys=True, default=str)
        digest = hashlib.sha256(words.encode()).hexdigest()
        self.words = {"account": ACCOUNT, "region": cloud.region, "hash": digest[:17]}
        for key, value in known.items():
            if isinstance(value, (str, int)):
                self.words[key] = value
        service, _, thing = kind.removeprefix("data.").removeprefix("aws_").partition("_")
        self.words.update(service=service, thing=thing.replace("_", "-") or service)
        self.words["id"] = self.words.get("id") or self.template("id", "{thing}-{hash}")

    def template(self, name, otherwise):
        given = self.given.get(name, otherwise)
        if not isinstance(given, str):
            return given
        return given.format_map(Missing(self.words))

    def has(self, name):
        return name in self.given

    def value(self, name, kind):
        if name in self.given:
            return self.template(name, None)
        if name == "id":
            return self.words["id"]
        if isinstance(kind, list):
            return self.made_up(name, *kind)
        if kind == "string":
            if name.endswith("arn"):
                return "arn:aws:{service}:{region}:{account}:{thing}/{id}".format_map(self.words)
            return "{name}-{hash}".format_map({**self.words, "name": name.replace("_", "-")})
        return {"number": 1, "bool": False}[kind]

    def made_up(self, name, shape, inner):
        if shape == "map":
            return {}
        if shape == "object":
            return {key: self.value(key, kind) for key, kind in inner.items()}
        if isinstance(inner, list) and inner[0] == "object":
            return [self.value(name, inner)]
        return []


class Missing(dict):
    """A word that a resource was not given stays visible instead of ending the run."""

    def __missing__(self, key):
        return f"no-{key}"
