//! Where things are: the workspace, its build output, caches, and folders that services may use.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::shell;

/// The root of the workspace.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Cargo's output folder: the one this program was built into.
pub fn target() -> PathBuf {
    let beside =
        std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.parent()?.to_owned()));
    beside.unwrap_or_else(|| root().join("target"))
}

/// The user's folder for tools that are built or fetched once per machine.
pub fn cache() -> Result<PathBuf> {
    let named =
        std::env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    let cache = named
        .or_else(home)
        .context("neither XDG_CACHE_HOME nor HOME is set; set one")?
        .join("oxcart");
    fs::create_dir_all(&cache).with_context(|| format!("cannot create {}", cache.display()))?;
    Ok(cache)
}

/// Eight hexadecimal digits that stand for these bytes.
pub fn short_hash(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..4])
}

/// Whether we are root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// An account without privileges, for servers that refuse to run as root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    name: String,
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account servers run under: none of their own unless we are root.
    pub fn for_servers() -> Result<Option<Self>> {
        if !is_root() {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        let named = |name: &str| {
            users.lines().find_map(|line| Self::parse(line).filter(|account| account.name == name))
        };
        let account = named("postgres").or_else(|| named("nobody"));
        account.map(Some).context("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`; add one")
    }

    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Self { name, uid, gid })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes a command run under it.
    pub fn lower(account: Option<&Self>, command: &mut std::process::Command) {
        if let Some(Self { uid, gid, .. }) = account {
            command.uid(*uid).gid(*gid);
        }
    }

    /// Creates a folder that belongs to it, and hands over what is in there.
    pub fn own(account: Option<&Self>, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let Some(account) = account else { return Ok(()) };
        if fs::metadata(folder)?.uid() == account.uid {
            return Ok(());
        }
        account
            .take(folder)
            .with_context(|| format!("cannot give {} to {}", folder.display(), account.name))
    }

    fn take(&self, path: &Path) -> Result<()> {
        std::os::unix::fs::lchown(path, Some(self.uid), Some(self.gid))?;
        if path.symlink_metadata()?.is_dir() {
            for entry in fs::read_dir(path)? {
                self.take(&entry?.path())?;
            }
        }
        Ok(())
    }

    fn reaches(account: Option<&Self>, folder: &Path) -> bool {
        let mut command = shell::command("test");
        Self::lower(account, command.arg("-x").arg(folder).current_dir("/"));
        command.status().is_ok_and(|status| status.success())
    }
}

/// The folder for the services' data: `wanted`, or one under the temporary folder when `account` cannot get there.
pub fn reachable(wanted: &Path, account: Option<&Account>) -> Result<PathBuf> {
    fs::create_dir_all(wanted).with_context(|| format!("cannot create {}", wanted.display()))?;
    if Account::reaches(account, wanted) {
        return Ok(wanted.to_owned());
    }
    let hash = short_hash(wanted.as_os_str().as_encoded_bytes());
    let other = std::env::temp_dir().join(format!("oxcart-{hash}"));
    fs::create_dir_all(&other).with_context(|| format!("cannot create {}", other.display()))?;
    if fs::symlink_metadata(&other)?.uid() != rustix::process::geteuid().as_raw() {
        bail!("{} belongs to somebody else; remove it", other.display());
    }
    let who = account.map_or("this user", Account::name);
    shell::say(
        "data",
        &format!("{who} cannot enter {}; using {}", wanted.display(), other.display()),
    );
    Ok(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_passwd_names_an_account() {
        let account = Account::parse("nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin");

        assert_eq!(account, Some(Account { name: "nobody".to_owned(), uid: 65534, gid: 65533 }));
        assert_eq!(Account::parse("broken"), None);
    }
}
