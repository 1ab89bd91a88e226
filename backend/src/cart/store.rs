//! Carts and their lines.

mod keeping;
mod offers;
mod rates;

use api_types::{
    AddLine, Address, CartId, CartStatus, Country, Currency, CustomerId, LineId, OptionRef,
    OrderId, Picture, ProductId, RegionId, ShippingMethodId, TaxClassId, VariantId,
};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::CartAccess;

pub use keeping::{adopt, lock_both, lock_open_of, open_of, pour, reopen, was_merged};
pub use offers::{Offer, offers, on_sale};
pub use rates::{shipping_methods, tax_choices, tax_rates};

/// A cart without its lines.
#[derive(Clone, Debug)]
pub struct CartRow {
    /// Which one.
    pub id: CartId,
    /// Whose it is, when its shopper is signed in.
    pub customer_id: Option<CustomerId>,
    /// Where it stands.
    pub status: CartStatus,
    /// Counts changes.
    pub version: i32,
    /// Where its prices, taxes and ways to pay come from.
    pub region_id: RegionId,
    /// Currency of its prices.
    pub currency: Currency,
    /// Whether those prices include tax.
    pub tax_included: bool,
    /// ISO 3166 code of the country to deliver to.
    pub country: String,
    /// Where letters go.
    pub email: Option<String>,
    /// Where to deliver.
    pub shipping_address: Option<Json<Address>>,
    /// The chosen way to deliver.
    pub shipping_method_id: Option<ShippingMethodId>,
    /// A note to the shop.
    pub note: Option<String>,
    /// The order made of it.
    pub order_id: Option<OrderId>,
}

/// A line with what is needed to draw, price and sell it.
#[derive(Clone, Debug)]
pub struct LineRow {
    /// Which line.
    pub id: LineId,
    /// Which variant.
    pub variant_id: VariantId,
    /// Which product.
    pub product_id: ProductId,
    /// Product handle.
    pub handle: String,
    /// Product title.
    pub title: String,
    /// What was chosen.
    pub options: Json<Vec<OptionRef>>,
    /// Stock keeping unit.
    pub sku: Option<String>,
    /// A picture of the variant.
    pub picture: Option<Json<Picture>>,
    /// How many.
    pub quantity: i32,
    /// Price of one when it was added, minor units.
    pub seen_price_minor: Option<i64>,
    /// How it is taxed.
    pub tax_class_id: TaxClassId,
    /// Grams of one.
    pub weight_g: i32,
    /// Whether it is delivered.
    pub requires_shipping: bool,
    /// Whether stock is counted.
    pub track_inventory: bool,
    /// The most that one cart may hold.
    pub purchase_limit: i32,
    /// Whether the shop sells it now.
    pub is_on_sale: bool,
    /// Units that can be promised now; absent when stock is not counted.
    pub available: Option<i64>,
    /// At or below this many the shopper is told.
    pub low_threshold: i32,
    /// Every price in the cart's currency: (from how many, amount, before the sale).
    pub prices: Json<Vec<(i32, i64, Option<i64>)>>,
}

/// Writes an empty cart; false when the country is not sold to.
pub async fn insert_cart(
    tx: &mut PgConnection,
    access: CartAccess,
    country: Option<&str>,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let made = sqlx::query!(
        r#"
        INSERT INTO cart (cart_id, token_hash, customer_id, region_id, currency, country, created_at, updated_at, expires_at)
        SELECT $1, $2, $6, region_id, currency, country, $4, $4, $5
        FROM region_country
        JOIN region USING (region_id)
        WHERE country = $3 OR $3::text IS NULL
        ORDER BY region.position, region_country.position
        LIMIT 1
        "#,
        access.id as CartId,
        access.token_hash.as_ref().map(<[u8; 32]>::as_slice),
        country,
        now,
        expires_at,
        access.customer as Option<CustomerId>,
    )
    .execute(tx)
    .await?;
    Ok(made.rows_affected() == 1)
}

