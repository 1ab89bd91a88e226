"""The backend reads its own secrets: from a stand-in of AWS Secrets Manager, through a rotation under load."""

import contextlib
import glob
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

import psycopg

from proof import Broken, finish, hold, proof, tool
from shopper import Shopper

# Never to be seen in any log or message.
HIDDEN = ["oldpassword1", "newpassword2", "oldtoken3", "newtoken4", "j" * 40, "k" * 40]


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def until(what, condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError, psycopg.Error):
            if condition():
                return
        time.sleep(0.1)
    raise Broken(f"{what} did not happen within {seconds} s")


@contextlib.contextmanager
def running(*command, log, **more):
    with open(log, "wb") as out:
        child = subprocess.Popen([str(word) for word in command], stdout=out, stderr=out, **more)
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


@contextlib.contextmanager
def postgres(folder, *more):
    """A server that asks for passwords, with a role `shop` that owns a database `shop`; `more` are its settings."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    initdb = shutil.which("initdb") or (found[-1] if found else None)
    hold(initdb, "PostgreSQL's initdb is not installed")
    data, port, who = folder / "postgres", free_port(), {}
    if os.geteuid() == 0:
        who = {"user": "postgres", "group": "postgres", "extra_groups": [], "cwd": "/"}
        folder.chmod(0o755)
    data.mkdir()
    shutil.chown(data, who.get("user"), who.get("group")) if who else None
    password = folder / "password"
    password.write_text("keeper")
    password.chmod(0o644)
    command = [initdb, "-D", data, "-U", "keeper", "-A", "scram-sha-256", "--pwfile", password, "--no-sync"]
    subprocess.run(command, check=True, capture_output=True, **who)
    program = pathlib.Path(initdb).with_name("postgres")
    settings = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", *more]
    with running(program, "-D", data, "-p", port, *settings, log=folder / "postgres.log", **who):
        address = f"postgresql://keeper:keeper@127.0.0.1:{port}/postgres"
        until("PostgreSQL's start", lambda: psycopg.connect(address).close() is None)
        keeper = psycopg.connect(address, autocommit=True)
        keeper.execute("CREATE ROLE shop LOGIN CREATEDB PASSWORD 'oldpassword1'")
        keeper.execute("CREATE DATABASE shop OWNER shop")
        yield keeper, port


class Vault:
    """Secrets Manager, as far as its own words go; nobody checks signatures here."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, action, **body):
        scope = "Credential=AKIATEST/20260101/us-east-1/secretsmanager/aws4_request"
        headers = {
            "X-Amz-Target": f"secretsmanager.{action}", "Content-Type": "application/x-amz-json-1.1",
            "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0",
        }
        request = urllib.request.Request(self.url, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def create(self, name, text):
        return self.ask("CreateSecret", Name=name, SecretString=text)["ARN"]

    def put(self, name, text):
        self.ask("PutSecretValue", SecretId=name, SecretString=text)


@contextlib.contextmanager
def vault(folder):
    port = free_port()
    with running(tool("moto_server"), "-H", "127.0.0.1", "-p", port, log=folder / "moto.log"):
        it = Vault(port)
        until("the stand-in's start", lambda: it.ask("ListSecrets") is not None, 40)
        yield it


@contextlib.contextmanager
def redis(folder):
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    hold(program, "redis-server is not installed")
    port = free_port()
    command = [program, "--port", port, "--requirepass", "oldtoken3", "--save", "", "--dir", folder]
    with running(*command, log=folder / "redis.log"):
        yield port


def say_to_redis(port, *commands):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        for command in commands:
            connection.sendall(f"{command}\r\n".encode())
            hold(connection.recv(100).startswith(b"+OK"), f"Redis refused {command.split()[0]}")


class World:
    """Where everything is that a backend needs."""

    def __init__(self, folder, secrets, postgres_port, redis_port):
        self.folder, self.secrets = folder, secrets
        self.postgres_port, self.redis_port = postgres_port, redis_port
        self.api, self.ops = free_port(), free_port()
        self.log = folder / "backend.log"

    def database(self, password):
        return json.dumps({"DATABASE_URL": f"postgres://shop:{password}@127.0.0.1:{self.postgres_port}/shop"})

    def redis(self, password):
        return json.dumps({"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(self.redis_port), "REDIS_PASSWORD": password})

    def environment(self, **more):
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {
            **kept, "AWS_ENDPOINT_URL": self.secrets.url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIATEST",
            "AWS_SECRET_ACCESS_KEY": "none", "AWS_EC2_METADATA_DISABLED": "true", "SECRETS_DATABASE": "oxcart/demo/database",
            "SECRETS_REDIS": "oxcart/demo/redis", "SECRETS_REFRESH": "3600", "LISTEN": f"127.0.0.1:{self.api}",
            "OPS_LISTEN": f"127.0.0.1:{self.ops}", "MEDIA_STORE": str(self.folder / "media"), "MAIL_DIR": str(self.folder / "mail"),
            # The crowd comes from one address.
            "TEST_PAYMENTS": "true", "RATE_LIMIT_SCALE": "1000", **more,
        }

    def run(self, *arguments, **more):
        program = os.environ.get("BACKEND_BIN")
        hold(program, "BACKEND_BIN is not set; run this through `cargo xtask deploy-check`")
        return subprocess.run(
            [program, *arguments], env=self.environment(**more), capture_output=True, text=True, timeout=120,
            cwd=pathlib.Path(__file__).parents[2],
        )

    def metric(self, name, label):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.ops}/metrics", timeout=5).read().decode()
        found = re.search(rf"^{name}\{{[^}}]*{label}[^}}]*\}} (\d+)", text, re.M)
        return int(found.group(1)) if found else 0


def refusals(world):
    """What cannot be used stops the start, by name and key, never by value."""
    cases = [
        ("database", None, "oxcart/demo/nothing", ["oxcart/demo/nothing could not be read"]),
        ("database", "{}", None, ["DATABASE_URL in the secret", "is missing"]),
        ("database", "oldpassword1", None, ["is not a JSON object"]),
        ("database", '{"DATABASE_URL": "oldpassword1"}', None, ["DATABASE_URL in the secret", "is not an address"]),
        ("redis", '{"REDIS_HOST": "h"}', None, ["REDIS_PASSWORD in the secret", "is missing"]),
        ("redis", '{"REDIS_HOST": "h", "REDIS_PASSWORD": "oldtoken3", "REDIS_PORT": "p"}', None, ["REDIS_PORT in the secret", "is not a port"]),
        ("jwt", '{"JWT_SECRET": "oldtoken3"}', None, ["JWT_SECRET in the secret", "fewer than 32"]),
        ("jwt", '{"jwt_secret": "oldtoken3"}', None, ["JWT_SECRET in the secret", "is missing"]),
    ]
    for number, (kind, text, name, said) in enumerate(cases):
        name = name or f"oxcart/demo/bad-{number}"
        if text is not None:
            world.secrets.create(name, text)
        answer = world.run("serve", **{f"SECRETS_{kind.upper()}": name})
        words = answer.stdout + answer.stderr
        hold(answer.returncode != 0, f"started with {kind}: {text}")
        for part in [*said, name]:
            hold(part in words, f"{kind} {text}: no word of {part!r}: {words[-300:]}")
        hold(not any(value in words for value in HIDDEN), f"{kind} {text}: a value is shown")


class Crowd:
    """Shoppers that ask without pause; every answer is noted."""

    def __init__(self, world):
        self.base, self.answers, self.stop = f"http://127.0.0.1:{world.api}", [], threading.Event()
        self.shoppers = []

    def ask(self, method, path, body=None, headers=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"content-type": "application/json", **(headers or {})}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                self.answers.append((answer.status, path))
                return json.load(answer)
        except urllib.error.HTTPError as error:
            self.answers.append((error.code, path))
        except OSError as error:
            self.answers.append((str(error), path))
        return None

    def shop(self, variant):
        while not self.stop.is_set():
            opened = self.ask("POST", "/api/carts", {"country": "DE", "lines": [{"variant_id": variant, "quantity": 1}]})
            if opened:
                self.ask("GET", f"/api/carts/{opened['cart']['id']}/shipping-options", headers={"x-cart-token": opened["token"]})

    def come(self, count, variant):
        for _ in range(count):
            self.shoppers.append(threading.Thread(target=self.shop, args=(variant,)))
            self.shoppers[-1].start()

    def leave(self):
        self.stop.set()
        for shopper in self.shoppers:
            shopper.join()


def drill(world, keeper):
    """Each secret changes while shoppers shop; the database's password before anybody is told of it."""
    crowd = Crowd(world)
    ann = Shopper(crowd.base)
    variant = ann.variant()
    link = ann.buy(variant)
    crowd.come(1, variant)
    time.sleep(1)
    before = world.metric("oxcart_secrets_renewals_total", 'outcome="ok"')
    open_before = keeper.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'shop'").fetchone()[0]

    keeper.execute("ALTER ROLE shop PASSWORD 'newpassword2'")
    # More shoppers than connections: new ones must be opened, with a password that is not right yet.
    crowd.come(9, variant)
    time.sleep(0.7)
    world.secrets.put("oxcart/demo/redis", world.redis("newtoken4"))
    world.secrets.put("oxcart/demo/jwt", json.dumps({"JWT_SECRET": "k" * 40}))
    world.secrets.put("oxcart/demo/database", world.database("newpassword2"))
    say_to_redis(world.redis_port, "AUTH oldtoken3", "CONFIG SET requirepass newtoken4")

    try:
        until("renewal", lambda: world.metric("oxcart_secrets_renewals_total", 'outcome="ok"') > before)
        time.sleep(3)
        open_now = keeper.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'shop'").fetchone()[0]
        hold(open_now > open_before, f"no connection was opened with the new password: {open_before}, {open_now}")
        hold(ann.ask("GET", link), "the link of an order from before opens nothing")
        hold(ann.ask("GET", ann.buy(variant)), "the link of an order from after opens nothing")
    finally:
        crowd.leave()
    bad = [answer for answer in crowd.answers if answer[0] not in (200, 201)]
    hold(not bad, f"{len(bad)} of {len(crowd.answers)} requests failed: {bad[:4]}")
    hold(len(crowd.answers) > 100, f"only {len(crowd.answers)} requests")
    log = world.log.read_text()
    for words in ("the database refuses our credentials", "reached with new credentials", "Redis is reached with new", "JWT_SECRET is a new one"):
        hold(words in log, f"no word of {words!r} in the log")


def broken_later(world):
    """A secret that is spoilt later changes nothing, and is named."""
    world.secrets.put("oxcart/demo/jwt", '{"JWT_SECRET": "oldtoken3"}')
    with running(
        os.environ["BACKEND_BIN"], "serve", env=world.environment(SECRETS_REFRESH="1"), log=world.folder / "later.log",
        cwd=pathlib.Path(__file__).parents[2],
    ):
        until("the start", lambda: urllib.request.urlopen(f"http://127.0.0.1:{world.api}/api/health/ready", timeout=2).status == 200, 40)
        world.secrets.put("oxcart/demo/database", '{"DATABASE_URL": "newpassword2"}')
        until("a failed renewal", lambda: world.metric("oxcart_secrets_renewals_total", 'outcome="failed"') > 0)
        hold(Crowd(world).ask("POST", "/api/carts", {"country": "DE"}), "the shop went down with its secret")
    log = (world.folder / "later.log").read_text()
    hold("DATABASE_URL in the secret oxcart/demo/database" in log, "the log does not name secret and key")


def silent(world):
    for file in (world.log, world.folder / "later.log"):
        text = file.read_text()
        shown = [value[:4] for value in HIDDEN if value in text]
        hold(not shown, f"{file.name} shows {shown}…")


def main():
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="oxcart-secrets-")))
        world = None
        with proof("rotation: a database with passwords, a Redis with one, and a stand-in of Secrets Manager"):
            keeper, postgres_port = stack.enter_context(postgres(folder))
            redis_port = stack.enter_context(redis(folder))
            secrets = stack.enter_context(vault(folder))
            world = World(folder, secrets, postgres_port, redis_port)
            secrets.create("oxcart/demo/database", world.database("oldpassword1"))
            secrets.create("oxcart/demo/redis", world.redis("oldtoken3"))
            arn = secrets.create("oxcart/demo/jwt", json.dumps({"JWT_SECRET": "j" * 40}))
        if world:
            with proof("rotation: what is missing or malformed stops the start, named by secret and key, never by value"):
                refusals(world)
            with proof("rotation: the shop migrates and fills itself with what it reads there, by name and by ARN"):
                for command in (["migrate"], ["seed"]):
                    answer = world.run(*command, SECRETS_JWT=arn)
                    hold(answer.returncode == 0, answer.stderr[-400:])
            with proof("rotation: database password, Redis password and JWT secret change under load, no request fails"):
                environment = world.environment(SECRETS_JWT=arn)
                with running(os.environ["BACKEND_BIN"], "serve", "--with-worker", env=environment, log=world.log, cwd=pathlib.Path(__file__).parents[2]):
                    until("the start", lambda: urllib.request.urlopen(f"http://127.0.0.1:{world.api}/api/health/ready", timeout=2).status == 200, 40)
                    drill(world, keeper)
            with proof("rotation: one that is spoilt later changes nothing"):
                broken_later(world)
            with proof("rotation: no value is in any log"):
                silent(world)
    finish()


if __name__ == "__main__":
    main()
