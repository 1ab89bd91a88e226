//! The programs between the compiler and the browser, kept in the user's cache.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::{
    place,
    shell::{self, say},
};

/// The release of npm's `binaryen` whose `wasm-opt` is used.
const BINARYEN: &str = "132.0.0";

/// `wasm-bindgen` in exactly the version the code is locked to.
pub fn wasm_bindgen() -> Result<PathBuf> {
    let version = locked("wasm-bindgen")?;
    let folder = place::cache()?.join(format!("wasm-bindgen-{version}"));
    let program = folder.join("bin/wasm-bindgen");
    if program.exists() {
        return Ok(program);
    }
    say("browser", &format!("building wasm-bindgen {version}, once for this user (some minutes)"));
    let build = folder.join("build");
    let mut cargo = shell::cargo();
    cargo
        .args([
            "install",
            "wasm-bindgen-cli",
            "--version",
            &version,
            "--bin",
            "wasm-bindgen",
            "--root",
        ])
        .arg(&folder);
    // It runs for a second per build: quick to compile matters more than quick to run.
    cargo.arg("--target-dir").arg(&build).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    cargo.env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS").current_dir(place::cache()?);
    shell::run(&mut cargo, "is the package registry reachable?")?;
    let _ = fs::remove_dir_all(build);
    Ok(program)
}

/// `wasm-opt`, from npm.
pub fn wasm_opt() -> Result<Option<Command>> {
    if shell::which("npm").is_none() {
        return Ok(shell::which("wasm-opt").map(shell::command));
    }
    let folder = place::cache()?.join(format!("binaryen-{BINARYEN}"));
    let program = folder.join("node_modules/.bin/wasm-opt");
    if !program.exists() {
        say("browser", "fetching wasm-opt with npm, once for this user");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let mut npm = shell::command("npm");
        npm.args(["install", "--loglevel=error", "--no-audit", "--no-fund", "--prefix"])
            .arg(&folder);
        shell::run(npm.arg(format!("binaryen@{BINARYEN}")), "is the package registry reachable?")?;
    }
    Ok(Some(shell::command(program)))
}

/// The version of a package in `Cargo.lock`.
fn locked(package: &str) -> Result<String> {
    let lock =
        fs::read_to_string(place::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    version_in(&lock, package).with_context(|| format!("Cargo.lock has no {package}"))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let version = lock.lines().skip_while(|line| *line != name).nth(1)?;
    Some(version.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_tells_versions() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.3.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";

        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "wasm"), None);
    }
}
