"""The repository that ArgoCD follows: what git has of argocd/ and helm/, and the commits of this run.

What differs from the project's own: facts of the emulated account and this repository's address; the
charts of others, which cannot be fetched here, so that their applications are left out and their programs
run beside the cluster; secrets are refreshed every few seconds instead of every hour, and a sync that
failed is tried again after two seconds instead of ten.
"""

import re
import shutil

from proof import ROOT, hold, run

ENVIRONMENT = "demo"
# Applications whose charts come from elsewhere.
LEFT_OUT = ("external-secrets", "aws-load-balancer-controller")


class Clone:
    """A repository of its own; paths are those of the project."""

    def __init__(self, folder):
        self.folder = folder / "repository"
        self.url = f"file://{self.folder}"
        listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "argocd", "helm", "scripts/set-image.sh").splitlines()
        for name in filter(lambda name: (ROOT / name).exists(), listed):
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
        self._git("init", "-q", "-b", "main")

    def _git(self, *words):
        who = ("-c", "user.name=Oxcart", "-c", "user.email=oxcart@example.com", "-c", "commit.gpgsign=false")
        return run("git", *who, *words, cwd=self.folder).strip()

    def read(self, name):
        """A file's text."""
        return (self.folder / name).read_text()

    def write(self, name, text):
        """Writes a file, without a commit."""
        (self.folder / name).write_text(text)

    def replace(self, name, old, new, count=1):
        """Changes one place of a file, which must be there."""
        text = self.read(name)
        hold(old in text, f"{name} has no {old!r}")
        self.write(name, text.replace(old, new, count))

    def remove(self, name):
        """Removes a file, without a commit."""
        (self.folder / name).unlink()

    def commit(self, message):
        """Commits whatever changed; the commit's name."""
        self._git("add", "-A")
        self._git("commit", "-q", "-m", message)
        return self.head()

    def head(self):
        """The newest commit."""
        return self._git("rev-parse", "HEAD")

    def revert(self):
        """`git revert` of the newest commit; the new commit's name."""
        self._git("revert", "--no-edit", "HEAD")
        return self.head()

    def branch(self, name, change, message):
        """Commits a change to a branch of its own, and comes back."""
        self._git("checkout", "-q", "-b", name)
        change()
        self.commit(message)
        self._git("checkout", "-q", "main")

    def suit(self, account, refresh):
        """The first commit: the project as it is, with what must differ here."""
        facts = f"argocd/envs/{ENVIRONMENT}/platform.yaml"
        text = self.read(facts)
        for name, value in (("vpcId", account.vpc), ("albSecurityGroupId", account.group), ("gitUrl", self.url)):
            text, count = re.subn(rf"^  {name}: .*$", f"  {name}: {value}", text, flags=re.M)
            hold(count == 1, f"{facts} has no {name}")
        self.write(facts, text)
        for name in LEFT_OUT:
            self.remove(f"argocd/apps/templates/{name}.yaml")
        self.replace("argocd/apps/templates/_helpers.tpl", "duration: 10s", "duration: 2s")
        values = f"helm/backend/values-{ENVIRONMENT}.yaml"
        self.write(values, self.read(values) + f"secrets:\n  external:\n    refreshInterval: {refresh}\n")
        return self.commit("The project, for a cluster on this machine")
