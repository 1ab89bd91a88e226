//! Letters to customers, and to staff about what they must look at: sent once, by a server or into a folder.

mod letter;
mod sender;
mod store;

use anyhow::Context;
use api_types::{FulfilmentId, OrderId, Permission};
use serde_json::Value;

use crate::{App, orders, staff};

pub use sender::{Letter, Mailer};

/// The job that writes and sends a letter about an order, unless it was sent before.
pub async fn send_order_letter(app: &App, kind: &str, payload: &Value) -> anyhow::Result<()> {
    let id: OrderId =
        serde_json::from_value(payload["order_id"].clone()).context("the job names no order")?;
    let key = format!("{kind}:{id}");
    let found = app
        .db
        .read(async |conn| {
            if store::was_sent(&mut *conn, &key).await? {
                return Ok(None);
            }
            let head = orders::head(&mut *conn, id, false).await?;
            let order = orders::order(conn, id).await?;
            Ok::<_, sqlx::Error>(order.zip(head))
        })
        .await?;
    let Some((order, head)) = found else { return Ok(()) };
    let link = orders::address(app, id, &head.link_nonce);
    let letter = match kind {
        "mail.order_cancelled" => letter::order_cancelled(&order, &link),
        _ => letter::order_placed(&order, &link),
    };
    app.mailer.send(&letter, &key).await?;
    let now = app.clock.now();
    app.db.write(async |tx| store::mark_sent(tx, &key, &letter, now).await).await?;
    Ok(())
}

/// The job that tells a customer that a parcel is on its way, unless they were told before.
pub async fn send_shipped_letter(app: &App, payload: &Value) -> anyhow::Result<()> {
    let id: FulfilmentId = serde_json::from_value(payload["fulfilment_id"].clone())
        .context("the job names no parcel")?;
    let key = format!("mail.order_shipped:{id}");
    let found = app
        .db
        .read(async |conn| {
            if store::was_sent(&mut *conn, &key).await? {
                return Ok(None);
            }
            let Some(parcel) = orders::parcel(&mut *conn, id).await? else { return Ok(None) };
            let head = orders::head(&mut *conn, parcel.order_id, false).await?;
            let order = orders::order(conn, parcel.order_id).await?;
            Ok::<_, sqlx::Error>(order.zip(head).map(|(order, head)| (order, head, parcel)))
        })
        .await?;
    let Some((order, head, parcel)) = found else { return Ok(()) };
    let link = orders::address(app, order.id, &head.link_nonce);
    let letter = letter::order_shipped(&order, &parcel, &link);
    app.mailer.send(&letter, &key).await?;
    let now = app.clock.now();
    app.db.write(async |tx| store::mark_sent(tx, &key, &letter, now).await).await?;
    Ok(())
}

/// The job that tells those who look after orders that goods are missing which orders were promised.
pub async fn send_shortfall_letters(app: &App, payload: &Value) -> anyhow::Result<()> {
    let movements: Vec<i64> = serde_json::from_value(payload["movements"].clone())
        .context("the job names no movements")?;
    let Some(first) = movements.first() else { return Ok(()) };
    let (losses, orders, readers) = app
        .db
        .read(async |conn| {
            let losses = store::losses(&mut *conn, &movements).await?;
            let orders = store::orders_of_losses(&mut *conn, &movements).await?;
            let readers = staff::addresses(conn, Permission::EditOrders).await?;
            Ok::<_, sqlx::Error>((losses, orders, readers))
        })
        .await?;
    if losses.is_empty() {
        return Ok(());
    }
    let mut page = app.config.public_url.clone();
    page.set_path("/api/docs");
    page.set_fragment(Some("list_orders"));
    for (reader, email) in readers {
        let key = format!("mail.stock_shortfall:{first}:{reader}");
        if app.db.read(async |conn| store::was_sent(conn, &key).await).await? {
            continue;
        }
        let letter = letter::stock_shortfall(&email, &losses, &orders, &page);
        app.mailer.send(&letter, &key).await?;
        let now = app.clock.now();
        app.db.write(async |tx| store::mark_sent(tx, &key, &letter, now).await).await?;
    }
    Ok(())
}
