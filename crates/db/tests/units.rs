//! Units of work against a healthy server: what is kept, what is undone, what is answered.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::{borrow::Cow, time::Duration};

use db::{Db, REQUEST_ID, Settings};
use sqlx::{
    Connection, PgConnection, SqlStr,
    migrate::{Migration, MigrationType, Migrator},
};
use testkit::Database;

async fn shop() -> (Database, Db) {
    let table = SqlStr::from_static(
        "CREATE TABLE mug (
            id bigint CONSTRAINT mug_pkey PRIMARY KEY,
            twin bigint CONSTRAINT mug_twin_fkey REFERENCES mug DEFERRABLE INITIALLY DEFERRED
        )",
    );
    let mugs = Migration::new(1, Cow::Borrowed("mugs"), MigrationType::Simple, table, false);
    let database = Database::fresh(&Migrator::with_migrations(vec![mugs])).await;
    let db = Db::connect(at(&database)).await.unwrap();
    (database, db)
}

fn at(database: &Database) -> Settings {
    Settings::new(database.url())
}

async fn backend(db: &Db) -> i32 {
    db.read(async |tx| sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(tx).await)
        .await
        .unwrap()
}

async fn add_mug(db: &mut PgConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO mug (id) VALUES ($1)").bind(id).execute(db).await?;
    Ok(())
}

async fn mugs(db: &Db) -> i64 {
    db.read(async |tx| sqlx::query_scalar("SELECT count(*) FROM mug").fetch_one(tx).await)
        .await
        .unwrap()
}

