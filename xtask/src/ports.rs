//! Which ports are free, and who holds the others.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
};

use anyhow::{Context, Result, bail};

use crate::shell;

/// A port nobody listens on.
pub fn free() -> Result<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// Whether a port can be taken on every address of this machine.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok()
}

/// The wanted port, or another when it is taken.
pub fn near(wanted: u16) -> Result<u16> {
    if is_free(wanted) { Ok(wanted) } else { free() }
}

/// The port written in `file` while it is free, else another one, written there.
pub fn remembered(file: &Path) -> Result<u16> {
    let before = fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok());
    if let Some(port) = before.filter(|port| is_free(*port)) {
        return Ok(port);
    }
    let port = free()?;
    fs::write(file, port.to_string())
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(port)
}

/// Fails when `port` is taken, naming who holds it; `option` is what chooses another one.
pub fn demand(port: u16, what: &str, option: &str) -> Result<()> {
    if is_free(port) {
        return Ok(());
    }
    let holder = holder(port).unwrap_or_else(|| "another program (of another user)".to_owned());
    bail!(
        "port {port}, for {what}, is in use by {holder}; stop that program, or choose another port with {option}"
    )
}

/// The program that listens on a port, as far as this user may know.
fn holder(port: u16) -> Option<String> {
    if !Path::new("/proc/net/tcp").exists() {
        let mut lsof = shell::command("lsof");
        let found =
            shell::output(lsof.args(["-nP", "-sTCP:LISTEN", "-Fpc", &format!("-iTCP:{port}")]))
                .ok()?;
        return Some(found.replace('\n', " ").trim().to_owned());
    }
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"]
        .map(|table| fs::read_to_string(table).unwrap_or_default());
    let socket = tables
        .iter()
        .flat_map(|table| table.lines())
        .find_map(|line| listener_inode(line, port))?;
    let wanted = format!("socket:[{socket}]");
    let is_number =
        |entry: &fs::DirEntry| entry.file_name().as_encoded_bytes().iter().all(u8::is_ascii_digit);
    for process in fs::read_dir("/proc").ok()?.flatten().filter(is_number) {
        let files = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        let mut links = files.filter_map(|file| fs::read_link(file.path()).ok());
        if links.any(|link| link.as_os_str() == wanted.as_str()) {
            let command = fs::read_to_string(process.path().join("cmdline")).unwrap_or_default();
            let command = command.replace('\0', " ");
            return Some(format!(
                "process {} (`{}`)",
                process.file_name().display(),
                command.trim()
            ));
        }
    }
    None
}

/// The socket of a line of `/proc/net/tcp` that listens on `port`.
fn listener_inode(line: &str, port: u16) -> Option<&str> {
    let fields: Vec<_> = line.split_whitespace().collect();
    let (address, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
    let found = u16::from_str_radix(address.rsplit(':').next()?, 16).ok()?;
    (found == port && *state == "0A").then_some(*inode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_names_its_holder() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();

        let error = demand(port, "a test", "--port").unwrap_err().to_string();

        assert!(error.contains(&std::process::id().to_string()), "{error}");
    }
}
