//! `cluster`: the shop, delivered for real to a Kubernetes control plane on this machine.
//!
//! The proofs are in `scripts/checks/cluster`.

use std::{env, process::Stdio};

use anyhow::{Result, ensure};
use clap::Args;

use crate::{
    browser, deploy, place,
    services::Services,
    shell::{self, say},
    shop::Profile,
    totals::Totals,
};

/// Set to 1, it has `test` build the cluster's parts when they are not there.
const WANTED: &str = "OXCART_CLUSTER";

/// What `cluster` can be told.
#[derive(Args)]
pub struct Options {
    /// Beside what all need run only these, named like their files in scripts/checks/cluster
    only: Vec<String>,
}

/// Builds what is missing, runs the proofs, and says whether all went well.
pub fn run(options: &Options) -> Result<bool> {
    let services = browser::services()?;
    say("build", "compiling backend and frontend");
    Profile::Dev.build()?;
    let totals = proofs(&services, &options.only)?;
    shell::line("");
    shell::line(&totals.to_string());
    Ok(totals.failed == 0)
}

/// Why `test` leaves the cluster out, if so: its parts take a quarter of an hour to build, once.
pub fn missing() -> Option<String> {
    if let Some(reason) = deploy::missing() {
        return Some(reason);
    }
    let is_wanted = env::var_os(WANTED).is_some_and(|value| value == "1");
    let mut there = install();
    if is_wanted || shell::output(there.arg("--there")).is_ok() {
        return None;
    }
    Some(format!("its parts are not built; `cargo xtask cluster` or {WANTED}=1 builds them"))
}

/// Gets the parts and runs the proofs; the services see to it that their programs are installed.
pub fn proofs(_services: &Services, only: &[String]) -> Result<Totals> {
    say(
        "cluster",
        "getting the parts of a cluster, which takes a quarter of an hour the first time",
    );
    let got = shell::status(install().stdout(Stdio::null()))?;
    ensure!(got.success(), "the parts of a cluster cannot be had; the lines above say why");
    let mut command = shell::command(place::root().join("scripts/checks/cluster/run.sh"));
    command
        .args(only)
        .current_dir(place::root())
        .env("BACKEND_BIN", Profile::Dev.program("backend"))
        .env("FRONTEND_BIN", Profile::Dev.program("frontend"))
        .env("TARGET_DIR", place::target());
    deploy::proofs(&mut command)
}

fn install() -> std::process::Command {
    shell::command(place::root().join("scripts/install-cluster.sh"))
}
