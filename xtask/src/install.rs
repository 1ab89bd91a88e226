//! Getting programs from the system's package manager, when this user may.

use std::sync::OnceLock;

use anyhow::Result;

use crate::{place, shell};

static UPDATED: OnceLock<()> = OnceLock::new();

/// Whether `apt-get install` can work for us.
pub fn can_apt() -> bool {
    place::is_root() && shell::which("apt-get").is_some()
}

/// Installs Debian packages, with the package lists refreshed once.
pub fn apt(packages: &[&str]) -> Result<()> {
    let advice = "look at the lines above, or install it by hand and try again";
    if UPDATED.set(()).is_ok() {
        shell::say("apt-get", "reading the package lists");
        shell::run(apt_get().args(["-qq", "update"]), advice)?;
    }
    shell::say("apt-get", &format!("installing {}", packages.join(", ")));
    let log = std::env::temp_dir().join(format!("oxcart-apt-{}.log", std::process::id()));
    shell::logged(
        apt_get().args(["-q", "-y", "--no-install-recommends", "install"]).args(packages),
        &log,
        advice,
    )?;
    let _ = std::fs::remove_file(log);
    Ok(())
}

/// Sees to a program that a test reads results with; without it that test says so and goes on.
pub fn reader(program: &str, package: &str) {
    if shell::which(program).is_none()
        && can_apt()
        && let Err(error) = apt(&[package])
    {
        shell::complain(&error);
    }
}

fn apt_get() -> std::process::Command {
    let mut command = shell::command("apt-get");
    // RUNLEVEL=1 keeps a freshly installed server from starting by itself.
    command.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
    command
}
