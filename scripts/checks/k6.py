"""The crowds: typed, promised something, and sent against a real shop, whose books are looked at after."""

import json
import os
import pathlib
import re
import subprocess
import tempfile

import psycopg

from proof import ROOT, Broken, finish, hold, proof, run, tool

FOLDER = ROOT / "k6"
CROWDS = ("smoke", "browse", "checkout", "flash", "spike", "soak")

# Those that are really sent here, in a tenth of the time.
SENT = ("smoke", "browse", "checkout", "flash")


def types():
    if not (FOLDER / "node_modules/.bin/tsc").exists():
        run("npm", "ci", "--loglevel=error", "--no-audit", "--no-fund", cwd=FOLDER)
    run("npx", "--no-install", "tsc", "--noEmit", cwd=FOLDER)


def mistakes():
    """The types see a wrong option's name and a wrong call."""
    text = (FOLDER / "smoke.js").read_text()
    wrongs = (("any(all)", "any(all).nothing"), ("lookAround(all)", "lookAround()"), ("'./lib/random.js'", "'./lib/randm.js'"))
    files = [FOLDER / f"mistake-{number}-for-a-check.js" for number in range(len(wrongs))]
    try:
        for file, (right, wrong) in zip(files, wrongs):
            hold(right in text, f"{right} is no longer in smoke.js")
            file.write_text(text.replace(right, wrong, 1))
        answer = subprocess.run(["npx", "--no-install", "tsc", "--noEmit"], cwd=FOLDER, capture_output=True, text=True)
        for file, (_, wrong) in zip(files, wrongs):
            hold(file.name in answer.stdout, f"{wrong} passed")
    finally:
        for file in files:
            file.unlink(missing_ok=True)


def promises():
    for crowd in CROWDS:
        options = json.loads(run(tool("k6"), "inspect", FOLDER / f"{crowd}.js"))
        promised = set(options["thresholds"])
        hold({"http_req_failed", "checks", "inconsistent_orders"} <= promised, f"{crowd} promises only {promised}")
        for scenario in options["scenarios"].values():
            hold(scenario["executor"] != "per-vu-iterations", crowd)
            hold("duration" in scenario or "stages" in scenario, f"{crowd} never ends")
            hold(scenario.get("maxVUs", 1) <= 1000, f"{crowd} has no bound")
        for script in (FOLDER / f"{crowd}.js", FOLDER / "lib/api.js"):
            for path in re.findall(r"'(/[a-z][^']*)'", script.read_text()):
                hold(path.startswith("/api/"), f"{script.name} asks {path}, which is not the API's")


def guarded():
    env = dict(os.environ, BASE_URL="https://somebody-else.example")
    answer = subprocess.run([tool("k6"), "run", "--quiet", "--no-usage-report", FOLDER / "smoke.js"], capture_output=True, text=True, env=env, cwd=ROOT)
    hold(answer.returncode and "not among ALLOWED_HOSTS" in answer.stdout + answer.stderr, "another host was accepted")


def orders():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return connection.execute("SELECT count(*) FROM orders WHERE placed_at IS NOT NULL").fetchone()[0]


def send(crowd, folder):
    hold("API_URL" in os.environ, "there is no shop to ask; run this through `cargo xtask deploy-check`")
    before = orders()
    env = {"BASE_URL": os.environ["API_URL"], "PROFILE": "brief", "REPORT": str(folder)}
    try:
        run(tool("k6"), "run", "--quiet", "--no-usage-report", FOLDER / f"{crowd}.js", env=env, timeout=180)
    except Broken as error:
        file = folder / f"{crowd}.json"
        metrics = json.loads(file.read_text())["metrics"] if file.exists() else {}
        broken = [f"{name} {promise} {metric['values']}" for name, metric in metrics.items() for promise, it in metric.get("thresholds", {}).items() if not it["ok"]]
        raise Broken(f"not kept: {broken}" if broken else str(error)) from error
    metrics = json.loads((folder / f"{crowd}.json").read_text())["metrics"]
    count, waiting = (int(metrics.get(name, {"values": {"count": 0}})["values"]["count"]) for name in ("placed_orders", "waiting_orders"))
    more = orders() - before
    hold(count <= more <= count + waiting, f"shoppers were told of {count} orders, {waiting} more wait, the books have {more}")
    hold("<testsuite" in (folder / f"{crowd}.xml").read_text(), "no report for CI")
    hold(crowd == "browse" or count > 0, "nobody bought anything")


def verified():
    said = run(os.environ["BACKEND_BIN"], "verify")
    hold("BROKEN" not in said and said.count("kept") > 5, said[-400:])


def main():
    with proof("k6: every script is well typed"):
        types()
    with proof("k6: the types see mistakes"):
        mistakes()
    with proof("k6: each crowd ends, is bounded, and is promised something"):
        promises()
    with proof("k6: a host that nobody allowed is refused"):
        guarded()
    with tempfile.TemporaryDirectory(prefix="oxcart-k6-") as folder:
        for crowd in SENT:
            with proof(f"k6: {crowd} comes, every promise is kept, and the books have as many orders"):
                send(crowd, pathlib.Path(folder))
    with proof("k6: the shop's own promises hold after the crowds (backend verify)"):
        verified()
    finish()


if __name__ == "__main__":
    main()
