//! Starting, serving and stopping.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use db::{Db, Settings};
use secrecy::ExposeSecret;
use sqlx::{Connection, PgConnection};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    App, Clock, Config, MIGRATIONS,
    accounts::{Passkeys, Passwords},
    cache::Cache,
    catalog::Shelves,
    http::{Limits, health::Readiness},
    keys::Keyring,
    mail::Mailer,
    media::Storage,
    payments::{Provider, test_provider::TestProvider},
    secrets, staff, telemetry,
    verify::{self, Finding},
};

/// Opens the database and everything else that a command needs; does not touch the network ports.
pub async fn open(mut config: Config) -> anyhow::Result<App> {
    secrets::fill(&mut config).await?;
    let settings = Settings {
        max_connections: config.database.database_connections,
        application_name: "oxcart".to_owned(),
        ..Settings::new(config.database.database_url.expose_secret())
    };
    let db =
        Db::connect(settings).await.context("cannot reach the database; check DATABASE_URL")?;
    App::new(db, config, Clock::default())
}

/// Answers requests until told to stop, with the background work when asked.
pub async fn serve(config: Config, with_worker: bool) -> anyhow::Result<()> {
    let signals = telemetry::start(&config)?;
    let app = open(config).await?;
    app.check_schema().await?;
    let ops = telemetry::serve_operators(&app, signals.clone()).await?;
    let stop = CancellationToken::new();
    let watch = tokio::spawn(secrets::follow(app.clone(), stop.clone()));
    let listener = TcpListener::bind(app.config.listen).await.with_context(|| {
        format!("cannot listen on {}; is another backend running?", app.config.listen)
    })?;
    let mut work = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move {
            app.prepare().await?;
            let following = crate::search::follow::run(app.clone(), stop.clone());
            if with_worker {
                tokio::join!(following, crate::worker::run(app, stop));
            } else {
                following.await;
            }
            anyhow::Ok(())
        }
    });
    tracing::info!(address = %app.config.listen, "listening");
    let server = tokio::spawn(answer(app.clone(), listener, stop.clone()));
    tokio::select! {
        () = asked_to_stop() => {}
        early = &mut work => early.context("the background work panicked")??,
    }
    tracing::info!("stopping");
    app.readiness.set(false);
    tokio::time::sleep(app.config.drain_delay).await;
    stop.cancel();
    let drained = tokio::time::timeout(app.config.drain_timeout, server).await;
    if drained.is_err() {
        tracing::warn!("some requests did not finish within {:?}", app.config.drain_timeout);
    }
    if !work.is_finished() {
        let _ = tokio::time::timeout(app.config.drain_timeout, work).await;
    }
    watch.abort();
    ops.abort();
    app.db.close().await;
    signals.flush();
    Ok(())
}

async fn answer(app: App, listener: TcpListener, stop: CancellationToken) -> std::io::Result<()> {
    axum::serve(listener, crate::service(app)).with_graceful_shutdown(stop.cancelled_owned()).await
}

/// Does the background work until told to stop.
pub async fn work(config: Config) -> anyhow::Result<()> {
    let signals = telemetry::start(&config)?;
    let app = open(config).await?;
    app.check_schema().await?;
    let ops = telemetry::serve_operators(&app, signals.clone()).await?;
    let stop = CancellationToken::new();
    let watch = tokio::spawn(secrets::follow(app.clone(), stop.clone()));
    let mut running = tokio::spawn(crate::worker::run(app.clone(), stop.clone()));
    app.readiness.set(true);
    tokio::select! {
        () = asked_to_stop() => {}
        early = &mut running => early.context("the background work panicked")?,
    }
    app.readiness.set(false);
    stop.cancel();
    if !running.is_finished() {
        let _ = tokio::time::timeout(app.config.drain_timeout, running).await;
    }
    watch.abort();
    ops.abort();
    app.db.close().await;
    signals.flush();
    Ok(())
}

