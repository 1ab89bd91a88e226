"""The metrics API, as a metrics server would serve it: how busy pods are is said by the check.

The API server asks it through its aggregator, by way of a Service that names this machine.
"""

import http.server
import json
import ssl
import threading
import urllib.parse

from kube import condition, wait_until

GROUP = "metrics.k8s.io/v1beta1"


class Measures:
    """Serves the use of every running pod; `busy` maps a pod's name label to thousandths of a core."""

    def __init__(self, plane):
        self.plane, self.busy = plane, {}
        certificate, key = plane.authority.sign("metrics-server")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _handler(measures):  # noqa: N805, the inner class has a self of its own
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = json.dumps(measures.answer(self.path)).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler

    def answer(self, path):
        """What is at a path of the API."""
        parsed = urllib.parse.urlsplit(path)
        words = parsed.path.strip("/").split("/")
        if words[-1] != "pods" or "namespaces" not in words:
            resource = {"name": "pods", "singularName": "", "namespaced": True, "kind": "PodMetrics", "verbs": ["get", "list"]}
            return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": GROUP, "resources": [resource]}
        labels = urllib.parse.parse_qs(parsed.query).get("labelSelector", [None])[0]
        pods = self.plane.admin.list("Pod", words[words.index("namespaces") + 1], labels)
        return {"kind": "PodMetricsList", "apiVersion": GROUP, "metadata": {}, "items": [self._of(pod) for pod in pods]}

    def _of(self, pod):
        use = self.busy.get(pod["metadata"]["labels"].get("app.kubernetes.io/name"), 5)
        containers = [{"name": each["name"], "usage": {"cpu": f"{use}m", "memory": "64Mi"}} for each in pod["spec"]["containers"]]
        about = {name: pod["metadata"][name] for name in ("name", "namespace", "labels")}
        started = pod["status"].get("startTime", pod["metadata"]["creationTimestamp"])
        return {"metadata": about, "timestamp": started, "window": "10s", "containers": containers}

    def register(self):
        """Makes the API known, and waits until the API server reaches it."""
        port = self._server.server_address[1]
        about = {"name": "metrics-server", "namespace": "kube-system"}
        spec = {"type": "ExternalName", "externalName": "localhost", "ports": [{"port": port}]}
        self.plane.admin.apply({"apiVersion": "v1", "kind": "Service", "metadata": about, "spec": spec})
        self.plane.admin.apply({
            "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "v1beta1.metrics.k8s.io"},
            "spec": {
                "group": "metrics.k8s.io", "version": "v1beta1", "groupPriorityMinimum": 100, "versionPriority": 100,
                "service": {**about, "port": port}, "insecureSkipTLSVerify": True,
            },
        })
        wait_until("the metrics API", lambda: condition(
            self.plane.admin.get("APIService", "v1beta1.metrics.k8s.io"), "Available").get("status") == "True", 60)

    def close(self):
        """Stops serving."""
        self._server.shutdown()
