//! A private Redis server: a cache, so nothing of it is kept.

use std::{
    net::{Ipv4Addr, TcpStream},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use rustix::process::Signal;

use super::{Home, find};
use crate::{
    ports,
    shell::{self, Process},
};

/// A running server.
pub struct Redis {
    port: u16,
    _process: Process,
}

impl Redis {
    /// Starts the server of `home`, if this machine has or can get one.
    pub fn start(home: &Home) -> Result<Option<Self>> {
        let Some(program) = find::redis() else {
            shell::say("redis", "not on this machine: going on with the cache inside the backend");
            return Ok(None);
        };
        let folder = home.own("redis")?;
        let port = ports::remembered(&home.folder.join("redis.port"))?;
        shell::say("redis", &format!("starting Redis on port {port}"));
        let mut command = shell::server(program, Signal::TERM);
        home.settle(&mut command).args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--daemonize",
            "no",
        ]);
        command.args([
            "--save",
            "",
            "--appendonly",
            "no",
            "--maxmemory",
            "128mb",
            "--maxmemory-policy",
            "allkeys-lru",
        ]);
        command.arg("--dir").arg(folder);
        let mut process =
            Process::start("redis", &mut command, &home.log("redis.log")?, Signal::TERM)?;
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            shell::go_on()?;
            process.check()?;
            if start.elapsed() > Duration::from_secs(20) {
                bail!(
                    "Redis did not answer on port {port} within 20 seconds; its log is in the log folder"
                );
            }
            sleep(Duration::from_millis(20));
        }
        Ok(Some(Self { port, _process: process }))
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}
