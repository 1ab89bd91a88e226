//! `fuzz-api`: the running API held against its document by requests that nobody would write.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result};
use clap::Args;

use crate::{
    browser, place,
    services::Services,
    shell::{self, say},
    shop::{Api, Plan, Profile},
    totals::Totals,
};

/// In whose name is asked, with their share of the requests: staff have most operations.
const CALLERS: [(&str, u32); 3] = [("shopper", 1), ("customer", 1), ("staff", 2)];
/// Where the seeds begin.
const SEED: u32 = 1;
/// Every operation is asked this often by the tests, beside what its document's limits ask for.
const FEW: u32 = 2;
/// Nobody is held back for asking too often: what is refused for that shows nothing else.
const PATIENCE: u32 = 1_000_000;
/// As many rounds as this, and something is wrong with the counting.
const MOST_ROUNDS: u32 = 200;

/// What `fuzz-api` can be told.
#[derive(Args)]
pub struct Options {
    /// How many requests at least, of all callers together
    #[arg(long, default_value_t = 10_000)]
    cases: u64,
    /// The first seed; every round has the next
    #[arg(long, default_value_t = SEED)]
    seed: u32,
}

/// Fuzzes, and says whether all went well.
pub fn run(options: &Options) -> Result<bool> {
    let services = browser::services()?;
    say("build", "compiling backend and frontend");
    Profile::Dev.build()?;
    let totals =
        rounds(&services, &Depth { cases: options.cases, seed: options.seed, examples: 20 })?;
    shell::line(&totals.to_string());
    Ok(totals.failed == 0)
}

/// Why the API cannot be fuzzed on this machine, if so.
pub fn missing() -> Option<String> {
    shell::which("python3").is_none().then(|| "python3 is not installed".to_owned())
}

/// One round with a fixed seed, for the tests.
pub fn brief(services: &Services) -> Result<Totals> {
    rounds(services, &Depth { cases: 1, seed: SEED, examples: FEW })
}

/// How much is asked.
struct Depth {
    /// Requests at least.
    cases: u64,
    /// The first round's seed.
    seed: u32,
    /// How often an operation is asked in a phase of a round.
    examples: u32,
}

/// Asks in rounds, by every caller in turn, until there were enough; then the promises of the shop must hold.
fn rounds(services: &Services, depth: &Depth) -> Result<Totals> {
    let python = environment()?;
    let plan = Plan { patience: PATIENCE, ..browser::plan(services, "oxcart_fuzz")? };
    plan.run(&["migrate"])?;
    plan.run(&["seed"])?;
    let invitation = shell::output(&mut plan.backend(&["first-admin", "boss@shop.example"]))?;
    let mut api = Api::open(&plan)?;
    let fuzz = Fuzz { python, plan: &plan, logs: plan.logs.join("fuzz") };
    fs::create_dir_all(&fuzz.logs)
        .with_context(|| format!("cannot create {}", fuzz.logs.display()))?;
    fuzz.let_in(invitation.trim().lines().last().unwrap_or_default())?;
    let (mut totals, mut counts) = (Totals::default(), Counts::default());
    for round in 0..MOST_ROUNDS {
        for (caller, share) in CALLERS {
            let start = Instant::now();
            let (is_sound, asked) = fuzz.ask(caller, depth.seed + round, depth.examples * share)?;
            api.check()?;
            totals += Totals::one(is_sound);
            say(
                "fuzz",
                &format!(
                    "{caller}, seed {}: {} in {}",
                    depth.seed + round,
                    told(&asked),
                    shell::took(start)
                ),
            );
            for (what, count) in asked {
                *counts.entry(what).or_default() += count;
            }
        }
        if cases(&counts) >= depth.cases || totals.failed > 0 {
            break;
        }
    }
    say("fuzz", &format!("all: {}; the logs are in {}", told(&counts), fuzz.logs.display()));
    drop(api);
    totals += Totals::one(shell::status(&mut plan.backend(&["verify"]))?.success());
    Ok(totals)
}

/// Requests by phase, and answers by kind.
type Counts = BTreeMap<String, u64>;

const PHASES: [&str; 4] = ["examples", "coverage", "fuzzing", "stateful"];

fn cases(counts: &Counts) -> u64 {
    PHASES.iter().filter_map(|phase| counts.get(*phase)).sum()
}

fn told(counts: &Counts) -> String {
    let each = |names: &[&str]| {
        let parts = names.iter().filter_map(|name| Some(format!("{name} {}", counts.get(*name)?)));
        parts.collect::<Vec<_>>().join(", ")
    };
    let answers = each(&["2XX", "3XX", "4XX", "5XX", "429"]);
    let fitting = each(&["fitting", "fitting 2XX", "2XX of the last tenth"]);
    format!("{} requests ({}), answers {answers}; {fitting}", cases(counts), each(&PHASES))
}

