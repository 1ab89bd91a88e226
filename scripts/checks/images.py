"""The images: what their files promise, what is built of them, and that it sells something.

Compiling takes long, so that only `cargo xtask deploy-check --images` asks for it; else the images are
made of the programs that were built for the checks.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

import yaml

from proof import ROOT, Broken, finish, hold, proof, run, tool
from shopper import Shopper

IMAGES = {"backend": 4000, "frontend": 3000}
IS_WHOLE = os.environ.get("IMAGES") == "1"
MOST_BYTES = 30 * 1024 * 1024
BUILDAH = {"STORAGE_DRIVER": os.environ.get("STORAGE_DRIVER", "vfs"), "BUILDAH_ISOLATION": "chroot"}


def files():
    for name in IMAGES:
        text = (ROOT / f"Dockerfile.{name}").read_text()
        final = text.rpartition("\nFROM ")[2]
        hold(re.search(r"^USER 65532:65532$", final, re.M), f"{name}: the user has no number, or is root")
        hold(f'ENTRYPOINT ["/usr/local/bin/{name}"]' in final, f"{name}: not started as itself")
        hold(f'CMD ["/usr/local/bin/{name}", "healthcheck"]' in final, f"{name}: its health is not asked of itself")
        hold(re.search(r"^FROM \$\{RUNTIME_IMAGE\}$", text, re.M), f"{name}: the last stage is not the one without a shell")
        hold("RUN" not in re.findall(r"^(\w+)", final, re.M), f"{name}: runs something where there is no shell")
        hold("--locked" in text and "SQLX_OFFLINE=true" in text, f"{name}: not built from what is locked")
        hold("<<" not in text and "--link" not in text, f"{name}: needs a newer builder than Debian's")
        hold(not re.search(r"^ARG .*(SECRET|TOKEN|PASSWORD|KEY)", text, re.M), f"{name}: a secret among the arguments")
        for base in re.findall(r"^ARG \w+_IMAGE=(\S+)$", text, re.M):
            hold(re.search(r":[\w.-]+$", base) and not base.endswith(":latest"), f"{name}: {base} is any version")


def context():
    """What is copied is sent to the builder, and nothing else is."""
    lines = (ROOT / ".dockerignore").read_text().split("\n")
    hold("*" in lines, "everything is sent")
    sent = {line[1:] for line in lines if line.startswith("!")}
    for name in IMAGES:
        for copied in re.findall(r"^COPY (?!--from)(.*) \S+$", (ROOT / f"Dockerfile.{name}").read_text(), re.M):
            for path in copied.split():
                hold((ROOT / path).exists(), f"Dockerfile.{name} copies {path}, which is not there")
                hold(path.split("/")[0] in sent, f"Dockerfile.{name} copies {path}, which is not sent")
    manifest = (ROOT / "Cargo.toml").read_text()
    for member in re.findall(r'"([\w/*]+)"', re.search(r"^members = \[(.*)\]$", manifest, re.M).group(1)):
        folder = member.split("/")[0]
        hold(folder in sent, f"cargo wants {member}, which is not sent")
        for name in IMAGES:
            hold(re.search(rf"^COPY {folder}[/ ]", (ROOT / f"Dockerfile.{name}").read_text(), re.M), f"Dockerfile.{name} does not copy {member}, which cargo wants")


def compose():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    for name, port in IMAGES.items():
        service = services[name]
        hold(service["build"]["dockerfile"] == f"Dockerfile.{name}", f"{name} is built from {service['build']}")
        hold(service["read_only"] and service["cap_drop"] == ["ALL"], f"{name} may write or do more than it must")
        hold(f"127.0.0.1:{port}:{port}" in service["ports"], f"{name} is not at {port}, or at every address")
    for service in services.values():
        hold(not service.get("image", "").endswith((":latest",)), "an image of any version")


# Built


def buildah(*arguments):
    return run("buildah", *arguments, env=BUILDAH, timeout=7200)


def build(name):
    if IS_WHOLE:
        run(ROOT / "scripts/images-offline.sh", name, env=BUILDAH, timeout=7200)
        return
    hold("BACKEND_BIN" in os.environ, "there are no programs; run this through `cargo xtask deploy-check`")
    with tempfile.TemporaryDirectory(prefix="oxcart-prebuilt-") as folder:
        for program in IMAGES:
            shutil.copy2(os.environ[f"{program.upper()}_BIN"], folder)
        shutil.copytree(os.environ["SITE_DIR"], pathlib.Path(folder) / "site")
        run(ROOT / "scripts/images-offline.sh", name, env={**BUILDAH, "PREBUILT": folder}, timeout=1200)


@contextlib.contextmanager
def unpacked(name):
    container = buildah("from", f"localhost/oxcart/{name}:check").strip()
    try:
        yield pathlib.Path(buildah("mount", container).strip())
    finally:
        buildah("rm", container)


def inspected(name, root):
    config = json.loads(buildah("inspect", "--type", "image", f"localhost/oxcart/{name}:check"))["OCIv1"]["config"]
    hold(config["User"] == "65532:65532", f"runs as {config['User']}")
    hold(f"{IMAGES[name]}/tcp" in config["ExposedPorts"], f"exposes {config['ExposedPorts']}")
    hold(config["Entrypoint"] == [f"/usr/local/bin/{name}"], f"starts {config['Entrypoint']}")
    hold(not any(re.search("SECRET|TOKEN|PASSWORD", each) for each in config["Env"]), f"has {config['Env']}")
    shells = [path for path in ("bin/sh", "bin/bash", "bin/busybox", "usr/bin/sh", "usr/bin/perl", "usr/bin/apt-get") if os.path.lexists(root / path)]
    hold(not shells, f"has {shells}")
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            mode = path.stat().st_mode
            hold(not mode & 0o6000, f"{path.relative_to(root)} changes who runs it")
            hold(not mode & 0o022, f"{path.relative_to(root)} may be written by others")


def small(name):
    with tempfile.TemporaryDirectory(prefix="oxcart-image-") as folder:
        buildah("push", "-q", "--compression-format", "gzip", f"localhost/oxcart/{name}:check", f"oci:{folder}/{name}")
        size = sum(file.stat().st_size for file in pathlib.Path(folder).rglob("*") if file.is_file())
    hold(size <= MOST_BYTES, f"{size / 2**20:.1f} MiB compressed")
    return size


def inside(root, name, *arguments):
    """The command that runs the image: read-only, as 65532, with nothing but /tmp and /media to write."""
    script = (
        'set -e; mkdir -p "$1/tmp" "$1/media" "$1/proc"; mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"; '
        'mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"; mount -t tmpfs -o uid=65532 tmpfs "$1/media"; mount -t proc proc "$1/proc"; '
        'root=$1; shift; exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+sys_chroot,+setuid,+setgid chroot --userspec=65532:65532 "$root" "$@"'
    )
    return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "inside", str(root), f"/usr/local/bin/{name}", *arguments]


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


@contextlib.contextmanager
def started(command, env, url, log):
    """A server that answers; one that gives up on a slow start is started again, as a cluster would."""
    child = None
    try:
        for _ in range(4):
            with open(log, "ab") as out:
                child = subprocess.Popen(command, env=env, stdout=out, stderr=out)
            if answers(url, child):
                break
        else:
            raise Broken(f"{url} does not answer: {pathlib.Path(log).read_text()[-300:]}")
        yield child
    finally:
        # `unshare` hands no signal on.
        with contextlib.suppress(ProcessLookupError):
            os.kill(leaf(child.pid), signal.SIGTERM)
        child.wait(60)


def leaf(pid):
    """The last in a chain of processes that each started one."""
    while True:
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout.split()
        if not found:
            return pid
        pid = int(found[0])


def answers(url, child):
    """Whether the server answers before it ends, or a minute is over."""
    for _ in range(600):
        with contextlib.suppress(OSError):
            if urllib.request.urlopen(url, timeout=2).status == 200:
                return True
        if child.poll() is not None:
            return False
        time.sleep(0.1)
    return False


def bought(roots, folder):
    """Both images, run as a cluster would, sell something."""
    hold("DATABASE_URL" in os.environ, "there is no database; run this through `cargo xtask deploy-check --images`")
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    api, ops, front, front_ops = (free_port() for _ in range(4))
    common = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt", "PUBLIC_URL": f"http://localhost:{front}"}
    backend = {
        **common, "DATABASE_URL": f"{server}/oxcart_images", "JWT_SECRET": "only the checks know this, and it is long enough",
        "LISTEN": f"127.0.0.1:{api}", "OPS_LISTEN": f"127.0.0.1:{ops}", "TEST_PAYMENTS": "true", "MEDIA_STORE": "/media", "DEMO_DIR": "/demo", "MAIL_DIR": "/tmp/mail",
    }
    if "REDIS_URL" in os.environ:
        backend["REDIS_URL"] = os.environ["REDIS_URL"]
    frontend = {
        **common, "BACKEND_URL": f"http://127.0.0.1:{api}", "SITE_DIR": "/site", "COOKIE_KEY": "only the checks know this, and it is long enough",
        "LISTEN": f"127.0.0.1:{front}", "OPS_LISTEN": f"127.0.0.1:{front_ops}",
    }
    for command in ("migrate", "seed"):
        answer = subprocess.run(inside(roots["backend"], "backend", command), env=backend, capture_output=True, text=True, timeout=300)
        hold(answer.returncode == 0, f"{command}: {answer.stderr[-300:]}")
    first = started(inside(roots["backend"], "backend", "serve", "--with-worker"), backend, f"http://127.0.0.1:{api}/api/health/ready", folder / "backend.log")
    second = started(inside(roots["frontend"], "frontend", "serve"), frontend, f"http://127.0.0.1:{front}/health/live", folder / "frontend.log")
    with first as one, second as two:
        for name, env, process in (("backend", backend, one), ("frontend", frontend, two)):
            answer = subprocess.run(inside(roots[name], name, "healthcheck"), env=env, capture_output=True, text=True)
            hold(answer.returncode == 0, f"{name} healthcheck: {answer.stderr[-300:]}")
            status = pathlib.Path(f"/proc/{leaf(process.pid)}/status").read_text()
            hold(re.search(r"^Uid:\s+65532\s+65532\s+65532\s+65532$", status, re.M), f"{name} runs as {status}")
            hold(re.search(r"^CapEff:\s+0+$", status, re.M), f"{name} has capabilities")
            hold(re.search(r"^NoNewPrivs:\s+1$", status, re.M), f"{name} may gain privileges")
        ann = Shopper(f"http://127.0.0.1:{front}")
        order = ann.ask("GET", ann.buy(ann.variant()))
        hold(order["status"] in ("placed", "completed", "open", "processing") and order["number"], f"the order is {order['status']}")
        page = urllib.request.urlopen(f"http://127.0.0.1:{front}/", timeout=20).read()
        style = re.search(rb'"(/assets/[^"]+\.css)"', page)
        hold(style and urllib.request.urlopen(f"http://127.0.0.1:{front}{style.group(1).decode()}", timeout=20).status == 200, "pages come without their styles")
    answer = subprocess.run(inside(roots["backend"], "backend", "verify"), env=backend, capture_output=True, text=True, timeout=300)
    hold(answer.returncode == 0, f"verify: {answer.stdout[-300:]}")


def main():
    with proof("images: hadolint finds nothing"):
        run(tool("hadolint"), "--config", ROOT / ".hadolint.yaml", *(ROOT / f"Dockerfile.{name}" for name in IMAGES))
    with proof("images: no shell, no root, no secret, as they are written"):
        files()
    with proof("images: what they copy is sent to the builder"):
        context()
    with proof("images: compose runs them as tightly"):
        compose()
    if os.geteuid() != 0:
        print("skip images: building and running them: making file systems needs root")
        finish()
    how = "compiled and built" if IS_WHOLE else "built of this machine's programs"
    with contextlib.ExitStack() as stack:
        roots = {}
        for name in IMAGES:
            with proof(f"images: {name} is {how} by buildah"):
                build(name)
            with proof(f"images: {name} is what its file promises, and nothing in it can be written or is a shell"):
                roots[name] = stack.enter_context(unpacked(name))
                inspected(name, roots[name])
            if IS_WHOLE:  # what was not optimised says nothing of the size
                with proof(f"images: {name} has at most 30 MiB"):
                    small(name)
        with proof("images: both run read-only as 65532 and sell something"):
            folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="oxcart-images-")))
            bought(roots, folder)
    finish()


if __name__ == "__main__":
    main()
