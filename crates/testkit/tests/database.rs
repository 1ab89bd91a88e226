//! A database per test: migrated, private, gone afterwards.

use sqlx::{
    SqlStr,
    migrate::{Migration, MigrationType, Migrator},
};
use std::borrow::Cow;
use testkit::Database;

fn migrator() -> Migrator {
    Migrator::with_migrations(vec![Migration::new(
        1,
        Cow::Borrowed("mugs"),
        MigrationType::Simple,
        SqlStr::from_static("CREATE TABLE mug (id bigint PRIMARY KEY)"),
        false,
    )])
}

#[tokio::test]
async fn two_databases_share_the_schema_and_no_row() {
    let migrator = migrator();
    let (one, other) = tokio::join!(Database::fresh(&migrator), Database::fresh(&migrator));

    let mut tx = one.connect().await;
    sqlx::query("INSERT INTO mug VALUES (1)").execute(&mut tx).await.unwrap();

    let mut elsewhere = other.connect().await;
    let mugs: i64 =
        sqlx::query_scalar("SELECT count(*) FROM mug").fetch_one(&mut elsewhere).await.unwrap();
    assert_eq!(mugs, 0);
}

#[tokio::test]
async fn a_database_is_dropped_with_its_handle() {
    let migrator = migrator();
    let kept = Database::fresh(&migrator).await;
    let gone = Database::fresh(&migrator).await;
    let name = gone.url().rsplit('/').next().unwrap().to_owned();

    drop(gone);

    let mut connection = kept.connect().await;
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_database WHERE datname = $1")
        .bind(name)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(left, 0);
}
