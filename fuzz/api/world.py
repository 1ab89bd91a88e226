"""What the shop has told of so far: ids, names, versions and secrets of real things, for made-up ones."""

import collections
import json
import random
import re

ID = re.compile(r"^([a-z]+)_[0-9a-f]{32}$")
UUID = re.compile(r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$")
# Names that stand in addresses, by the operation that takes them.
ADDRESSES = {
    ("/api/test-provider", "reference"): re.compile(r"test-provider/([\w-]+)"),
    ("/api/media", "key"): re.compile(r"/api/media/([\w.-]+)"),
}
# Names that are no ids, by the parameter that takes them and the part of the path before it.
NAMED = {"handle", "slug", "reference", "key", "path", "next_cursor"}
# What no answer tells of.
STANDING = {"menu": ["footer"]}
KEPT = 60
# How often something real stands for what was made up.
SHARE = 0.75


def first_part(path):
    """The part of a path before its first parameter."""
    return path.split("/{")[0]


class World:
    """What is known, with a chance of its own: the same seed and answers make the same requests."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.ids = collections.defaultdict(lambda: collections.deque(maxlen=KEPT))
        self.names = collections.defaultdict(lambda: collections.deque(maxlen=KEPT))
        self.within = collections.defaultdict(set)
        self.versions, self.secrets, self.totals = {}, {}, {}

    def learn(self, path, said):
        """Remembers ids, names, versions, totals and secrets of an answer."""
        self.walk(first_part(path), said, [])
        for place, pattern in ADDRESSES.items():
            for found in pattern.findall(json.dumps(said)):
                self.note(self.names[place], found)
        if isinstance(said, dict):
            cart, order = said.get("cart"), said.get("order")
            if isinstance(cart, dict) and isinstance(said.get("token"), str):
                self.secrets[cart["id"]] = said["token"]
            if isinstance(order, dict) and isinstance(said.get("order_token"), str):
                self.secrets[order["id"]] = said["order_token"]

    def note(self, known, found):
        """Keeps something once."""
        if found not in known:
            known.append(found)

    def walk(self, path, said, around):
        """Notes what has an id, a name or a version, however deep, and what it is a part of."""
        if isinstance(said, list):
            for one in said:
                self.walk(path, one, around)
        elif isinstance(said, dict):
            self.note_thing(said)
            around = around + [said["id"]] if isinstance(said.get("id"), str) else around
            for name, value in said.items():
                if name in NAMED and isinstance(value, str):
                    self.note(self.names[path, name], value)
                if name == "id" and isinstance(value, str) and UUID.match(value):
                    self.note(self.names[path, name], value)
                self.walk(path, value, around)
        elif isinstance(said, str) and (kind := ID.match(said)):
            self.note(self.ids[kind[1]], said)
            self.note(self.names[path, kind[1]], said)
            for outer in around:
                self.within[outer].add(said)

    def note_thing(self, said):
        """Notes at which version something is, and what it costs."""
        for name in [said.get(name) for name in ("id", "key", "slug", "menu")]:
            if isinstance(name, str) and isinstance(said.get("version"), int):
                self.versions[name] = said["version"]
        total = said.get("total") or (said.get("totals") or {}).get("total")
        if isinstance(said.get("id"), str) and isinstance(total, dict):
            self.totals[said["id"]] = total

    def note_version(self, name, etag):
        """Notes at which version something is, where the answer says so beside it."""
        if name and (found := re.fullmatch(r'"v(\d+)"', etag or "")):
            self.versions[name] = int(found[1])

    def forget(self, name):
        """It is gone."""
        for known in (*self.ids.values(), *self.names.values()):
            if name in known:
                known.remove(name)

    def pick(self, known, wanted):
        """One of the known for a made-up one, most of the time; what is known already stays."""
        known = list(known)
        return wanted if wanted in known or not self.often(known) else self.chance.choice(known)

    def often(self, known=True):
        """Whether to be sensible this time."""
        return bool(known) and self.chance.random() < SHARE

    def known(self, kind, path, outer):
        """The known of a kind: parts of what is around it, else those that can be opened, that are told of here, or all."""
        ids = self.ids[kind]
        inside = [one for one in ids if one in self.within[outer]] if outer else []
        return inside or [one for one in ids if one in self.secrets] or self.names[path, kind] or ids

    def real(self, value, path=None, outer=None):
        """A value with the ids in it exchanged."""
        if isinstance(value, dict):
            return {name: self.real(one, path, outer) for name, one in value.items()}
        if isinstance(value, list):
            return [self.real(one, path, outer) for one in value]
        if isinstance(value, str) and (kind := ID.match(value)):
            return self.pick(self.known(kind[1], path, outer), value)
        return value

    def named(self, path, name, value, outer=None):
        """A real name for a made-up one in a path; what is bought is ready to be."""
        ready = self.names[path, "ready"]
        if ready and outer is None:
            return ready[-1] if value not in self.ids["cart"] and self.often() else value
        if not isinstance(value, str) or ID.match(value):
            return self.real(value, first_part(path), outer)
        return self.pick(self.names[first_part(path), name] or STANDING.get(name, []), value)
