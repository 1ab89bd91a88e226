"""Namespaces, and the rights that the controllers' own manifests give their service accounts, given to our users."""

import copy

from proof import hold

BINDINGS = {"ClusterRoleBinding", "RoleBinding"}


def namespace(cluster, name):
    """Makes a namespace."""
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})


def give(cluster, documents, user, account):
    """Applies roles and bindings; where a binding names the service account, the user of the token file stands in."""
    bound = 0
    for found in documents:
        if found["kind"] in {"ClusterRole", "Role"}:
            cluster.apply(found)
        elif found["kind"] in BINDINGS and any(each["name"] == account for each in found.get("subjects", [])):
            found = copy.deepcopy(found)
            found["subjects"] = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]
            cluster.apply(found)
            bound += 1
    hold(bound, f"nothing binds {account}")
