//! Reading and writing what an import compares and changes; many products at a time.

pub mod export;
pub mod history;
pub mod pictures;

use std::collections::{BTreeMap, BTreeSet};

use api_types::{CategoryId, Currency, ProductId, TaxClassId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

use super::{
    pictures::Hanging,
    plan::{Owner, State, StateVariant},
};

/// Begins to write many products in this transaction. Every statement of it looks up by keys, while a table that is
/// being filled looks small to the planner, who would read all of it every time; and [`note_changed`] tells the search
/// what the triggers would tell it six times.
pub async fn begin_many(tx: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        SELECT set_config('enable_seqscan', 'off', true) AS "scans!", set_config('jit', 'off', true) AS "compiler!",
            set_config('oxcart.search_noted', 'yes', true) AS "search!"
        "#
    )
    .fetch_one(tx)
    .await?;
    Ok(())
}

/// Notes for the search that these products are different.
pub async fn note_changed(tx: &mut PgConnection, products: &[ProductId]) -> sqlx::Result<()> {
    let products: Vec<_> = products.iter().map(|product| product.0).collect();
    sqlx::query!("INSERT INTO search_change (product_id) SELECT unnest($1::uuid[])", &products)
        .execute(tx)
        .await?;
    Ok(())
}

/// The products with these handles, as they are, locked.
pub async fn states(
    conn: &mut PgConnection,
    handles: &[String],
    currency: Currency,
) -> sqlx::Result<BTreeMap<String, State>> {
    sqlx::query!(
        "SELECT FROM product WHERE handle = ANY($1) ORDER BY product_id FOR UPDATE",
        handles
    )
    .fetch_all(&mut *conn)
    .await?;
    look(conn, handles, currency).await
}

/// The same without a lock.
pub async fn look(
    db: impl PgExecutor<'_>,
    handles: &[String],
    currency: Currency,
) -> sqlx::Result<BTreeMap<String, State>> {
    let rows = sqlx::query!(
        r#"
        SELECT
            product_id AS "id: ProductId", handle, status, title, description_html, brand, product_type, tags,
            attributes AS "attributes: Json<BTreeMap<String, String>>", category_id AS "category: CategoryId",
            seo_title, seo_description, published_at IS NOT NULL AS "is_published!",
            ARRAY(
                SELECT name
                FROM product_option
                WHERE product_option.product_id = product.product_id
                ORDER BY position
            ) AS "options!",
            coalesce((
                SELECT json_agg(json_build_object(
                    'id', 'var_' || replace(variant.variant_id::text, '-', ''),
                    'sku', sku, 'barcode', barcode, 'values', option_values, 'weight_g', weight_g,
                    'requires_shipping', requires_shipping, 'is_tracked', track_inventory,
                    'on_hand', coalesce(on_hand, 0), 'may_run_short', coalesce(backorder_limit, 0) > 0,
                    'price', amount_minor, 'compare_at', compare_at_minor, 'cost', cost_minor,
                    'is_archived', archived_at IS NOT NULL
                ) ORDER BY variant.position, variant.variant_id)
                FROM variant
                LEFT JOIN price ON price.variant_id = variant.variant_id AND currency = $2 AND min_quantity = 1
                LEFT JOIN stock_level ON stock_level.variant_id = variant.variant_id
                    AND location_id = (SELECT location_id FROM stock_location WHERE is_active ORDER BY priority LIMIT 1)
                WHERE variant.product_id = product.product_id
            ), '[]') AS "variants!: Json<Vec<StateVariant>>"
        FROM product
        WHERE handle = ANY($1)
        "#,
        handles,
        currency as Currency,
    )
    .fetch_all(db)
    .await?;
    let states = rows.into_iter().map(|row| {
        let state = State {
            id: row.id,
            handle: row.handle.clone(),
            status: row.status,
            title: row.title,
            description_html: row.description_html,
            brand: row.brand,
            product_type: row.product_type,
            tags: row.tags,
            attributes: row.attributes.0,
            category: row.category,
            seo_title: row.seo_title,
            seo_description: row.seo_description,
            is_published: row.is_published,
            options: row.options,
            variants: row.variants.0,
        };
        (row.handle, state)
    });
    Ok(states.collect())
}

