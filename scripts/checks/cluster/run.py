"""The shop, delivered for real: a Kubernetes control plane on loopback, External Secrets, ArgoCD, an emulated account.

run.sh [MODULE…]   all proofs, or the base and those of the modules named: shape balanced delivered
"""

import contextlib
import importlib
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import delivery
import gitops
import mistakes
import nodes
import servers
import synced
import timeline
from account import Account
from clone import Clone
from measures import Measures
from parts import Programs
from plane import Plane
from proof import finish, hold
from setting import World
from timeline import needed, step
from wiring import written_by_terraform

# What is real here, and what stands in for something.
NOTES = (
    "Real: etcd, API server with RBAC and admission, controller manager, scheduler, External Secrets, ArgoCD, the AWS Load "
    "Balancer Controller, Helm, PostgreSQL, Redis, and the backend that starts with what was delivered.",
    "Stand-ins: the AWS account (moto); nodes and pods (kwok), which start when the Secrets and settings that they name are there, "
    "and become ready when the real servers answer their probes' paths; the metrics server.",
    "The repository that ArgoCD follows is a copy of argocd/ and helm/ with the account's facts. The applications external-secrets and "
    "aws-load-balancer-controller are left out of it, because their charts cannot be fetched here: both controllers run beside the "
    "cluster, with the arguments, rights and webhooks that their own charts make of our values. Their versions are those that can be built.",
    "In it a secret is refreshed after 3 s instead of an hour, and a failed sync is tried again after 2 s instead of 10 s.",
)

# Each has some of: kinds, before, start, run_proofs, after. Without the first, Ingresses would never be healthy.
MODULES = ["balancer", "shape", "balanced", "delivered"]


def main():
    wanted = sys.argv[1:] or MODULES
    modules = [importlib.import_module(name) for name in dict.fromkeys([MODULES[0], *wanted])]
    with contextlib.ExitStack() as stack:
        stack.callback(timeline.report)
        for text in NOTES:
            timeline.note(text)
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="oxcart-cluster-")))
        # The database runs as another user; what is secret has rights of its own.
        folder.chmod(0o711)
        programs = stack.enter_context(Programs(timeline.FOLDER / "logs"))
        plane = Plane(folder, programs)
        world = World(folder, programs, plane, plane.admin)
        # What comes later cannot do without what comes here: the first failure ends the run.
        with contextlib.suppress(timeline.Stop):
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
    with needed("a database and a cache of their own, both behind TLS and passwords"):
        world.data = servers.Data(world, stack)
    with needed("an emulated account has a network, a security group and the secrets of the services layer"):
        world.account = Account(world.programs)
        world.account.network()
        world.fill()
        for name, keys in written_by_terraform().items():
            hold(set(world.data.secrets()[name]) == keys, f"the services layer writes {sorted(keys)} into {name}")
    with needed("the real servers answer the probes of their charts, and nothing at other paths") as tell:
        world.answers = servers.answers(world)
        tell(", ".join(sorted(world.answers)))
    with needed("controller manager, scheduler, a metrics API and two nodes in two zones are ready"):
        world.plane.start_controllers()
        world.measures = Measures(world.plane)
        stack.callback(world.measures.close)
        world.measures.register()
        stack.callback(nodes.start(world.plane, world.answers, world.account.instances).close)


def deliver(world, modules):
    """The shop arrives, and then lives through what operators do and what goes wrong."""
    with needed("External Secrets, ArgoCD and the AWS Load Balancer Controller run"):
        synced.start(world)
        gitops.start(world)
        ask(modules, "start", world)
        world.clone = Clone(world.folder)
        world.clone.suit(world.account, synced.REFRESH)
    with needed("from the root application alone, everything becomes Synced and Healthy"):
        watched = gitops.Order(world)
        gitops.bootstrap(world)
        gitops.settle(world, seconds=180)
        watched.stop()
    delivery.order(world, watched)
    synced.run_proofs(world)
    servers.run_proofs(world)
    ask(modules, "run_proofs", world)
    ask(modules, "after", world)
    delivery.run_proofs(world)
    mistakes.run_proofs(world)


if __name__ == "__main__":
    main()
