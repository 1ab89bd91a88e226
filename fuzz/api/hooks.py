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

import buying
import people
import schemathesis
import sense
from callers import Callers
from schemathesis.core.failures import Failure
from schemathesis.generation import GenerationMode
from world import World

WHO = os.environ["FUZZ_AS"]
SEED = os.environ["FUZZ_SEED"]
PEOPLE = json.loads(pathlib.Path(os.environ["FUZZ_PEOPLE"]).read_text())
COUNTS = pathlib.Path(os.environ["FUZZ_COUNTS"])
DOCUMENT = json.loads(pathlib.Path(os.environ["FUZZ_DOCUMENT"]).read_text())
LOG = pathlib.Path(os.environ["FUZZ_LOG"]).open("w")
# Those in whose name is asked: nobody changes them in the middle of their work.
STAYING = {PEOPLE["admin"]["id"], PEOPLE["customer"]["id"]}
# After so many requests somebody buys something.
PACE = 100

world = World(SEED)
callers = Callers(WHO, PEOPLE, f"{WHO}-{SEED}")
counts = collections.Counter()
answers = []
fuzzed = set()


def mine():
    """The operations that this caller is asked to try: method and path."""
    for path, operations in DOCUMENT["paths"].items():
        if path.startswith("/api/admin/") == (WHO == "staff"):
            yield from ((method.upper(), path, operation) for method, operation in operations.items())


def go_shopping(number):
    """Somebody fills a cart, or buys: the customer for themselves; staff get orders and parcels of guests."""
    token = callers.of_main() if WHO == "customer" else None
    what = buying.shop(world, token, number, PEOPLE["admin"]["token"] if WHO == "staff" else None)
    counts["carts"] += what == "went shopping"
    print(what, file=LOG)


def look_around():
    """Reads whatever can be read before anything is made up: all lists, then what is in them; then somebody buys."""
    for params in (0, 1):
        for method, path, operation in mine():
            needed = [one for one in operation.get("parameters", []) if one["required"]]
            if method != "GET" or len(needed) != params or "export" in path or any(one["in"] != "path" for one in needed):
                continue
            for place in places(path, needed):
                said = people.answer("GET", place.removeprefix("/api"), token=callers.token(method, path))
                if said.status_code == 200 and "json" in said.headers.get("content-type", ""):
                    world.learn(path, said.json())
                    world.note_version(place.rsplit("/", 1)[-1], said.headers.get("etag"))
    for number in range(8):
        go_shopping(number)


