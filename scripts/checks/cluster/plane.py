"""A Kubernetes control plane on loopback: etcd, the API server with RBAC and admission, controllers, scheduler.

    plane = Plane(folder, programs)
    plane.start_api()            etcd and the API server; plane.admin asks it as an administrator
    plane.start_controllers()    controller manager and scheduler
    plane.kubeconfig("name", *groups)   a file for a program that must ask the API server
"""

import json
import secrets

import keys
from kube import Cluster, wait_until
from parts import free_port, part

ADMINISTRATORS = "system:masters"
# Users whose rights Kubernetes itself brings.
CONTROLLERS, SCHEDULER = "system:kube-controller-manager", "system:kube-scheduler"


class Plane:
    """Where the control plane is, and how it is asked."""

    def __init__(self, folder, programs):
        self.folder, self.programs = folder / "plane", programs
        self.folder.mkdir()
        self.port, self.etcd_port = free_port(), free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.authority = keys.Authority(self.folder / "keys")
        self._tokens = {}
        self.admin = Cluster(self.url, self._token("administrator", [ADMINISTRATORS]), self.authority.file)
        # The API server reads its tokens once, so all are made before it starts.
        for user in (CONTROLLERS, SCHEDULER, "kwok", "external-secrets", "argocd", "balancer"):
            self._token(user, [])

    def _token(self, user, groups):
        self._tokens[user] = (secrets.token_hex(16), groups)
        return self._tokens[user][0]

    def _token_file(self):
        lines = [
            f'{token},{user},{user},"{",".join(groups)}"' if groups else f"{token},{user},{user}"
            for user, (token, groups) in self._tokens.items()
        ]
        path = self.folder / "tokens.csv"
        path.touch(mode=0o600)
        path.write_text("\n".join([*lines, ""]))
        return path

    def kubeconfig(self, user):
        """The file by which a program asks the API server as this user."""
        path = self.folder / f"{user.replace(':', '-')}.kubeconfig"
        path.touch(mode=0o600)
        cluster = {"server": self.url, "certificate-authority": str(self.authority.file)}
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "here",
            "clusters": [{"name": "here", "cluster": cluster}],
            "users": [{"name": user, "user": {"token": self._tokens[user][0]}}],
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": user}}],
        }))
        return path

    def start_api(self):
        """etcd and the API server, ready."""
        peer = free_port()
        self.programs.start(
            "etcd", part("etcd"), "--data-dir", self.folder / "etcd",
            "--listen-client-urls", f"http://127.0.0.1:{self.etcd_port}",
            "--advertise-client-urls", f"http://127.0.0.1:{self.etcd_port}",
            "--listen-peer-urls", f"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}",
            "--initial-cluster", f"default=http://127.0.0.1:{peer}", "--unsafe-no-fsync",
        )
        self.programs.wait_for_port("etcd", self.etcd_port)
        certificate, key = self.authority.sign("kube-apiserver")
        proxy, proxy_key = self.authority.sign("aggregator")
        self.account_key = keys.key_file(self.folder / "keys/accounts.key")
        self.programs.start(
            "kube-apiserver", part("kube-apiserver"), "--etcd-servers", f"http://127.0.0.1:{self.etcd_port}",
            "--bind-address=127.0.0.1", f"--secure-port={self.port}", "--advertise-address=10.0.0.10",
            "--endpoint-reconciler-type=none", f"--tls-cert-file={certificate}", f"--tls-private-key-file={key}",
            f"--token-auth-file={self._token_file()}", "--authorization-mode=RBAC", "--allow-privileged=true",
            "--service-account-issuer=https://kubernetes.default.svc", f"--service-account-key-file={self.account_key}",
            f"--service-account-signing-key-file={self.account_key}", "--service-cluster-ip-range=172.20.0.0/16",
            f"--requestheader-client-ca-file={self.authority.file}", "--requestheader-allowed-names=aggregator",
            "--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-", f"--proxy-client-cert-file={proxy}",
            f"--proxy-client-key-file={proxy_key}", "--profiling=false",
        )
        self.programs.wait_for_port("kube-apiserver", self.port)
        wait_until("the API server's readiness", lambda: self.admin.ask("GET", "/readyz")["message"] == "ok", 60)
        wait_until("the default namespace", lambda: self.admin.get("Namespace", "default"), 30)

    def start_controllers(self):
        """Controller manager, with an account for each controller, and scheduler."""
        for name, user, more in (
            ("kube-controller-manager", CONTROLLERS, [
                "--use-service-account-credentials", f"--service-account-private-key-file={self.account_key}",
                f"--root-ca-file={self.authority.file}", "--leader-elect=false",
                # An autoscaler that looks around every two seconds, for tests that cannot wait.
                "--horizontal-pod-autoscaler-sync-period=2s", "--horizontal-pod-autoscaler-initial-readiness-delay=1s",
                "--horizontal-pod-autoscaler-cpu-initialization-period=1s", "--concurrent-deployment-syncs=5",
            ]),
            ("kube-scheduler", SCHEDULER, ["--leader-elect=false"]),
        ):
            config = self.kubeconfig(user)
            self.programs.start(
                name, part(name), f"--kubeconfig={config}", f"--authentication-kubeconfig={config}",
                f"--authorization-kubeconfig={config}", "--bind-address=127.0.0.1", f"--secure-port={free_port()}", *more,
            )

