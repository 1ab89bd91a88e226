//! `studio`: the Python tool that draws pictures, in a virtual environment of its own.

use std::fs;

use anyhow::{Context, Result};

use crate::{place, shell};

/// Runs `studio/studio.py`, installing what it needs on first use.
pub fn run(arguments: &[String]) -> Result<()> {
    let requirements = place::root().join("studio/requirements.txt");
    let wanted = fs::read(&requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    let hash = place::short_hash(&wanted);
    let venv = place::cache()?.join(format!("studio-{hash}"));
    let ready = venv.join("ready");
    if !ready.exists() {
        shell::say("studio", "installing what it needs, once for this user");
        let advice = "are Python 3 and its venv module installed?";
        shell::run(shell::command("python3").args(["-m", "venv", "--clear"]).arg(&venv), advice)?;
        let mut pip = shell::command(venv.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&requirements);
        shell::run(&mut pip, "is the package registry reachable?")?;
        fs::write(&ready, "").with_context(|| format!("cannot write {}", ready.display()))?;
    }
    let mut python = shell::command(venv.join("bin/python"));
    python.arg("studio/studio.py").args(arguments).current_dir(place::root());
    shell::run(&mut python, "its message is above")
}
