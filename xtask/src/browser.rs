//! The browser's tests: a shop of their own, Playwright, and Debian's or anybody's Chromium.

use std::{
    env::temp_dir,
    fs,
    path::{Path, PathBuf},
    process::{Command, id},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    catalogues, install, place, ports,
    services::{Services, Use},
    shell::{self, say},
    shop::{self, Plan, Profile, Shop},
    totals::Totals,
    web,
};

/// Throwaway services for one run of tests.
pub fn services() -> Result<Services> {
    Services::start(&temp_dir().join(format!("oxcart-test-{}", id())), Use::ThrowAway)
}

/// A plan for a shop of tests, on one of the databases of `services`.
pub fn plan<'a>(services: &'a Services, database: &str) -> Result<Plan<'a>> {
    let folder = temp_dir().join(format!("oxcart-test-{}", id()));
    Ok(Plan {
        profile: Profile::Dev,
        secret: shop::secret(&folder)?,
        folder,
        logs: place::target().join("test-log"),
        database_url: services.database(database)?,
        services,
        port: ports::free()?,
        api_port: ports::free()?,
        patience: shop::PATIENCE,
    })
}

/// `e2e`: only the browser's tests, with Playwright's own arguments passed on.
pub fn e2e(arguments: &[String]) -> Result<bool> {
    if let Some(reason) = missing() {
        bail!("cannot run the browser's tests: {reason}");
    }
    let services = services()?;
    say("build", "compiling backend and frontend");
    Profile::Dev.build()?;
    let totals = run(&services, arguments)?;
    shell::line(&totals.to_string());
    Ok(totals.failed == 0)
}

/// Why the browser's tests cannot run on this machine, if so.
pub fn missing() -> Option<String> {
    let tests = folder().join("package.json").exists() && specs();
    if !tests {
        return Some("there are no specs in frontend/e2e".to_owned());
    }
    if shell::which("npm").is_none() {
        return Some("npm is not installed".to_owned());
    }
    let browser = chromium().is_some() || install::can_apt();
    (!browser).then(|| "Chromium is not installed".to_owned())
}

/// Runs the specs against a freshly seeded shop.
pub fn run(services: &Services, arguments: &[String]) -> Result<Totals> {
    web::build()?;
    let browser = find_chromium()?;
    install_packages()?;
    let plan = plan(services, "oxcart")?;
    plan.run(&["migrate"])?;
    plan.run(&["seed"])?;
    let imported = catalogues::take_in(&plan)?;
    let mut shop = Shop::open(&plan)?;
    say("browser", &format!("Playwright against {}", plan.url()));
    let report = place::target().join("playwright.json");
    let _ = fs::remove_file(&report);
    let mut playwright = npm("npx");
    playwright.args(["--no-install", "playwright", "test"]).args(arguments);
    playwright
        .env("BASE_URL", plan.url())
        .env("API_URL", format!("http://localhost:{}", plan.api_port))
        .env("MAIL_DIR", plan.folder.join("mail"))
        .env("DATABASE_URL", &plan.database_url)
        .env("FRONTEND_BIN", plan.profile.program("frontend"))
        .env("SITE_DIR", place::target().join("site"))
        .env("IMPORTED", if imported { "1" } else { "0" })
        .env("CHROMIUM", browser)
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    let status = shell::status(&mut playwright)?;
    shop.check()?;
    let mut totals = count(&report).unwrap_or_default();
    if !status.success() && totals.failed == 0 {
        totals.failed = 1;
    }
    if totals.failed > 0 {
        say("browser", &format!("the servers' logs are in {}", plan.logs.display()));
    }
    Ok(totals)
}

fn folder() -> PathBuf {
    place::root().join("frontend/e2e")
}

fn specs() -> bool {
    let entries = fs::read_dir(folder()).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.file_name().to_string_lossy().ends_with(".spec.ts"))
}

fn npm(program: &str) -> Command {
    let mut command = shell::command(program);
    command.current_dir(folder()).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command
}

/// `npm ci`, when the lock file changed since the last time.
fn install_packages() -> Result<()> {
    let start = Instant::now();
    let lock = fs::read(folder().join("package-lock.json"))
        .context("cannot read frontend/e2e/package-lock.json")?;
    let hash = place::short_hash(&lock);
    let stamp = folder().join("node_modules/.lock-hash");
    if fs::read_to_string(&stamp).is_ok_and(|before| before == hash) {
        return Ok(());
    }
    let mut ci = npm("npm");
    ci.args(["ci", "--loglevel=error", "--no-audit", "--no-fund"]);
    shell::run(&mut ci, "is the package registry reachable?")?;
    fs::write(&stamp, hash).with_context(|| format!("cannot write {}", stamp.display()))?;
    say("browser", &format!("installed Playwright in {}", shell::took(start)));
    Ok(())
}

/// A Chromium that is installed.
pub fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let apps = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];
    let app = || apps.iter().map(PathBuf::from).find(|app| app.exists());
    names.into_iter().find_map(shell::which).or_else(app)
}

fn find_chromium() -> Result<PathBuf> {
    if let Some(found) = chromium() {
        return Ok(found);
    }
    install::apt(&["chromium", "fonts-liberation"])?;
    chromium().context("no Chromium after its installation; install it by hand")
}

/// How many tests Playwright's report says went which way.
fn count(report: &Path) -> Option<Totals> {
    let report: Value = serde_json::from_slice(&fs::read(report).ok()?).ok()?;
    let stats = report.get("stats")?;
    let number = |name: &str| stats.get(name).and_then(Value::as_u64).unwrap_or(0);
    Some(Totals {
        passed: number("expected") + number("flaky"),
        failed: number("unexpected"),
        skipped: number("skipped"),
    })
}
