//! Which imports there were, and taking the last one back: what nobody changed since becomes what it was.

use api_types::{Currency, MediaId};
use chrono::{DateTime, TimeDelta, Utc};
use db::Db;
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    apply::PATIENCE,
    plan::{State, StateVariant},
    store::{
        self, Common,
        history::{self, Kept},
        pictures,
    },
};
use crate::{
    App,
    audit::{self, Change},
    inventory, media,
    staff::Actor,
};

/// Products put back in one transaction.
const BATCH: i64 = 200;

/// For how long an import can be taken back, and what it told of its rows be read.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Rows forgotten at once.
const FORGOTTEN: i64 = 10_000;

/// How an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type, utoipa::ToSchema)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It was handed in.
    Waiting,
    /// It is under way.
    Running,
    /// It came to its end.
    Done,
    /// It could not go on.
    Failed,
    /// It was taken back.
    Undone,
}

/// An import.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ImportRun {
    /// Which one.
    pub id: Uuid,
    /// `shopify`, `woocommerce`, or `unknown` while its file was not looked at.
    pub kind: String,
    /// What the file was called.
    pub file_name: String,
    /// Currency of its prices.
    pub currency: Currency,
    /// Whether it only told what it would change.
    pub is_dry_run: bool,
    /// Whether it left products alone that were there.
    pub keeps_existing: bool,
    /// Whether it fetched pictures.
    pub with_pictures: bool,
    /// Who began it.
    pub actor: String,
    /// How it stands.
    pub state: RunState,
    /// Rows and products, counted.
    pub totals: Value,
    /// Why it could not go on.
    pub failure: Option<String>,
    /// When it was handed in.
    pub started_at: DateTime<Utc>,
    /// When it came to its end.
    pub finished_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
}

/// An import that is about to begin.
pub struct NewRun<'a> {
    /// Who wrote the file, if that is known.
    pub kind: &'a str,
    /// What the file is called.
    pub file_name: &'a str,
    /// Currency of its prices.
    pub currency: Currency,
    /// Whether it only tells what it would change.
    pub is_dry_run: bool,
    /// Whether it leaves products alone that are there.
    pub keeps_existing: bool,
    /// Whether it fetches pictures.
    pub with_pictures: bool,
    /// Who begins it.
    pub actor: &'a str,
}

/// What taking an import back came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Undone {
    /// Products that are as they were.
    pub put_back: u64,
    /// Products that the import had made, and that are gone.
    pub removed: u64,
    /// Products that the import had made, and that somebody has bought or put into a cart: archived.
    pub archived: u64,
    /// Pictures that came by the import, and that hang nowhere any more: gone.
    pub pictures: u64,
    /// Names of products that were changed since, and so were left as they are.
    pub changed_since: Vec<String>,
}

/// What came of a picture that an import had to fetch, for one product.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ImportPicture {
    /// Where the file names it.
    pub line: i64,
    /// The product's name in addresses.
    pub handle: String,
    /// Where it should be.
    pub url: String,
    /// `fetched`, `waiting` to be asked for again, `missing` for good, or `superseded` by a later import.
    pub state: String,
    /// Why it is not there.
    pub reason: Option<String>,
    /// How often it was asked for.
    pub tries: i32,
    /// What it became, unless it was there already.
    pub media_id: Option<MediaId>,
}

/// Imports, the newest first.
pub async fn list(app: &App, before: Option<Uuid>, limit: i64) -> sqlx::Result<Vec<ImportRun>> {
    app.db.read(async |conn| history::runs(conn, None, before, limit).await).await
}

