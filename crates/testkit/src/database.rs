//! A private database for each test, copied from a template that is migrated once.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    str::FromStr,
    sync::Once,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, migrate::Migrator,
    postgres::PgConnectOptions,
};
use url::Url;

/// Age at which a database left behind by a killed test run is dropped.
const LEFTOVER_AFTER: Duration = Duration::from_hours(1);

/// Beginning of every test database's name; the seconds since 1970 in hexadecimal follow.
const PREFIX: &str = "oxcart_test_";

/// Key of the advisory lock under which templates are made.
const TEMPLATE_LOCK: i64 = 0x6f78_6361_7274;

/// An empty, migrated database that belongs to one test; dropped with this handle.
#[derive(Debug)]
pub struct Database {
    name: String,
    server: Url,
}

impl Database {
    /// Copies the template for `migrator`, making it first if this server has none.
    ///
    /// The server is the one of `TEST_DATABASE_URL`, else of `DATABASE_URL`. Panics without one.
    pub async fn fresh(migrator: &Migrator) -> Self {
        static SWEEP: Once = Once::new();
        let server = server();
        SWEEP.call_once(|| on_a_thread(sweep(server.clone())));

        let mut connection = connect(&server).await;
        let template = template(&mut connection, &server, migrator).await;
        let name = name();
        // Copying files instead would force two checkpoints that all parallel tests wait for.
        run(
            &mut connection,
            format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG"),
        )
        .await;
        Self { name, server }
    }

    /// The address of this database, with user and password.
    pub fn url(&self) -> String {
        at(&self.server, &self.name).into()
    }

    /// A connection to this database that no pool knows of.
    pub async fn connect(&self) -> PgConnection {
        connect(&at(&self.server, &self.name)).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        on_a_thread(drop_databases(self.server.clone(), vec![self.name.clone()]));
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no `Config`")]
fn server() -> Url {
    let url = std::env::var("TEST_DATABASE_URL")
        .or_else(|_| std::env::var("DATABASE_URL"))
        .expect("no database: run `cargo xtask test`, or set TEST_DATABASE_URL");
    Url::parse(&url).expect("the database address is a URL")
}

fn at(server: &Url, name: &str) -> Url {
    let mut url = server.clone();
    url.set_path(name);
    url
}

async fn connect(url: &Url) -> PgConnection {
    let options = PgConnectOptions::from_str(url.as_str()).expect("the database address is valid");
    PgConnection::connect_with(&options).await.expect("the test database server answers")
}

/// The name of the migrated template, made under a lock that all test processes share.
async fn template(connection: &mut PgConnection, server: &Url, migrator: &Migrator) -> String {
    let template = template_name(migrator);
    if exists(connection, &template).await {
        return template;
    }
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut *connection)
        .await
        .expect("the template lock is given");
    if !exists(connection, &template).await {
        make_template(connection, server, migrator, &template).await;
    }
    sqlx::query("SELECT pg_advisory_unlock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(connection)
        .await
        .expect("the template lock is taken back");
    template
}

/// Migrates under another name first: a template is there only once it is whole.
async fn make_template(
    connection: &mut PgConnection,
    server: &Url,
    migrator: &Migrator,
    template: &str,
) {
    let unfinished = format!("{template}_unfinished");
    run(connection, format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await;
    run(connection, format!("CREATE DATABASE {unfinished} TEMPLATE template0")).await;
    let mut inside = connect(&at(server, &unfinished)).await;
    migrator.run(&mut inside).await.expect("the migrations run on an empty database");
    inside.close().await.expect("the template is let go");
    run(connection, format!("ALTER DATABASE {unfinished} RENAME TO {template}")).await;
    run(connection, format!("ALTER DATABASE {template} ALLOW_CONNECTIONS false")).await;
}

async fn exists(connection: &mut PgConnection, name: &str) -> bool {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(name)
        .fetch_one(connection)
        .await
        .expect("the list of databases can be read")
}

fn template_name(migrator: &Migrator) -> String {
    let mut hasher = DefaultHasher::new();
    for migration in migrator.iter() {
        (migration.version, &migration.checksum).hash(&mut hasher);
    }
    format!("oxcart_template_{:016x}", hasher.finish())
}

fn name() -> String {
    format!("{PREFIX}{:x}_{:016x}", seconds_since_1970(), rand::random::<u64>())
}

fn seconds_since_1970() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Whether `name` is a test database old enough to have lost its owner.
fn is_leftover(name: &str) -> bool {
    name.strip_prefix(PREFIX)
        .and_then(|rest| rest.split('_').next())
        .and_then(|made| u64::from_str_radix(made, 16).ok())
        .is_some_and(|made| made + LEFTOVER_AFTER.as_secs() < seconds_since_1970())
}

async fn sweep(server: Url) {
    let mut connection = connect(&server).await;
    let names: Vec<String> = sqlx::query_scalar("SELECT datname FROM pg_database")
        .fetch_all(&mut connection)
        .await
        .unwrap_or_default();
    drop_databases(server, names.into_iter().filter(|name| is_leftover(name)).collect()).await;
}

async fn drop_databases(server: Url, names: Vec<String>) {
    let Ok(mut connection) = PgConnection::connect(server.as_str()).await else { return };
    for name in names {
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        // Best effort: what stays is swept by a later run.
        let _ = connection.execute(AssertSqlSafe(drop)).await;
    }
}

/// Runs `work` to its end on a thread of its own, since `Drop` cannot wait inside a runtime.
fn on_a_thread(work: impl Future<Output = ()> + Send + 'static) {
    let worker = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime {
            runtime.block_on(work);
        }
    });
    let _ = worker.join();
}

/// Runs a statement built from names made in this file, which are letters, digits and `_`.
async fn run(connection: &mut PgConnection, statement: String) {
    connection
        .execute(AssertSqlSafe(statement.clone()))
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_test_databases_are_leftovers() {
        let old = seconds_since_1970() - 2 * LEFTOVER_AFTER.as_secs();

        assert!(is_leftover(&format!("{PREFIX}{old:x}_00ff")));
        assert!(!is_leftover(&name()));
        assert!(!is_leftover("oxcart"));
        assert!(!is_leftover("oxcart_test_zz_1"));
    }
}
