"""The real servers: their database and cache, what they answer probes, and the backend as it is delivered."""

import base64
import contextlib
import os
import pathlib
import shutil
import subprocess
import urllib.error
import urllib.request

import psycopg

import rotation
from kube import wait_until
from parts import free_port, kept
from proof import ROOT, hold, only, render
from shopper import Shopper
from timeline import step

PASSWORD = "oldpassword1"  # What rotation.postgres gives its role.
TOKEN = "cachetoken12345"
# Where each server listens in its pods: the API or the pages, and what is for operators.
PORTS = {"backend": (4000, 9400), "frontend": (3000, 9300)}


class Data:
    """A PostgreSQL that asks for passwords and a Redis behind TLS, as the services layer makes them."""

    def __init__(self, world, stack):
        folder = world.folder / "data"
        folder.mkdir()
        self.authority = world.plane.authority.file
        _, self.postgres = stack.enter_context(rotation.postgres(folder, *_tls(folder, world.plane.authority)))
        self.redis = free_port()
        certificate, key = world.plane.authority.sign("redis")
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        hold(program, "redis-server is not installed")
        world.programs.start(
            "redis", program, "--port", 0, "--tls-port", self.redis, "--tls-cert-file", certificate, "--tls-key-file", key,
            "--tls-ca-cert-file", self.authority, "--tls-auth-clients", "no", "--requirepass", TOKEN, "--save", "",
            "--bind", "127.0.0.1", "--dir", folder,
        )
        world.programs.wait_for_port("redis", self.redis)

    def secrets(self):
        """What the services layer writes into the account, for this database and this cache."""
        parts = {"HOST": "localhost", "PORT": str(self.postgres), "NAME": "shop", "USER": "shop", "PASSWORD": PASSWORD}
        url = f"postgres://shop:{PASSWORD}@localhost:{self.postgres}/shop?sslmode=require"
        return {
            "database": {"DATABASE_URL": url, **{f"DATABASE_{name}": value for name, value in parts.items()}},
            "redis": {"REDIS_HOST": "localhost", "REDIS_PORT": str(self.redis), "REDIS_PASSWORD": TOKEN},
            "jwt": {"JWT_SECRET": "j" * 48},
        }


def _tls(folder, authority):
    """PostgreSQL's settings for TLS; it reads only a key that is its own."""
    for file, setting in zip(authority.sign("postgres"), ("server.crt", "server.key"), strict=True):
        copy = pathlib.Path(shutil.copy(file, folder / setting))
        if os.geteuid() == 0:
            shutil.chown(copy, "postgres", "postgres")
        copy.chmod(0o600)
    return "-c", "ssl=on", "-c", f"ssl_cert_file={folder}/server.crt", "-c", f"ssl_key_file={folder}/server.key"


def program(name):
    """A server's program, as `cargo xtask` built it."""
    path = os.environ.get(f"{name.upper()}_BIN")
    hold(path, f"{name.upper()}_BIN is not set; run this through `cargo xtask cluster`")
    return path


def here(world, name):
    """Of a server's settings those that cannot be the same outside of a pod: addresses and folders."""
    work = world.folder / name
    listen, ops = free_port(), free_port()
    found = {
        "LISTEN": f"127.0.0.1:{listen}", "OPS_LISTEN": f"127.0.0.1:{ops}", "SSL_CERT_FILE": str(world.data.authority),
        "MEDIA_STORE": str(work / "media"), "MAIL_DIR": str(work / "mail"), "DEMO_DIR": str(ROOT / "backend/demo"),
        "SITE_DIR": str(work), "REDIS_PORT": str(world.data.redis),
    }
    work.mkdir(exist_ok=True)
    return found, dict(zip(PORTS[name], (listen, ops), strict=True))


