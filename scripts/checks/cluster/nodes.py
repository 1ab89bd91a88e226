"""Nodes and pods, played by kwok: a pod becomes ready only where the real servers answer its probes.

`answers` is what the real servers said when they were asked, as "container:port/path". A pod with a probe
of anything else never gets ready, and an event says why. A migration of the image BAD_DIGEST fails.
Readiness gates are left to those who set them.
"""

import json

import yaml

from account import PODS
from kube import wait_until
from kubelet import MARK, Kubelet
from parts import free_port, part, source

# Every probe of a pod, as "container:port/path", with named ports looked up.
PROBES = """
[.spec.containers[] as $c | ($c.startupProbe, $c.livenessProbe, $c.readinessProbe) | .httpGet // empty
 | (.port | if type == "number" then . else . as $n | ([$c.ports[]? | select(.name == $n) | .containerPort][0] // $n) end) as $p
 | "\\($c.name):\\($p)\\(.path)"]
"""
GATES = """
[.spec.readinessGates[]?.conditionType] - [.status.conditions[]? | select(.status == "True") | .type] | length == 0
"""
OF_A_JOB = '[.metadata.ownerReferences[]?.kind] | any(. == "Job")'
# An image whose migration fails.
BAD_DIGEST = "sha256:" + "bad0" * 16
BROKEN = f'[.spec.containers[].image] | any(endswith("{BAD_DIGEST}"))'

# What kwok's own stages say of addresses; taken over as it is.
ADDRESSES = """
{{ $hostIPs := NodeIPsWith .spec.nodeName }}
{{ with $hostIPs }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ $podIPs := PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
{{ with $podIPs }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
"""
RUNNING = """
{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: ContainersReady, status: "READY", lastTransitionTime: {{ $now | Quote }}}
- {type: Ready, status: "False", reason: "REASON", lastTransitionTime: {{ $now | Quote }}}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  restartCount: 0
  state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: READY_WORD
  started: READY_WORD
  restartCount: 0
  state: {running: {startedAt: {{ $now | Quote }}}}
{{ end }}
"""
ENDED = """
{{ $now := Now }}
phase: PHASE
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: false
  started: false
  restartCount: 0
  state: {terminated: {exitCode: CODE, reason: REASON, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}
{{ end }}
"""
READY = """
{{ $now := Now }}
conditions:
- {type: Ready, status: "True", lastTransitionTime: {{ $now | Quote }}}
"""


def _stage(name, conditions, next_, delay=300):
    alive = {"key": ".metadata.deletionTimestamp", "operator": "DoesNotExist"}
    expressions = [{"key": text.strip(), "operator": "In", "values": values} for text, *values in conditions]
    return {
        "apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": "Stage", "metadata": {"name": name},
        "spec": {
            "resourceRef": {"apiGroup": "v1", "kind": "Pod"}, "selector": {"matchExpressions": [alive, *expressions]},
            "delay": {"durationMilliseconds": delay}, "next": next_,
        },
    }


def _running(ready, reason):
    word = str(ready)
    text = RUNNING.replace("READY_WORD", word.lower()).replace('"READY"', f'"{word}"').replace("REASON", reason)
    return text + ADDRESSES


def _ended(phase, code, reason):
    return ENDED.replace("PHASE", phase).replace("CODE", str(code)).replace("REASON", reason)


def stages(answers):
    """What a pod goes through, as kwok's configuration."""
    known = json.dumps(sorted(answers))
    well = f"({PROBES.strip()} - {known}) | length == 0"
    pending, running = (".status.phase", "Pending"), (".status.phase", "Running")
    configured = (f'.metadata.annotations["{MARK}"]', "true")
    not_ready = ('[.status.conditions[]? | select(.type == "Ready") | .status] | any(. == "True")', "false")
    contained = ('[.status.conditions[]? | select(.type == "ContainersReady") | .status] | any(. == "True")', "true")
    unhealthy = "HTTP probe failed with statuscode: 404 (the server has nothing at a probe's path and port)"
    return [
        _stage("pod-runs", [pending, configured, (well, "true")], {"statusTemplate": _running(True, "ReadinessGatesNotReady")}),
        _stage("pod-unwell", [pending, configured, (well, "false")], {
            "event": {"type": "Warning", "reason": "Unhealthy", "message": unhealthy},
            "statusTemplate": _running(False, "ContainersNotReady"),
        }),
        _stage("pod-ready", [running, contained, not_ready, (OF_A_JOB, "false"), (GATES, "true")], {"statusTemplate": READY}),
        _stage("job-done", [running, (OF_A_JOB, "true"), (BROKEN, "false")], {"statusTemplate": _ended("Succeeded", 0, "Completed")}, 1000),
        _stage("job-failed", [running, (OF_A_JOB, "true"), (BROKEN, "true")], {
            "event": {"type": "Warning", "reason": "Failed", "message": "the container ended with exit code 1"},
            "statusTemplate": _ended("Failed", 1, "Error"),
        }, 1000),
    ]


def start(plane, answers, instances):
    """Runs kwok, and waits until two nodes in two zones are ready."""
    kept = source("kwok") / "kustomize/stage"
    files = [kept / "pod/fast/pod-delete.yaml", *kept.glob("node/fast/node-*.yaml"), *kept.glob("node/heartbeat/node-*.yaml")]
    config = plane.folder / "stages.yaml"
    config.write_text("\n---\n".join([*(file.read_text() for file in files), *map(yaml.safe_dump, stages(answers))]))
    plane.admin.apply(binding("kwok", "cluster-admin"))
    port = free_port()
    plane.programs.start(
        "kwok", part("kwok"), "--manage-all-nodes", "--config", config, "--kubeconfig", plane.kubeconfig("kwok"),
        f"--node-port={port}", f"--server-address=127.0.0.1:{port}",
    )
    for number, (zone, instance, block) in enumerate(zip("ab", instances, PODS, strict=True), 1):
        plane.admin.apply(node(number, f"us-east-1{zone}", instance, block))
    kubelet = Kubelet(plane.admin)
    wait_until("two ready nodes", lambda: sum(map(is_ready, plane.admin.list("Node"))) == 2, 60)
    return kubelet


def is_ready(found):
    """Whether a node or a pod says so."""
    return any(each["type"] == "Ready" and each["status"] == "True" for each in found.get("status", {}).get("conditions", []))


def node(number, zone, instance, block):
    """A node such as the platform layer makes."""
    name = f"node-{number}"
    return {
        "apiVersion": "v1", "kind": "Node",
        "metadata": {
            "name": name, "annotations": {"kwok.x-k8s.io/node": "fake"},
            "labels": {
                "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
                "topology.kubernetes.io/zone": zone, "topology.kubernetes.io/region": "us-east-1",
            },
        },
        "spec": {"providerID": f"aws:///{zone}/{instance}", "podCIDR": block, "podCIDRs": [block]},
        "status": {key: {"cpu": "2", "memory": "4Gi", "pods": "17"} for key in ("capacity", "allocatable")},
    }


def binding(user, role):
    """Gives a user of the token file a cluster role."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": f"check:{user}"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
    }