/// Which products have these article codes.
pub async fn sku_owners(
    db: impl PgExecutor<'_>,
    skus: &[String],
) -> sqlx::Result<BTreeMap<String, Owner>> {
    let rows = sqlx::query!(
        r#"
        SELECT sku AS "sku!", product_id AS "product: ProductId", handle
        FROM variant
        JOIN product USING (product_id)
        WHERE sku = ANY($1)
        "#,
        skus,
    )
    .fetch_all(db)
    .await?;
    let owner = |row: (String, ProductId, String)| (row.0, Owner { product: row.1, handle: row.2 });
    Ok(rows.into_iter().map(|row| owner((row.sku, row.product, row.handle))).collect())
}

/// Categories by their titles in lower case; of two with the same title, the one higher up.
pub async fn categories(db: impl PgExecutor<'_>) -> sqlx::Result<BTreeMap<String, CategoryId>> {
    let rows = sqlx::query!(
        r#"SELECT lower(title) AS "title!", category_id AS "id: CategoryId" FROM category ORDER BY nlevel(path) DESC"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.title, row.id)).collect())
}

/// The shelf with these titles from the top down; made where it is not there.
pub async fn shelf(conn: &mut PgConnection, titles: &[String]) -> sqlx::Result<Option<CategoryId>> {
    let mut above: Option<CategoryId> = None;
    for title in titles {
        let there = sqlx::query_scalar!(
            r#"
            SELECT category_id AS "id: CategoryId"
            FROM category
            WHERE lower(title) = lower($1) AND parent_id IS NOT DISTINCT FROM $2
            "#,
            title,
            above as Option<CategoryId>,
        )
        .fetch_optional(&mut *conn)
        .await?;
        above = match there {
            Some(id) => Some(id),
            None => Some(insert_shelf(conn, title, above).await?),
        };
    }
    Ok(above)
}

/// Makes a shelf behind those that stand beside it. Its handle is its title's, with a number where that is taken.
async fn insert_shelf(
    conn: &mut PgConnection,
    title: &str,
    above: Option<CategoryId>,
) -> sqlx::Result<CategoryId> {
    let slug = super::shopify::slug(title);
    let slug = if slug.is_empty() { "shelf".to_owned() } else { slug };
    sqlx::query_scalar!(
        r#"
        INSERT INTO category (category_id, parent_id, handle, path, title, position)
        SELECT
            $1::uuid, $2::uuid,
            $3::text || coalesce((
                SELECT '-' || (count(*) + 1) FROM category WHERE handle = $3 OR handle ~ ('^' || $3 || '-[0-9]+$')
                HAVING count(*) > 0
            ), ''),
            coalesce((SELECT path FROM category WHERE category_id = $2), ''::ltree)
                || replace(($1::uuid)::text, '-', '')::ltree,
            $4,
            coalesce((SELECT max(position) + 1 FROM category WHERE parent_id IS NOT DISTINCT FROM $2), 0)
        RETURNING category_id AS "id: CategoryId"
        "#,
        CategoryId::new() as CategoryId,
        above as Option<CategoryId>,
        slug,
        title,
    )
    .fetch_one(conn)
    .await
}

/// How goods are taxed when nobody says.
pub async fn usual_tax_class(db: impl PgExecutor<'_>) -> sqlx::Result<Option<TaxClassId>> {
    sqlx::query_scalar!(
        r#"SELECT tax_class_id AS "id: TaxClassId" FROM tax_class ORDER BY code <> 'standard', code LIMIT 1"#
    )
    .fetch_optional(db)
    .await
}

/// What every product of an import has in common.
#[derive(Clone, Copy)]
pub struct Common {
    pub tax_class: TaxClassId,
    pub currency: Currency,
    pub now: DateTime<Utc>,
}

/// Makes these products what they are to become.
pub async fn write(conn: &mut PgConnection, states: &[&State], common: Common) -> sqlx::Result<()> {
    let body = serde_json::to_value(states).map_err(|error| sqlx::Error::Encode(error.into()))?;
    write_products(conn, &body, common).await?;
    write_options(conn, &body).await?;
    write_variants(conn, &body, common).await?;
    write_prices(conn, &body, common.currency).await
}

async fn write_products(
    conn: &mut PgConnection,
    states: &serde_json::Value,
    common: Common,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO product (
            product_id, handle, status, title, description_html, brand, product_type, tags, attributes, category_id,
            tax_class_id, seo_title, seo_description, published_at, created_at, updated_at
        )
        SELECT
            uuid(substr(id, 6)), handle, status, title, description_html, brand, product_type, tags, attributes,
            uuid(substr(category, 5)), $2, seo_title, seo_description,
            CASE WHEN is_published THEN $3::timestamptz END, $3, $3
        FROM jsonb_to_recordset($1) AS wanted (
            id text, handle text, status text, title text, description_html text, brand text, product_type text,
            tags text[], attributes jsonb, category text, seo_title text, seo_description text, is_published boolean
        )
        ON CONFLICT (product_id) DO UPDATE SET
            status = excluded.status, title = excluded.title, description_html = excluded.description_html,
            brand = excluded.brand, product_type = excluded.product_type, tags = excluded.tags,
            attributes = excluded.attributes, category_id = excluded.category_id, seo_title = excluded.seo_title,
            seo_description = excluded.seo_description, updated_at = excluded.updated_at,
            version = product.version + 1,
            published_at = CASE WHEN excluded.published_at IS NOT NULL
                THEN coalesce(product.published_at, excluded.published_at) END
        "#,
        states,
        common.tax_class as TaxClassId,
        common.now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Options and their values; those that stay keep their colours.
async fn write_options(conn: &mut PgConnection, states: &serde_json::Value) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        DELETE FROM product_option
        USING jsonb_to_recordset($1) AS wanted (id text, options text[])
        WHERE product_id = uuid(substr(id, 6)) AND name <> ALL(options)
        "#,
        states,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        r#"
        WITH option AS (
            INSERT INTO product_option (product_option_id, product_id, name, position)
            SELECT gen_random_uuid(), uuid(substr(id, 6)), name, place - 1
            FROM jsonb_to_recordset($1) AS wanted (id text, options text[])
            CROSS JOIN unnest(options) WITH ORDINALITY AS option (name, place)
            ON CONFLICT (product_id, name) DO UPDATE SET position = excluded.position
            RETURNING product_option_id, product_id, position
        ), value AS (
            SELECT product_option_id, variant.values ->> option.position AS value, min(place) AS place
            FROM jsonb_to_recordset($1) AS wanted (id text, variants jsonb)
            JOIN option ON option.product_id = uuid(substr(id, 6))
            CROSS JOIN jsonb_array_elements(variants) WITH ORDINALITY AS item (body, place)
            CROSS JOIN jsonb_to_record(body) AS variant (values jsonb, is_archived boolean)
            WHERE NOT is_archived AND variant.values ->> option.position IS NOT NULL
            GROUP BY product_option_id, value
        ), gone AS (
            DELETE FROM product_option_value
            USING option
            WHERE product_option_value.product_option_id = option.product_option_id
                AND (option.product_option_id, value) NOT IN (SELECT product_option_id, value FROM value)
        )
        INSERT INTO product_option_value (product_option_value_id, product_option_id, value, position)
        SELECT gen_random_uuid(), product_option_id, value, place - 1 FROM value
        ON CONFLICT (product_option_id, value) DO UPDATE SET position = excluded.position
        "#,
        states,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn write_variants(
    conn: &mut PgConnection,
    states: &serde_json::Value,
    common: Common,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO variant (
            variant_id, product_id, sku, barcode, option_values, weight_g, requires_shipping, track_inventory,
            cost_minor, position, archived_at
        )
        SELECT
            uuid(substr(variant.id, 5)), uuid(substr(wanted.id, 6)), sku, barcode, values, weight_g, requires_shipping,
            is_tracked, cost, place - 1, CASE WHEN is_archived THEN $2::timestamptz END
        FROM jsonb_to_recordset($1) AS wanted (id text, variants jsonb)
        CROSS JOIN jsonb_array_elements(variants) WITH ORDINALITY AS item (body, place)
        CROSS JOIN jsonb_to_record(body) AS variant (
            id text, sku text, barcode text, values text[], weight_g integer, requires_shipping boolean,
            is_tracked boolean, cost bigint, is_archived boolean
        )
        ON CONFLICT (variant_id) DO UPDATE SET
            sku = excluded.sku, barcode = excluded.barcode, option_values = excluded.option_values,
            weight_g = excluded.weight_g, requires_shipping = excluded.requires_shipping,
            track_inventory = excluded.track_inventory, cost_minor = excluded.cost_minor, position = excluded.position,
            archived_at = CASE WHEN excluded.archived_at IS NOT NULL
                THEN coalesce(variant.archived_at, excluded.archived_at) END
        "#,
        states,
        common.now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn write_prices(
    conn: &mut PgConnection,
    states: &serde_json::Value,
    currency: Currency,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO price (price_id, variant_id, currency, amount_minor, compare_at_minor)
        SELECT gen_random_uuid(), uuid(substr(variant.id, 5)), $2, price, compare_at
        FROM jsonb_to_recordset($1) AS wanted (variants jsonb)
        CROSS JOIN jsonb_to_recordset(variants) AS variant (id text, price bigint, compare_at bigint)
        WHERE price IS NOT NULL
        ON CONFLICT (variant_id, currency, min_quantity) DO UPDATE SET
            amount_minor = excluded.amount_minor, compare_at_minor = excluded.compare_at_minor
        WHERE (price.amount_minor, price.compare_at_minor)
            IS DISTINCT FROM (excluded.amount_minor, excluded.compare_at_minor)
        "#,
        states,
        currency as Currency,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Addresses of pictures that the shop has already.
pub async fn known_pictures(db: impl PgExecutor<'_>, urls: &[String]) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("SELECT source FROM media WHERE source = ANY($1)", urls).fetch_all(db).await
}

/// What the shop's own pictures came from, by the names of their files.
pub async fn own_pictures(
    db: impl PgExecutor<'_>,
    keys: &[String],
) -> sqlx::Result<BTreeMap<String, String>> {
    let rows = sqlx::query!(
        "SELECT key, source FROM media_file JOIN media USING (media_id) WHERE key = ANY($1)",
        keys,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.source)).collect())
}

/// Those of these products that have pictures.
pub async fn with_pictures(
    db: impl PgExecutor<'_>,
    products: &[Uuid],
) -> sqlx::Result<BTreeSet<Uuid>> {
    let found = sqlx::query_scalar!(
        "SELECT DISTINCT product_id FROM product_media WHERE product_id = ANY($1)",
        products,
    )
    .fetch_all(db)
    .await?;
    Ok(found.into_iter().collect())
}

/// A picture's place on a product.
#[derive(Serialize)]
struct Link<'a> {
    product: Uuid,
    url: &'a str,
    alt: &'a str,
    position: i32,
    shows: Option<&'a str>,
}

fn links<'a>(hanging: &[&'a Hanging]) -> Vec<Link<'a>> {
    let all =
        hanging.iter().flat_map(|it| it.pictures.iter().map(|picture| (it.product.0, picture)));
    all.map(|(product, it)| Link {
        product,
        url: &it.url,
        alt: &it.alt,
        position: it.position,
        shows: it.shows.as_deref(),
    })
    .collect()
}