/// Why an import was not taken back.
#[derive(Debug, thiserror::Error)]
pub enum NotUndone {
    /// There is none.
    #[error("there is no import to take back")]
    Nothing,
    /// It is not the last one.
    #[error("only the last import can be taken back")]
    NotTheLast,
    /// It was too long ago.
    #[error("the last import was more than 30 days ago; what it changed is not kept any longer")]
    TooOld,
    /// It goes on.
    #[error("an import is under way; wait for its end")]
    UnderWay,
    /// The shop is empty.
    #[error("the shop has no tax class yet")]
    NoTaxClass,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Takes the last import back that was not taken back yet, if it is the one that is meant. Cut off on the way, it goes
/// on where it was.
pub async fn undo(app: &App, only: Option<Uuid>, actor: &Actor) -> Result<Undone, NotUndone> {
    let db = app.db.with_deadline(PATIENCE);
    let tax_class = db.read(async |conn| store::usual_tax_class(conn).await).await?;
    let tax_class = tax_class.ok_or(NotUndone::NoTaxClass)?;
    let now = app.clock.now();
    let last = db.write(async |tx| history::lock_last(tx, now).await).await?;
    let last = last.ok_or(NotUndone::Nothing)?;
    let run = last.run;
    if only.is_some_and(|only| only != run) {
        return Err(NotUndone::NotTheLast);
    }
    if last.is_under_way {
        return Err(NotUndone::UnderWay);
    }
    if last.ended_at + KEPT < now {
        return Err(NotUndone::TooOld);
    }
    let common = Common { tax_class, currency: last.currency, now };
    let (mut undone, mut after) = (Undone::default(), None);
    loop {
        let (part, last) = db
            .write(async |tx| {
                let changes = history::changes(&mut *tx, run, after, BATCH).await?;
                let last = changes.last().map(|change| change.product);
                Ok::<_, sqlx::Error>((put_back(tx, run, changes, common).await?, last))
            })
            .await?;
        undone.put_back += part.put_back;
        undone.removed += part.removed;
        undone.archived += part.archived;
        undone.changed_since.extend(part.changed_since);
        match last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    undo_pictures(&db, run, &mut undone, now).await?;
    db.write(async |tx| {
        history::mark_undone(&mut *tx, run, now).await?;
        audit::record(tx, actor, &Change::made("import.undone", run, &undone), now).await
    })
    .await?;
    Ok(undone)
}

/// Forgets what imports told of their rows and changed, once that was long ago; that they were stays. How many rows.
pub async fn forget_old(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    // A day later than they can be taken back, so that whoever just began that comes to its end.
    history::forget_ended(tx, now - KEPT - TimeDelta::days(1), FORGOTTEN).await
}

/// Hangs pictures as they hung before, and takes those out that came by the import and hang nowhere any more.
async fn undo_pictures(
    db: &Db,
    run: Uuid,
    undone: &mut Undone,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    db.write(async |tx| pictures::give_up(tx, run).await).await?;
    let mut after = None;
    loop {
        let hung = db
            .write(async |tx| {
                let hung = pictures::hung(&mut *tx, run, after, BATCH).await?;
                for product in hung.iter().filter(|product| product.is_as_left) {
                    pictures::hang_back(&mut *tx, run, product.product, &product.before).await?;
                }
                Ok::<_, sqlx::Error>(hung)
            })
            .await?;
        let Some(last) = hung.last() else { break };
        after = Some(last.product);
        let changed = hung.into_iter().filter(|product| !product.is_as_left);
        undone.changed_since.extend(changed.map(|product| product.handle));
    }
    undone.changed_since.sort_unstable();
    undone.changed_since.dedup();
    let mut after = None;
    loop {
        let (came, gone) = db
            .write(async |tx| {
                let came = pictures::came_by(&mut *tx, run, after, BATCH).await?;
                let (gone, files) = media::delete_unused(&mut *tx, &came).await?;
                media::forget_later(tx, files, now).await?;
                Ok::<_, sqlx::Error>((came, gone))
            })
            .await?;
        undone.pictures += gone;
        match came.last() {
            Some(last) => after = Some(*last),
            None => return Ok(()),
        }
    }
}

async fn put_back(
    tx: &mut PgConnection,
    run: Uuid,
    changes: Vec<Kept>,
    common: Common,
) -> sqlx::Result<Undone> {
    let mut undone = Undone::default();
    let (mut made, mut states) = (Vec::new(), Vec::new());
    for change in changes {
        match (change.is_as_left, change.before) {
            (Some(true), None) => made.push(change.product),
            (Some(true), Some(before)) => {
                let Ok(before) = serde_json::from_value::<State>(before) else {
                    undone.changed_since.push(change.handle);
                    continue;
                };
                states.push((before, change.after.0));
            }
            (Some(false), _) => undone.changed_since.push(change.handle),
            (None, _) => {}
        }
    }
    undone.removed = history::remove_products(&mut *tx, &made, common.now).await?;
    undone.archived = made.len() as u64 - undone.removed;
    undone.put_back = states.len() as u64;
    restore(&mut *tx, &states, common).await?;
    let restored: Vec<_> = states.iter().map(|(before, _)| before.id.0).collect();
    history::follow_versions(&mut *tx, run, &restored).await?;
    let settled: Vec<_> =
        restored.into_iter().chain(made.iter().map(|product| product.0)).collect();
    history::forget_changes(tx, run, &settled).await?;
    Ok(undone)
}

/// Writes products as they were. What was counted moves by as much as the import moved it: what was sold since stays
/// sold.
async fn restore(
    tx: &mut PgConnection,
    states: &[(State, State)],
    common: Common,
) -> sqlx::Result<()> {
    if states.is_empty() {
        return Ok(());
    }
    for (before, _) in states {
        let kept: Vec<_> = before.variants.iter().map(|variant| variant.id.0).collect();
        history::archive_variants(&mut *tx, before.id, &kept, common.now).await?;
    }
    let handles: Vec<_> = states.iter().map(|(before, _)| before.handle.clone()).collect();
    let current = store::states(&mut *tx, &handles, common.currency).await?;
    let wanted: Vec<&State> = states.iter().map(|(before, _)| before).collect();
    store::write(&mut *tx, &wanted, common).await?;
    let counts: Vec<_> = states
        .iter()
        .flat_map(|(before, after)| {
            let now = current.get(&before.handle);
            before.variants.iter().filter_map(move |was| recount(was, after, now?))
        })
        .collect();
    if counts.is_empty() {
        return Ok(());
    }
    inventory::count(tx, &counts, "import undone", common.now).await
}

fn recount(was: &StateVariant, after: &State, now: &State) -> Option<inventory::Count> {
    let of = |state: &'_ State| state.variants.iter().find(|it| it.id == was.id).cloned();
    let (after, now) = (of(after)?, of(now)?);
    let is_counted_otherwise =
        (was.on_hand, was.may_run_short) != (after.on_hand, after.may_run_short);
    (was.is_tracked && is_counted_otherwise).then(|| inventory::Count {
        variant: was.id,
        on_hand: now.on_hand.saturating_add(was.on_hand).saturating_sub(after.on_hand).max(0),
        may_run_short: was.may_run_short,
    })
}
