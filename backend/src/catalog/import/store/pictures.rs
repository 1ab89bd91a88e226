//! What came of an import's pictures, and how they hung before.

use api_types::{MediaId, ProductId};
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::super::history::ImportPicture;

/// What came of a picture for one product.
#[derive(Serialize)]
pub struct Came<'a> {
    pub product_id: Uuid,
    pub handle: &'a str,
    pub url: &'a str,
    pub line: u64,
    pub position: i32,
    pub alt: &'a str,
    pub shows: Option<&'a str>,
    pub state: &'static str,
    pub reason: Option<&'a str>,
    pub job: String,
    pub media_id: Option<Uuid>,
}

/// Remembers how the pictures of these products hang, before a run hangs others; what is remembered already stays.
pub async fn remember(tx: &mut PgConnection, run: Uuid, products: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO import_hung (import_run_id, product_id, before, after)
        SELECT $1, product_id, product_hung(product_id), '[]'
        FROM product
        WHERE product_id = ANY($2)
        ON CONFLICT (import_run_id, product_id) DO NOTHING
        "#,
        run,
        products,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Remembers how a run left them; forgets those that hang as before.
pub async fn note_hung(tx: &mut PgConnection, run: Uuid, products: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE import_hung SET after = product_hung(product_id) WHERE import_run_id = $1 AND product_id = ANY($2)",
        run,
        products,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "DELETE FROM import_hung WHERE import_run_id = $1 AND product_id = ANY($2) AND before = after",
        run,
        products,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives up what earlier runs still wait for of these products: this one says anew what they are to show.
pub async fn supersede(tx: &mut PgConnection, run: Uuid, products: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE import_picture
        SET state = 'superseded'
        WHERE state = 'waiting' AND product_id = ANY($2) AND import_run_id <> $1
        "#,
        run,
        products,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps what came of pictures.
pub async fn keep(tx: &mut PgConnection, run: Uuid, came: &[Came<'_>]) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO import_picture
            (import_run_id, product_id, handle, url, line, position, alt, shows, state, reason, job, media_id)
        SELECT $1, product_id, handle, url, line, came.position, came.alt, shows, state, reason, job, media.media_id
        FROM jsonb_to_recordset($2) AS came (product_id uuid, handle text, url text, line bigint, position integer,
            alt text, shows text, state text, reason text, job text, media_id uuid)
        LEFT JOIN media ON media.media_id = came.media_id
        ON CONFLICT (import_run_id, product_id, url) DO UPDATE SET
            state = excluded.state, reason = excluded.reason, media_id = excluded.media_id
        "#,
        run,
        Json(came) as _,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A picture that somebody still waits for.
pub struct Waiting {
    /// What it shows, in words.
    pub alt: String,
}

/// Who still waits for a picture.
pub async fn waiting(conn: &mut PgConnection, run: Uuid, url: &str) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as!(
        Waiting,
        "SELECT alt FROM import_picture WHERE import_run_id = $1 AND url = $2 AND state = 'waiting' ORDER BY alt DESC",
        run,
        url,
    )
    .fetch_all(conn)
    .await
}

/// Locks the products that still wait for a picture.
pub async fn lock_waiting(tx: &mut PgConnection, run: Uuid, url: &str) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"
        SELECT product_id
        FROM product
        WHERE product_id IN (
            SELECT product_id FROM import_picture WHERE import_run_id = $1 AND url = $2 AND state = 'waiting'
        )
        ORDER BY product_id
        FOR UPDATE
        "#,
        run,
        url,
    )
    .fetch_all(tx)
    .await
}

/// Hangs a picture that came late, beside those that hang by now.
pub async fn hang_late(tx: &mut PgConnection, run: Uuid, url: &str) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO product_media (product_id, media_id, position, option_name, option_value)
        SELECT import_picture.product_id, media.media_id, import_picture.position, product_option.name,
            CASE WHEN product_option.name IS NOT NULL THEN shows END
        FROM import_picture
        JOIN product USING (product_id)
        JOIN media ON source = url
        LEFT JOIN product_option ON product_option.product_id = import_picture.product_id
            AND product_option.position = 0 AND shows IS NOT NULL
        WHERE import_run_id = $1 AND url = $2 AND state = 'waiting'
        ON CONFLICT (product_id, media_id) DO NOTHING
        "#,
        run,
        url,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that a picture came at last.
pub async fn arrived(
    tx: &mut PgConnection,
    (run, url): (Uuid, &str),
    made: Option<MediaId>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE import_picture
        SET state = 'fetched', reason = NULL, media_id = $3, tries = tries + 1
        WHERE import_run_id = $1 AND url = $2 AND state = 'waiting'
        "#,
        run,
        url,
        made as Option<MediaId>,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes why a picture is still not there.
pub async fn put_off(
    tx: &mut PgConnection,
    (run, url): (Uuid, &str),
    (reason, is_final): (&str, bool),
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE import_picture
        SET reason = $3, tries = tries + 1, state = CASE WHEN $4 THEN 'missing' ELSE state END
        WHERE import_run_id = $1 AND url = $2 AND state = 'waiting'
        "#,
        run,
        url,
        reason,
        is_final,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What came of a run's pictures, in the order of its file, after a line and an address. One whose job was put aside is
/// missing.
pub async fn list(
    conn: &mut PgConnection,
    run: Uuid,
    after: Option<(i64, String, String)>,
    limit: i64,
) -> sqlx::Result<Vec<ImportPicture>> {
    let (line, handle, url) = match after {
        Some((line, handle, url)) => (Some(line), Some(handle), Some(url)),
        None => (None, None, None),
    };
    sqlx::query_as!(
        ImportPicture,
        r#"
        SELECT line, handle, url, reason, tries, media_id AS "media_id: MediaId",
            CASE WHEN state = 'waiting' AND job.dead_at IS NOT NULL THEN 'missing' ELSE state END AS "state!"
        FROM import_picture
        LEFT JOIN job ON job.dedupe_key = import_picture.job
        WHERE import_run_id = $1 AND ($2::bigint IS NULL OR (line, handle, url) > ($2, $3, $4))
        ORDER BY line, handle, url
        LIMIT $5
        "#,
        run,
        line,
        handle,
        url,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// A product whose pictures a run hung.
pub struct Hung {
    /// Which one.
    pub product: ProductId,
    /// Its name in addresses.
    pub handle: String,
    /// How they hung before.
    pub before: Value,
    /// Whether they hang as the run left them, and nobody changed the product since.
    pub is_as_left: bool,
}

/// Products whose pictures a run hung, in order, locked.
pub async fn hung(
    tx: &mut PgConnection,
    run: Uuid,
    after: Option<ProductId>,
    limit: i64,
) -> sqlx::Result<Vec<Hung>> {
    sqlx::query!(
        r#"
        SELECT FROM product
        WHERE product_id IN (
            SELECT product_id FROM import_hung
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
        Hung,
        r#"
        SELECT product_id AS "product: ProductId", handle, import_hung.before,
            product_hung(product_id) = import_hung.after AND NOT EXISTS (
                SELECT FROM import_change
                WHERE import_change.import_run_id = $1 AND import_change.product_id = product.product_id
            ) AS "is_as_left!"
        FROM import_hung
        JOIN product USING (product_id)
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

/// Hangs a product's pictures as they hung before, with the words that they had.
pub async fn hang_back(
    tx: &mut PgConnection,
    run: Uuid,
    product: ProductId,
    before: &Value,
) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM product_media WHERE product_id = $1", product as ProductId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        r#"
        INSERT INTO product_media (product_id, media_id, position, option_name, option_value)
        SELECT hung.product_id, media_id, hung.position, hung.option_name, hung.option_value
        FROM jsonb_populate_recordset(NULL::product_media, $1) AS hung
        JOIN media USING (media_id)
        "#,
        before,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"
        UPDATE media
        SET alt = hung.alt
        FROM jsonb_to_recordset($1) AS hung (media_id uuid, alt text)
        WHERE media.media_id = hung.media_id AND media.alt <> hung.alt
        "#,
        before,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "DELETE FROM import_hung WHERE import_run_id = $1 AND product_id = $2",
        run,
        product as ProductId,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Some of the pictures that came by a run.
pub async fn came_by(
    conn: &mut PgConnection,
    run: Uuid,
    after: Option<MediaId>,
    limit: i64,
) -> sqlx::Result<Vec<MediaId>> {
    sqlx::query_scalar!(
        r#"
        SELECT DISTINCT media_id AS "id!: MediaId"
        FROM import_picture
        WHERE import_run_id = $1 AND media_id IS NOT NULL AND ($2::uuid IS NULL OR media_id > $2)
        ORDER BY 1
        LIMIT $3
        "#,
        run,
        after as Option<MediaId>,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Gives up what a run still waits for.
pub async fn give_up(tx: &mut PgConnection, run: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE import_picture SET state = 'superseded' WHERE import_run_id = $1 AND state = 'waiting'",
        run,
    )
    .execute(tx)
    .await?;
    Ok(())
}
