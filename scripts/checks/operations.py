"""Alert rules and dashboards: they parse, name metrics that are there, and lead to the runbook."""

import json
import os
import re
import time
import urllib.request

import promql_parser
import yaml

from proof import ENVIRONMENTS, ROOT, Broken, finish, hold, only, proof, render, title
from shopper import Shopper

RULES = ROOT / "helm/operations/rules.yaml"
DASHBOARDS = sorted((ROOT / "helm/operations/dashboards").glob("*.json"))

# Prometheus' own, and labels that it adds when it scrapes.
OWN = {"up"}
# External Secrets' own; `cargo xtask cluster` holds its rule against a scrape of it.
ELSEWHERE = {"externalsecret_status_condition"}
ADDED = {"job", "instance", "le"}


def rules():
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        yield from group["rules"]


def expressions():
    for rule in rules():
        yield rule.get("alert") or rule["record"], rule["expr"]
    for file in DASHBOARDS:
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                yield f"{file.name}, {panel['title']}", target["expr"]


def selectors(expression):
    """Every metric that an expression names, with the labels it asks for."""
    def walk(node):
        if isinstance(node, promql_parser.VectorSelector):
            yield node.name, [(each.name, str(each.op), each.value) for each in node.matchers.matchers]
            return
        if isinstance(node, promql_parser.MatrixSelector):
            yield from walk(node.vector_selector)
            return
        for part in ("lhs", "rhs", "expr", "param", "args"):
            inner = getattr(node, part, None)
            for each in inner if isinstance(inner, list) else [inner] if inner is not None else []:
                yield from walk(each)

    return list(walk(promql_parser.parse(expression)))


def parsed():
    count = 0
    for where, expression in expressions():
        try:
            found = selectors(expression)
        except ValueError as error:
            raise Broken(f"{where}: {error}") from error
        hold(found or "time()" in expression, f"{where} asks for nothing")
        count += 1
    hold(count > 50, f"only {count} expressions")


# A real scrape


def traffic():
    """A shopper who looks, buys and looks at the order, so that every counter has begun."""
    ann = Shopper(os.environ["API_URL"])
    for path in ("/api/home", "/api/products?limit=5", "/api/categories", "/api/search/suggest?q=mug"):
        ann.ask("GET", path)
    ann.ask("GET", ann.buy(ann.variant()))
    for path in ("/", "/cart", "/search?q=mug"):
        urllib.request.urlopen(os.environ["SHOP_URL"] + path, timeout=20).read()


def scrape():
    """Every series of both servers: metric to its labels' values."""
    found = {}
    for job, name in (("backend", "API_METRICS"), ("frontend", "SHOP_METRICS")):
        text = urllib.request.urlopen(os.environ[name], timeout=10).read().decode()
        for line in text.splitlines():
            match = re.match(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ", line)
            if match and not line.startswith("#"):
                labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match.group(2) or ""))
                found.setdefault(match.group(1), []).append({"job": job, **labels})
    return found


def real():
    hold("API_METRICS" in os.environ, "there is no shop to ask; run this through `cargo xtask deploy-check`")
    traffic()
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    wanted = {(where, *each) for where, text in expressions() for each in map(freeze, selectors(text))}
    missing = None
    for _ in range(20):
        series = scrape()
        missing = [(where, name, labels) for where, name, labels in sorted(wanted) if not is_there(name, labels, series, recorded)]
        if not missing:
            return
        # The letter of the order is a job that comes a moment later.
        time.sleep(0.5)
    raise Broken(f"not in a scrape: {missing[:4]}")


def freeze(selector):
    return selector[0], tuple(selector[1])


def is_there(name, labels, series, recorded):
    if name in ELSEWHERE:
        return True
    if name in OWN or name in recorded:
        return all(label in ADDED for label, _, _ in labels)
    if name not in series:
        return False
    for label, operation, value in labels:
        found = {each[label] for each in series[name] if label in each}
        if operation == "MatchOp.Equal":
            found &= {value}
        elif operation == "MatchOp.Re" and label != "status":
            # Failures are not made here; that there is a status is enough.
            found = {each for each in found if re.fullmatch(value, each)}
        if not found:
            return False
    return True


# Rules, runbook, dashboards


