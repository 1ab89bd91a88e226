"""Programs that this check starts: each with a log (target/cluster/logs), all ended at the end, however that comes."""

import contextlib
import functools
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

from proof import ROOT, Broken, hold


def free_port():
    """A port that nobody listens at."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


@functools.cache
def part(name):
    """The path of a part that scripts/install-cluster.sh brings."""
    answer = subprocess.run([ROOT / "scripts/install-cluster.sh", name], capture_output=True, text=True)
    hold(answer.returncode == 0, f"{name} could not be had: {answer.stderr[-300:]}")
    return pathlib.Path(answer.stdout.split()[-1])


def source(name):
    """The folder of what a part's module brings beside its program."""
    return part(name).parent / "source"


class Programs:
    """Those that run; a context that ends them all, the last one first."""

    def __init__(self, logs):
        self.logs = logs
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir(parents=True)
        self._running = {}

    def __enter__(self):
        for each in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, lambda number, _: sys.exit(128 + number))
        return self

    def __exit__(self, *_):
        for name in reversed(list(self._running)):
            self.stop(name)

    def start(self, name, *command, env=None, **more):
        """Starts one in a process group of its own, with exactly `env` when it is given."""
        with open(self.log(name), "ab") as out:
            child = subprocess.Popen(
                [str(word) for word in command], stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                env=env if env is None else {**kept(), **env}, start_new_session=True, **more,
            )
        self._running[name] = child
        return child

    def stop(self, name):
        """Ends one, with whatever it started."""
        child = self._running.pop(name)
        for number, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(seconds)
                break

    def log(self, name):
        """Where a program's words are."""
        return self.logs / f"{name}.log"

    def check(self):
        """Broken when one has ended by itself."""
        for name, child in self._running.items():
            if child.poll() is not None:
                raise Broken(f"{name} ended with {child.returncode}: {self.log(name).read_text()[-600:]}")

    def wait_for_port(self, name, port, seconds=60):
        """Waits until a program listens."""
        end = time.monotonic() + seconds
        while True:
            self.check()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
                return
            hold(time.monotonic() < end, f"{name} does not listen after {seconds} s: {self.log(name).read_text()[-600:]}")
            time.sleep(0.1)

    def memory(self):
        """Resident mebibytes of all that run."""
        total = 0
        for child in self._running.values():
            with contextlib.suppress(OSError):
                pages = pathlib.Path(f"/proc/{child.pid}/statm").read_text().split()[1]
                total += int(pages) * os.sysconf("SC_PAGE_SIZE")
        return total // 2**20


def kept():
    """What every program may know of our environment."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
