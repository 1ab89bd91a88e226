"""What a node does before it starts a container and kwok does not: it looks for the Secrets and ConfigMaps it names.

A pod whose things are all there is marked, and only then does kwok let it run (nodes.py); one that lacks
something waits with CreateContainerConfigError, as on a real node, and an event says what it lacks.
"""

import contextlib
import threading

import requests

from kube import Refused

MARK = "oxcart.check/configured"


class Kubelet:
    """Looks at waiting pods twice a second, in a thread of its own."""

    def __init__(self, cluster):
        self.cluster, self._stop = cluster, threading.Event()
        threading.Thread(target=self._work, daemon=True).start()

    def close(self):
        """Looks no longer."""
        self._stop.set()

    def _work(self):
        while not self._stop.wait(0.5):
            with contextlib.suppress(requests.RequestException, Refused):
                for pod in self.cluster.ask("GET", "/api/v1/pods", fieldSelector="status.phase=Pending")["items"]:
                    if pod["spec"].get("nodeName") and MARK not in pod["metadata"].get("annotations", {}):
                        with contextlib.suppress(Refused):
                            self._admit(pod)

    def _admit(self, pod):
        about = pod["metadata"]
        lacking = next(filter(None, (self._lacks(about["namespace"], each) for each in _wanted(pod))), None)
        if lacking is None:
            mark = {"metadata": {"annotations": {MARK: "true"}}}
            self.cluster.patch("Pod", about["name"], about["namespace"], mark)
        elif not pod["status"].get("containerStatuses"):
            waiting = {"reason": "CreateContainerConfigError", "message": lacking}
            statuses = [
                {"name": each["name"], "image": each["image"], "imageID": "", "ready": False, "restartCount": 0, "state": {"waiting": waiting}}
                for each in pod["spec"]["containers"]
            ]
            self.cluster.patch("Pod", about["name"], about["namespace"], {"status": {"containerStatuses": statuses}}, "/status")
            self._tell(about, lacking)

    def _lacks(self, namespace, wanted):
        kind, name, key = wanted
        found = self.cluster.get(kind, name, namespace)
        if found is None:
            return f'{kind.lower()} "{name}" not found'
        if key and key not in found.get("data", {}):
            return f"couldn't find key {key} in {kind} {namespace}/{name}"
        return None

    def _tell(self, about, lacking):
        self.cluster.ask("POST", f"/api/v1/namespaces/{about['namespace']}/events", {
            "apiVersion": "v1", "kind": "Event", "metadata": {"generateName": f"{about['name']}."}, "type": "Warning",
            "reason": "Failed", "message": f"Error: {lacking}",
            "involvedObject": {"kind": "Pod", "apiVersion": "v1", "name": about["name"], "namespace": about["namespace"], "uid": about["uid"]},
        })


def _wanted(pod):
    """Kind, name and key of whatever the containers' environments name."""
    spec = pod["spec"]
    for container in spec.get("initContainers", []) + spec["containers"]:
        for source in container.get("envFrom", []):
            for kind, word in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
                if word in source and not source[word].get("optional"):
                    yield kind, source[word]["name"], None
        for each in container.get("env", []):
            for kind, word in (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")):
                reference = each.get("valueFrom", {}).get(word)
                if reference and not reference.get("optional"):
                    yield kind, reference["name"], reference["key"]
