//! The same things once more, as far as the shop still sells them.

use api_types::{AddLine, CustomerId, OpenCart, Order, OrderLine, Reordered};

use crate::{
    App, cart,
    http::{ApiError, Result, idempotency::IdempotencyKey},
};

/// Most of one thing that a cart takes at once.
const MOST: i32 = 999;

/// Puts what an order held into the customer's cart, or into a new one of nobody's; what is not sold
/// any more is left out and named. A key puts them into a customer's cart once.
pub async fn ordered_again(
    app: &App,
    customer: Option<CustomerId>,
    order: &Order,
    key: &IdempotencyKey,
) -> Result<Reordered> {
    let known: Vec<_> = order.lines.iter().filter_map(|line| line.variant_id).collect();
    let on_sale =
        app.db.read(async |conn| cart::on_sale(conn, &known, order.currency).await).await?;
    let is_sold =
        |line: &&OrderLine| line.variant_id.is_some_and(|variant| on_sale.contains(&variant));
    let (sold, gone): (Vec<_>, Vec<_>) = order.lines.iter().partition(is_sold);
    let left_out: Vec<_> = gone.into_iter().map(named).collect();
    if sold.is_empty() {
        return Err(ApiError::conflict("nothing_left", "nothing of this order is sold any more")
            .with_facts(serde_json::json!({ "left_out": left_out })));
    }
    let lines = sold.into_iter().filter_map(|line| {
        Some(AddLine { variant_id: line.variant_id?, quantity: line.quantity.min(MOST) })
    });
    let country = order.shipping_address.as_ref().map(|address| address.country.clone());
    let open = OpenCart { country, currency: Some(order.currency), lines: lines.collect() };
    let opened = cart::opened(app, customer, &open, key).await?;
    Ok(Reordered { cart: opened.cart, token: opened.token, left_out })
}

/// A line as people call it, `Kelda mug (Rust)`.
fn named(line: &OrderLine) -> String {
    let chosen: Vec<_> = line.options.iter().map(|option| option.value.as_str()).collect();
    if chosen.is_empty() {
        line.title.clone()
    } else {
        format!("{} ({})", line.title, chosen.join(", "))
    }
}