/// The cart, if it exists for this caller and its time is not over.
pub async fn cart(
    db: &mut PgConnection,
    access: CartAccess,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<CartRow>> {
    sqlx::query_as!(
        CartRow,
        r#"
        SELECT cart_id AS "id: CartId", customer_id AS "customer_id: CustomerId", status AS "status: CartStatus", version, region_id AS "region_id: RegionId",
            cart.currency AS "currency: Currency", country, email,
            COALESCE((
                SELECT pricing.tax_included
                FROM region AS pricing
                WHERE pricing.currency = cart.currency
                ORDER BY pricing.region_id = cart.region_id DESC, pricing.position
                LIMIT 1
            ), region.tax_included) AS "tax_included!",
            shipping_address AS "shipping_address: Json<Address>",
            shipping_method_id AS "shipping_method_id: ShippingMethodId", note, order_id AS "order_id: OrderId"
        FROM cart
        JOIN region USING (region_id)
        WHERE cart_id = $1 AND CASE WHEN customer_id IS NULL THEN token_hash = $2 ELSE customer_id = $4 END
            AND (status = 'ordered' OR (status = 'open' AND expires_at > $3))
        "#,
        access.id as CartId,
        access.token_hash.as_ref().map(<[u8; 32]>::as_slice),
        now,
        access.customer as Option<CustomerId>,
    )
    .fetch_optional(db)
    .await
}

/// Locks the cart until the transaction ends; false when it does not exist for this caller.
pub async fn lock(tx: &mut PgConnection, access: CartAccess) -> sqlx::Result<bool> {
    let row = sqlx::query!(
        r#"
        SELECT cart_id
        FROM cart
        WHERE cart_id = $1 AND CASE WHEN customer_id IS NULL THEN token_hash = $2 ELSE customer_id = $3 END
        FOR NO KEY UPDATE
        "#,
        access.id as CartId,
        access.token_hash.as_ref().map(<[u8; 32]>::as_slice),
        access.customer as Option<CustomerId>,
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.is_some())
}

/// The lines of a cart in the order they were added, with prices and stock as they are now.
pub async fn lines(db: &mut PgConnection, cart: CartId) -> sqlx::Result<Vec<LineRow>> {
    sqlx::query_as!(
        LineRow,
        r#"
        SELECT line_id AS "id: LineId", variant_id AS "variant_id: VariantId", product_id AS "product_id: ProductId",
            handle, title, sku, quantity, seen_price_minor, tax_class_id AS "tax_class_id: TaxClassId", weight_g,
            requires_shipping, track_inventory, purchase_limit,
            (product.status = 'active' AND published_at IS NOT NULL AND archived_at IS NULL) AS "is_on_sale!",
            COALESCE((
                SELECT jsonb_agg(jsonb_build_object('name', name, 'value', option_values[position + 1]) ORDER BY position)
                FROM product_option
                WHERE product_option.product_id = product.product_id
            ), '[]') AS "options!: Json<Vec<OptionRef>>",
            (SELECT body FROM picture WHERE media_id = variant_media(variant_id)) AS "picture: Json<Picture>",
            CASE WHEN track_inventory THEN COALESCE(stock.available, 0) END AS available,
            COALESCE(stock.low_threshold, 0) AS "low_threshold!",
            COALESCE((
                SELECT jsonb_agg(jsonb_build_array(min_quantity, amount_minor, compare_at_minor) ORDER BY min_quantity)
                FROM price
                WHERE price.variant_id = cart_line.variant_id AND price.currency = cart.currency
            ), '[]') AS "prices!: Json<Vec<(i32, i64, Option<i64>)>>"
        FROM cart_line
        JOIN cart USING (cart_id)
        JOIN variant USING (variant_id)
        JOIN product USING (product_id)
        LEFT JOIN LATERAL (
            SELECT sum(on_hand - reserved - safety + backorder_limit) AS available, max(low_threshold) AS low_threshold
            FROM stock_level
            JOIN stock_location USING (location_id)
            WHERE stock_level.variant_id = cart_line.variant_id AND is_active
        ) AS stock ON true
        WHERE cart_id = $1
        ORDER BY added_at, line_id
        "#,
        cart as CartId,
    )
    .fetch_all(db)
    .await
}

/// Adds to lines, or starts them, at the price of one that the shopper sees now; how many of the variants are on sale.
pub async fn add_lines(
    tx: &mut PgConnection,
    cart: CartId,
    add: &[AddLine],
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    // Added up first: one statement may not touch a row twice.
    let added = sqlx::query!(
        r#"
        INSERT INTO cart_line (line_id, cart_id, variant_id, quantity, seen_price_minor, added_at)
        SELECT line_id, cart_id, variant_id, LEAST(quantity, 1000), price.amount_minor,
            $5::timestamptz + place * interval '1 microsecond'
        FROM (
            SELECT (array_agg(line_id ORDER BY place))[1] AS line_id, variant_id, sum(quantity)::integer AS quantity,
                min(place) AS place
            FROM unnest($2::uuid[], $3::uuid[], $4::integer[]) WITH ORDINALITY
                AS line (line_id, variant_id, quantity, place)
            GROUP BY variant_id
        ) AS line
        JOIN cart ON cart_id = $1
        JOIN variant USING (variant_id)
        JOIN product USING (product_id)
        LEFT JOIN price USING (variant_id, currency)
        WHERE product.status = 'active' AND published_at IS NOT NULL AND archived_at IS NULL
            AND COALESCE(min_quantity, 1) = 1
        ON CONFLICT ON CONSTRAINT cart_line_variant_once
        DO UPDATE SET quantity = cart_line.quantity + excluded.quantity
        "#,
        cart as CartId,
        &add.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>(),
        &add.iter().map(|line| line.variant_id.0).collect::<Vec<_>>(),
        &add.iter().map(|line| line.quantity).collect::<Vec<_>>(),
        now,
    )
    .execute(tx)
    .await?;
    Ok(added.rows_affected())
}

/// Sets the quantity of a line; false when the cart has no such line.
pub async fn set_quantity(
    tx: &mut PgConnection,
    cart: CartId,
    line: LineId,
    quantity: i32,
) -> sqlx::Result<bool> {
    let set = sqlx::query!(
        "UPDATE cart_line SET quantity = $3 WHERE cart_id = $1 AND line_id = $2",
        cart as CartId,
        line as LineId,
        quantity,
    )
    .execute(tx)
    .await?;
    Ok(set.rows_affected() == 1)
}

/// Removes a line; false when the cart has no such line.
pub async fn remove_line(tx: &mut PgConnection, cart: CartId, line: LineId) -> sqlx::Result<bool> {
    let removed = sqlx::query!(
        "DELETE FROM cart_line WHERE cart_id = $1 AND line_id = $2",
        cart as CartId,
        line as LineId,
    )
    .execute(tx)
    .await?;
    Ok(removed.rows_affected() == 1)
}

/// How many lines a cart has.
pub async fn line_count(db: &mut PgConnection, cart: CartId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM cart_line WHERE cart_id = $1"#,
        cart as CartId
    )
    .fetch_one(db)
    .await
}

