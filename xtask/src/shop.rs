//! The two servers, running.

use std::{
    fs::{self, File},
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::{
    http, place, ports,
    services::Services,
    shell::{self, Process},
};

/// How the servers are built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build.
    Dev,
    /// Quick to run.
    Release,
}

impl Profile {
    /// Builds both servers.
    pub fn build(self) -> Result<()> {
        let mut cargo = shell::cargo();
        cargo.args(["build", "--package", "backend", "--package", "frontend", "--bins"]);
        if self == Self::Release {
            cargo.arg("--release");
        }
        cargo.env("SQLX_OFFLINE", "true").current_dir(place::root());
        shell::run(&mut cargo, "the compiler's message is above")
    }

    /// Where the built program of that name is.
    pub fn program(self, name: &str) -> PathBuf {
        let folder = if self == Self::Release { "release" } else { "debug" };
        place::target().join(folder).join(name)
    }
}

/// The `patience` of a shop that people and browsers use.
pub const PATIENCE: u32 = 100;

/// What a shop runs on.
pub struct Plan<'a> {
    /// How it is built.
    pub profile: Profile,
    /// The folder for its pictures and letters.
    pub folder: PathBuf,
    /// The folder for its logs.
    pub logs: PathBuf,
    /// The database to use.
    pub database_url: String,
    /// The services behind it.
    pub services: &'a Services,
    /// What signs tokens and cookies.
    pub secret: String,
    /// The port of the pages.
    pub port: u16,
    /// The port of the API.
    pub api_port: u16,
    /// How many times as often as a shopper anybody may ask: one machine plays all of them, with one address.
    pub patience: u32,
}

impl Plan<'_> {
    /// One of the backend's commands, with the settings of this shop.
    pub fn backend(&self, arguments: &[&str]) -> Command {
        let mut command = shell::command(self.profile.program("backend"));
        self.settle(&mut command);
        command.args(arguments);
        command
    }

    /// Runs one of the backend's commands to its end.
    pub fn run(&self, arguments: &[&str]) -> Result<()> {
        shell::run(
            &mut self.backend(arguments),
            "its message is above; `cargo xtask up --fresh` starts over",
        )
    }

    /// The address of the pages.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The address of the API, as this machine reaches it.
    pub fn api_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.api_port)
    }

    fn settle(&self, command: &mut Command) {
        command
            .current_dir(place::root())
            .env("DATABASE_URL", &self.database_url)
            .env("PUBLIC_URL", self.url())
            .env("BACKEND_URL", format!("http://localhost:{}", self.api_port))
            .env("JWT_SECRET", &self.secret)
            .env("MEDIA_STORE", self.folder.join("media"))
            .env("SITE_DIR", place::target().join("site"))
            .env("DEMO_DIR", place::root().join("backend/demo"));
        if std::env::var_os("SMTP_URL").is_none() {
            command.env("MAIL_DIR", self.folder.join("mail"));
        }
        if std::env::var_os("TEST_PAYMENTS").is_none() {
            command.env("TEST_PAYMENTS", "true");
        }
        if std::env::var_os("RATE_LIMIT_SCALE").is_none() {
            command.env("RATE_LIMIT_SCALE", self.patience.to_string());
        }
        match &self.services.redis_url {
            Some(url) => command.env("REDIS_URL", url),
            None => command.env_remove("REDIS_URL"),
        };
    }

    fn folders(&self) -> Result<()> {
        for folder in [self.folder.join("media"), self.folder.join("mail"), self.logs.clone()] {
            fs::create_dir_all(&folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        Ok(())
    }

    fn start(
        &self,
        name: &'static str,
        arguments: &[&str],
        listen: u16,
        ops: u16,
    ) -> Result<Process> {
        let mut command = shell::server(self.profile.program(name), Signal::TERM);
        self.settle(&mut command);
        command
            .args(arguments)
            .env("LISTEN", format!("0.0.0.0:{listen}"))
            .env("OPS_LISTEN", format!("127.0.0.1:{ops}"));
        let log = self.logs.join(format!("{name}.log"));
        Process::start(name, &mut command, &log, Signal::TERM)
    }
}

/// Where a shop's folder keeps its secret, unless one was given.
pub fn kept_secret(folder: &Path) -> PathBuf {
    folder.join("secret")
}

/// The secret a shop's folder keeps, so that its links and sign-ins outlive a restart.
pub fn secret(folder: &Path) -> Result<String> {
    if let Some(given) = std::env::var_os("JWT_SECRET").and_then(|secret| secret.into_string().ok())
    {
        return Ok(given);
    }
    let file = kept_secret(folder);
    if let Ok(kept) = fs::read_to_string(&file) {
        return Ok(kept);
    }
    let mut bytes = [0; 32];
    File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut bytes))
        .context("no randomness here")?;
    let secret = hex::encode(bytes);
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut kept = File::options().create_new(true).write(true).mode(0o600).open(&file)?;
    kept.write_all(secret.as_bytes())
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(secret)
}

/// The backend alone; it stops when this is dropped.
pub struct Api(Process);

impl Api {
    /// Starts it and waits until it wants requests.
    pub fn open(plan: &Plan) -> Result<Self> {
        plan.folders()?;
        let start = Instant::now();
        let backend =
            plan.start("backend", &["serve", "--with-worker"], plan.api_port, ports::near(9400)?)?;
        let mut api = Self(backend);
        while start.elapsed() < Duration::from_secs(90) {
            shell::go_on()?;
            api.check()?;
            if http::status(plan.api_port, "/api/health/ready") == Some(200) {
                return Ok(api);
            }
            sleep(Duration::from_millis(50));
        }
        bail!("{} is not ready after 90 seconds; look into {}", plan.api_url(), plan.logs.display())
    }

    /// Fails when it is gone; shows the errors it logged.
    pub fn check(&mut self) -> Result<()> {
        self.0.echo_errors();
        self.0.check()
    }
}

/// Both servers; they stop, pages first, when this is dropped.
pub struct Shop {
    frontend: Process,
    backend: Process,
    /// Where each server's metrics are.
    pub metrics: [String; 2],
}

impl Shop {
    /// Starts them and waits until the first page answers.
    pub fn open(plan: &Plan) -> Result<Self> {
        plan.folders()?;
        let (api_ops, ops) = (ports::near(9400)?, ports::near(9300)?);
        let backend = plan.start("backend", &["serve", "--with-worker"], plan.api_port, api_ops)?;
        let frontend = plan.start("frontend", &[], plan.port, ops)?;
        let metrics = [api_ops, ops].map(|port| format!("http://127.0.0.1:{port}/metrics"));
        let mut shop = Self { frontend, backend, metrics };
        shop.wait(plan)?;
        Ok(shop)
    }

    fn wait(&mut self, plan: &Plan) -> Result<()> {
        let start = Instant::now();
        let mut last = None;
        while start.elapsed() < Duration::from_secs(90) {
            shell::go_on()?;
            self.check()?;
            last = http::status(plan.port, "/");
            if last == Some(200) {
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        let answer =
            last.map_or("does not answer".to_owned(), |status| format!("answers with {status}"));
        bail!("{}/ {answer} after 90 seconds; look into {}", plan.url(), plan.logs.display())
    }

    /// Fails when a server is gone; shows the errors they logged.
    pub fn check(&mut self) -> Result<()> {
        for process in [&mut self.backend, &mut self.frontend] {
            process.echo_errors();
            process.check()?;
        }
        Ok(())
    }
}
