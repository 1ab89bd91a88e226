//! `test`: every test there is, on services of its own.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    process::Command,
    thread,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::{
    browser, cluster, deploy, fuzz_api, generate, install, place,
    services::Services,
    shell::{self, say},
    shop::Profile,
    totals::Totals,
};

/// What `test` can be told.
#[derive(Args)]
pub struct Options {
    /// Run only tests with this in their name
    filter: Option<String>,
    /// Run only these kinds
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Kind>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Rules, beside the code they test
    Unit,
    /// The API over HTTP, and whatever else is under a `tests` folder
    Api,
    /// Pages in a browser
    Browser,
    /// Whether generated files are fresh
    Checks,
    /// The API held against its document by requests that nobody would write
    Fuzz,
    /// What brings the shop to its shoppers
    Delivery,
    /// The same by a control plane on this machine, where its parts are built
    Cluster,
}

/// Runs the tests, prints the totals last, and says whether all went well.
pub fn run(options: &Options) -> Result<bool> {
    let mut tests = Run { options, totals: Totals::default() };
    let services = browser::services()?;
    if tests.stage("build", || build(&services)) {
        tests.all(&services);
    }
    drop(services);
    shell::go_on()?;
    shell::line("");
    shell::line(&tests.totals.to_string());
    Ok(tests.totals.failed == 0)
}

struct Run<'a> {
    options: &'a Options,
    totals: Totals,
}

impl Run<'_> {
    fn wants(&self, kind: Kind) -> bool {
        self.options.only.is_empty() || self.options.only.contains(&kind)
    }

    fn all(&mut self, services: &Services) {
        let filter = self.options.filter.as_deref();
        if self.wants(Kind::Unit) || self.wants(Kind::Api) {
            let only = match (self.wants(Kind::Unit), self.wants(Kind::Api)) {
                (true, false) => &["--lib", "--bins"][..],
                (false, true) => &["--test", "*"],
                _ => &[],
            };
            self.stage("unit and API", || cargo_test(services, only, filter));
        }
        if self.wants(Kind::Browser) {
            let arguments: Vec<_> =
                filter.into_iter().flat_map(|name| ["-g", name]).map(str::to_owned).collect();
            match browser::missing() {
                Some(reason) => self.skip("browser", &reason),
                None => drop(self.stage("browser", || browser::run(services, &arguments))),
            }
        }
        if self.wants(Kind::Checks) && filter.is_none() {
            self.stage("checks", || Ok(Totals::one(generate::openapi_is_fresh()?)));
        }
        if self.wants(Kind::Fuzz) && filter.is_none() {
            match fuzz_api::missing() {
                Some(reason) => self.skip("fuzz", &reason),
                None => drop(self.stage("fuzz", || fuzz_api::brief(services))),
            }
        }
        if self.wants(Kind::Delivery) && filter.is_none() {
            if let Some(reason) = deploy::missing() {
                self.skip("delivery", &reason);
            } else {
                let all = deploy::Options::default();
                self.stage("delivery", || deploy::checks(services, &all));
            }
        }
        if self.wants(Kind::Cluster) && filter.is_none() {
            match cluster::missing() {
                Some(reason) => self.leave_out("cluster", &reason),
                None => drop(self.stage("cluster", || cluster::proofs(services, &[]))),
            }
        }
    }

    /// Runs one stage and says how it went; an error counts as one failed test.
    fn stage(&mut self, name: &str, work: impl FnOnce() -> Result<Totals>) -> bool {
        if shell::interrupted() {
            return false;
        }
        let start = Instant::now();
        say(name, "…");
        let totals = work().unwrap_or_else(|error| {
            shell::complain(&error);
            Totals::one(false)
        });
        let result =
            if totals == Totals::default() { "done".to_owned() } else { totals.to_string() };
        say(name, &format!("{result} in {}", shell::took(start)));
        self.totals += totals;
        totals.failed == 0
    }

    /// Notes that a stage is not run here, and how it would be.
    fn leave_out(&mut self, name: &str, reason: &str) {
        say(name, &format!("skipped: {reason}"));
        self.totals += Totals { skipped: 1, ..Totals::default() };
    }

    /// Notes that a stage cannot run here, which on CI is a failure.
    fn skip(&mut self, name: &str, reason: &str) {
        let on_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
        if !on_ci {
            return self.leave_out(name, reason);
        }
        say(name, &format!("must not be skipped on CI: {reason}"));
        self.totals += Totals::one(false);
    }
}

/// Compiles everything the stages need, and gives the development database its tables.
fn build(services: &Services) -> Result<Totals> {
    install::reader("pdftotext", "poppler-utils");
    let mut tests = cargo(services);
    shell::run(tests.args(["test", "--workspace", "--no-run"]), "the compiler's message is above")?;
    Profile::Dev.build()?;
    browser::plan(services, "oxcart_dev")?.run(&["migrate"])?;
    Ok(Totals::default())
}

fn cargo(services: &Services) -> Command {
    let mut cargo = shell::cargo();
    cargo.current_dir(place::root()).env("SQLX_OFFLINE", "true");
    if let Ok(url) = services.database("oxcart_dev") {
        cargo.env("DATABASE_URL", &url).env("TEST_DATABASE_URL", &url);
    }
    match &services.redis_url {
        Some(url) => cargo.env("TEST_REDIS_URL", url),
        None => cargo.env_remove("TEST_REDIS_URL"),
    };
    cargo
}

/// Runs `cargo test`, showing what is worth reading; all of it goes to a log.
fn cargo_test(services: &Services, only: &[&str], filter: Option<&str>) -> Result<Totals> {
    let log = place::target().join("test-log").join("cargo.log");
    fs::create_dir_all(place::target().join("test-log"))
        .context("cannot create the folder for logs")?;
    let mut file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
    let mut command = cargo(services);
    command.args(["test", "--workspace", "--no-fail-fast"]).args(only).arg("--").args(filter);
    command.stdout(writer);
    let reading = thread::spawn(move || {
        let mut totals = Totals::default();
        for line in BufReader::new(reader).lines().map_while(Result::ok) {
            totals += Totals::of_line(&line).unwrap_or_default();
            if is_news(&line) {
                shell::line(&line);
            }
            let _ = writeln!(file, "{line}");
        }
        totals
    });
    let status = shell::status(&mut command);
    drop(command);
    let Ok(mut totals) = reading.join() else {
        bail!("reading the tests' output failed; it is in {}", log.display())
    };
    if !status?.success() && totals.failed == 0 {
        totals.failed = 1;
    }
    Ok(totals)
}

fn is_news(line: &str) -> bool {
    let routine = line.is_empty()
        || line.starts_with("running ")
        || (line.starts_with("test ")
            && (line.ends_with("... ok") || line.contains("... ignored")));
    !routine
}
