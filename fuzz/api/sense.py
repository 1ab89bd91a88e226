"""What a person would write: values that no document can tell, for some of what was made up."""

import struct
import zlib

import people
from buying import ADDRESS, PAYMENTS

# What a field of any body may well be.
WORDS = {
    "answer": ["confirm", "refuse"],
    "country": ["DE", "AT", "FR", "US"],
    "currency": ["EUR", "USD"],
    "role": ["support", "catalog", "finance", "admin"],
    "state": [None],
    "target": ["/pages/terms", "/products"],
}
# What stands before the secret in the letter that opens it.
OPENED_BY_LETTER = {
    "/api/auth/email/verify": "/account/email?token=",
    "/api/auth/password/reset": "/account/reset?token=",
    "/api/auth/register/verify": "/account/verify?token=",
    "/api/admin/auth/accept": "for a day: ",
}
# Where a password is told that somebody has, and where an address of somebody.
KNOWN = {
    "password": (
        *("/auth/login", "/auth/sign-in", "/customers/me", "/reauthenticate", "/me/email"),
        *("/api/customers", "/register/verify", "/password/reset"),
    ),
    "current": ("/password",),
    "email": ("/auth/login", "/auth/sign-in", "/forgot", "/customers/me"),
}
CATALOGUE = """Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Status
cup-{0},Cup {0},Title,Default Title,cup-{0},{1}.50,http://pictures.example/{0}.png,active
"""


def picture(colour):
    """A small PNG of one colour."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + colour.to_bytes(3) * 4) * 4
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def filled(value, chance):
    """A body with some of its fields as a person would fill them in."""
    if isinstance(value, list):
        return [filled(one, chance) for one in value]
    if not isinstance(value, dict):
        return value
    value = {name: filled(one, chance) for name, one in value.items()}
    if "line1" in value and chance.random() < 0.75:
        value |= ADDRESS
    for name in WORDS.keys() & value.keys():
        if not isinstance(value[name], (dict, list)) and chance.random() < 0.75:
            value[name] = chance.choice(WORDS[name])
    if isinstance(value.get("quantity"), int) and chance.random() < 0.75:
        value["quantity"] = chance.randint(1, 3)
    return value


def told(case, body, world, person):
    """A body with what its sender would know: totals, links, passwords and cards."""
    path, thing = case.operation.path, next(iter((case.path_parameters or {}).values()), None)
    body = filled(body, world.chance)
    if not world.often():
        return body
    if path.endswith("/complete"):
        body |= {"payment": world.chance.choice(PAYMENTS)}
    for name in {"expected_total", "amount"} & body.keys():
        if isinstance(body[name], dict) and thing in world.totals:
            body[name] = world.totals[thing]
    if path in OPENED_BY_LETTER and (links := people.links(OPENED_BY_LETTER[path])):
        body |= {"token": links[0]}
    known = {"password": people.PASSWORD, "current": people.PASSWORD, "email": person and person["email"]}
    return body | {name: known[name] for name in known.keys() & body.keys() if known[name] and path.endswith(KNOWN[name])}


def file(case, body, chance):
    """A picture or a catalogue that can be read, where one is sent."""
    if chance.random() > 0.5:
        return body
    number = chance.randrange(1 << 24)
    if case.operation.path == "/api/admin/media":
        return picture(number)
    return CATALOGUE.format(number % 1000, number % 90) if case.operation.path == "/api/admin/imports" else body
