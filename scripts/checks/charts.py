"""The charts: what they make, in every environment and with every switch, and what they refuse.

`charts.sh --write` writes the golden files anew.
"""

import difflib
import json
import sys

import jsonschema
import kubernetes_validate
import yaml

from pod_security import violations
from proof import (
    ENVIRONMENTS, KUBERNETES, ROOT, SCHEMAS, Broken, finish, hold, objects, only, pods, proof, refused,
    render, render_text, run, title, tool, values_of,
)

CHARTS = ("helm/backend", "helm/frontend", "helm/operations", "argocd/apps")

DIGEST = "sha256:" + "0123456789abcdef" * 4

# Each switch of each chart, thrown once.
SWITCHES = {
    "helm/backend": {
        "as it is": [],
        "a fixed number of replicas": ["autoscaling.enabled=false"],
        "one replica": ["autoscaling.enabled=false", "replicas=1"],
        "an image by digest": ["image.tag=", f"image.digest={DIGEST}"],
        "secrets read from AWS": ["secrets.source=aws"],
        "a Secret that is there": ["secrets.source=existing", "secrets.name=mine"],
        "the namespace's own role": ["secrets.external.auth=jwt"],
        "External Secrets of an old cluster": ["secrets.external.apiVersion=external-secrets.io/v1beta1"],
        "a JWT_SECRET before the newest": ["secrets.external.previous=true"],
        "the database's own roots": ["database.caConfigMap=rds-roots"],
        "letters by SMTP": ["mail.smtpSecret=oxcart-mail"],
        "pictures on a shared claim": ["media.store=claim", "media.claim=oxcart-media"],
        "pictures in a folder of each replica": ["media.store=folder"],
        "the demo's catalogue": ["seed.enabled=true"],
        "no migration": ["migration.enabled=false"],
        "a check after the deployment": ["smoke.enabled=true"],
        "no ingress": ["ingress.enabled=false"],
        "access logs": ["ingress.accessLogsBucket=logs", "ingress.deletionProtection=true"],
        "TLS to the load balancer": ["facts.albCertificateArn=arn:aws:acm:us-east-1:0:certificate/a"],
        "no network policy": ["networkPolicy.enabled=false"],
        "a monitor": ["metrics.serviceMonitor=true"],
        "traces": ["config.traceEndpoint=http://collector.monitoring:4318"],
    },
    "helm/frontend": {
        "as it is": [],
        "a fixed number of replicas": ["autoscaling.enabled=false"],
        "one replica": ["autoscaling.enabled=false", "replicas=1"],
        "an image by digest": ["image.tag=", f"image.digest={DIGEST}"],
        "no ingress": ["ingress.enabled=false"],
        "TLS to the load balancer": ["facts.albCertificateArn=arn:aws:acm:us-east-1:0:certificate/a"],
        "no network policy": ["networkPolicy.enabled=false"],
        "a monitor": ["metrics.serviceMonitor=true"],
    },
    "helm/operations": {"as it is": []},
    "argocd/apps": {"as it is": [], "with operations": ["operations.enabled=true"]},
}

# What a chart must not take: the setting, and what its refusal names.
BAD_VALUES = {
    "helm/backend": [
        ("image.tag=latest", "image/tag"),
        ("image.tag=main", "image/tag"),
        ("image.tag=", "/image"),
        (f"image.digest={DIGEST}", "/image"),
        ("image.digest=sha256:12", "image/digest"),
        ("image.repository=UPPER/case", "image/repository"),
        ("image.pullPolicy=Never", "pullPolicy"),
        ("secrets.external.previous=yes", "external/previous"),
        ("replicas=0", "/replicas"),
        ("replicas=two", "/replicas"),
        ("autoscaling.min=0", "autoscaling/min"),
        ("autoscaling.cpuPercent=100", "cpuPercent"),
        ("service.port=4001", "service"),
        ("config.port=4001", "'port'"),
        ("config.databaseConnections=0", "databaseConnections"),
        ("config.redisPort=70000", "redisPort"),
        ("config.traceEndpoint=collector:4318", "traceEndpoint"),
        ("config.log=$(evil)", "config/log"),
        ("resources.limits.memory=null", "memory"),
        ("resources.requests.cpu=lots", "cpu"),
        ("shutdown.preStop=0", "preStop"),
        ("secrets.source=plain", "secrets/source"),
        ("secrets.name=Upper", "secrets/name"),
        ("secrets.external.apiVersion=external-secrets.io/v1alpha1", "apiVersion"),
        ("secrets.external.auth=keys", "auth"),
        ("secrets.external.refreshInterval=often", "refreshInterval"),
        ("secrets.jwtSecret=hunter2", "jwtSecret"),
        ("media.store=claim", "media/claim"),
        ("media.store=disk", "media/store"),
        ("facts.mediaStore=/media", "mediaStore"),
        ("migration.deadlineSeconds=1", "deadlineSeconds"),
        ("facts.environment=Demo", "facts/environment"),
        ("facts.publicUrl=http://plain.example", "publicUrl"),
        ("facts.roleArns.backend=oxcart", "roleArns/backend"),
        ("facts.albScheme=public", "albScheme"),
        ("facts.privateSubnetCidrs=null", "privateSubnetCidrs"),
        ("facts.databasePassword=hunter2", "databasePassword"),
        ("imagePullSecret=x", "imagePullSecret"),
    ],
    "helm/frontend": [
        ("image.tag=latest", "image/tag"),
        ("image.tag=", "/image"),
        ("replicas=0", "/replicas"),
        ("config.backendUrl=backend", "backendUrl"),
        ("secret.key=jwt", "secret/key"),
        ("shutdown.grace=10", "grace"),
        ("secret.value=hunter2", "'value'"),
        ("ingress.host=shop.example", "'host'"),
        ("facts.region=Frankfurt", "facts/region"),
    ],
    "argocd/apps": [
        ("charts.externalSecrets.version=2.x", "version"),
        ("charts.externalSecrets.version=latest", "version"),
        ("charts.argoCd.repository=git.example", "repository"),
        ("facts.gitUrl=git.example", "gitUrl"),
        ("namespaces=x", "namespaces"),
    ],
}

