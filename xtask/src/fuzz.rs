//! `fuzz`: whatever reads text from outside, with inputs that LLVM's fuzzer thinks of.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Result, ensure};
use clap::Args;

use crate::{
    place,
    shell::{self, say},
};

/// What `fuzz` can be told.
#[derive(Args)]
pub struct Options {
    /// Only these targets; all when none is named
    targets: Vec<String>,
    /// How long each runs
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// Runs the targets one after another, and says whether every promise was kept.
pub fn run(options: &Options) -> Result<bool> {
    let corpus = place::root().join("fuzz/corpus");
    let all = names(&corpus)?;
    for name in &options.targets {
        ensure!(all.contains(name), "there is no target {name}; there are {}", all.join(", "));
    }
    let chosen = if options.targets.is_empty() { &all } else { &options.targets };
    let program = build()?;
    let mut broken = 0;
    for name in chosen {
        let since = Instant::now();
        say("fuzz", &format!("{name}, for {} s", options.seconds));
        let is_kept = fuzz(&program, &corpus, name, options.seconds)?;
        say("fuzz", &format!("{name}: {} ({})", told(is_kept), shell::took(since)));
        broken += usize::from(!is_kept);
    }
    Ok(broken == 0)
}

fn told(is_kept: bool) -> &'static str {
    if is_kept {
        "nothing found"
    } else {
        "broken; the input is named above: mend what it breaks and keep it in fuzz/corpus"
    }
}

/// Every target has its folder of inputs.
fn names(corpus: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(corpus)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Our own crates are built to tell which code was reached; all others are those of every other build.
fn build() -> Result<PathBuf> {
    say("build", "compiling the fuzz targets");
    let mut cargo = shell::cargo();
    cargo.args(["build", "--workspace", "--bin", "fuzz", "--features", "fuzz/guided"]);
    cargo.env("RUSTC_WORKSPACE_WRAPPER", place::root().join("fuzz/instrument.sh"));
    shell::run(cargo.current_dir(place::root()), "the compiler's words are above")?;
    Ok(place::target().join("debug/fuzz"))
}

/// Inputs that reach new code are kept in the target folder, so that the next run goes on from there.
fn fuzz(program: &Path, corpus: &Path, name: &str, seconds: u32) -> Result<bool> {
    let folder = place::target().join("fuzz").join(name);
    let (found, broke) = (folder.join("found"), folder.join("broke"));
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&broke)?;
    let mut run = shell::command(program);
    run.env("OXCART_FUZZ", name).arg(&found).arg(corpus.join(name));
    run.arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", broke.display()));
    run.args(["-timeout=10", "-max_len=4096", "-print_final_stats=1", "-verbosity=1"]);
    Ok(shell::status(&mut run)?.success())
}
