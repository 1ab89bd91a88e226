//! Private PostgreSQL and Redis servers, stopped when their value is dropped.

mod find;
mod postgres;
mod redis;

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use self::{postgres::Postgres, redis::Redis};
use crate::{
    place::{self, Account},
    shell,
};

/// What the services are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Somebody's shop: kept from run to run, safe from a power cut.
    Keep,
    /// Tests: fast, and gone afterwards.
    ThrowAway,
}

/// The databases a shop needs, running.
pub struct Services {
    /// Where PostgreSQL is.
    pub database_url: String,
    /// Where Redis is, when there is one.
    pub redis_url: Option<String>,
    // Fields are dropped in this order: servers first, then their folder, then the lock.
    servers: (Option<Postgres>, Option<Redis>),
    _folder: Option<Scratch>,
    _lock: Option<File>,
}

impl Services {
    /// Starts what the environment's `DATABASE_URL` and `REDIS_URL` do not name, with data in `folder`.
    pub fn start(folder: &Path, purpose: Use) -> Result<Self> {
        let account = Account::for_servers()?;
        let folder = place::reachable(folder, account.as_ref())?;
        let lock = lock(&folder)?;
        let scratch = (purpose == Use::ThrowAway).then(|| Scratch(folder.clone()));
        let home = Home { folder, account, purpose };
        // Tests never run on a database that somebody has for another purpose.
        let given = |name| if purpose == Use::Keep { given(name) } else { None };
        let (postgres, database_url) = if let Some(url) = given("DATABASE_URL") {
            (None, url)
        } else {
            let postgres = Postgres::start(&home)?;
            let url = postgres.url("oxcart");
            (Some(postgres), url)
        };
        let (redis, redis_url) = if let Some(url) = given("REDIS_URL") {
            (None, Some(url))
        } else {
            let redis = Redis::start(&home)?;
            let url = redis.as_ref().map(Redis::url);
            (redis, url)
        };
        Ok(Self {
            database_url,
            redis_url,
            servers: (postgres, redis),
            _folder: scratch,
            _lock: Some(lock),
        })
    }

    /// Whether the database is one of ours, not one the environment named.
    pub fn is_private(&self) -> bool {
        self.servers.0.is_some()
    }

    /// Where a program of PostgreSQL would be, beside the server's own.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        self.servers.0.as_ref().map(|postgres| postgres.programs().join(name))
    }

    /// The address of another database of the same server.
    pub fn database(&self, name: &str) -> Result<String> {
        let (server, _) =
            self.database_url.rsplit_once('/').context("DATABASE_URL names no database")?;
        Ok(format!("{server}/{name}"))
    }

    /// Removes what earlier runs left in `folder`.
    pub fn wipe(folder: &Path) -> Result<()> {
        let reachable = place::reachable(folder, Account::for_servers()?.as_ref())?;
        let _lock = lock(&reachable)?;
        postgres::stop_leftover(&reachable.join("postgres"))?;
        empty(folder)?;
        empty(&reachable)
    }
}

/// Removes what is in a folder, except the lock we hold and the programs we fetched.
fn empty(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        if [LOCK, find::TOOLS].iter().any(|kept| entry.file_name() == *kept) {
            continue;
        }
        let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        gone.with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// Where a service keeps its data, who runs it, and how careful it has to be.
struct Home {
    folder: PathBuf,
    account: Option<Account>,
    purpose: Use,
}

impl Home {
    /// A folder that belongs to the services' account.
    fn own(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        Account::own(self.account.as_ref(), &folder)?;
        Ok(folder)
    }

    /// Makes a command run under the services' account, in a folder it can enter.
    fn settle<'a>(&self, command: &'a mut std::process::Command) -> &'a mut std::process::Command {
        Account::lower(self.account.as_ref(), command);
        command.current_dir(&self.folder)
    }

    fn log(&self, name: &str) -> Result<PathBuf> {
        let logs = self.folder.join("log");
        fs::create_dir_all(&logs).with_context(|| format!("cannot create {}", logs.display()))?;
        Ok(logs.join(name))
    }
}

/// A folder that is removed when dropped.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const LOCK: &str = "lock";

fn lock(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!(
                "another `cargo xtask` runs its services in {}; stop that one first",
                folder.display()
            )
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

fn given(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.into_string().ok().filter(|value| !value.is_empty())?;
    shell::say("services", &format!("using the {name} of the environment"));
    Some(value)
}