CUSTOM = {
    "Application": "argoproj.io/application_v1alpha1.json",
    "AppProject": "argoproj.io/appproject_v1alpha1.json",
    "ExternalSecret": "external-secrets.io/externalsecret_v1.json",
    "SecretStore": "external-secrets.io/secretstore_v1.json",
    "ServiceMonitor": "monitoring.coreos.com/servicemonitor_v1.json",
    "PrometheusRule": "monitoring.coreos.com/prometheusrule_v1.json",
}


def rendered():
    """Everything that any chart makes anywhere, by what it is."""
    for chart in CHARTS:
        for environment in ENVIRONMENTS:
            for switch, settings in SWITCHES[chart].items():
                yield f"{chart}, {environment}, {switch}", render(chart, environment, *settings)


def golden(write):
    for chart in ("helm/backend", "helm/frontend", "argocd/apps"):
        for environment in ENVIRONMENTS:
            name = f"{chart.split('/')[-1]}-{environment}.yaml"
            file = ROOT / "helm" / "golden" / name
            text = render_text(chart, environment)
            if write:
                file.parent.mkdir(exist_ok=True)
                file.write_text(text)
            before = file.read_text().splitlines() if file.exists() else []
            change = list(difflib.unified_diff(before, text.splitlines(), lineterm="", n=0))
            hold(not change, f"{name} differs; look at it, then scripts/checks/charts.sh --write: {change[:8]}")