#[derive(Debug)]
enum Refusal {
    SoldOut,
    Database(sqlx::Error),
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

#[tokio::test]
async fn a_write_is_kept_when_its_work_answers_ok() {
    let (_database, db) = shop().await;

    let answer: Result<&str, sqlx::Error> = db
        .write(async |tx| {
            add_mug(tx, 1).await?;
            Ok("made")
        })
        .await;

    assert_eq!(answer.unwrap(), "made");
    assert_eq!(mugs(&db).await, 1);
}

#[tokio::test]
async fn a_refusal_undoes_the_work_and_keeps_the_connection() {
    let (database, _db) = shop().await;
    let settings = Settings { max_connections: 1, min_connections: 1, ..at(&database) };
    let db = Db::connect(settings).await.unwrap();
    let before = backend(&db).await;

    for id in 0..20 {
        let answer: Result<(), Refusal> = db
            .write(async move |tx| {
                add_mug(tx, id).await?;
                Err(Refusal::SoldOut)
            })
            .await;
        assert!(matches!(answer, Err(Refusal::SoldOut)));
    }

    assert_eq!(mugs(&db).await, 0);
    assert_eq!(backend(&db).await, before);
}

#[tokio::test]
async fn a_kept_write_keeps_its_connection() {
    let (database, _db) = shop().await;
    let db = Db::connect(Settings { max_connections: 1, ..at(&database) }).await.unwrap();
    let before = backend(&db).await;

    for id in 0..20 {
        let answer: Result<(), sqlx::Error> = db.write(async |tx| add_mug(tx, id).await).await;
        answer.unwrap();
    }

    assert_eq!(backend(&db).await, before);
    assert_eq!(mugs(&db).await, 20);
}

#[tokio::test]
async fn a_violated_constraint_is_named() {
    let (_database, db) = shop().await;

    let answer: Result<(), Refusal> = db
        .write(async |tx| {
            add_mug(tx, 1).await?;
            add_mug(tx, 1).await?;
            Ok(())
        })
        .await;

    let Err(Refusal::Database(error)) = answer else { panic!("{answer:?}") };
    assert_eq!(db::constraint(&error), Some("mug_pkey"));
    assert!(!db::is_unavailable(&error));
    assert_eq!(mugs(&db).await, 0);
}

#[tokio::test]
async fn a_constraint_violated_at_commit_is_a_known_failure() {
    let (_database, db) = shop().await;

    let answer: Result<(), sqlx::Error> = db
        .write(async |tx| {
            sqlx::query("INSERT INTO mug VALUES (1, 2)").execute(tx).await?;
            Ok(())
        })
        .await;

    let error = answer.unwrap_err();
    assert_eq!(db::constraint(&error), Some("mug_twin_fkey"));
    assert!(!db::commit_outcome_unknown(&error));
    assert_eq!(mugs(&db).await, 0);
}

#[tokio::test]
async fn ok_after_a_failed_statement_is_not_taken_for_a_commit() {
    let (_database, db) = shop().await;

    let answer: Result<(), sqlx::Error> = db
        .write(async |tx| {
            add_mug(tx, 1).await?;
            let _ = add_mug(tx, 1).await;
            Ok(())
        })
        .await;

    assert!(matches!(answer, Err(sqlx::Error::InvalidArgument(_))), "{answer:?}");
    assert_eq!(mugs(&db).await, 0);
}

#[tokio::test]
async fn a_savepoint_lets_the_work_go_on_after_a_failed_statement() {
    let (_database, db) = shop().await;

    let answer: Result<(), sqlx::Error> = db
        .write(async |tx| {
            add_mug(tx, 1).await?;
            let mut savepoint = tx.begin().await?;
            assert!(add_mug(&mut savepoint, 1).await.is_err());
            savepoint.rollback().await?;
            let mut savepoint = tx.begin().await?;
            add_mug(&mut savepoint, 2).await?;
            savepoint.commit().await
        })
        .await;

    answer.unwrap();
    assert_eq!(mugs(&db).await, 2);
}

#[tokio::test]
async fn a_write_shows_its_request_in_the_session_and_no_longer() {
    let (_database, db) = shop().await;
    let name = async |tx: &mut PgConnection| -> Result<String, sqlx::Error> {
        sqlx::query_scalar("SHOW application_name").fetch_one(tx).await
    };

    let inside = REQUEST_ID.scope("01J-a9".to_owned(), db.write(name)).await.unwrap();
    let after = db.read(name).await.unwrap();

    assert_eq!(inside, "oxcart 01J-a9");
    assert_eq!(after, "oxcart");
}

#[tokio::test]
async fn the_server_enforces_the_limits_of_the_settings() {
    let (_database, db) = shop().await;
    let sql =
        "SELECT current_setting('statement_timeout') || ' ' || current_setting('lock_timeout')
        || ' ' || current_setting('idle_in_transaction_session_timeout')";

    let limits: Result<String, sqlx::Error> =
        db.read(async |tx| sqlx::query_scalar(sql).fetch_one(tx).await).await;

    assert_eq!(limits.unwrap(), "3s 2s 5s");
}

#[tokio::test]
async fn connecting_to_nothing_fails_and_says_so() {
    let settings = Settings::new("postgres://nobody@127.0.0.1:1/nothing");

    let error = Db::connect(settings).await.unwrap_err();

    assert!(db::is_unavailable(&error), "{error}");
}

#[tokio::test]
async fn a_statement_that_waits_too_long_for_a_lock_says_so() {
    let (database, db) = shop().await;
    let mut other = database.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE mug").execute(&mut other).await.unwrap();

    let answer: Result<(), sqlx::Error> = db
        .write(async |tx| {
            sqlx::query("SET LOCAL lock_timeout = '50ms'").execute(&mut *tx).await?;
            add_mug(tx, 1).await
        })
        .await;

    let error = answer.unwrap_err();
    assert!(db::is_lock_timeout(&error), "{error}");
    assert!(db::is_unavailable(&error));
}

/// Shaped like a handler: its future has to be `Send` for axum to take it.
async fn place(db: Db, id: i64) -> Result<i64, Refusal> {
    db.write(async move |tx| {
        add_mug(tx, id).await?;
        Ok::<_, Refusal>(())
    })
    .await?;
    let count = db
        .read(async |tx| sqlx::query_scalar("SELECT count(*) FROM mug").fetch_one(tx).await)
        .await?;
    Ok(count)
}

fn handler<F, Fut>(handler: F) -> F
where
    F: Fn(Db, i64) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<i64, Refusal>> + Send + 'static,
{
    handler
}

#[tokio::test]
async fn a_handler_may_hold_a_unit_of_work() {
    let (_database, db) = shop().await;

    let place = handler(place);
    let count = tokio::spawn(place(db.with_deadline(Duration::from_secs(2)), 7)).await.unwrap();

    assert_eq!(count.unwrap(), 1);
}

/// Two roles of one test that may log in and count mugs.
async fn roles(owner: &mut PgConnection, database: &Database) -> [String; 2] {
    let name = database.url().rsplit('/').next().unwrap().to_owned();
    let roles = ["a", "b"].map(|letter| format!("{name}_{letter}"));
    for role in &roles {
        run(owner, format!("CREATE ROLE {role} LOGIN; GRANT SELECT ON mug TO {role}")).await;
    }
    roles
}

async fn run(db: &mut PgConnection, statement: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(db).await.unwrap();
}

fn url_of(role: &str, database: &Database) -> String {
    let url = database.url();
    let (_, host) = url.split_once('@').unwrap();
    format!("postgres://{role}@{host}")
}

/// Lets a role in no longer, and ends what it has open.
async fn shut_out(owner: &mut PgConnection, role: &str) {
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename";
    run(owner, format!("ALTER ROLE {role} NOLOGIN; {end} = '{role}'")).await;
}

#[tokio::test]
async fn work_goes_on_when_our_role_is_shut_out_and_another_is_on_its_way() {
    let (database, db) = shop().await;
    let mut owner = database.connect().await;
    let [one, other] = roles(&mut owner, &database).await;
    db.move_to(&url_of(&one, &database)).await.unwrap();
    run(&mut owner, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()".to_owned()).await;
    // The server ends them a moment later.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(mugs(&db).await, 0);

    shut_out(&mut owner, &one).await;
    let (bringer, url) = (db.clone(), url_of(&other, &database));
    let bringing = tokio::spawn(async move {
        bringer.credentials_refused().await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        bringer.move_to(&url).await
    });
    tokio::task::yield_now().await;
    assert_eq!(mugs(&db).await, 0);
    bringing.await.unwrap().unwrap();

    let who: String = db
        .read(async |tx| sqlx::query_scalar("SELECT current_user::text").fetch_one(tx).await)
        .await
        .unwrap();
    assert_eq!(who, other);
    db.close().await;
    run(&mut owner, format!("DROP OWNED BY {one}, {other}; DROP ROLE {one}, {other}")).await;
}

#[tokio::test]
async fn an_address_that_lets_nobody_in_changes_nothing() {
    let (database, db) = shop().await;

    assert!(db.move_to(&url_of("nobody_of_that_name", &database)).await.is_err());
    assert!(db.move_to("not an address").await.is_err());

    assert_eq!(mugs(&db).await, 0);
}
