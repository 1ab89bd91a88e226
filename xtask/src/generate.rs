//! `gen`: the files that are made from other files and kept in the repository.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context, Result, bail};

use crate::{
    browser, place,
    services::Services,
    shell::{self, say},
    shop::Profile,
    web::files,
};

/// Writes all of them.
pub fn run() -> Result<()> {
    let services = browser::services()?;
    let url = services.database("oxcart_dev")?;
    apply_migrations(&services, &url)?;
    queries(&url)?;
    say("gen", "compiling the backend");
    Profile::Dev.build()?;
    fs::write(openapi_file(), openapi()?).context("cannot write backend/openapi.json")?;
    for document in ["limits", "roles"] {
        let file = format!("docs/{document}.md");
        fs::write(place::root().join(&file), printed(document)?)
            .with_context(|| format!("cannot write {file}"))?;
    }
    say("gen", "backend/openapi.json, docs/limits.md, docs/roles.md and .sqlx are up to date");
    Ok(())
}

/// Whether the API's document in the repository is what the built backend says.
pub fn openapi_is_fresh() -> Result<bool> {
    let document = openapi()?;
    let fresh = fs::read_to_string(openapi_file()).is_ok_and(|kept| kept == document);
    if !fresh {
        say("openapi", "backend/openapi.json is not what the backend says; run `cargo xtask gen`");
    }
    Ok(fresh)
}

fn openapi_file() -> PathBuf {
    place::root().join("backend/openapi.json")
}

fn openapi() -> Result<String> {
    let mut backend = shell::command(Profile::Dev.program("backend"));
    let document = shell::output(backend.arg("openapi").current_dir(place::root()))?;
    Ok(document.trim_end().to_owned() + "\n")
}

/// What the backend prints by this command.
fn printed(document: &str) -> Result<String> {
    let mut backend = shell::command(Profile::Dev.program("backend"));
    shell::output(backend.arg(document).current_dir(place::root()))
}

/// Applies the migrations with `psql`, since the backend compiles only once its queries are described.
fn apply_migrations(services: &Services, url: &str) -> Result<()> {
    let beside = services.program("psql").filter(|psql| psql.exists());
    let psql = beside.or_else(|| shell::which("psql"));
    let psql =
        psql.context("describing queries needs psql; install PostgreSQL's client programs")?;
    let migrations = files(&place::root().join("backend/migrations"));
    say("gen", &format!("applying {} migrations", migrations.len()));
    for migration in
        migrations.iter().filter(|file| file.extension().is_some_and(|kind| kind == "sql"))
    {
        let mut command = Command::new(&psql);
        command.args([
            url,
            "--quiet",
            "--no-psqlrc",
            "--single-transaction",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
        ]);
        shell::output(command.arg(migration))
            .with_context(|| format!("{} does not apply", migration.display()))?;
    }
    Ok(())
}

/// Has the compiler ask the database about every query, and keeps the answers in `.sqlx`.
fn queries(url: &str) -> Result<()> {
    say("gen", "describing the queries");
    let fresh = place::target().join("sqlx");
    let _ = fs::remove_dir_all(&fresh);
    fs::create_dir_all(&fresh).with_context(|| format!("cannot create {}", fresh.display()))?;
    touch_queries()?;
    let mut cargo = shell::cargo();
    cargo.args(["check", "--workspace", "--all-targets"]).current_dir(place::root());
    cargo.env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", &fresh).env("DATABASE_URL", url);
    shell::run(&mut cargo, "the compiler's message is above")?;
    mirror(&fresh, &place::root().join(".sqlx"))
}

/// The macros run only where the compiler does: makes every file with a query look new.
fn touch_queries() -> Result<()> {
    let sources = ["backend", "crates"].map(|folder| files(&place::root().join(folder)));
    for file in
        sources.iter().flatten().filter(|file| file.extension().is_some_and(|kind| kind == "rs"))
    {
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        if ["query!", "query_as!", "query_scalar!", "query_file"]
            .iter()
            .any(|call| text.contains(call))
        {
            File::options().append(true).open(file)?.set_modified(SystemTime::now())?;
        }
    }
    Ok(())
}

/// Makes one folder hold what the other does, touching only what differs.
fn mirror(from: &Path, to: &Path) -> Result<()> {
    let names = |folder: &Path| -> BTreeSet<_> {
        files(folder).iter().filter_map(|file| Some(file.file_name()?.to_owned())).collect()
    };
    let fresh = names(from);
    if fresh.is_empty() {
        bail!("no query was described; {} stays as it was", to.display());
    }
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for stale in names(to).difference(&fresh) {
        fs::remove_file(to.join(stale))?;
    }
    for name in fresh {
        let content = fs::read(from.join(&name))?;
        if fs::read(to.join(&name)).is_ok_and(|kept| kept == content) {
            continue;
        }
        fs::write(to.join(&name), content)?;
    }
    Ok(())
}
