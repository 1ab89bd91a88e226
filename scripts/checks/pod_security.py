"""Pod Security Standards, level restricted, as far as a pod's own text shows it."""

VOLUMES = {
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret",
}


def violations(spec):
    """What in a pod's spec the level restricted forbids."""
    found = []
    pod = spec.get("securityContext", {})
    for name in ("hostNetwork", "hostPID", "hostIPC", "hostUsers"):
        if spec.get(name) is True:
            found.append(name)
    for volume in spec.get("volumes", []):
        kinds = set(volume) - {"name"}
        if not kinds <= VOLUMES:
            found.append(f"volume {volume['name']} is of kind {kinds}")
    if pod.get("sysctls"):
        found.append("sysctls")
    for container in spec.get("containers", []) + spec.get("initContainers", []):
        found += [f"{container['name']}: {what}" for what in of_container(container, pod)]
    return found


def of_container(container, pod):
    """What in a container the level restricted forbids, its pod being as it is."""
    own = container.get("securityContext", {})
    either = {**pod, **own}
    if own.get("privileged"):
        yield "privileged"
    if own.get("allowPrivilegeEscalation") is not False:
        yield "may gain privileges"
    capabilities = own.get("capabilities", {})
    if "ALL" not in capabilities.get("drop", []):
        yield "keeps capabilities"
    if set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
        yield "adds capabilities"
    if either.get("runAsNonRoot") is not True:
        yield "may run as root"
    if either.get("runAsUser") == 0:
        yield "runs as root"
    if either.get("seccompProfile", {}).get("type") not in ("RuntimeDefault", "Localhost"):
        yield "has no seccomp profile"
    if own.get("procMount", "Default") != "Default":
        yield "sees more of /proc"
    if any(port.get("hostPort") for port in container.get("ports", [])):
        yield "takes a port of the host"
