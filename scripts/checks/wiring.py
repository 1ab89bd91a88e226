"""Where parts meet: names, keys and ports that one writes and another reads; the way through the CDN."""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request

import yaml

from proof import ENVIRONMENTS, ROOT, Broken, finish, hold, objects, only, proof, render, run, tool

KEYS = {"database": {"DATABASE_URL"}, "redis": {"REDIS_HOST", "REDIS_PASSWORD"}, "jwt": {"JWT_SECRET"}}
TERRAFORM = ROOT / "terraform"

# Read by libraries, not by the servers' own settings.
FOREIGN = {"AWS_REGION", "PGSSLROOTCERT"}

PORTS = {"backend": (4000, 9400), "frontend": (3000, 9300)}


def asked(name):
    """What `cargo xtask deploy-check` tells; a check that needs a shop cannot do without."""
    value = os.environ.get(name)
    hold(value, f"{name} is not set; run this through `cargo xtask deploy-check`")
    return value


# Names and keys


def settings(program):
    """The environment variables that a server reads, by its own word."""
    # The storefront has them before its command, the backend after.
    said = run(asked(f"{program.upper()}_BIN"), "serve", "--help")
    return set(re.findall(r"\[env: (\w+)", said))


def written_by_terraform():
    """Each secret's keys, as the services layer writes them."""
    text = "\n".join(file.read_text() for file in sorted((TERRAFORM / "services").glob("*.tf")))
    found = {}
    for name in KEYS:
        block = re.search(rf"^\s+{name}\s*=\s*(?:merge\()?\{{(.*?)^\s+\}}", text, re.M | re.S)
        line = re.search(rf"^\s+{name}\s*=\s*\{{(.*)\}}\s*$", text, re.M)
        inside = (line or block).group(1) if line or block else ""
        found[name] = set(re.findall(r"\b([A-Z][A-Z_]+)\s*=", inside))
    return found


def secrets():
    known = settings("backend")
    for environment in ENVIRONMENTS:
        documents = render("helm/backend", environment)
        spec = only(documents, "ExternalSecret")["spec"]
        read = {}
        for entry in spec["data"]:
            hold(entry["secretKey"] == entry["remoteRef"]["property"], f"{entry['secretKey']} is renamed on the way")
            folder, _, name = entry["remoteRef"]["key"].rpartition("/")
            hold(folder == f"oxcart/{environment}", f"reads {entry['remoteRef']['key']}")
            read.setdefault(name, set()).add(entry["secretKey"])
        hold(read == KEYS, f"{environment}: External Secrets reads {read}, the design says {KEYS}")
        target = spec["target"]["name"]
        for container in only(documents, "Deployment")["spec"]["template"]["spec"]["containers"]:
            used = {
                each["name"]: each["valueFrom"]["secretKeyRef"] for each in container["env"] if "valueFrom" in each
            }
            hold(set(used) >= set().union(*KEYS.values()), f"{environment}: the backend gets only {set(used)}")
            for name, source in used.items():
                if source["name"] == target:
                    hold(source["key"] == name and name in known, f"{name} is no setting of the backend")
        frontend = only(render("helm/frontend", environment), "Deployment")
        source = frontend["spec"]["template"]["spec"]["containers"][0]["env"][0]["valueFrom"]["secretKeyRef"]
        hold(source["name"] == target and source["key"] in KEYS["jwt"], f"the storefront reads {source}")


def secrets_of_terraform():
    written = written_by_terraform()
    for name, keys in KEYS.items():
        hold(keys <= written[name], f"terraform/services writes {written[name] or 'nothing found'} into {name}, {keys} are read")


def secrets_read_directly():
    """With `secrets.source=aws` the backend gets the same three names."""
    known = settings("backend")
    for environment in ENVIRONMENTS:
        documents = render("helm/backend", environment, "secrets.source=aws")
        hold(not objects(documents, "ExternalSecret"), "the Secret is synced all the same")
        container = only(documents, "Deployment")["spec"]["template"]["spec"]["containers"][0]
        given = {each["name"]: each.get("value") for each in container["env"]}
        for name in KEYS:
            hold(given.get(f"SECRETS_{name.upper()}") == f"oxcart/{environment}/{name}", f"{name} is not named: {given}")
        hold(set(given) - FOREIGN - {"SMTP_URL"} <= known, f"no settings: {set(given) - known}")


