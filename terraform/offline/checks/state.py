"""Reads what `terraform show -json` says of an applied layer."""

import json
import sys
from pathlib import Path


def resources(work, *layers):
    """Every resource of these layers, in whatever module."""
    for layer in layers or ("platform", "services"):
        state = json.loads(Path(work, f"{layer}.state.json").read_text(encoding="utf-8"))
        yield from inside(state["values"]["root_module"])


def inside(module):
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from inside(child)


def outputs(work, layer):
    """A layer's outputs, by name."""
    found = json.loads(Path(work, f"{layer}.output.json").read_text(encoding="utf-8"))
    return {name: output["value"] for name, output in found.items()}


def finish(problems):
    """Says what is wrong, and ends with it."""
    for problem in problems:
        print(f"Error: {problem}")
    sys.exit(1 if problems else 0)
