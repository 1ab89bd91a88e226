"""What one asks an API server: read, apply server-side, change, watch, wait. JSON over HTTPS.

    cluster.get("Deployment", "backend", "oxcart")          the object, or None
    cluster.list("Pod", "oxcart", "app.kubernetes.io/name=backend")
    cluster.apply(object)                                   server-side; the object as it is now
    cluster.patch("Service", "backend", "oxcart", {"spec": …})
    cluster.delete("Job", "x", "oxcart")
    cluster.warnings                                        what the server warned of, as (what, text)

A kind is named alone ("Pod") or with its group when two groups have it ("Ingress.networking.k8s.io").
`wait_until(what, condition)` is bounded and says what it waited for.
"""

import contextlib
import json
import threading
import time

import requests
import yaml

from proof import Broken

MERGE, APPLY = "application/merge-patch+json", "application/apply-patch+yaml"


class Refused(Broken):
    """The API server said no: `status` is the HTTP code, `body` its Status object."""

    def __init__(self, what, status, body):
        super().__init__(f"{what}: {status} {body.get('message', body)}")
        self.status, self.body = status, body


def wait_until(what, condition, seconds=60, pause=0.2, hint=None):
    """Waits for something truthy and returns it; `hint` is asked for the reason when it does not come."""
    end, last = time.monotonic() + seconds, ""
    while True:
        try:
            found = condition()
            if found:
                return found
        except (requests.RequestException, Refused) as error:
            last = f" ({error})"
        if time.monotonic() > end:
            raise Broken(f"{what} did not happen within {seconds} s{last}" + (f": {hint()}" if hint else ""))
        time.sleep(pause)


class Cluster:
    """One API server, asked as the one whose token it is."""

    def __init__(self, url, token, ca):
        self.url, self.token, self.ca = url, token, ca
        self._local, self._kinds = threading.local(), {}
        self.warnings = []

    @property
    def _session(self):
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            # Nothing of the environment: it may name other roots, or a proxy.
            self._local.session.trust_env, self._local.session.verify = False, str(self.ca)
            self._local.session.headers["authorization"] = f"Bearer {self.token}"
        return self._local.session

    def ask(self, method, path, body=None, kind="application/json", **parameters):
        """One request as it is; Refused unless it went well."""
        headers = {"content-type": kind}
        data = None if body is None else json.dumps(body)
        answer = self._session.request(method, self.url + path, data=data, headers=headers, params=parameters, timeout=30)
        for warning in filter(None, [answer.headers.get("warning")]):
            self.warnings.append((f"{method} {path}", warning))
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        found = answer.json() if is_json else {"message": answer.text}
        if not answer.ok:
            raise Refused(f"{method} {path}", answer.status_code, found)
        return found

    def as_user(self, token):
        """The same server, asked by another."""
        return Cluster(self.url, token, self.ca)

    # Kinds

    def _learn(self):
        groups = [("/api/v1", "v1")]
        for group in self.ask("GET", "/apis")["groups"]:
            for each in group["versions"]:
                groups.append((f"/apis/{each['groupVersion']}", each["groupVersion"]))
        for path, version in groups:
            # What an aggregated server brings may be away for a moment.
            with contextlib.suppress(Refused):
                for found in self.ask("GET", path)["resources"]:
                    if "/" not in found["name"]:
                        group = version.rpartition("/")[0]
                        entry = (path, found["name"], found["namespaced"])
                        self._kinds.setdefault((version, found["kind"]), entry)
                        self._kinds.setdefault(found["kind"], entry)
                        self._kinds.setdefault(f"{found['kind']}.{group}", entry)

    def _find(self, kind):
        if kind not in self._kinds:
            self._learn()
        if kind not in self._kinds:
            raise Broken(f"the API server has no kind {kind}")
        return self._kinds[kind]

    def path(self, kind, name=None, namespace=None):
        """Where objects of a kind are; `kind` may be a pair of version and kind."""
        base, plural, namespaced = self._find(kind)
        middle = f"/namespaces/{namespace}" if namespaced and namespace else ""
        return f"{base}{middle}/{plural}" + (f"/{name}" if name else "")

    def _path_of(self, found):
        kind = (found["apiVersion"], found["kind"])
        namespace = found["metadata"].get("namespace", "default")
        return self.path(kind, found["metadata"]["name"], namespace)

    # Objects

    def get(self, kind, name, namespace=None):
        """The object, or None."""
        try:
            return self.ask("GET", self.path(kind, name, namespace))
        except Refused as error:
            if error.status == 404:
                return None
            raise

    def list(self, kind, namespace=None, labels=None):
        """The objects of a kind, in one namespace or all."""
        parameters = {"labelSelector": labels} if labels else {}
        return self.ask("GET", self.path(kind, None, namespace), **parameters)["items"]

    def apply(self, found, manager="oxcart", dry=False, force=True, **more):
        """Server-side apply; what the server made of it. Without `force` it is refused what others have set otherwise."""
        parameters = {"fieldManager": manager, "force": str(force).lower(), **({"dryRun": "All"} if dry else {}), **more}
        return self.ask("PATCH", self._path_of(found), found, APPLY, **parameters)

    def apply_file(self, path):
        """Applies every object of a YAML file."""
        for found in yaml.safe_load_all(path.read_text()):
            if found:
                self.apply(found)

    def create(self, found):
        """Makes an object that must not be there."""
        return self.ask("POST", self._path_of(found).rpartition("/")[0], found)

    def patch(self, kind, name, namespace, change, part=""):
        """A merge patch; `part` is a subresource such as "/status"."""
        return self.ask("PATCH", self.path(kind, name, namespace) + part, change, MERGE)

    def delete(self, kind, name, namespace=None):
        """Deletes an object, which may be gone already."""
        try:
            return self.ask("DELETE", self.path(kind, name, namespace), propagationPolicy="Background")
        except Refused as error:
            if error.status != 404:
                raise
            return None

    def events(self, namespace, about=None):
        """Events as "Reason: message", of one object's name when it is given."""
        return [
            f"{found['reason']}: {found.get('message', '')}"
            for found in self.list(("v1", "Event"), namespace)
            if about in (None, found["involvedObject"]["name"])
        ]

    def watch(self, kind, namespace, seen, stop):
        """Calls `seen(type, object)` for every change until `stop` is set, in a thread of its own."""
        def follow():
            while not stop.is_set():
                with contextlib.suppress(requests.RequestException, json.JSONDecodeError):
                    with self._session.get(
                        self.url + self.path(kind, None, namespace),
                        params={"watch": "true", "timeoutSeconds": "240"}, stream=True, timeout=(5, 250),
                    ) as answer:
                        for line in answer.iter_lines():
                            if stop.is_set():
                                return
                            event = json.loads(line)
                            seen(event["type"], event["object"])

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        return thread


def condition(found, kind):
    """One condition of an object, or an empty one."""
    conditions = (found or {}).get("status", {}).get("conditions", [])
    return next((each for each in conditions if each["type"] == kind), {})
