//! A private PostgreSQL server.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::{
    Home, Use,
    find::{self, Binaries},
};
use crate::{
    ports,
    shell::{self, Process},
};

/// The databases every new data folder gets.
const DATABASES: [&str; 2] = ["oxcart", "oxcart_dev"];

const ADVICE: &str = "the log says why; `cargo xtask up --fresh` starts over";

/// A running server.
pub struct Postgres {
    port: u16,
    programs: PathBuf,
    _process: Process,
}

impl Postgres {
    /// Starts the server of `home`, making its data folder first if there is none.
    pub fn start(home: &Home) -> Result<Self> {
        let data = home.folder.join("postgres");
        let made_by = fs::read_to_string(data.join("PG_VERSION"))
            .ok()
            .and_then(|major| major.trim().parse().ok());
        let binaries = find::postgres(made_by, &home.folder.join(find::TOOLS))?;
        stop_leftover(&data)?;
        if made_by.is_none() {
            create(home, &binaries)?;
        }
        home.own("postgres")?;
        let port = ports::remembered(&home.folder.join("postgres.port"))?;
        shell::say("postgres", &format!("starting PostgreSQL {} on port {port}", binaries.version));
        let mut command = shell::server(binaries.folder.join("postgres"), Signal::INT);
        home.settle(&mut command).arg("-D").arg(&data).arg("-p").arg(port.to_string());
        for setting in settings(home.purpose) {
            command.arg("-c").arg(setting);
        }
        let log = home.log("postgres.log")?;
        let mut process = Process::start("postgres", &mut command, &log, Signal::INT)?;
        wait_until_ready(&mut process, &data)?;
        Ok(Self { port, programs: binaries.folder, _process: process })
    }

    /// The folder of its programs.
    pub fn programs(&self) -> &Path {
        &self.programs
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

fn settings(purpose: Use) -> Vec<&'static str> {
    let mut all =
        vec!["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=300"];
    if purpose == Use::ThrowAway {
        all.extend([
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "max_wal_size=4GB",
        ]);
    }
    all
}

/// Makes a data folder beside its final place and moves it there, so that an interrupted one is never used.
fn create(home: &Home, binaries: &Binaries) -> Result<()> {
    shell::say("postgres", "making a new data folder");
    let unfinished = home.folder.join("postgres.new");
    let _ = fs::remove_dir_all(&unfinished);
    let unfinished = home.own("postgres.new")?;
    let mut initdb = shell::command(binaries.folder.join("initdb"));
    home.settle(&mut initdb).arg("-D").arg(&unfinished);
    initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
    shell::logged(&mut initdb, &home.log("initdb.log")?, ADVICE)?;
    make_databases(home, binaries, &unfinished)?;
    let data = home.folder.join("postgres");
    let _ = fs::remove_dir_all(&data);
    fs::rename(&unfinished, &data).with_context(|| format!("cannot create {}", data.display()))
}

/// Single-user mode needs no client program, which not every distribution of PostgreSQL carries.
fn make_databases(home: &Home, binaries: &Binaries, data: &Path) -> Result<()> {
    let mut single = shell::command(binaries.folder.join("postgres"));
    home.settle(&mut single).args(["--single", "-F", "-D"]).arg(data).arg("postgres");
    let log = home.log("databases.log")?;
    let out = fs::File::create(&log)?;
    let mut child = single
        .stdin(Stdio::piped())
        .stdout(out.try_clone()?)
        .stderr(out)
        .spawn()
        .context("cannot run PostgreSQL to make the databases")?;
    if let Some(mut input) = child.stdin.take() {
        for name in DATABASES {
            writeln!(input, "CREATE DATABASE {name};").context("PostgreSQL stopped listening")?;
        }
    }
    if !child.wait()?.success() {
        bail!("PostgreSQL could not make its databases: {ADVICE}\n{}", shell::tail(&log, 20));
    }
    Ok(())
}

fn wait_until_ready(process: &mut Process, data: &Path) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_mins(1) {
        shell::go_on()?;
        process.check().context(ADVICE)?;
        if Pidfile::read(data).is_some_and(|pidfile| pidfile.ready) {
            return Ok(());
        }
        sleep(Duration::from_millis(20));
    }
    bail!("PostgreSQL was not ready after a minute: {ADVICE}")
}

/// What a running server says about itself in its data folder.
struct Pidfile {
    pid: Pid,
    ready: bool,
}

impl Pidfile {
    fn read(data: &Path) -> Option<Self> {
        let text = fs::read_to_string(data.join("postmaster.pid")).ok()?;
        let mut lines = text.lines();
        let pid = Pid::from_raw(lines.next()?.trim().parse().ok()?)?;
        Some(Self { pid, ready: lines.nth(6).is_some_and(|status| status.trim() == "ready") })
    }
}

/// Stops a server that a killed run left behind on this data folder.
pub fn stop_leftover(data: &Path) -> Result<()> {
    let Some(Pidfile { pid, .. }) =
        Pidfile::read(data).filter(|pidfile| is_server_of(pidfile.pid, data))
    else {
        return Ok(());
    };
    shell::say(
        "postgres",
        &format!("stopping the server an earlier run left behind (process {pid})"),
    );
    kill_process(pid, Signal::INT)
        .with_context(|| format!("cannot stop process {pid}; stop it by hand"))?;
    let start = Instant::now();
    while test_kill_process(pid).is_ok() {
        if start.elapsed() > Duration::from_secs(30) {
            bail!("process {pid} does not stop; stop it by hand");
        }
        sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn is_server_of(pid: Pid, data: &Path) -> bool {
    let file = PathBuf::from(format!("/proc/{pid}/cmdline"));
    let Ok(command) = fs::read_to_string(file) else { return test_kill_process(pid).is_ok() };
    command.split('\0').any(|argument| Path::new(argument) == data)
}