/// Why a run that found nothing shows nothing, if so.
fn incomplete(counts: &Counts) -> Option<&'static str> {
    match (counts.get("signed out"), counts.get("never fuzzed")) {
        (Some(0), Some(0)) => None,
        (Some(1..), _) => Some("who asks was signed out"),
        (_, Some(1..)) => Some("some operations were never asked at random"),
        _ => Some("it did not end"),
    }
}

/// The folder of Python's programs for this, installed when they are not there.
fn environment() -> Result<PathBuf> {
    let mut install = shell::command(place::root().join("scripts/install-tools.sh"));
    let said = shell::output(install.args(["--environment", "fuzz"]))?;
    let folder = said.lines().last().context("scripts/install-tools.sh said nothing")?;
    Ok(Path::new(folder).join("bin"))
}

struct Fuzz<'a> {
    python: PathBuf,
    plan: &'a Plan<'a>,
    logs: PathBuf,
}

impl Fuzz<'_> {
    fn command(&self, program: &str) -> std::process::Command {
        let mut command = shell::command(self.python.join(program));
        command
            .current_dir(place::root().join("fuzz/api"))
            .env("PYTHONPATH", ".")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("API_URL", self.plan.api_url())
            .env("MAIL_DIR", self.plan.folder.join("mail"));
        command
    }

    /// Lets everybody in whom the requests are made for, and writes down who they are.
    fn let_in(&self, invitation: &str) -> Result<()> {
        let people = shell::output(self.command("python").args(["people.py", invitation]))?;
        let file = self.people();
        fs::write(&file, people).with_context(|| format!("cannot write {}", file.display()))
    }

    fn people(&self) -> PathBuf {
        self.plan.folder.join("people.json")
    }

    /// Runs all phases in somebody's name; whether all was as the document says, and what was asked.
    fn ask(&self, caller: &str, seed: u32, examples: u32) -> Result<(bool, Counts)> {
        let counts = self.logs.join(format!("{caller}.json"));
        let _ = fs::remove_file(&counts);
        let which = if caller == "staff" { "--include-path-regex" } else { "--exclude-path-regex" };
        let document = place::root().join("backend/openapi.json");
        let mut command = self.command("st");
        command
            .args(["--config-file", "schemathesis.toml", "run"])
            .arg(&document)
            .args(["--url", &self.plan.api_url(), "--no-color"])
            .args([which, "^/api/admin/"])
            .args(["--seed", &seed.to_string(), "--max-examples", &examples.to_string()])
            .env("FUZZ_AS", caller)
            .env("FUZZ_SEED", seed.to_string())
            .env("FUZZ_DOCUMENT", &document)
            .env("FUZZ_PEOPLE", self.people())
            .env("FUZZ_LOG", self.logs.join(format!("{caller}.log")))
            .env("FUZZ_COUNTS", &counts)
            .env("HYPOTHESIS_STORAGE_DIRECTORY", self.plan.folder.join("hypothesis"));
        let log = self.logs.join(format!("{caller}.txt"));
        let sound = shell::logged(&mut command, &log, "what was wrong is in the log");
        if let Err(error) = &sound {
            shell::go_on()?;
            shell::complain(error);
            say("fuzz", &format!("the whole report is in {}", log.display()));
        }
        let asked = fs::read(&counts).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let asked: Counts = asked.unwrap_or_default();
        if let Some(why) = incomplete(&asked) {
            say("fuzz", &format!("{caller} did not ask all: {why}"));
            return Ok((false, asked));
        }
        Ok((sound.is_ok(), asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_did_not_ask_all_as_who_it_should_is_no_proof() {
        let counts = |pairs: &[(&str, u64)]| {
            pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect::<Counts>()
        };

        assert_eq!(incomplete(&counts(&[("signed out", 0), ("never fuzzed", 0)])), None);
        assert!(incomplete(&counts(&[("signed out", 1), ("never fuzzed", 0)])).is_some());
        assert!(incomplete(&counts(&[("signed out", 0), ("never fuzzed", 2)])).is_some());
        assert!(incomplete(&counts(&[])).is_some());
    }

    #[test]
    fn requests_are_counted_by_phase_and_answers_are_not_counted_again() {
        let counts = Counts::from(
            [("coverage", 3), ("stateful", 2), ("4XX", 5), ("fitting", 4)]
                .map(|(name, n)| (name.to_owned(), n)),
        );

        assert_eq!(cases(&counts), 5);
        assert_eq!(told(&counts), "5 requests (coverage 3, stateful 2), answers 4XX 5; fitting 4");
    }
}
