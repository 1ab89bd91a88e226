//! How many there are: looking, changing, carrying.

use api_types::{
    LocationId, OrderId, Page, VariantId,
    admin::{
        AdjustKind, AdjustStock, HoldState, MovementKind, StockHold, StockLevel, StockMovement,
        StockTransfer, TransferStock,
    },
};
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::{
    change::{self, Refused, Step},
    store::{
        levels::{self, Held, Move},
        lists::{self, Wanted},
    },
};
use crate::{
    App,
    audit::{self, Change},
    http::{
        ApiError, Checks, Failures, Json, PageSize, Query, Result, decode_cursor, encode_cursor,
        idempotency::{self, IdempotencyKey, Intent, Known},
    },
    inventory,
    staff::{May, may},
};

/// Most units of one change.
const MOST: i64 = 1_000_000;

/// Which levels are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StockQuery {
    /// Of which variant.
    variant: Option<VariantId>,
    /// At which location.
    location: Option<LocationId>,
    /// `true`: only where few are left to sell.
    low: Option<bool>,
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// List how many there are, by variant and location
#[utoipa::path(
    get, path = "/admin/stock", tag = "admin: stock",
    params(StockQuery),
    responses((status = 200, body = Page<StockLevel>), Failures),
    security(("staff" = ["read_stock"])),
)]
pub async fn list_stock(
    _: May<may::ReadStock>,
    State(app): State<App>,
    Query(query): Query<StockQuery>,
) -> Result<Json<Page<StockLevel>>> {
    let size = PageSize::of(query.limit)?;
    let after = query.cursor.as_deref().map(decode_cursor).transpose()?;
    let wanted = Wanted {
        variant: query.variant,
        location: query.location,
        is_low: query.low.unwrap_or(false),
        limit: size.and_one(),
        ..Wanted::default()
    };
    let data = app.db.read(async |conn| lists::levels(conn, wanted, after).await).await?;
    let cursor = |it: &StockLevel| encode_cursor(&(it.variant_id.0, it.level.location_id.0));
    Ok(Json(size.page(data, cursor)))
}

/// Change how many there are: receive, correct or count
#[utoipa::path(
    post, path = "/admin/stock/adjust", tag = "admin: stock",
    params(("Idempotency-Key" = IdempotencyKey, Header, description = "New for every intent; the same key changes once")),
    request_body = AdjustStock,
    responses((status = 200, body = StockMovement), Failures),
    security(("staff" = ["adjust_stock"])),
)]
pub async fn adjust_stock(
    May { actor, .. }: May<may::AdjustStock>,
    State(app): State<App>,
    key: IdempotencyKey,
    Json(given): Json<AdjustStock>,
) -> Result<Json<StockMovement>> {
    let key = key.required()?;
    let reason = checked(&given)?;
    let (who, now) = (actor.id(), app.clock.now());
    let intent = Intent::new(who.clone(), "adjust_stock", &key, &given);
    app.db
        .write(async |tx| {
            if let Known::Done { resource } = idempotency::claim(&mut *tx, &intent, now).await? {
                return again(tx, resource.map(|made| made.as_u64_pair().0)).await.map(Json);
            }
            check_known(&mut *tx, given.variant_id, given.location_id).await?;
            let level = levels::lock(&mut *tx, given.variant_id, given.location_id).await?;
            let step = change::adjusted(level, given.kind, given.quantity)
                .map_err(|why| refused(why, level))?;
            let kind = match given.kind {
                AdjustKind::Receive => MovementKind::Receive,
                AdjustKind::Adjust | AdjustKind::Count => MovementKind::Adjust,
            };
            let wanted = Move {
                variant: given.variant_id,
                location: given.location_id,
                kind,
                reason: &reason,
                actor: &who,
            };
            let made = levels::change(&mut *tx, &wanted, step, now).await?;
            let number = resource(made.id, 0);
            idempotency::remember(&mut *tx, &intent, number).await?;
            if step.missing > 0 {
                inventory::tell_shortfall(&mut *tx, &[made.id], now).await?;
            }
            let change = Change::made("stock.adjusted", made.variant_id, &told(&made));
            audit::record(tx, &actor, &change, now).await?;
            Ok::<_, ApiError>(Json(made))
        })
        .await
}