def every_setting():
    """Whatever charts, images and compose set is a setting of the server that gets it."""
    known = {program: settings(program) | FOREIGN for program in PORTS}
    for environment in ENVIRONMENTS:
        for program in PORTS:
            data = only(render(f"helm/{program}", environment, "metrics.serviceMonitor=true"), "ConfigMap")["data"]
            hold(set(data) <= known[program], f"{program} knows no {set(data) - known[program]}")
    for program in PORTS:
        text = (ROOT / f"Dockerfile.{program}").read_text().rpartition("\nFROM ")[2]
        given = set(re.findall(r"(\w+)=", " ".join(re.findall(r"^ENV (.*)$", text, re.M))))
        hold(given <= known[program], f"Dockerfile.{program} sets {given - known[program]}")
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    for service, program in (("backend", "backend"), ("migrate", "backend"), ("seed", "backend"), ("frontend", "frontend")):
        given = set(compose[service]["environment"])
        hold(given <= known[program], f"compose.yaml, {service}: no settings {given - known[program]}")


# Ports and sums


def ports():
    for program, wanted in PORTS.items():
        said = run(asked(f"{program.upper()}_BIN"), "serve", "--help")
        defaults = tuple(int(port) for port in re.findall(r"LISTEN=.*?\]\s*(?:\n\s*)?\[default: [\d.]+:(\d+)\]", said))
        hold(defaults == wanted, f"{program} listens on {defaults} unless told otherwise")
        exposed = re.search(r"^EXPOSE (.*)$", (ROOT / f"Dockerfile.{program}").read_text(), re.M)
        hold(tuple(map(int, exposed.group(1).split())) == wanted, f"Dockerfile.{program} exposes {exposed.group(1)}")
        for environment in ENVIRONMENTS:
            documents = render(f"helm/{program}", environment)
            container = only(documents, "Deployment")["spec"]["template"]["spec"]["containers"][0]
            named = {each["name"]: each["containerPort"] for each in container["ports"]}
            hold(tuple(named.values()) == wanted, f"{program}'s pod has ports {named}")
            data = only(documents, "ConfigMap")["data"]
            told = tuple(int(data[key].rpartition(":")[2]) for key in ("LISTEN", "OPS_LISTEN"))
            hold(told == wanted, f"{program} is told to listen on {told}")
            for port in only(documents, "Service")["spec"]["ports"]:
                hold(named.get(port["targetPort"]) == port["port"], f"the service's {port} leads nowhere")
            for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
                hold(container[kind]["httpGet"]["port"] in named, f"{program}: {kind} asks a port without a name")
            allowed = {
                port["port"]
                for rule in only(documents, "NetworkPolicy", program)["spec"]["ingress"]
                for port in rule["ports"]
            }
            hold(allowed == set(wanted), f"{program}: the network policy lets in {allowed}")
            ingress = only(documents, "Ingress")["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
            hold(ingress == {"name": program, "port": {"name": "http"}}, f"the ingress leads to {ingress}")
    for environment in ENVIRONMENTS:
        data = only(render("helm/frontend", environment), "ConfigMap")["data"]
        hold(data["BACKEND_URL"] == f"http://backend:{PORTS['backend'][0]}", f"the storefront asks {data['BACKEND_URL']}")


def ports_of_terraform():
    """What pods may reach is what the security groups let in."""
    for environment in ENVIRONMENTS:
        policy = only(render("helm/backend", environment), "NetworkPolicy", "backend")["spec"]["egress"]
        reached = {port["port"] for rule in policy for port in rule["ports"]}
        for module in ("database", "cache"):
            text = "".join(file.read_text() for file in (TERRAFORM / "modules" / module).glob("*.tf"))
            port = int(re.search(r"\bport\s*=\s*(\d+)", text).group(1))
            hold(port in reached, f"{environment}: no way to the {module} at {port}")
        redis = int(only(render("helm/backend", environment), "ConfigMap")["data"]["REDIS_PORT"])
        hold(redis == port, f"the backend asks Redis at {redis}")


def connections():
    """All replicas at their most, a rollout's extra one, the migration and the check leave a fifth free."""
    for environment in ENVIRONMENTS:
        documents = render("helm/backend", environment)
        most = only(documents, "HorizontalPodAutoscaler")["spec"]["maxReplicas"]
        pool = int(only(documents, "ConfigMap")["data"]["DATABASE_CONNECTIONS"])
        wanted = pool * (most + 1) + 2
        limit = {"demo": 110, "prod": 440}[environment]
        variables = TERRAFORM / "envs" / environment / "services.tfvars"
        if variables.exists():
            limit = int(re.search(r"^database_max_connections\s*=\s*(\d+)", variables.read_text(), re.M).group(1))
        hold(wanted <= 0.8 * limit, f"{environment}: {pool} x ({most} + 1) + 2 = {wanted} connections of {limit}")
        table = (ROOT / "docs/capacity.md").read_text()
        row = rf"\| {environment} \| {pool} \| {most} \| {wanted} \| {limit} \|"
        hold(re.search(row, table), f"docs/capacity.md does not say {row}")


# The way through the CDN


def behaviours():
    """CloudFront's paths, in order: prefix, where to, whether it may only read."""
    fixed = [("/api/media/", "backend", True), ("/api/", "backend", False), ("/assets/", "frontend", True), ("/", "frontend", False)]
    source = TERRAFORM / "modules/cdn/main.tf"
    if source.exists():
        found = re.findall(r'^\s+"(/[^"]*)\*"\s*=\s*\{ methods = local\.(\w+)', source.read_text(), re.M)
        said = [(path, methods == "reading") for path, methods in found]
        hold(said == [(path, reads) for path, _, reads in fixed[:-1]], f"terraform/modules/cdn has {said}")
    return fixed


def nginx_config(folder, port, targets):
    locations = []
    for path, target, reads in behaviours():
        limit = "limit_except GET OPTIONS { deny all; }" if reads else ""
        # Without `cookie` at what the CDN keeps: it forwards none there.
        cookie = 'proxy_set_header Cookie "";' if reads else ""
        locations.append(f"location {path} {{ {limit} {cookie} proxy_pass {targets[target]}; add_header x-origin {target} always; }}")
    return f"""
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_set_header Connection "";
    proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme;
    {' '.join(locations)}
  }}
}}
"""


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def nginx():
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        run("apt-get", "-q", "-y", "--no-install-recommends", "install", "nginx-light", env=quiet)
        found = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    hold(found, "nginx is not installed")
    return found


@contextlib.contextmanager
def running(*command, env=None, log):
    with open(log, "wb") as out:
        child = subprocess.Popen([str(word) for word in command], env={**os.environ, **(env or {})}, stdout=out, stderr=out)
        try:
            yield child
        finally:
            child.terminate()
            child.wait(20)


def wait_for(url, child, log):
    for _ in range(200):
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(url, timeout=2) as answer:
                return answer.status
        hold(child.poll() is None, f"{url}: the server ended: {pathlib.Path(log).read_text()[-300:]}")
        time.sleep(0.1)
    raise Broken(f"{url} does not answer: {pathlib.Path(log).read_text()[-300:]}")


@contextlib.contextmanager
def shop_behind_cdn():
    """A storefront of its own that believes it is at nginx's address, and nginx before both servers."""
    front, edge = free_port(), free_port()
    url = f"http://localhost:{edge}"
    with tempfile.TemporaryDirectory(prefix="oxcart-cdn-") as folder:
        config = pathlib.Path(folder) / "nginx.conf"
        targets = {"frontend": f"http://127.0.0.1:{front}", "backend": asked("API_URL").replace("localhost", "127.0.0.1")}
        config.write_text(nginx_config(folder, edge, targets))
        environment = {
            "LISTEN": f"127.0.0.1:{front}", "OPS_LISTEN": f"127.0.0.1:{free_port()}", "PUBLIC_URL": url,
            # It never forwards /api itself here: pages ask the backend, browsers ask nginx.
            "BACKEND_URL": asked("API_URL"), "SITE_DIR": asked("SITE_DIR"), "COOKIE_KEY": "only the checks know this, and it is long enough",
        }
        logs = [f"{folder}/frontend.log", f"{folder}/nginx.log"]
        with running(asked("FRONTEND_BIN"), "serve", env=environment, log=logs[0]) as frontend:
            wait_for(f"http://127.0.0.1:{front}/health/live", frontend, logs[0])
            with running(nginx(), "-c", config, "-p", folder, log=logs[1]) as server:
                wait_for(url, server, logs[1])
                yield url


def fetch(url, method="GET", headers=None):
    request = urllib.request.Request(url, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def caching(url):
    status, headers, page = fetch(url + "/")
    hold(status == 200 and headers["x-origin"] == "frontend", f"/ answers {status} from {headers['x-origin']}")
    hold("s-maxage" in headers["cache-control"] and "set-cookie" not in headers, "the home page cannot be kept")
    assets = set(re.findall(rb'"(/assets/[^"]+)"', page))
    hold(assets, "the page names no assets")
    for path in sorted(assets)[:6]:
        status, headers, _ = fetch(url + path.decode())
        hold(status == 200 and "immutable" in headers["cache-control"], f"{path.decode()}: {status}, {headers['cache-control']}")
        hold("set-cookie" not in headers, "an asset sets a cookie")
    picture = re.search(rb"/api/media/[a-z0-9._-]+", page)
    hold(picture, "the page shows no picture")
    status, headers, _ = fetch(url + picture.group().decode())
    hold(status == 200 and "immutable" in headers["cache-control"] and headers["x-origin"] == "backend", "a picture cannot be kept")
    for path, origin in (("/api/config", "backend"), ("/api/carts/current", "backend"), ("/cart", "frontend"), ("/checkout", "frontend")):
        status, headers, _ = fetch(url + path)
        hold(headers["x-origin"] == origin, f"{path} comes from {headers['x-origin']}")
        kept = headers["cache-control"] or ""
        hold(path == "/api/config" or "no-store" in kept, f"{path}: {kept}")
    status, _, _ = fetch(url + "/assets/nothing.js", method="POST")
    hold(status in (403, 405), f"something posted to /assets answers {status}")
    status, headers, body = fetch(url + "/api/nothing-here")
    hold(status == 404 and b'"code"' in body, "the API's own error does not come through")


def relative(url):
    """Browser code names no origin: it works at whatever address CloudFront has."""
    for file in pathlib.Path(asked("SITE_DIR")).iterdir():
        if file.suffix in (".js", ".wasm"):
            found = re.findall(rb"https?://(?:localhost|127\.0\.0\.1|backend|[a-z0-9.]*oxcart)[a-z0-9.:]*", file.read_bytes())
            hold(not found, f"{file.name} names {found[:3]}")
    hold(asked("API_URL").encode() not in fetch(url + "/")[2], "a page names the backend's own address")


def browser(url):
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    hold(chromium, "Chromium is not installed")
    folder = ROOT / "frontend/e2e"
    if not (folder / "node_modules").exists():
        run("npm", "ci", "--loglevel=error", cwd=folder, env={"PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"})
    report = tempfile.mktemp(suffix=".json")
    env = {"BASE_URL": url, "API_URL": url, "CHROMIUM": chromium, "PLAYWRIGHT_JSON_OUTPUT_NAME": report}
    said = run(
        "npx", "--no-install", "playwright", "test", "purchase.spec.ts", "-g", "several at once",
        "--output", tempfile.mkdtemp(), cwd=folder, env=env,
    )
    hold(re.search(r"[23] passed", said), f"fewer than two journeys: {said[-200:]}")


def kept_alive(address, path, seconds, outcome):
    """Whether a connection that rested that long still answers: the load balancer keeps its own for 60 s."""
    try:
        host, port = urllib.parse.urlsplit(address).hostname, urllib.parse.urlsplit(address).port
        with socket.create_connection((host, port), timeout=seconds + 20) as connection:
            for pause in (0, seconds):
                time.sleep(pause)
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                answer = connection.recv(4096)
                hold(answer.startswith(b"HTTP/1.1 200"), f"{address} closed a connection that rested for {pause} s")
    except (Broken, OSError) as error:
        outcome.append(str(error))


def main():
    rest, slow = [], []
    for address, path in ((os.environ.get("API_URL"), "/api/health/live"), (os.environ.get("SHOP_URL"), "/health/live")):
        if address:
            slow.append(threading.Thread(target=kept_alive, args=(address, path, 65, rest)))
            slow[-1].start()
    with proof("wiring: secrets are read under the names and keys they are synced by"):
        secrets()
    with proof("wiring: the backend can read the same three secrets itself"):
        secrets_read_directly()
    with proof("wiring: charts, images and compose set only what the servers know"):
        every_setting()
    with proof("wiring: ports of charts, images and code are the same"):
        ports()
    with proof("wiring: connections of all replicas fit the database"):
        connections()
    if (TERRAFORM / "services").exists():
        with proof("wiring: Terraform writes the secrets that are read"):
            secrets_of_terraform()
        with proof("wiring: security groups let in what pods ask"):
            ports_of_terraform()
    with contextlib.ExitStack() as stack:
        url = None
        with proof("wiring: both servers behind nginx, routed as by CloudFront"):
            url = stack.enter_context(shop_behind_cdn())
        if url:
            with proof("wiring: what the CDN may keep says so, and nothing else does"):
                caching(url)
            with proof("wiring: browser code names no address"):
                relative(url)
            with proof("wiring: a browser buys through it, with scripts on and off"):
                browser(url)
    with proof("wiring: an idle connection outlives the load balancer's 60 seconds"):
        hold(slow, "there is no shop to ask; run this through `cargo xtask deploy-check`")
        for each in slow:
            each.join()
        hold(not rest, "; ".join(rest))
    finish()


if __name__ == "__main__":
    main()