def answers(world):
    """Which of the probes that the charts declare the real servers answer well, as "container:port/path"."""
    world.fill()
    plain = world.values()
    settings, ports = here(world, "backend")
    environment = {**plain, "REDIS_TLS": "true", "TEST_PAYMENTS": "true", **settings}
    backend(world, environment, "migrate")
    world.programs.start("backend-probed", program("backend"), "serve", env=environment, cwd=ROOT)
    pages, page_ports = here(world, "frontend")
    url = f"http://127.0.0.1:{ports[4000]}"
    world.programs.start("frontend-probed", program("frontend"), "serve", env={
        "BACKEND_URL": url, "COOKIE_KEY": "c" * 48, **pages}, cwd=ROOT)
    found = set()
    for name, at in (("backend", ports), ("frontend", page_ports)):
        for port in at.values():
            world.programs.wait_for_port(f"{name}-probed", port, 60)
        for port, path in probes(name):
            if wait_for(lambda at=at, port=port, path=path: status(at.get(port), path) == 200):
                found.add(f"{name}:{port}{path}")
        # Whatever is no route of theirs must be seen as such, or the pods would believe anything.
        hold(status(at[PORTS[name][0]], "/api/health/no-such-probe") == 404, f"{name} answers everything")
    for name in PORTS:
        world.programs.stop(f"{name}-probed")
    return found


def wait_for(condition):
    """Whether something comes true within some seconds."""
    with contextlib.suppress(Exception):
        return wait_until("an answer", condition, 15)
    return False


def probes(name):
    """Port and path of each probe that a chart declares."""
    container = only(render(f"helm/{name}", "demo"), "Deployment")["spec"]["template"]["spec"]["containers"][0]
    named = {each["name"]: each["containerPort"] for each in container["ports"]}
    for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container[kind]["httpGet"]
        yield named.get(asked["port"], asked["port"]), asked["path"]


def status(port, path):
    """The status of an answer; None when nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError):
        return None


def backend(world, environment, *arguments):
    """Runs one command of the backend to its end."""
    answer = subprocess.run(
        [program("backend"), *arguments], env={**kept(), **environment}, cwd=ROOT, capture_output=True, text=True, timeout=180
    )
    hold(answer.returncode == 0, f"backend {' '.join(arguments)}: {(answer.stderr or answer.stdout)[-400:]}")
    return answer.stdout


def delivered(world, deployment="backend", namespace="oxcart"):
    """The environment that a container of that Deployment gets, resolved as a node would, from the cluster alone."""
    spec = world.cluster.get("Deployment", deployment, namespace)["spec"]["template"]["spec"]
    found = {}
    for source in spec["containers"][0].get("envFrom", []):
        found.update(world.cluster.get("ConfigMap", source["configMapRef"]["name"], namespace)["data"])
    for each in spec["containers"][0]["env"]:
        if "value" in each:
            found[each["name"]] = each["value"]
            continue
        reference = each["valueFrom"]["secretKeyRef"]
        data = (world.cluster.get("Secret", reference["name"], namespace) or {}).get("data", {})
        if reference.get("optional") and reference["key"] not in data:
            continue
        hold(reference["key"] in data, f"the Secret {reference['name']} has no {reference['key']}")
        found[each["name"]] = base64.b64decode(data[reference["key"]]).decode()
    return found


def run_proofs(world):
    """The backend, started with what was delivered."""
    with step("the real backend starts with the delivered environment, answers its probes and sells") as tell:
        settings, ports = here(world, "backend")
        given = delivered(world)
        environment = {**given, **settings}
        changed = sorted(name for name in settings if given.get(name, settings[name]) != settings[name])
        tell(f"{len(given)} variables from the cluster; other than in a pod are only {', '.join(changed)}")
        backend(world, environment, "migrate")
        backend(world, environment, "seed")
        world.programs.start("backend", program("backend"), "serve", "--with-worker", env=environment, cwd=ROOT)
        world.programs.wait_for_port("backend", ports[4000], 60)
        for port, path in probes("backend"):
            hold(wait_for(lambda port=port, path=path: status(ports[port], path) == 200), f"{path} is not answered")
        ann = Shopper(f"http://127.0.0.1:{ports[4000]}")
        order = ann.ask("GET", ann.buy(ann.variant()))
        tell(f"an order was placed, paid and read back: {order.get('number', order.get('id'))}")
        with psycopg.connect(given["DATABASE_URL"]) as connection:
            count = connection.execute("SELECT count(*) FROM orders").fetchone()[0]
        hold(count >= 1, "the order is not in the database that the Secret names")
        backend(world, environment, "verify")
        world.programs.stop("backend")

