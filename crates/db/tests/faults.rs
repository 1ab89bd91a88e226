//! Units of work whose callers leave, whose connections go silent and whose answers are lost.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use db::{Db, Settings};
use sqlx::{
    PgConnection, SqlStr,
    migrate::{Migration, MigrationType, Migrator},
};
use testkit::{Database, Proxy, proxy::Mode};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

/// A shop with one table, its database behind a proxy.
struct Shop {
    database: Database,
    proxy: Proxy,
    db: Db,
}

async fn shop(change: impl FnOnce(Settings) -> Settings) -> Shop {
    let table = SqlStr::from_static("CREATE TABLE mug (id bigint PRIMARY KEY)");
    let mugs = Migration::new(1, Cow::Borrowed("mugs"), MigrationType::Simple, table, false);
    let database = Database::fresh(&Migrator::with_migrations(vec![mugs])).await;
    let proxy = Proxy::before(&database.url()).await;
    let settings = change(Settings::new(proxy.url_for(&database.url())));
    let db = Db::connect(settings).await.unwrap();
    Shop { database, proxy, db }
}

impl Shop {
    /// What another session sees: the number of mugs.
    async fn mugs(&self) -> i64 {
        let mut other = self.database.connect().await;
        sqlx::query_scalar("SELECT count(*) FROM mug").fetch_one(&mut other).await.unwrap()
    }

    /// Sessions of the pool that stand inside a transaction with nothing to do.
    async fn poisoned(&self) -> i64 {
        let mut other = self.database.connect().await;
        sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database()
               AND application_name LIKE 'oxcart%'
               AND state LIKE 'idle in transaction%'",
        )
        .fetch_one(&mut other)
        .await
        .unwrap()
    }
}

async fn add_mug(db: &mut PgConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO mug VALUES ($1)").bind(id).execute(db).await?;
    Ok(())
}

async fn write(db: &Db, id: i64) -> Result<(), sqlx::Error> {
    db.write(async move |tx| add_mug(tx, id).await).await
}

async fn read(db: &Db) -> Result<i32, sqlx::Error> {
    db.read(async |tx| sqlx::query_scalar("SELECT 1").fetch_one(tx).await).await
}

async fn sleep_in_database(db: &Db, seconds: f64) -> Result<(), sqlx::Error> {
    db.read(async move |tx| {
        sqlx::query("SELECT pg_sleep($1)").bind(seconds).execute(tx).await.map(drop)
    })
    .await
}

async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..100 {
        if holds().await {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}");
}

#[tokio::test]
async fn cancelled_writes_leave_nobody_inside_a_transaction() {
    let shop = shop(|settings| Settings { max_connections: 4, ..settings }).await;
    let mut other = shop.database.connect().await;
    // Slow enough that a timer of one millisecond can stop a BEGIN under way.
    let each = Duration::from_millis(1);
    shop.proxy.set(Mode::Delay { each, jitter: each }).await;

    for round in 0..400 {
        let left = Duration::from_millis(rand::random_range(1..12));
        let _ = timeout(left, write(&shop.db, -1 - round)).await;
        if round % 10 == 0 {
            // The next customer, on whatever connection the cancelled one left behind.
            shop.db.read(async |tx| add_mug(tx, round).await).await.unwrap();
            let seen: Option<i64> = sqlx::query_scalar("SELECT id FROM mug WHERE id = $1")
                .bind(round)
                .fetch_optional(&mut other)
                .await
                .unwrap();
            assert_eq!(seen, Some(round), "an acknowledged write is not there");
        }
    }

    eventually("all connections left their transactions", async || shop.poisoned().await == 0)
        .await;
}

#[tokio::test]
async fn a_cancelled_read_does_not_hand_its_connection_on() {
    let shop = shop(|settings| Settings { max_connections: 1, ..settings }).await;

    let cancelled = timeout(Duration::from_millis(50), sleep_in_database(&shop.db, 3.0)).await;
    let next = timeout(Duration::from_secs(1), read(&shop.db)).await;

    assert!(cancelled.is_err());
    assert_eq!(next.expect("the permit is free at once").unwrap(), 1);
}

#[tokio::test]
async fn work_past_its_deadline_is_cut_and_its_connection_dropped() {
    let shop = shop(|settings| Settings { max_connections: 1, ..settings }).await;
    let hasty = shop.db.with_deadline(Duration::from_millis(200));

    let asked = Instant::now();
    let error = hasty
        .write(async |tx| {
            add_mug(tx, 1).await?;
            sqlx::query("SELECT pg_sleep(3)").execute(tx).await.map(drop)
        })
        .await
        .unwrap_err();

    assert!(asked.elapsed() < Duration::from_millis(600), "{:?}", asked.elapsed());
    assert!(db::is_unavailable(&error), "{error}");
    assert!(!db::commit_outcome_unknown(&error));
    assert_eq!(read(&shop.db).await.unwrap(), 1);
    assert_eq!(shop.mugs().await, 0);
}

#[tokio::test]
async fn a_deadline_frees_its_place_at_once() {
    let shop = shop(|settings| Settings { max_connections: 1, ..settings }).await;
    let hasty = shop.db.with_deadline(Duration::from_millis(200));

    let late = sleep_in_database(&hasty, 3.0).await.unwrap_err();
    let next = timeout(Duration::from_millis(500), read(&shop.db)).await;

    assert!(db::is_unavailable(&late), "{late}");
    assert_eq!(next.expect("the permit is free").unwrap(), 1);
}

