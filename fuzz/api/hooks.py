"""What Schemathesis is told beside the API's document: who asks, what there is, and what else to check.

Made-up ids name nothing, so most requests would end at "not found". Whatever the shop answers is
remembered here, and ids, versions and secrets that were only made up are exchanged for those of real
things before a request goes out: three times in four, so that what is not there is asked for too.
"""

import atexit
import collections
import json
import os
import pathlib
import random
import re
import zlib

import people
import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.generation import GenerationMode

WHO = os.environ["FUZZ_AS"]
PEOPLE = json.loads(pathlib.Path(os.environ["FUZZ_PEOPLE"]).read_text())
COUNTS = pathlib.Path(os.environ["FUZZ_COUNTS"])

ID = re.compile(r"^([a-z]+)_[0-9a-f]{32}$")
IDS = re.compile(r'"([a-z]+_[0-9a-f]{32})"')
# Names that are no ids, by the parameter that takes them and the part of the path before it.
NAMED = {"handle", "slug", "reference", "key", "path"}
KEPT = 60
LOG = pathlib.Path(os.environ["FUZZ_LOG"]).open("w")


class World:
    """What the shop has told of so far."""

    def __init__(self):
        self.ids = collections.defaultdict(lambda: collections.deque(maxlen=KEPT))
        self.names = collections.defaultdict(lambda: collections.deque(maxlen=KEPT))
        self.versions = {}
        self.secrets = {}

    def learn(self, path, answer):
        """Remembers ids, names, versions and secrets of an answer."""
        try:
            said = answer.json()
        except ValueError:
            return
        text = json.dumps(said)
        for found in IDS.findall(text):
            known = self.ids[found.split("_")[0]]
            if found not in known:
                known.append(found)
        self.walk(path.split("/{")[0], said)
        if isinstance(said, dict):
            self.note_version(said)
            cart, order = said.get("cart"), said.get("order")
            if isinstance(cart, dict) and isinstance(said.get("token"), str):
                self.secrets[cart["id"]] = said["token"]
            if isinstance(order, dict) and isinstance(said.get("order_token"), str):
                self.secrets[order["id"]] = said["order_token"]

    def walk(self, path, said):
        """Notes what has a name or a version, however deep."""
        if isinstance(said, list):
            for one in said:
                self.walk(path, one)
        elif isinstance(said, dict):
            self.note_version(said)
            for name, value in said.items():
                if name in NAMED and isinstance(value, str) and value not in self.names[path, name]:
                    self.names[path, name].append(value)
                elif isinstance(value, (dict, list)):
                    self.walk(path, value)

    def note_version(self, said):
        """Notes at which version something is."""
        names = [said.get(name) for name in ("id", "key", "slug", "menu")]
        for name in names:
            if isinstance(name, str) and isinstance(said.get("version"), int):
                self.versions[name] = said["version"]

    def pick(self, known, wanted):
        """One of the known for a made-up one; the same for the same, and none for a quarter of them."""
        chance = random.Random(zlib.crc32(wanted.encode()))
        return chance.choice(list(known)) if known and chance.random() < 0.75 else wanted

    def real(self, value):
        """A value with the ids in it exchanged."""
        if isinstance(value, dict):
            return {name: self.real(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.real(one) for one in value]
        if isinstance(value, str) and (kind := ID.match(value)):
            return self.pick(self.ids[kind[1]], value)
        return value


world = World()
counts = collections.Counter()


@schemathesis.auth(refresh_interval=120)
class Caller:
    """Shows the token of whoever asks, where the document says that one is wanted or it may be."""

    def get(self, case, context):
        if WHO == "customer":
            return sign_in()
        return PEOPLE["admin"]["token"] if WHO == "staff" else None

    def set(self, case, data, context):
        if WHO == "staff" and case.operation.path == "/api/admin/auth/sign-out":
            # Whoever signs out is gone: the administrator has to stay.
            data = PEOPLE["leaver"]["token"]
        if data:
            case.headers["Authorization"] = f"Bearer {data}"


def sign_in():
    """A fresh access token of the customer."""
    return people.ask("POST", "/auth/login", PEOPLE["customer"])["access_token"]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Exchanges what was made up for what there is."""
    if case.meta is None:
        return
    for part, mode in ((location.value, info.mode) for location, info in case.meta.components.items()):
        if mode == GenerationMode.NEGATIVE:
            continue
        if part == "path" and case.path_parameters:
            case.path_parameters = {
                name: named(case, name, value) for name, value in case.path_parameters.items()
            }
        elif part == "query" and case.query:
            case.query = world.real(case.query)
        elif part == "body" and isinstance(case.body, (dict, list)):
            case.body = world.real(case.body)
    show_secrets(case)


def named(case, name, value):
    """A real name for a made-up one in a path."""
    if not isinstance(value, str):
        return value
    if ID.match(value):
        real = world.real(value)
        # Nobody sends themselves away in the middle of their work.
        staying = real in (PEOPLE["admin"]["id"], PEOPLE["leaver"]["id"]) and case.method != "GET"
        return f"stf_{0:032x}" if staying else real
    return world.pick(world.names[case.operation.path.split("/{")[0], name], value)


def show_secrets(case):
    """Shows the version and the secret that belong to what the path names."""
    for name in (case.path_parameters or {}).values():
        secret = world.secrets.get(name)
        if secret and str(name).startswith("cart_"):
            case.headers.setdefault("X-Cart-Token", secret)
        elif secret:
            case.headers.setdefault("X-Order-Token", secret)
        headers = {name.lower(): name for name in case.headers}
        if "if-match" in headers and name in world.versions and not case.meta.is_negative_at("header"):
            case.headers[headers["if-match"]] = f'"v{world.versions[name]}"'


@schemathesis.hook
def after_call(context, case, response):
    """Counts, and remembers."""
    phase = case.meta.phase.name.value if case.meta else "other"
    write_down(phase, case, response)
    counts[phase] += 1
    counts[f"{response.status_code // 100}XX"] += 1
    if response.status_code in range(200, 300):
        world.learn(case.operation.path, response)


def write_down(phase, case, response):
    """A line in the log for every request: how it was meant, how it was answered, and why it was refused."""
    mode = case.meta.generation.mode.value if case.meta else "?"
    why = ""
    if response.status_code in range(400, 500):
        said = response.json() if response.content else {}
        why = [said.get("code"), said.get("detail"), [one["pointer"] for one in said.get("errors", [])]]
    print(response.status_code, phase, mode, case.method, case.operation.path, case.path_parameters, why, file=LOG)


@schemathesis.check
def problems_have_codes(context, response, case):
    """What fits the document can be read: only rules that no document can say may refuse it, and they name themselves."""
    mode = case.meta.generation.mode if case.meta else None
    if mode != GenerationMode.POSITIVE or response.status_code not in (400, 415, 422):
        return
    said = response.json()
    # Two rules of all bodies, which would have to stand at each text and number of them: no text holds
    # U+0000, and a whole number is written without a point, though JSON Schema lets 76.0 be one.
    if "U+0000" in said["detail"] or "invalid type: floating point" in said["detail"]:
        return
    if said["code"] in ("bad_request", "unsupported_media_type") or (said["code"] == "invalid" and not said.get("errors")):
        raise Failure(
            operation=case.operation.label,
            title="What fits the document could not be read",
            message=said["detail"],
        )


@atexit.register
def tell():
    """Leaves the counts for who started this."""
    COUNTS.write_text(json.dumps(counts))