def alerts():
    runbook = (ROOT / "docs/runbook.md").read_text()
    headings = set(re.findall(r"^### (Oxcart\w+)$", runbook, re.M))
    names = {rule["alert"] for rule in rules() if "alert" in rule}
    hold(headings == names, f"in the runbook only: {headings - names}; in the rules only: {names - headings}")
    for rule in rules():
        if "alert" in rule:
            hold(rule["labels"]["severity"] in ("page", "ticket"), f"{rule['alert']}: whom does it wake?")
            hold({"summary", "description"} <= set(rule["annotations"]), f"{rule['alert']} says too little")
    for environment in ENVIRONMENTS:
        made = only(render("helm/operations", environment), "PrometheusRule")
        for group in made["spec"]["groups"]:
            for rule in group["rules"]:
                if "alert" in rule:
                    link = rule["annotations"]["runbook_url"]
                    hold(link.endswith(f"docs/runbook.md#{rule['alert'].lower()}"), f"{rule['alert']} leads to {link}")


def objectives():
    """The alerts burn what the runbook promises, by the workbook's factors."""
    runbook = (ROOT / "docs/runbook.md").read_text()
    for what, record, promise in (
        ("Buying", "oxcart:buying_errors", "99.95 %"), ("The catalogue", "oxcart:catalogue_errors", "99.99 %"),
        ("Pages", "oxcart:page_errors", "99.9 %"),
    ):
        hold(re.search(rf"\| {what} \|[^|]*\| {re.escape(promise)} \|", runbook), f"the runbook does not promise {what} {promise}")
        allowance = f"{1 - float(promise.split()[0]) / 100:.6f}".rstrip("0")
        fast = [rule["expr"] for rule in rules() if "alert" in rule and f"{record}:ratio1h" in rule["expr"]]
        hold(len(fast) == 1 and fast[0].count(f"> 14.4 * {allowance}") == 2, f"{what}: no fast burn of {allowance}: {fast}")
        hold(f"{record}:ratio5m" in fast[0], f"{what}: the alert would last long after its cause")


def records():
    """Each recorded ratio is over the window that its name says, and whatever is used is recorded."""
    recorded = {}
    for rule in rules():
        if "record" in rule:
            window = rule["record"].rpartition("ratio")[2]
            hold(set(re.findall(r"\[(\w+)\]", rule["expr"])) == {window}, f"{rule['record']} is over another window")
            recorded[rule["record"]] = rule
    used = {name for _, text in expressions() for name, _ in selectors(text) if name.startswith("oxcart:")}
    hold(used <= set(recorded), f"not recorded: {used - set(recorded)}")


def dashboards():
    ids = set()
    hold([file.stem for file in DASHBOARDS] == ["database", "servers", "shop"], "a dashboard is missing")
    for file in DASHBOARDS:
        board = json.loads(file.read_text())
        hold(board["uid"] not in ids, f"{file.name} has another's id")
        ids.add(board["uid"])
        taken = set()
        for panel in board["panels"]:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            hold(not cells & taken and place["x"] + place["w"] <= 24, f"{file.name}: {panel['title']} lies over another")
            taken |= cells
            hold(panel["description"] and panel["targets"], f"{file.name}: {panel['title']} says nothing")
            hold(panel["datasource"]["uid"] == "${datasource}", f"{file.name}: {panel['title']} is bound to one Prometheus")
        hold(len({panel["id"] for panel in board["panels"]}) == len(board["panels"]), f"{file.name}: two panels with one id")


def monitors():
    """Prometheus finds both servers' metrics, under the job names that the rules use."""
    jobs = {value for _, text in expressions() for _, labels in selectors(text) for label, _, value in labels if label == "job"}
    hold(jobs <= {"backend", "frontend", "backend|frontend"}, f"jobs that nobody scrapes: {jobs}")
    for name in ("backend", "frontend"):
        documents = render(f"helm/{name}", "demo", "metrics.serviceMonitor=true")
        monitor, service = only(documents, "ServiceMonitor"), only(documents, "Service")
        port = monitor["spec"]["endpoints"][0]["port"]
        hold(any(each["name"] == port for each in service["spec"]["ports"]), f"{title(monitor)} asks a port that the service has not")
        wanted = monitor["spec"]["selector"]["matchLabels"].items()
        hold(wanted <= service["metadata"]["labels"].items(), f"{title(monitor)} finds no service")


def main():
    with proof("operations: every expression parses"):
        parsed()
    with proof("operations: recorded ratios are what their names say"):
        records()
    with proof("operations: every alert has its place in the runbook, and back"):
        alerts()
    with proof("operations: burn rates follow from what is promised"):
        objectives()
    with proof("operations: dashboards are whole"):
        dashboards()
    with proof("operations: both servers are scraped under the names that rules use"):
        monitors()
    with proof("operations: every metric and route is in a real scrape"):
        real()
    finish()


if __name__ == "__main__":
    main()
