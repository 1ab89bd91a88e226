//! What imports did.

use api_types::{Currency, ProductId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::super::{
    apply::CLAIM,
    history::{ImportRun, NewRun, RunState},
    plan::State,
};

/// A product that an import changed, as it was and as it became.
pub struct Changed {
    /// Which one.
    pub product: ProductId,
    /// As it was; absent when the import made it.
    pub before: Option<State>,
    /// As it became.
    pub after: State,
}

/// Writes a run that begins.
pub async fn begin(
    tx: &mut PgConnection,
    run: &NewRun<'_>,
    file: Option<&[u8]>,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        r#"
        INSERT INTO import_run (import_run_id, kind, file_name, currency, is_dry_run, keeps_existing, with_pictures,
            actor, state, file, started_at, claimed_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        "#,
        id,
        run.kind,
        run.file_name,
        run.currency as Currency,
        run.is_dry_run,
        run.keeps_existing,
        run.with_pictures,
        run.actor,
        if file.is_some() { "waiting" } else { "running" },
        file,
        now,
        if file.is_some() { None } else { Some(now + CLAIM) },
    )
    .execute(tx)
    .await?;
    Ok(id)
}

/// Notes how a run ended; its upload is gone.
pub async fn finish(
    tx: &mut PgConnection,
    run: Uuid,
    (state, failure): (RunState, Option<&str>),
    totals: &Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE import_run
        SET state = $2, failure = $3, totals = $4, finished_at = $5, file = NULL, claimed_until = NULL
        WHERE import_run_id = $1
        "#,
        run,
        state as RunState,
        failure,
        totals,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes which kind of file a run reads.
pub async fn set_kind(tx: &mut PgConnection, run: Uuid, kind: &str) -> sqlx::Result<()> {
    sqlx::query!("UPDATE import_run SET kind = $2 WHERE import_run_id = $1", run, kind)
        .execute(tx)
        .await?;
    Ok(())
}

/// Keeps products as they were before a run changed them; what is kept already stays.
pub async fn keep_changes(
    tx: &mut PgConnection,
    run: Uuid,
    changes: &[Changed],
) -> sqlx::Result<()> {
    let before = |change: &Changed| change.before.as_ref().map(|it| serde_json::json!(it));
    sqlx::query!(
        r#"
        INSERT INTO import_change (import_run_id, product_id, handle, before, after, version, version_before)
        SELECT $1, product_id, product.handle,
            before, after, version, version - 1
        FROM unnest($2::uuid[], $3::jsonb[], $4::jsonb[]) AS change (product_id, before, after)
        JOIN product USING (product_id)
        ON CONFLICT (import_run_id, product_id) DO UPDATE SET after = excluded.after, version = excluded.version
        "#,
        run,
        &changes.iter().map(|change| change.product.0).collect::<Vec<_>>(),
        &changes.iter().map(before).collect::<Vec<_>>() as &[Option<Value>],
        &changes.iter().map(|change| serde_json::json!(change.after)).collect::<Vec<_>>(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps what a run told of its rows.
pub async fn keep_rows(
    tx: &mut PgConnection,
    run: Uuid,
    first: i64,
    told: &[Value],
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO import_row (import_run_id, seq, told)
        SELECT $1, $2 + place, told
        FROM unnest($3::jsonb[]) WITH ORDINALITY AS row (told, place)
        "#,
        run,
        first,
        told,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets what an interrupted run told of its rows, before it begins again.
pub async fn forget_rows(tx: &mut PgConnection, run: Uuid) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM import_row WHERE import_run_id = $1", run).execute(tx).await?;
    Ok(())
}

/// Runs, the newest first, or one.
pub async fn runs(
    conn: &mut PgConnection,
    only: Option<Uuid>,
    before: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<ImportRun>> {
    sqlx::query_as!(
        ImportRun,
        r#"
        SELECT import_run_id AS id, kind, file_name, currency AS "currency: Currency", is_dry_run, keeps_existing,
            with_pictures, actor, state AS "state: RunState", totals, failure, started_at, finished_at, undone_at
        FROM import_run
        WHERE ($1::uuid IS NULL OR import_run_id = $1) AND ($2::uuid IS NULL OR import_run_id < $2)
        ORDER BY import_run_id DESC
        LIMIT $3
        "#,
        only,
        before,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// What a run told of its rows, from one on.
pub async fn rows(
    conn: &mut PgConnection,
    run: Uuid,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<(i64, Value)>> {
    let rows = sqlx::query!(
        "SELECT seq, told FROM import_row WHERE import_run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        run,
        after,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seq, row.told)).collect())
}

/// An upload that waits, or whose worker was lost, claimed for a while.
pub async fn claim(
    tx: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<(Uuid, Vec<u8>)>> {
    let row = sqlx::query!(
        r#"
        UPDATE import_run
        SET state = 'running', claimed_until = $2
        WHERE import_run_id = (
            SELECT import_run_id
            FROM import_run
            WHERE file IS NOT NULL
                AND (state = 'waiting' OR (state = 'running' AND claimed_until < $1))
            ORDER BY started_at
            LIMIT 1
            FOR UPDATE SKIP LOCKED
        )
        RETURNING import_run_id, file AS "file!"
        "#,
        now,
        now + CLAIM,
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| (row.import_run_id, row.file)))
}

/// Keeps a claim for longer; false when the run is somebody else's by now.
pub async fn keep_claim(
    tx: &mut PgConnection,
    run: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let kept = sqlx::query!(
        r#"
        UPDATE import_run
        SET claimed_until = $3
        WHERE import_run_id = $1 AND state = 'running' AND claimed_until >= $2
        "#,
        run,
        now,
        now + CLAIM,
    )
    .execute(tx)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// The newest run that was to change anything and was not undone.
pub struct Last {
    /// Which one.
    pub run: Uuid,
    /// Currency of its prices.
    pub currency: Currency,
    /// Whether somebody still carries it out.
    pub is_under_way: bool,
    /// When it ended, or was begun if it was cut off.
    pub ended_at: DateTime<Utc>,
}

/// The last run, locked.
pub async fn lock_last(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Option<Last>> {
    sqlx::query_as!(
        Last,
        r#"
        SELECT import_run_id AS run, currency AS "currency: Currency",
            state = 'waiting' OR (state = 'running' AND claimed_until >= $1) AS "is_under_way!",
            coalesce(finished_at, started_at) AS "ended_at!"
        FROM import_run
        WHERE NOT is_dry_run AND state <> 'undone'
        ORDER BY import_run_id DESC
        LIMIT 1
        FOR UPDATE
        "#,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// Forgets what runs told of their rows and changed that ended before `end`, at most `limit` of each; how many.
pub async fn forget_ended(
    tx: &mut PgConnection,
    end: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<u64> {
    let told = sqlx::query!(
        r#"
        DELETE FROM import_row
        WHERE (import_run_id, seq) IN (
            SELECT import_run_id, seq
            FROM import_run
            JOIN import_row USING (import_run_id)
            WHERE coalesce(finished_at, claimed_until, started_at) < $1 AND file IS NULL
            LIMIT $2
        )
        "#,
        end,
        limit,
    )
    .execute(&mut *tx)
    .await?;
    let changed = sqlx::query!(
        r#"
        DELETE FROM import_change
        WHERE (import_run_id, product_id) IN (
            SELECT import_run_id, product_id
            FROM import_run
            JOIN import_change USING (import_run_id)
            WHERE coalesce(finished_at, claimed_until, started_at) < $1 AND file IS NULL
            LIMIT $2
        )
        "#,
        end,
        limit,
    )
    .execute(tx)
    .await?;
    Ok(told.rows_affected() + changed.rows_affected())
}

/// Marks a run as undone.
pub async fn mark_undone(tx: &mut PgConnection, run: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE import_run SET state = 'undone', undone_at = $2 WHERE import_run_id = $1",
        run,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A change to be undone.
pub struct Kept {
    /// Which product.
    pub product: ProductId,
    /// Its name in addresses.
    pub handle: String,
    /// As it was; absent when the import made it.
    pub before: Option<Value>,
    /// As the import left it.
    pub after: Json<State>,
    /// Whether nobody changed it since; absent when it is gone.
    pub is_as_left: Option<bool>,
}

/// Changes of a run, in order, with their products locked.
pub async fn changes(
    tx: &mut PgConnection,
    run: Uuid,
    after: Option<ProductId>,
    limit: i64,
) -> sqlx::Result<Vec<Kept>> {
    sqlx::query!(
        r#"
        SELECT FROM product
        WHERE product_id IN (
            SELECT product_id FROM import_change
            WHERE import_run_id = $1 AND ($2::uuid IS NULL OR product_id > $2)
            ORDER BY product_id LIMIT $3
        )
        ORDER BY product_id
        FOR UPDATE
        "#,
        run,
        after as Option<ProductId>,
        limit,
    )
    .fetch_all(&mut *tx)
    .await?;
    sqlx::query_as!(
        Kept,
        r#"
        SELECT import_change.product_id AS "product: ProductId", import_change.handle, before,
            after AS "after: Json<State>", product.version = import_change.version AS is_as_left
        FROM import_change
        LEFT JOIN product USING (product_id)
        WHERE import_run_id = $1 AND ($2::uuid IS NULL OR product_id > $2)
        ORDER BY product_id
        LIMIT $3
        "#,
        run,
        after as Option<ProductId>,
        limit,
    )
    .fetch_all(tx)
    .await
}

/// Takes out products that nobody has bought or put into a cart; archives the others. How many were taken out.
pub async fn remove_products(
    tx: &mut PgConnection,
    products: &[ProductId],
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let ids: Vec<_> = products.iter().map(|product| product.0).collect();
    let removed = sqlx::query!(
        r#"
        DELETE FROM product
        WHERE product_id = ANY($1)
            AND NOT EXISTS (SELECT FROM order_line WHERE order_line.product_id = product.product_id)
            AND NOT EXISTS (SELECT FROM cart_line JOIN variant USING (variant_id)
                WHERE variant.product_id = product.product_id)
        "#,
        &ids,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"
        UPDATE product
        SET status = 'archived', published_at = NULL, updated_at = $2, version = version + 1
        WHERE product_id = ANY($1)
        "#,
        &ids,
        now,
    )
    .execute(tx)
    .await?;
    Ok(removed.rows_affected())
}

/// Archives variants that an import made, which cannot be taken out because somebody may have bought them.
pub async fn archive_variants(
    tx: &mut PgConnection,
    product: ProductId,
    kept: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE variant
        SET archived_at = coalesce(archived_at, $3), sku = NULL,
            option_values = option_values || ('undone ' || variant_id::text)
        WHERE product_id = $1 AND variant_id <> ALL($2)
        "#,
        product as ProductId,
        kept,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Lets the import before see its products as it left them, now that this one was taken back: their versions have gone
/// on meanwhile.
pub async fn follow_versions(
    tx: &mut PgConnection,
    run: Uuid,
    products: &[Uuid],
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE import_change
        SET version = product.version
        FROM import_change AS undone
        JOIN product USING (product_id)
        WHERE undone.import_run_id = $1 AND undone.product_id = ANY($2)
            AND import_change.product_id = undone.product_id AND import_change.import_run_id < $1
            AND import_change.version = undone.version_before
        "#,
        run,
        products,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets changes that were taken back, so that nobody takes them back again.
pub async fn forget_changes(
    tx: &mut PgConnection,
    run: Uuid,
    products: &[Uuid],
) -> sqlx::Result<()> {
    sqlx::query!(
        "DELETE FROM import_change WHERE import_run_id = $1 AND product_id = ANY($2)",
        run,
        products,
    )
    .execute(tx)
    .await?;
    Ok(())
}
