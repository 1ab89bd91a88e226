//! Reading what an invoice says beside the order.

use api_types::{Currency, Money, Order, OrderId, OrderLineId, TaxLine};
use sqlx::{PgConnection, types::Json};

use super::{Invoice, Seller, TaxRow};

/// What the invoice of this order says; the caller has checked who asks.
pub async fn read(db: &mut PgConnection, order: Order) -> sqlx::Result<Invoice> {
    let country = order.shipping_address.as_ref().map(|address| address.country.clone());
    Ok(Invoice {
        seller: seller(&mut *db).await?,
        country: match country {
            Some(code) => Some(country_title(&mut *db, &code).await?.unwrap_or(code)),
            None => None,
        },
        rates: rates(&mut *db, order.id).await?,
        taxes: taxes(db, order.id, order.currency).await?,
        order,
    })
}

/// Who sells; at least the shop's name.
async fn seller(db: &mut PgConnection) -> sqlx::Result<Seller> {
    let row = sqlx::query!(
        r#"
        SELECT
            (SELECT value FROM setting WHERE key = 'seller') AS "seller: Json<Seller>",
            (SELECT value ->> 'name' FROM setting WHERE key = 'shop') AS name
        "#,
    )
    .fetch_one(db)
    .await?;
    let mut seller = row.seller.map(|Json(seller)| seller).unwrap_or_default();
    if seller.name.is_empty() {
        seller.name = row.name.unwrap_or_else(|| "Oxcart".to_owned());
    }
    Ok(seller)
}

async fn country_title(db: &mut PgConnection, code: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT title FROM region_country WHERE country = $1", code)
        .fetch_optional(db)
        .await
}

/// The rates that each line was taxed at.
async fn rates(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Vec<(OrderLineId, String)>> {
    let rows = sqlx::query!(
        r#"
        SELECT order_line_id AS "line!: OrderLineId", array_agg(rate_ppm ORDER BY rate_ppm DESC, name) AS "rates!"
        FROM order_tax_line
        WHERE order_id = $1 AND order_line_id IS NOT NULL
        GROUP BY order_line_id
        "#,
        id as OrderId,
    )
    .fetch_all(db)
    .await?;
    let percent = |rate_ppm: &i64| {
        let amount = Money::new(0, Currency::EUR);
        TaxLine { name: String::new(), rate_ppm: *rate_ppm, amount }.title().trim().to_owned()
    };
    let row = |rates: Vec<i64>| rates.iter().map(percent).collect::<Vec<_>>().join(" + ");
    Ok(rows.into_iter().map(|found| (found.line, row(found.rates))).collect())
}

/// The taxes by rate, the highest first.
async fn taxes(
    db: &mut PgConnection,
    id: OrderId,
    currency: Currency,
) -> sqlx::Result<Vec<TaxRow>> {
    let rows = sqlx::query!(
        r#"
        SELECT name, rate_ppm, sum(base_minor)::bigint AS "base!", sum(amount_minor)::bigint AS "tax!"
        FROM order_tax_line
        WHERE order_id = $1
        GROUP BY name, rate_ppm
        ORDER BY rate_ppm DESC, name
        "#,
        id as OrderId,
    )
    .fetch_all(db)
    .await?;
    let row = |name, rate_ppm, net, tax| {
        let line = TaxLine { name, rate_ppm, amount: Money::new(tax, currency) };
        TaxRow { title: line.title(), net, tax }
    };
    Ok(rows
        .into_iter()
        .map(|found| row(found.name, found.rate_ppm, found.base, found.tax))
        .collect())
}