def strictly_valid(everything, version):
    count = 0
    for where, documents in everything:
        for found in documents:
            if found["kind"] in CUSTOM:
                continue
            try:
                kubernetes_validate.validate(found, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                raise Broken(f"{where}, {title(found)}: {error}") from error
            count += 1
    hold(count > 100, f"only {count} objects were looked at")


def valid_custom(everything):
    schemas = {kind: json.loads((SCHEMAS / file).read_text()) for kind, file in CUSTOM.items()}
    seen = set()
    for where, documents in everything:
        for found in documents:
            if found["kind"] not in CUSTOM or found["apiVersion"].endswith("v1beta1"):
                continue
            seen.add(found["kind"])
            for error in jsonschema.Draft7Validator(schemas[found["kind"]]).iter_errors(found):
                raise Broken(f"{where}, {title(found)}: {error.json_path}: {error.message[:200]}")
    hold(seen == set(CUSTOM), f"no object of kind {set(CUSTOM) - seen} was looked at")


def restricted(everything):
    for where, documents in everything:
        for found, pod in pods(documents):
            broken = violations(pod["spec"])
            hold(not broken, f"{where}, {title(found)}: {broken}")
            for container in pod["spec"]["containers"] + pod["spec"].get("initContainers", []):
                hold(container["securityContext"].get("readOnlyRootFilesystem"), f"{title(found)}: a root that can be written")
                hold("memory" in container["resources"]["limits"], f"{title(found)}: no limit of memory")
            hold(pod["spec"].get("automountServiceAccountToken") is False, f"{title(found)}: a token is mounted")


def restricted_demo():
    """The same, of the demo's servers as they are."""
    restricted([(chart, render(chart, "demo")) for chart in ("helm/backend", "helm/frontend")])


def closed_schemas():
    def look(schema, path):
        if schema.get("type") == "object" and "properties" in schema:
            hold(schema.get("additionalProperties") is False, f"{path} takes anything")
            for name, inner in schema["properties"].items():
                look(inner, f"{path}/{name}")

    facts = []
    for chart in CHARTS:
        schema = json.loads((ROOT / chart / "values.schema.json").read_text())
        look(schema, chart)
        facts.append(schema["properties"]["facts"])
    hold(all(each == facts[0] for each in facts), "the charts differ in the facts that they know")


def one_load_balancer():
    """Both Ingresses agree on what the group has only one of."""
    exclusive = ("load-balancer-name", "security-groups", "load-balancer-attributes", "tags", "certificate-arn", "ssl-policy")
    shared = ("group.name", "scheme", "listen-ports")
    for environment in ENVIRONMENTS:
        backend, frontend = (
            only(render(f"helm/{name}", environment), "Ingress")["metadata"]["annotations"]
            for name in ("backend", "frontend")
        )
        key = "alb.ingress.kubernetes.io/"
        for name in exclusive:
            values = {each[key + name] for each in (backend, frontend) if key + name in each}
            hold(len(values) <= 1, f"{name} has two values: {values}")
        for name in shared:
            hold(backend[key + name] == frontend[key + name], f"{name} differs")
        hold(len(backend[key + "load-balancer-name"]) <= 32, "the load balancer's name is too long")
        hold(int(backend[key + "group.order"]) < int(frontend[key + "group.order"]), "/ would come before /api")


def rollouts():
    for environment in ENVIRONMENTS:
        for name in ("backend", "frontend"):
            documents = render(f"helm/{name}", environment)
            deployment = only(documents, "Deployment")["spec"]
            hold("replicas" not in deployment, "replicas are in git though the autoscaler owns them")
            hold(deployment["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}, "a rollout loses a replica")
            pod = deployment["template"]["spec"]
            stop = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
            hold(stop >= 15, "too short for the load balancer to notice")
            hold(pod["terminationGracePeriodSeconds"] >= stop + 25, "killed before requests end")
            hold(objects(documents, "PodDisruptionBudget"), "several replicas without a budget")
            probe = pod["containers"][0]["livenessProbe"]["httpGet"]["path"]
            hold(probe.endswith("/health/live"), f"liveness asks {probe}, which may depend on others")
            alone = render(f"helm/{name}", environment, "autoscaling.enabled=false", "replicas=1")
            hold(not objects(alone, "PodDisruptionBudget"), "one replica with a budget keeps its node from draining")


def synced_keys():
    """The four keys, and only these, by name; after a first replacement the JWT_SECRET before the newest too."""
    wanted = {
        "DATABASE_URL": "database", "REDIS_HOST": "redis", "REDIS_PASSWORD": "redis", "JWT_SECRET": "jwt",
    }
    for environment in ENVIRONMENTS:
        spec = only(render("helm/backend", environment), "ExternalSecret")["spec"]
        found = {entry["secretKey"]: (entry["remoteRef"]["key"], entry["remoteRef"]["property"]) for entry in spec["data"]}
        expected = {key: (f"oxcart/{environment}/{name}", key) for key, name in wanted.items()}
        hold(found == expected, f"syncs {found}")
        hold("dataFrom" not in spec, "syncs whatever a secret holds")
        later = only(render("helm/backend", environment, "secrets.external.previous=true"), "ExternalSecret")["spec"]
        added = [entry for entry in later["data"] if entry not in spec["data"]]
        before = {"key": f"oxcart/{environment}/jwt", "property": "JWT_SECRET", "version": "AWSPREVIOUS"}
        wanted_too = [{"secretKey": "JWT_SECRET_PREVIOUS", "remoteRef": before}]
        hold(added == wanted_too, f"after the first replacement it syncs {added} too")


def main():
    if "--write" in sys.argv:
        golden(write=True)
    with proof("charts: helm lint --strict, every chart and environment"):
        for chart in CHARTS:
            for environment in ENVIRONMENTS:
                run(tool("helm"), "lint", "--strict", "--quiet", ROOT / chart, *values_of(chart, environment))
    everything = []
    switches = sum(len(each) for each in SWITCHES.values()) * len(ENVIRONMENTS)
    with proof(f"charts: helm template, {switches} combinations of environment and switch"):
        everything.extend(rendered())
    for version in KUBERNETES:
        with proof(f"charts: every object is strictly valid for Kubernetes {version}"):
            strictly_valid(everything, version)
    if SCHEMAS.exists():
        with proof("charts: every custom object is valid by its own schema"):
            valid_custom(everything)
    else:
        print("skip charts: every custom object is valid by its own schema: there is no ../shared/schemas")
    with proof("charts: every pod passes Pod Security restricted, with a read-only root and no token"):
        restricted(everything)
    with proof("charts: schemas are closed, and know the same facts"):
        closed_schemas()
    with proof(f"charts: {sum(map(len, BAD_VALUES.values()))} bad values are each refused"):
        for chart, cases in BAD_VALUES.items():
            for setting, because in cases:
                command = (tool("helm"), "template", "x", ROOT / chart, *values_of(chart, "demo"), "--set", setting)
                refused(*command, because=because)
    with proof("charts: what they make is what was looked at (golden files)"):
        golden(write=False)
    with proof("charts: both Ingresses share one load balancer"):
        one_load_balancer()
    with proof("charts: rollouts lose no request"):
        rollouts()
    with proof("charts: External Secrets syncs exactly the four keys"):
        synced_keys()
    finish()


if __name__ == "__main__":
    main()
