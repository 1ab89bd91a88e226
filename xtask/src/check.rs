//! `check`: what can be said about the code without running it.

use std::{fs, path::PathBuf, process::Command, time::Instant};

use anyhow::{Result, bail};

use crate::{
    dependencies, generate, place,
    shell::{self, say},
    shop::Profile,
};

/// No source file is longer.
const LINES: usize = 500;

type Step = (&'static str, fn() -> Result<()>);

const STEPS: [Step; 6] = [
    ("format", format),
    ("limits", limits),
    ("lints", lints),
    ("documents", documents),
    ("generated", generated),
    ("dependencies", dependencies::check),
];

/// Runs every step, also after one that fails, and names those that failed.
pub fn run() -> Result<()> {
    let mut failed = Vec::new();
    for (name, step) in STEPS {
        let start = Instant::now();
        let result = step();
        shell::go_on()?;
        let verdict = if result.is_ok() { "ok" } else { "FAILED" };
        if let Err(error) = result {
            shell::complain(&error);
            failed.push(name);
        }
        say(name, &format!("{verdict} in {}", shell::took(start)));
    }
    if !failed.is_empty() {
        bail!("not in order: {}", failed.join(", "));
    }
    Ok(())
}

fn format() -> Result<()> {
    shell::run(
        cargo().args(["fmt", "--all", "--check", "--", "--files-with-diff"]),
        "run `cargo fmt --all`",
    )
}

/// Functions have their limit in `clippy.toml`; files have theirs here.
fn limits() -> Result<()> {
    let long: Vec<_> = sources()?
        .into_iter()
        .filter_map(|file| {
            let lines = fs::read_to_string(place::root().join(&file)).ok()?.lines().count();
            (lines > LINES).then(|| format!("{} has {lines}", file.display()))
        })
        .collect();
    if !long.is_empty() {
        bail!(
            "a source file has at most {LINES} lines; split these by what they are about: {}",
            long.join(", ")
        );
    }
    Ok(())
}

/// The Rust files git knows, or would if asked.
fn sources() -> Result<Vec<PathBuf>> {
    let mut git = shell::command("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "*.rs"])
        .current_dir(place::root());
    Ok(shell::output(&mut git)?.lines().map(PathBuf::from).collect())
}

fn lints() -> Result<()> {
    shell::run(
        cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        "clippy's words are above",
    )
}

fn documents() -> Result<()> {
    let mut doc = cargo();
    doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"])
        .env("RUSTDOCFLAGS", "-D warnings");
    shell::run(&mut doc, "rustdoc's words are above")
}

fn generated() -> Result<()> {
    Profile::Dev.build()?;
    if !generate::openapi_is_fresh()? {
        bail!("generated files are stale: run `cargo xtask gen` and commit what it writes");
    }
    Ok(())
}

fn cargo() -> Command {
    let mut cargo = shell::cargo();
    cargo.current_dir(place::root()).env("SQLX_OFFLINE", "true");
    cargo
}