def places(path, needed):
    """The path with the names of some of what is known in it."""
    if not needed:
        return [path]
    name, kind = needed[0]["name"], needed[0]["schema"].get("$ref", "").rsplit("/", 1)[-1]
    prefix = DOCUMENT["components"]["schemas"].get(kind, {}).get("pattern", "^")[1:].split("_")[0]
    known = list(world.ids[prefix] if prefix else world.names[path.split("/{")[0], name])
    return [path.replace(f"{{{name}}}", one) for one in known[-8:]]


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Shows the token of whoever asks, where the document says that one is wanted or it may be."""

    def get(self, case, context):
        return callers.token(case.method, case.operation.path)

    def set(self, case, data, context):
        if data:
            case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Nothing is asked before what there is was looked at."""
    look_around()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Exchanges what was made up for what there is."""
    if case.meta is None:
        return
    for part, mode in ((location.value, info.mode) for location, info in case.meta.components.items()):
        if mode == GenerationMode.NEGATIVE:
            continue
        if part == "path" and case.path_parameters:
            case.path_parameters = named(case)
        elif part == "query" and case.query:
            case.query = {name: asked(case, name, value) for name, value in case.query.items()}
        elif part == "body" and isinstance(case.body, dict):
            case.body = sense.told(case, world.real(case.body, case.operation.path.split("/{")[0]), world, callers.person)
        elif part == "body" and case.meta.generation.mode == GenerationMode.POSITIVE:
            case.body = sense.file(case, case.body, world.chance)
    show_secrets(case)


def named(case):
    """Real names for made-up ones in a path."""
    names, outer = {}, None
    for name, value in case.path_parameters.items():
        outer = names[name] = world.named(case.operation.path, name, value, outer)
        if outer in STAYING and case.method != "GET":
            names[name] = value if value != outer else f"{value.split('_')[0]}_{0:032x}"
    return names


def asked(case, name, value):
    """The same for what a query asks for. No text holds U+0000, which would have to stand at each of them."""
    value = value.replace("\0", "") if isinstance(value, str) else value
    if name == "cursor":
        return world.pick(world.names[case.operation.path.split("/{")[0], "next_cursor"], value)
    if name == "path":
        return world.pick(world.names["/api/admin/content/redirects", "path"] or [people.OLD_PATH], value)
    return world.real(value, case.operation.path.split("/{")[0])


def show_secrets(case):
    """Shows the version and the secret that belong to what the path names."""
    for name in (case.path_parameters or {}).values():
        secret = world.secrets.get(name)
        if secret and str(name).startswith("cart_"):
            case.headers["X-Cart-Token"] = secret
        elif secret and not case.meta.is_negative_at("query"):
            case.query = {**(case.query or {}), "token": secret}
        headers = {name.lower(): name for name in case.headers}
        if "if-match" in headers and name in world.versions and not case.meta.is_negative_at("header"):
            case.headers[headers["if-match"]] = f'"v{world.versions[name]}"'


@schemathesis.hook
def after_call(context, case, response):
    """Counts, and remembers."""
    phase, status = case.meta.phase.name.value if case.meta else "other", response.status_code
    write_down(phase, case, response)
    answers.append(status)
    counts[phase] += 1
    counts[f"{status // 100}XX"] += 1
    counts["429"] += status == 429
    if case.meta and case.meta.generation.mode == GenerationMode.POSITIVE:
        counts["fitting"] += 1
        counts["fitting 2XX"] += status in range(200, 300)
    if phase == "fuzzing":
        fuzzed.add((case.method, case.operation.path))
    remember(case, response)
    if len(answers) % PACE == 0:
        go_shopping(len(answers) // PACE)


def remember(case, response):
    """What there is now, and what is no more."""
    names = [name for name in (case.path_parameters or {}).values() if isinstance(name, str)]
    if response.status_code in range(200, 300):
        if names and (case.method == "DELETE" or case.operation.path == buying.COMPLETE):
            world.forget(names[-1])
        if "json" in response.headers.get("content-type", [""])[0] and response.content:
            said = response.json()
            world.learn(case.operation.path, said)
            thing = said.get("id") if isinstance(said, dict) else None
            world.note_version(thing or (names or [None])[-1], response.headers.get("etag", [None])[0])
    elif response.status_code == 412 and names:
        world.versions[names[-1]] = response.json().get("facts", {}).get("version", 1)


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


@schemathesis.check
def who_asks_may_go_on(context, response, case):
    """Whoever asks stays signed in and is never held back: else the rest would show nothing."""
    shown = response.request.headers.get("Authorization", "")
    is_out = callers.answered(case.method, case.operation.path, shown, response.status_code)
    # Where nobody has to be signed in, 401 tells of the body.
    is_out = is_out and case.operation.definition.raw.get("security")
    if is_out or response.status_code == 429:
        raise Failure(
            operation=case.operation.label,
            title="Who asks was signed out, or held back",
            message=response.text,
        )


@atexit.register
def tell():
    """Leaves the counts for who started this."""
    last = answers[-len(answers) // 10 :]
    counts["2XX of the last tenth"] = sum(status in range(200, 300) for status in last)
    counts["never fuzzed"] = len({(method, path) for method, path, _ in mine()} - fuzzed)
    counts["signed out"] = int(not callers.is_in())
    COUNTS.write_text(json.dumps(counts))
