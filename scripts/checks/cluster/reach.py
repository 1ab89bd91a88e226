"""Who may talk to whom, by the NetworkPolicies that are there: what a network plugin makes of them.

    reach = Reach(policies)
    reach.may(Peer(labels, namespace), Peer(address="10.0.8.10"), 5432)

A pod is matched by its labels alone: plugins differ in whether an address range means pods, too.
"""

import dataclasses
import ipaddress

from proof import Broken


@dataclasses.dataclass(frozen=True)
class Peer:
    """A pod, with its labels and those of its namespace, or an address outside the cluster."""

    labels: dict = None
    namespace: dict = None
    address: str = None


def fits(selector, labels):
    """Whether a selector chooses what has these labels."""
    for each in selector.get("matchExpressions", []):
        if each["operator"] != "In":
            raise Broken(f"selectors with {each['operator']} are not known here")
        if labels.get(each["key"]) not in each["values"]:
            return False
    return selector.get("matchLabels", {}).items() <= labels.items()


class Reach:
    """The policies of one namespace."""

    def __init__(self, policies):
        self.policies = [each["spec"] for each in policies]
        self.home = {"kubernetes.io/metadata.name": policies[0]["metadata"]["namespace"]}

    def may(self, source, target, port, protocol="TCP"):
        """Whether both ends let it happen."""
        return self._lets("Egress", source, target, port, protocol) and self._lets("Ingress", target, source, port, protocol)

    def _lets(self, way, own, other, port, protocol):
        if own.labels is None or own.namespace != self.home:
            return True
        mine = [each for each in self.policies if way in each["policyTypes"] and fits(each["podSelector"], own.labels)]
        key, side = ("egress", "to") if way == "Egress" else ("ingress", "from")
        rules = [rule for each in mine for rule in each.get(key, [])]
        return not mine or any(
            self._means(rule.get(side), other) and _has(rule.get("ports"), port, protocol) for rule in rules
        )

    def _means(self, peers, other):
        return not peers or any(self._is(each, other) for each in peers)

    def _is(self, peer, other):
        if "ipBlock" in peer:
            return other.address is not None and _within(peer["ipBlock"], other.address)
        if other.labels is None:
            return False
        namespace = fits(peer["namespaceSelector"], other.namespace) if "namespaceSelector" in peer else other.namespace == self.home
        return namespace and fits(peer.get("podSelector", {}), other.labels)


def _within(block, address):
    inside = ipaddress.ip_address(address) in ipaddress.ip_network(block["cidr"])
    return inside and not any(ipaddress.ip_address(address) in ipaddress.ip_network(each) for each in block.get("except", []))


def _has(ports, port, protocol):
    for each in ports or []:
        if not isinstance(each.get("port"), int) or "endPort" in each:
            raise Broken(f"ports such as {each} are not known here")
    return not ports or any((each["port"], each.get("protocol", "TCP")) == (port, protocol) for each in ports)