/// What an idempotency key remembers: the numbers of one movement or two.
fn resource(first: i64, second: i64) -> Uuid {
    Uuid::from_u64_pair(first.unsigned_abs(), second.unsigned_abs())
}

async fn again(tx: &mut PgConnection, movement: Option<u64>) -> Result<StockMovement> {
    let number = movement.and_then(|number| i64::try_from(number).ok()).unwrap_or_default();
    levels::movement(tx, number).await?.ok_or(ApiError::NotFound("movement"))
}

fn told(movement: &StockMovement) -> serde_json::Value {
    json!({
        "movement": movement.id, "variant_id": movement.variant_id, "location_id": movement.location_id,
        "on_hand": movement.on_hand, "missing": movement.missing, "reason": movement.reason,
    })
}

fn checked(given: &AdjustStock) -> Result<String> {
    let mut checks = Checks::default();
    let bounds = match given.kind {
        AdjustKind::Receive => (1, MOST),
        AdjustKind::Adjust => (-MOST, MOST),
        AdjustKind::Count => (0, MOST),
    };
    checks.range("/quantity", given.quantity.into(), bounds);
    let is_nothing = given.kind == AdjustKind::Adjust && given.quantity == 0;
    checks.require(!is_nothing, "/quantity", "nothing", "Enter a difference.");
    let reason = checks.line("/reason", &given.reason, 200);
    checks.done()?;
    Ok(reason)
}

async fn check_known(
    tx: &mut PgConnection,
    variant: VariantId,
    location: LocationId,
) -> Result<()> {
    let (is_variant, is_location) = levels::are_known(tx, variant, location).await?;
    let mut checks = Checks::default();
    checks.require(is_variant, "/variant_id", "unknown", "There is no such variant.");
    checks.require(is_location, "/location_id", "unknown", "There is no such location.");
    checks.done()
}

fn refused(why: Refused, level: Held) -> ApiError {
    let (code, detail) = match why {
        Refused::BelowZero => ("below_zero", "fewer than none cannot lie there"),
        Refused::TooMany => ("too_many", "more cannot lie at one location"),
        Refused::Reserved => ("reserved", "orders hold some of them: those stay where they are"),
    };
    let facts = json!({ "on_hand": level.on_hand, "reserved": level.reserved });
    ApiError::conflict(code, detail).with_facts(facts)
}

/// Carry units from one location to another
#[utoipa::path(
    post, path = "/admin/stock/transfer", tag = "admin: stock",
    params(("Idempotency-Key" = IdempotencyKey, Header, description = "New for every intent; the same key carries once")),
    request_body = TransferStock,
    responses((status = 200, body = StockTransfer), Failures),
    security(("staff" = ["adjust_stock"])),
)]
pub async fn transfer_stock(
    May { actor, .. }: May<may::AdjustStock>,
    State(app): State<App>,
    key: IdempotencyKey,
    Json(given): Json<TransferStock>,
) -> Result<Json<StockTransfer>> {
    let key = key.required()?;
    let mut checks = Checks::default();
    checks.range("/quantity", given.quantity.into(), (1, MOST));
    let is_far = given.from_id != given.to_id;
    checks.require(is_far, "/to_id", "same", "Choose another location.");
    let reason = checks.line("/reason", &given.reason, 200);
    checks.done()?;
    let (who, now) = (actor.id(), app.clock.now());
    let intent = Intent::new(who.clone(), "transfer_stock", &key, &given);
    app.db
        .write(async |tx| {
            if let Known::Done { resource } = idempotency::claim(&mut *tx, &intent, now).await? {
                let pair = resource.map(|made| made.as_u64_pair());
                let out = again(&mut *tx, pair.map(|pair| pair.0)).await?;
                let into = again(tx, pair.map(|pair| pair.1)).await?;
                return Ok(Json(StockTransfer { out, into }));
            }
            let made = carry(&mut *tx, &given, (&reason, &who), now).await?;
            idempotency::remember(&mut *tx, &intent, resource(made.out.id, made.into.id)).await?;
            let change = Change::made("stock.transferred", given.variant_id, &made);
            audit::record(tx, &actor, &change, now).await?;
            Ok::<_, ApiError>(Json(made))
        })
        .await
}

