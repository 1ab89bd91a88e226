"""Pictures on S3, as in a cluster: a backend of its own with a stand-in of S3."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import re
import struct
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib

from proof import ROOT, finish, hold, proof, tool
from rotation import free_port, running, until

BUCKET = "oxcart-check-media"
PASSWORD = "correct horse battery staple"


def request(url, method="GET", body=None, headers=None):
    asked = urllib.request.Request(url, body, headers or {}, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


class Bucket:
    """What lies on the stand-in of S3; nobody checks signatures here."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/{BUCKET}"

    def make(self):
        status, _, body = request(self.url, "PUT", b"")
        hold(status == 200, f"no bucket was made: {status} {body[:200]}")

    def keys(self):
        found, after = [], ""
        while True:
            _, _, body = request(f"{self.url}?list-type=2{after}")
            found += re.findall(rb"<Key>([^<]*)</Key>", body)
            more = re.search(rb"<NextContinuationToken>([^<]*)<", body)
            if not more:
                return [key.decode() for key in found]
            after = "&continuation-token=" + urllib.parse.quote(more.group(1).decode())


class Backend:
    """A backend with a database of its own, on the server of the checks' shop."""

    def __init__(self, folder, port):
        self.folder, self.api = folder, free_port()
        self.base, self.log = f"http://127.0.0.1:{self.api}", folder / "backend.log"
        address = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = {
            **kept, "DATABASE_URL": address._replace(path="/oxcart_media").geturl(), "MEDIA_STORE": f"s3://{BUCKET}/media",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "none", "LISTEN": f"127.0.0.1:{self.api}",
            "OPS_LISTEN": f"127.0.0.1:{free_port()}", "MAIL_DIR": str(folder / "mail"), "RATE_LIMIT_SCALE": "1000",
            "JWT_SECRET": "only the checks know this, and it is long enough",
        }

    def run(self, *arguments):
        program = [os.environ["BACKEND_BIN"], *arguments]
        answer = subprocess.run(program, env=self.environment, capture_output=True, text=True, timeout=300, cwd=ROOT)
        hold(answer.returncode == 0, f"{arguments[0]}: {answer.stderr[-400:]}")
        return answer.stdout

    def ask(self, method, path, body=None, headers=None, token=None):
        headers = {"content-type": "application/json", **(headers or {})}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        status, answered, body = request(self.base + path, method, data, headers)
        return status, answered, json.loads(body) if body else None

    def come_in(self):
        """The token of the first administrator."""
        secret = self.run("first-admin", "ann@example.com").split()[-1]
        _, _, half = self.ask("POST", "/api/admin/auth/accept", {"token": secret, "name": "Ann", "password": PASSWORD})
        _, _, told = self.ask("POST", "/api/admin/auth/enrol", token=half["token"])
        status, _, opened = self.ask("POST", "/api/admin/auth/code", {"code": code(told["secret"])}, token=half["token"])
        hold(status == 200, f"nobody comes in: {status} {opened}")
        return opened["token"]


def code(secret):
    """The authenticator's code at this moment."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def png(width, height):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes((x + y) % 256 for x in range(width) for _ in range(3)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def shown(backend, bucket):
    keys = bucket.keys()
    hold(len(keys) > 400 and all(key.startswith("media/") for key in keys), f"{len(keys)} objects: {keys[:3]}")
    _, _, home = backend.ask("GET", "/api/home")
    url = home["hero"]["picture"]["sources"][0]["url"]
    status, headers, body = request(backend.base + url)
    name = url.rsplit("/", 1)[1]
    hold(status == 200 and body == (ROOT / "backend/demo/pictures" / name).read_bytes(), f"{url}: {status}, {len(body)} bytes")
    hold("immutable" in headers["cache-control"] and headers["content-type"] == "image/avif", f"{url}: {headers}")
    status, _, _ = request(backend.base + url, headers={"if-none-match": headers["etag"]})
    hold(status == 304, f"a known picture answers {status}")
    status, _, _ = request(backend.base + "/api/media/nothing-400.webp")
    hold(status == 404, f"what is not there answers {status}")
    before = len(keys)
    backend.run("seed")
    hold(len(bucket.keys()) == before, "a second seed keeps other files")


def kept(backend, bucket):
    before, token = set(bucket.keys()), backend.come_in()
    status, _, sent = backend.ask("POST", "/api/admin/media?alt=Stripes", png(500, 300), {"content-type": "image/png"}, token)
    hold(status == 201, f"a picture is answered {status} {sent}")
    path = f"/api/admin/media/{sent['id']}"
    until("the files of a picture", lambda: backend.ask("GET", path, token=token)[2]["is_ready"], 60)
    _, headers, sheet = backend.ask("GET", path, token=token)
    new = set(bucket.keys()) - before
    named = {"media/" + it["url"].rsplit("/", 1)[1] for it in sheet["picture"]["sources"]}
    hold(new == named and len(new) == 4, f"on S3: {sorted(new)}, shown: {sorted(named)}")
    status, _, body = request(backend.base + sheet["picture"]["sources"][-1]["url"])
    hold(status == 200 and body[8:12] == b"WEBP", f"a new picture answers {status}")
    status, _, _ = backend.ask("DELETE", path, headers={"if-match": headers["etag"]}, token=token)
    hold(status == 204, f"taking it away is answered {status}")
    until("the end of its files", lambda: set(bucket.keys()) == before, 60)
    return token


def away(backend, token):
    """Without S3: no picture, and all else."""
    _, _, home = backend.ask("GET", "/api/home")
    begun = time.monotonic()
    status, headers, _ = request(backend.base + home["hero"]["picture"]["sources"][0]["url"])
    hold(status == 503 and headers["retry-after"], f"a picture answers {status}")
    status, _, told = backend.ask("POST", "/api/admin/media", png(20, 20), {"content-type": "image/png"}, token)
    hold(status == 503, f"a picture that is sent in is answered {status} {told}")
    hold(time.monotonic() - begun < 17, "both took longer than a request may")
    for page in ("/api/products", "/api/health/ready"):
        status, _, _ = backend.ask("GET", page)
        hold(status == 200, f"{page} answers {status}")


def main():
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="oxcart-media-")))
        port = free_port()
        s3 = stack.enter_context(contextlib.ExitStack())
        bucket, backend, token = Bucket(port), Backend(folder, port), None
        with proof("media: the demo shop's pictures are kept on S3, and shown from there for a year"):
            s3.enter_context(running(tool("moto_server"), "-H", "127.0.0.1", "-p", port, log=folder / "moto.log"))
            until("the stand-in's start", lambda: request(f"http://127.0.0.1:{port}/moto-api/")[0] == 200, 40)
            bucket.make()
            backend.run("migrate")
            backend.run("seed")
            serve = [os.environ["BACKEND_BIN"], "serve", "--with-worker"]
            stack.enter_context(running(*serve, env=backend.environment, log=backend.log, cwd=ROOT))
            until("the start", lambda: request(backend.base + "/api/health/ready")[0] == 200, 40)
            shown(backend, bucket)
        with proof("media: what staff send in becomes files on S3, and they go when it is taken away"):
            token = kept(backend, bucket)
        with proof("media: while S3 is away, pictures are 503 and all else is there"):
            hold(token, "nobody came in")
            s3.close()
            away(backend, token)
    finish()


if __name__ == "__main__":
    main()
