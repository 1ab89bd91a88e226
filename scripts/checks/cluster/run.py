"""The shop, delivered for real: a Kubernetes control plane on loopback, External Secrets, ArgoCD, an emulated account.

run.sh [MODULE…]   all proofs, or the base and those of the modules named: shape balancer …
"""

import contextlib
import importlib
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import timeline
from account import Account
from parts import Programs
from plane import Plane
from proof import finish
from setting import World
from timeline import step

# In the order in which they are asked; `base` is always there.
MODULES = ["shape", "balancer"]


def main():
    wanted = sys.argv[1:] or MODULES
    modules = [importlib.import_module(name) for name in wanted]
    with contextlib.ExitStack() as stack:
        stack.callback(timeline.report)
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="oxcart-cluster-")))
        programs = stack.enter_context(Programs(timeline.FOLDER / "logs"))
        plane = Plane(folder, programs)
        world = World(folder, programs, plane, plane.admin)
        # What comes later cannot do without what comes here: the first failure ends the run.
        with contextlib.suppress(Exception):
            base(world, modules, stack)
            deliver(world, modules)
        timeline.note(f"all programs together take {programs.memory()} MiB at the end")
    finish()


def ask(modules, what, world):
    """Calls one part of each module that has it."""
    for module in modules:
        if hasattr(module, what):
            getattr(module, what)(world)


def base(world, modules, stack):
    """A cluster that is ready for the shop."""
    with needed("etcd and the API server, with RBAC and admission, are ready"):
        world.plane.start_api()
    with needed("the controllers' own kinds are served"):
        gitops.kinds(world)
        synced.kinds(world)
        ask(modules, "kinds", world)
    ask(modules, "before", world)
    with needed("an emulated account has a network, a security group and the secrets of the services layer"):
        world.account = Account(world.programs)
        world.account.network()
    with needed("controller manager, scheduler and two nodes in two zones are ready"):
        world.plane.start_controllers()
        world.measures = Measures(world.plane)
        stack.callback(world.measures.close)
        world.measures.register()
        nodes.start(world.plane, world.answers)


if __name__ == "__main__":
    main()