/// Counts a change and keeps the cart for another while.
pub async fn touch(
    tx: &mut PgConnection,
    cart: CartId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE cart SET version = version + 1, updated_at = $2, expires_at = $3 WHERE cart_id = $1",
        cart as CartId,
        now,
        expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes what is given and keeps the rest.
pub async fn set_contact(
    tx: &mut PgConnection,
    cart: CartId,
    email: Option<&str>,
    address: Option<&Address>,
    note: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE cart
        SET email = COALESCE($2, email), shipping_address = COALESCE($3, shipping_address), note = COALESCE($4, note)
        WHERE cart_id = $1
        "#,
        cart as CartId,
        email,
        address.map(Json) as Option<Json<&Address>>,
        note,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Moves the cart to a country; false when the shop does not deliver there. The chosen currency stays where the shop
/// delivers for it, else the cart goes to that of the region.
pub async fn set_country(tx: &mut PgConnection, cart: CartId, country: &str) -> sqlx::Result<bool> {
    let moved = sqlx::query!(
        r#"
        UPDATE cart
        SET country = region_country.country, region_id = region.region_id,
            currency = CASE WHEN delivers_for(region_country.country, chosen_currency) THEN chosen_currency
                ELSE region.currency END,
            shipping_method_id = CASE WHEN cart.country = region_country.country THEN cart.shipping_method_id END
        FROM region_country
        JOIN region USING (region_id)
        WHERE cart_id = $1 AND region_country.country = $2
        "#,
        cart as CartId,
        country,
    )
    .execute(tx)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Chooses the currency of the cart's prices; false when the shop does not deliver for it to the cart's country.
pub async fn choose_currency(
    tx: &mut PgConnection,
    cart: CartId,
    currency: Currency,
) -> sqlx::Result<bool> {
    let chosen = sqlx::query!(
        r#"
        UPDATE cart
        SET currency = $2, chosen_currency = $2
        WHERE cart_id = $1 AND delivers_for(country, $2)
        "#,
        cart as CartId,
        currency as Currency,
    )
    .execute(tx)
    .await?;
    Ok(chosen.rows_affected() == 1)
}

/// Prices as the shopper sees them from now on, after the currency changed.
pub async fn see_prices(tx: &mut PgConnection, cart: CartId) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE cart_line
        SET seen_price_minor = (
            SELECT amount_minor
            FROM price
            WHERE price.variant_id = cart_line.variant_id AND price.currency = cart.currency AND min_quantity = 1
        )
        FROM cart
        WHERE cart.cart_id = $1 AND cart_line.cart_id = $1
        "#,
        cart as CartId,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Chooses a way to deliver.
pub async fn set_shipping(
    tx: &mut PgConnection,
    cart: CartId,
    method: ShippingMethodId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE cart SET shipping_method_id = $2 WHERE cart_id = $1",
        cart as CartId,
        method as ShippingMethodId,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Throws a cart away, with its lines.
pub async fn delete(tx: &mut PgConnection, cart: CartId) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM cart WHERE cart_id = $1", cart as CartId).execute(tx).await?;
    Ok(())
}

/// Closes a cart, because an order was made of it.
pub async fn mark_ordered(
    tx: &mut PgConnection,
    cart: CartId,
    order: OrderId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE cart
        SET status = 'ordered', order_id = $2, version = version + 1, updated_at = $3
        WHERE cart_id = $1 AND status = 'open'
        "#,
        cart as CartId,
        order as OrderId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends carts whose time is over; how many.
pub async fn expire_old(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let ended = sqlx::query!(
        "UPDATE cart SET status = 'expired' WHERE status = 'open' AND expires_at <= $1",
        now
    )
    .execute(tx)
    .await?;
    Ok(ended.rows_affected())
}

/// A country the shop delivers to, with the rules of its addresses; `None` when it does not.
pub async fn country(db: &mut PgConnection, code: &str) -> sqlx::Result<Option<Country>> {
    let row = sqlx::query!(
        r#"
        SELECT title, states AS "states: Json<Vec<(String, String)>>", postal_pattern, postal_example
        FROM region_country
        WHERE country = $1
        "#,
        code,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Country {
        code: code.to_owned(),
        title: row.title,
        states: row.states.0,
        needs_postal_code: row.postal_pattern.is_some(),
        postal_code: row.postal_pattern.zip(row.postal_example),
    }))
}