/// Hangs pictures onto products, each named once, as the file says; those from no address are left alone.
pub async fn link_pictures(conn: &mut PgConnection, hanging: &[&Hanging]) -> sqlx::Result<()> {
    let products: Vec<_> = hanging.iter().map(|it| it.product.0).collect();
    let links =
        serde_json::to_value(links(hanging)).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        r#"
        WITH wanted AS (
            SELECT product AS product_id, media_id, wanted.position, product_option.name,
                CASE WHEN name IS NOT NULL THEN shows END AS shows
            FROM jsonb_to_recordset($2) AS wanted (product uuid, url text, position integer, shows text)
            JOIN media ON source = url
            LEFT JOIN product_option ON product_id = product AND product_option.position = 0 AND shows IS NOT NULL
        ), gone AS (
            DELETE FROM product_media
            USING media
            WHERE product_id = ANY($1) AND media.media_id = product_media.media_id AND source ~ '^https?:'
                AND (product_id, product_media.media_id) NOT IN (SELECT product_id, media_id FROM wanted)
        )
        INSERT INTO product_media (product_id, media_id, position, option_name, option_value)
        SELECT product_id, media_id, position, name, shows FROM wanted
        ON CONFLICT (product_id, media_id) DO UPDATE SET
            -- A file names one picture of a variant; a second one of it keeps what it shows.
            position = excluded.position, option_name = coalesce(excluded.option_name, product_media.option_name),
            option_value = coalesce(excluded.option_value, product_media.option_value)
        WHERE product_media.position <> excluded.position
            OR (excluded.option_name IS NOT NULL AND (product_media.option_name, product_media.option_value)
                IS DISTINCT FROM (excluded.option_name, excluded.option_value))
        "#,
        &products,
        &links,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        r#"
        UPDATE media
        SET alt = wanted.alt
        FROM (
            -- The last one that says any.
            SELECT DISTINCT ON (url) url, alt
            FROM jsonb_array_elements($1) WITH ORDINALITY AS item (body, place)
            CROSS JOIN jsonb_to_record(body) AS link (url text, alt text)
            WHERE alt <> ''
            ORDER BY url, place DESC
        ) AS wanted
        WHERE source = url AND media.alt <> wanted.alt
        "#,
        links,
    )
    .execute(conn)
    .await?;
    Ok(())
}
