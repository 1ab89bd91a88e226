//! `up`: the shop on this machine, from nothing.

use std::{fs, path::PathBuf, thread::sleep, time::Duration, time::Instant};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::{
    place, ports,
    services::{Services, Use},
    shell::{self, say},
    shop::{self, Plan, Profile, Shop},
    web,
};

/// What `up` can be told.
#[derive(Args)]
pub struct Options {
    /// Start over: forget the data of earlier runs
    #[arg(long)]
    fresh: bool,
    /// Build for speed, which takes much longer
    #[arg(long)]
    release: bool,
    /// What a new shop sells
    #[arg(long, value_enum, default_value_t = Catalog::Demo)]
    catalog: Catalog,
    /// The port of the pages
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// The port of the API
    #[arg(long, default_value_t = 4000)]
    api_port: u16,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Catalog {
    /// The demo shop
    Demo,
    /// Nothing yet
    None,
}

/// Builds and runs the shop until somebody stops it.
pub fn run(options: &Options) -> Result<()> {
    let start = Instant::now();
    let folder = place::root().join(".data");
    say(
        "up",
        &format!("Oxcart from {}, with its data in {}", place::root().display(), folder.display()),
    );
    ports::demand(options.port, "the pages", "--port")?;
    ports::demand(options.api_port, "the API", "--api-port")?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    if options.fresh {
        say("data", "starting over: removing what earlier runs left");
        Services::wipe(&folder)?;
    }
    let services = Services::start(&folder, Use::Keep)?;
    let profile = if options.release { Profile::Release } else { Profile::Dev };
    say("build", "compiling backend and frontend (the first time takes some minutes)");
    profile.build()?;
    web::build()?;
    let plan = Plan {
        profile,
        logs: folder.join("log"),
        secret: shop::secret(&folder)?,
        folder,
        database_url: services.database_url.clone(),
        services: &services,
        port: options.port,
        api_port: options.api_port,
        patience: shop::PATIENCE,
    };
    say("database", "bringing its tables up to date");
    plan.run(&["migrate"])?;
    seed(&plan, options.catalog)?;
    say("shop", "starting the backend and the frontend");
    let mut shop = Shop::open(&plan)?;
    greet(&plan, &shop, start);
    while !shell::interrupted() {
        shop.check()?;
        sleep(Duration::from_millis(200));
    }
    say("stopping", "letting requests finish, then the servers and databases end");
    Ok(())
}

/// Runs the databases alone, for work on one server by hand.
pub fn services() -> Result<()> {
    let start = Instant::now();
    let services = Services::start(&place::root().join(".data"), Use::Keep)?;
    say("ready", &format!("after {}; Ctrl-C stops everything", shell::took(start)));
    shell::line(&format!("DATABASE_URL={}", services.database_url));
    if let Some(url) = &services.redis_url {
        shell::line(&format!("REDIS_URL={url}"));
    }
    while !shell::interrupted() {
        sleep(Duration::from_millis(200));
    }
    say("stopping", "the databases");
    Ok(())
}

/// Fills a new shop once; its folder remembers that.
fn seed(plan: &Plan, catalog: Catalog) -> Result<()> {
    let done: PathBuf = plan.folder.join("seeded");
    let ours = plan.services.is_private();
    if catalog == Catalog::None || (ours && done.exists()) {
        return Ok(());
    }
    say("demo", "filling the shop with the demo catalogue");
    plan.run(&["seed"])?;
    if ours {
        fs::write(&done, "").with_context(|| format!("cannot write {}", done.display()))?;
    }
    Ok(())
}

fn greet(plan: &Plan, shop: &Shop, start: Instant) {
    let [api_metrics, page_metrics] = &shop.metrics;
    shell::line("");
    say("ready", &format!("after {}; Ctrl-C stops everything", shell::took(start)));
    say("shop", &plan.url());
    say("API", &format!("http://localhost:{}/api/docs", plan.api_port));
    say("letters", &plan.folder.join("mail").display().to_string());
    let kept = shop::kept_secret(&plan.folder);
    let secret = if kept.exists() {
        format!("JWT_SECRET=$(cat {}) ", kept.display())
    } else {
        String::new()
    };
    say(
        "staff",
        &format!(
            "invite the first administrator by: DATABASE_URL={} {secret}{} first-admin you@example.com",
            plan.database_url,
            plan.profile.program("backend").display(),
        ),
    );
    say("metrics", &format!("{api_metrics} and {page_metrics}"));
    say("logs", &plan.logs.display().to_string());
    shell::line("");
}
