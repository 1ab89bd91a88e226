//! `deploy-check`: everything between a commit and a running shop, proved on this machine. `load`: a
//! crowd of shoppers, and what became of the shop's promises.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::{
    browser, place,
    services::Services,
    shell::{self, say},
    shop::{Plan, Profile, Shop},
    totals::Totals,
    web,
};

/// What `deploy-check` can be told.
#[derive(Args, Default)]
pub struct Options {
    /// Run only these, named like their files in scripts/checks
    only: Vec<String>,
    /// Build both images too and buy something from them, which takes long
    #[arg(long)]
    images: bool,
}

/// Why the checks cannot run on this machine, if so: what they need is built or installed by these.
pub fn missing() -> Option<String> {
    let absent = ["python3", "go", "npm"].into_iter().find(|name| shell::which(name).is_none());
    absent.map(|name| format!("{name} is not installed"))
}

/// Runs the checks of delivery and says whether all went well.
pub fn run(options: &Options) -> Result<bool> {
    let services = browser::services()?;
    say("build", "compiling backend and frontend");
    Profile::Dev.build()?;
    let totals = checks(&services, options)?;
    shell::line("");
    shell::line(&totals.to_string());
    Ok(totals.failed == 0)
}

/// Runs every check against a shop of their own; a line per proof, and each check's time.
pub fn checks(services: &Services, options: &Options) -> Result<Totals> {
    let scripts = scripts(&options.only)?;
    web::build()?;
    let plan = browser::plan(services, "oxcart_deploy")?;
    plan.run(&["migrate"])?;
    plan.run(&["seed"])?;
    let mut shop = Shop::open(&plan)?;
    let mut all = Totals::default();
    let mut times = Vec::new();
    for script in &scripts {
        shell::go_on()?;
        let (name, start) = (stem(script), Instant::now());
        let mut command = shell::command(script);
        tell(&mut command, &plan, &shop);
        if options.images {
            command.env("IMAGES", "1");
        }
        let totals = proofs(&mut command)?;
        times.push(format!("{name}: {totals} in {}", shell::took(start)));
        all += totals;
        shop.check()?;
    }
    for line in times {
        say("deploy", &line);
    }
    Ok(all)
}

/// The executable checks, in order, or those that were asked for.
fn scripts(only: &[String]) -> Result<Vec<PathBuf>> {
    let folder = place::root().join("scripts/checks");
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let is_script = path.extension().is_some_and(|ending| ending == "sh")
            && path.metadata()?.permissions().mode() & 0o111 != 0;
        if is_script && (only.is_empty() || only.contains(&stem(&path))) {
            found.push(path);
        }
    }
    found.sort();
    if let Some(missing) = only.iter().find(|name| !found.iter().any(|path| stem(path) == **name)) {
        bail!("there is no check {missing} in {}", folder.display());
    }
    Ok(found)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Tells a check where the shop is that it may ask and change.
fn tell(command: &mut Command, plan: &Plan, shop: &Shop) {
    let [api_metrics, metrics] = &shop.metrics;
    command
        .current_dir(place::root())
        .env("SHOP_URL", plan.url())
        .env("API_URL", format!("http://localhost:{}", plan.api_port))
        .env("API_METRICS", api_metrics)
        .env("SHOP_METRICS", metrics)
        .env("DATABASE_URL", &plan.database_url)
        .env("BACKEND_BIN", plan.profile.program("backend"))
        .env("FRONTEND_BIN", plan.profile.program("frontend"))
        .env("SITE_DIR", place::target().join("site"))
        .env("MEDIA_STORE", plan.folder.join("media"))
        .env("TARGET_DIR", place::target());
    if let Some(redis) = &plan.services.redis_url {
        command.env("REDIS_URL", redis);
    }
    if let Some(browser) = browser::chromium() {
        command.env("CHROMIUM", browser);
    }
}

/// Runs one check with its lines shown, and counts them.
pub fn proofs(command: &mut Command) -> Result<Totals> {
    let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
    command.stdout(writer);
    let reading = thread::spawn(move || {
        let mut totals = Totals::default();
        for line in BufReader::new(reader).lines().map_while(Result::ok) {
            totals += Totals::of_proof(&line).unwrap_or_default();
            shell::line(&line);
        }
        totals
    });
    let status = shell::status(command);
    // Our copy of the pipe's end would keep the reader waiting.
    command.stdout(std::process::Stdio::null());
    let Ok(mut totals) = reading.join() else { bail!("reading a check's output failed") };
    if totals == Totals::default() || (!status?.success() && totals.failed == 0) {
        say("deploy", "this check ended badly, or proved nothing");
        totals.failed += 1;
    }
    Ok(totals)
}

/// What `load` can be told.
#[derive(Args)]
pub struct Load {
    /// Which crowd comes
    crowd: Crowd,
    /// The same shape in a tenth of the time, with a fifth of the people
    #[arg(long)]
    brief: bool,
    /// Build for speed, which takes much longer
    #[arg(long)]
    release: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Crowd {
    /// One shopper: does everything answer?
    Smoke,
    /// People who look around
    Browse,
    /// People who buy
    Checkout,
    /// Everybody wants the same thing
    Flash,
    /// From nobody to two hundred a second
    Spike,
    /// An ordinary hour
    Soak,
}

/// Starts a shop, sends a crowd, and holds the shop's promises against its database.
pub fn load(options: &Load) -> Result<bool> {
    let name =
        options.crowd.to_possible_value().map_or_else(String::new, |it| it.get_name().to_owned());
    let k6 = tool("k6")?;
    let services = browser::services()?;
    let profile = if options.release { Profile::Release } else { Profile::Dev };
    say("build", "compiling backend and frontend");
    profile.build()?;
    web::build()?;
    let plan = Plan { profile, ..browser::plan(&services, "oxcart_load")? };
    plan.run(&["migrate"])?;
    plan.run(&["seed"])?;
    let mut shop = Shop::open(&plan)?;
    let report = place::target().join("load");
    fs::create_dir_all(&report).with_context(|| format!("cannot create {}", report.display()))?;
    say("load", &format!("{name} against http://localhost:{}", plan.api_port));
    let mut run = shell::command(k6);
    run.args(["run", "--quiet", "--no-usage-report"])
        .arg(place::root().join(format!("k6/{name}.js")));
    run.env("BASE_URL", format!("http://localhost:{}", plan.api_port))
        .env("PROFILE", if options.brief { "brief" } else { "full" })
        .env("REPORT", &report);
    let is_kept = shell::status(&mut run)?.success();
    shop.check()?;
    let is_sound = shell::status(&mut plan.backend(&["verify"]))?.success();
    say("load", &format!("the reports are in {}", report.display()));
    Ok(is_kept && is_sound)
}

/// A pinned tool, installed when it is not there.
fn tool(name: &str) -> Result<PathBuf> {
    let mut install = shell::command(place::root().join("scripts/install-tools.sh"));
    let said = shell::output(install.arg(name)).with_context(|| format!("cannot get {name}"))?;
    let path = said.split_whitespace().last().context("scripts/install-tools.sh said nothing")?;
    Ok(path.into())
}