/// Brings the schema up to date, making the database first when it is not there.
pub async fn migrate(mut config: Config) -> anyhow::Result<()> {
    use sqlx::migrate::MigrateDatabase;
    secrets::fill(&mut config).await?;
    let url = config.database.database_url.expose_secret();
    if !sqlx::Postgres::database_exists(url)
        .await
        .context("cannot reach the database; check DATABASE_URL")?
    {
        sqlx::Postgres::create_database(url).await.context("cannot make the database")?;
    }
    let mut connection = PgConnection::connect(url).await?;
    let mut migrations = sqlx::migrate!();
    // A binary that was rolled back meets migrations that it does not know; they are its successor's.
    migrations.set_ignore_missing(true);
    migrations
        .run_direct(None, &mut connection, false)
        .await
        .context("a migration failed; the schema is as before it")?;
    let keys = Keyring::new(config.jwt_secret.as_ref(), config.jwt_secret_previous.as_ref())?;
    let mut tx = connection.begin().await?;
    staff::seal_plain(&mut tx, &keys).await?;
    tx.commit().await?;
    connection.close().await?;
    Ok(())
}

/// Loads the demo shop.
pub async fn seed(config: Config, products: Option<u64>) -> anyhow::Result<()> {
    let app = open(config).await?;
    app.check_schema().await?;
    crate::seed::seed(&app, products).await?;
    app.db.close().await;
    Ok(())
}

/// Holds every invariant of the shop against its database; how many are broken.
pub async fn verify(config: Config) -> anyhow::Result<Vec<Finding>> {
    let app = open(config).await?;
    app.check_schema().await?;
    Ok(app
        .db
        .with_deadline(Duration::from_mins(10))
        .read(async |conn| verify::verify(conn).await)
        .await?)
}

/// Asks a backend whether it wants requests: the one at `url`, or the one that listens here.
pub async fn healthcheck(config: &Config, url: Option<url::Url>) -> anyhow::Result<()> {
    let here = || format!("http://127.0.0.1:{}/api/health/ready", config.listen.port()).parse();
    let url = url.map_or_else(here, Ok)?;
    let answer = reqwest::Client::builder()
        .timeout(Duration::from_secs(2))
        .no_proxy()
        .build()?
        .get(url.clone())
        .send()
        .await
        .with_context(|| format!("nothing answers at {url}"))?;
    if !answer.status().is_success() {
        bail!("{url} answers {}", answer.status());
    }
    Ok(())
}

/// Waits for SIGTERM or SIGINT.
async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        },
        Err(_) => drop(interrupted.await),
    }
}

impl App {
    /// The app over `db`; nothing runs yet.
    pub fn new(db: Db, config: Config, clock: Clock) -> anyhow::Result<Self> {
        let keys = Keyring::new(config.jwt_secret.as_ref(), config.jwt_secret_previous.as_ref())?;
        let patience = config.checkout.provider_timeout;
        let provider = TestProvider::new(
            db.clone(),
            clock.clone(),
            keys.clone(),
            config.public_url.clone(),
            patience,
        );
        let cache = Cache::new(&config, clock.clone())?;
        Ok(Self {
            db,
            limits: Limits::new(&config, clock.clone(), cache.redis().cloned()),
            cache,
            settings: crate::settings::Settings::default(),
            shelves: Shelves::default(),
            media: Storage::open(config.catalog.media_store.clone())?,
            mailer: Mailer::new(&config.mail)?,
            provider: Provider::Test(provider),
            passwords: Passwords::new()?,
            passkeys: Passkeys::new(&config.public_url)?,
            keys,
            config: Arc::new(config),
            clock,
            search: crate::search::Index::new()?,
            readiness: Readiness::default(),
        })
    }

    /// Refuses to start on a schema that is older than this binary; a newer one is fine.
    pub async fn check_schema(&self) -> anyhow::Result<()> {
        let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
        let found: Option<i64> = self
            .db
            .read(async |conn| {
                sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
                    .fetch_one(conn)
                    .await
            })
            .await
            .context("the database has no schema yet; run `backend migrate`")?;
        if found.unwrap_or_default() < newest {
            bail!("the database's schema is older than this backend; run `backend migrate`");
        }
        Ok(())
    }

    /// Builds what must be there before requests are welcome, then says so.
    pub async fn prepare(&self) -> anyhow::Result<()> {
        self.search.build(&self.db).await?;
        self.readiness.set(true);
        Ok(())
    }
}