#[tokio::test]
async fn service_is_back_within_five_seconds_of_a_silent_failover() {
    let shop = shop(|settings| Settings { min_connections: 20, ..settings }).await;
    assert_eq!(shop.db.size(), 20);
    let mut in_flight = JoinSet::new();
    for _ in 0..8 {
        let db = shop.db.clone();
        in_flight.spawn(async move { sleep_in_database(&db, 2.5).await });
    }
    sleep(Duration::from_millis(200)).await;

    shop.proxy.mute_existing().await;
    let silent_since = Instant::now();
    let (mut errors, mut in_a_row) = (0, 0);
    while in_a_row < 50 {
        if write(&shop.db, i64::from(in_a_row) + 1000 * i64::from(errors)).await.is_ok() {
            in_a_row += 1;
        } else {
            (errors, in_a_row) = (errors + 1, 0);
        }
        assert!(silent_since.elapsed() < Duration::from_secs(5), "{errors} errors and no service");
    }
    println!("serves again after {:?} and {errors} errors", silent_since.elapsed());

    let lost = in_flight.join_all().await;
    assert!(lost.iter().all(|answer| answer.as_ref().is_err_and(db::is_unavailable)));
    let mut all_at_once = JoinSet::new();
    for _ in 0..20 {
        let db = shop.db.clone();
        all_at_once.spawn(async move { sleep_in_database(&db, 0.3).await });
    }
    let asked = Instant::now();
    assert!(all_at_once.join_all().await.iter().all(Result::is_ok), "a permit is missing");
    assert!(asked.elapsed() < Duration::from_millis(2500), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn connections_going_silent_while_they_are_handed_back_lose_no_permit() {
    let shop = shop(|settings| Settings { max_connections: 2, ..settings }).await;

    for _ in 0..6 {
        // The answer to the work arrives, the one to the guard's farewell does not.
        let db = shop.db.clone();
        let _ = db
            .read(async |tx| {
                let one = sqlx::query("SELECT 1").execute(&mut *tx).await;
                shop.proxy.mute_existing().await;
                one
            })
            .await;
    }

    let served = timeout(Duration::from_secs(3), read(&shop.db)).await;
    assert_eq!(served.expect("no permit is kept").unwrap(), 1);
}

#[tokio::test]
async fn a_lost_answer_to_commit_is_reported_as_unknown() {
    let shop = shop(|settings| settings).await;
    shop.proxy.set(Mode::CutCommit { percent: 100 }).await;

    let error = write(&shop.db, 1).await.unwrap_err();

    assert!(db::commit_outcome_unknown(&error), "{error}");
    assert!(db::is_unavailable(&error));
    assert_eq!(shop.mugs().await, 1, "this one did take effect");
}

#[tokio::test]
async fn a_silent_commit_is_reported_as_unknown_within_the_grace() {
    let shop = shop(|settings| Settings { deadline: Duration::from_millis(500), ..settings }).await;

    let asked = Instant::now();
    let proxy = &shop.proxy;
    let answer: Result<(), sqlx::Error> = shop
        .db
        .write(async |tx| {
            add_mug(tx, 1).await?;
            proxy.mute_existing().await;
            Ok(())
        })
        .await;

    assert!(db::commit_outcome_unknown(&answer.unwrap_err()));
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn an_unreachable_database_is_unavailable_and_comes_back() {
    let shop =
        shop(|settings| Settings { acquire_timeout: Duration::from_millis(500), ..settings }).await;
    shop.proxy.set(Mode::Refuse).await;
    shop.proxy.reset_existing().await;

    let down = write(&shop.db, 1).await.unwrap_err();
    sleep(Duration::from_millis(100)).await;
    let asked = Instant::now();
    for _ in 0..10 {
        write(&shop.db, 1).await.unwrap_err();
    }
    let told_in = asked.elapsed();
    shop.proxy.set(Mode::Pass).await;

    assert!(db::is_unavailable(&down), "{down}");
    assert!(told_in < Duration::from_millis(100), "ten customers waited for {told_in:?}");
    let again = Instant::now();
    eventually("the database serves again", async || write(&shop.db, 2).await.is_ok()).await;
    assert!(again.elapsed() < Duration::from_secs(1), "{:?}", again.elapsed());
}

#[tokio::test]
async fn a_connection_to_a_server_that_only_reads_is_not_kept() {
    let shop = shop(|settings| Settings { max_connections: 1, ..settings }).await;
    let backend = async || {
        let pid = async |tx: &mut PgConnection| -> Result<i32, sqlx::Error> {
            sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(tx).await
        };
        shop.db.read(pid).await.unwrap()
    };
    shop.db
        .read(async |tx| {
            sqlx::query("SET default_transaction_read_only = on").execute(tx).await.map(drop)
        })
        .await
        .map_err(|error: sqlx::Error| error)
        .unwrap();
    let before = backend().await;

    let refused = write(&shop.db, 1).await.unwrap_err();

    assert!(db::is_unavailable(&refused), "{refused}");
    assert_ne!(backend().await, before);
    write(&shop.db, 2).await.unwrap();
}

#[tokio::test]
async fn a_pool_that_gives_out_nothing_is_replaced() {
    let shop = shop(|settings| Settings {
        max_connections: 2,
        acquire_timeout: Duration::from_millis(100),
        rebuild_after: Duration::from_millis(300),
        ..settings
    })
    .await;
    let slow = shop.db.with_deadline(Duration::from_secs(20));
    let mut hogs = JoinSet::new();
    for _ in 0..2 {
        let slow = slow.clone();
        hogs.spawn(async move { sleep_in_database(&slow, 2.5).await });
    }
    sleep(Duration::from_millis(100)).await;

    let asked = Instant::now();
    while read(&shop.db).await.is_err() {
        assert!(asked.elapsed() < Duration::from_secs(2), "the pool was not replaced");
    }

    assert!(hogs.join_all().await.iter().all(Result::is_ok), "work under way is left to finish");
}