async fn carry(
    tx: &mut PgConnection,
    given: &TransferStock,
    (reason, actor): (&str, &str),
    now: chrono::DateTime<chrono::Utc>,
) -> Result<StockTransfer> {
    let TransferStock { variant_id: variant, from_id, to_id, quantity, .. } = *given;
    for location in [from_id, to_id] {
        check_known(&mut *tx, variant, location).await?;
    }
    // The lower one first, as orders do.
    let first = levels::lock(&mut *tx, variant, from_id.min(to_id)).await?;
    let second = levels::lock(&mut *tx, variant, from_id.max(to_id)).await?;
    let (from, to) = if from_id < to_id { (first, second) } else { (second, first) };
    let goes = change::carried(from, quantity).map_err(|why| refused(why, from))?;
    let comes: Step =
        change::adjusted(to, AdjustKind::Receive, quantity).map_err(|why| refused(why, to))?;
    let wanted = |location, kind| Move { variant, location, kind, reason, actor };
    let out = wanted(from_id, MovementKind::TransferOut);
    let into = wanted(to_id, MovementKind::TransferIn);
    Ok(StockTransfer {
        out: levels::change(&mut *tx, &out, goes, now).await?,
        into: levels::change(tx, &into, comes, now).await?,
    })
}

/// Which movements are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MovementsQuery {
    /// Of which variant.
    variant: Option<VariantId>,
    /// At which location.
    location: Option<LocationId>,
    /// For which order.
    order: Option<OrderId>,
    /// Of which kind.
    kind: Option<MovementKind>,
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// List movements of stock, newest first
#[utoipa::path(
    get, path = "/admin/stock/movements", tag = "admin: stock",
    params(MovementsQuery),
    responses((status = 200, body = Page<StockMovement>), Failures),
    security(("staff" = ["read_stock"])),
)]
pub async fn list_stock_movements(
    _: May<may::ReadStock>,
    State(app): State<App>,
    Query(query): Query<MovementsQuery>,
) -> Result<Json<Page<StockMovement>>> {
    let size = PageSize::of(query.limit)?;
    let before = query.cursor.as_deref().map(decode_cursor).transpose()?;
    let wanted = Wanted {
        variant: query.variant,
        location: query.location,
        order: query.order,
        limit: size.and_one(),
        ..Wanted::default()
    };
    let data =
        app.db.read(async |conn| lists::movements(conn, wanted, query.kind, before).await).await?;
    Ok(Json(size.page(data, |it| encode_cursor(&it.id))))
}

/// Which holds are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HoldsQuery {
    /// Of which variant.
    variant: Option<VariantId>,
    /// At which location.
    location: Option<LocationId>,
    /// For which order.
    order: Option<OrderId>,
    /// What became of them.
    state: Option<HoldState>,
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// List what orders hold, newest first
///
/// A hold ends with its order: to let go of it, cancel that.
#[utoipa::path(
    get, path = "/admin/stock/holds", tag = "admin: stock",
    params(HoldsQuery),
    responses((status = 200, body = Page<StockHold>), Failures),
    security(("staff" = ["read_stock"])),
)]
pub async fn list_stock_holds(
    _: May<may::ReadStock>,
    State(app): State<App>,
    Query(query): Query<HoldsQuery>,
) -> Result<Json<Page<StockHold>>> {
    let size = PageSize::of(query.limit)?;
    let before = query.cursor.as_deref().map(decode_cursor).transpose()?;
    let wanted = Wanted {
        variant: query.variant,
        location: query.location,
        order: query.order,
        limit: size.and_one(),
        ..Wanted::default()
    };
    let rows =
        app.db.read(async |conn| lists::holds(conn, wanted, query.state, before).await).await?;
    let found = size.page(rows, |(id, hold)| encode_cursor(&(hold.created_at, id)));
    let data = found.data.into_iter().map(|(_, hold)| hold).collect();
    Ok(Json(Page { data, page: found.page }))
}
