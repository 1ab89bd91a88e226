"""The proofs of this check, and the readable timeline that they leave behind."""

import contextlib
import os
import pathlib
import time

from proof import ROOT, proof

_start = time.monotonic()
_lines, _notes = [], []

# Where the timeline goes, and the logs of all programs.
FOLDER = pathlib.Path(os.environ.get("TARGET_DIR", ROOT / "target")) / "cluster"


def now():
    """Minutes and seconds since the beginning."""
    passed = int(time.monotonic() - _start)
    return f"{passed // 60:02}:{passed % 60:02}"


@contextlib.contextmanager
def step(name):
    """A proof that is also a line of the timeline; `tell` adds to its line."""
    details = []
    with proof(f"cluster: {name}"):
        try:
            yield details.append
        except BaseException as error:
            _lines.append((now(), "FAIL", name, [*details, " ".join(str(error).split())[:500]]))
            raise
        _lines.append((now(), "ok", name, details))


@contextlib.contextmanager
def needed(name):
    """A proof without which nothing that follows can be shown: its failure ends the run."""
    seen = []
    with step(name) as tell:
        yield tell
        seen.append(True)
    if not seen:
        raise Stop(name)


class Stop(Exception):
    """What comes next would only fail for the same reason."""


def note(text):
    """A remark of the report that is no proof."""
    _notes.append(text)


def report():
    """Writes target/cluster/report.md."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    lines = ["# The shop, delivered to a cluster on this machine", ""]
    lines += [f"- {text}" for text in _notes] + ["", "| Time | | What was shown |", "|---|---|---|"]
    for at, outcome, name, details in _lines:
        more = "".join(f"<br>{detail}" for detail in details).replace("|", "\\|")
        lines.append(f"| {at} | {outcome} | {name}{more} |")
    path = FOLDER / "report.md"
    path.write_text("\n".join([*lines, ""]))
    print(f"the timeline is in {path}", flush=True)
