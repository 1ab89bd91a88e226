//! An order drawn from a priced cart (pure).

use std::collections::BTreeMap;

use api_types::{OrderId, OrderLineId};
use chrono::{DateTime, Utc};

use crate::{
    cart::{LineRow, Priced},
    http::ApiError,
    orders::{NewLine, NewOrder, NewTaxLine},
    pricing::{QuotedLine, TaxShare},
};

/// The order that this cart becomes; every line is frozen as it is now.
pub fn drawn(
    priced: &Priced,
    payment_method: &str,
    expires_at: DateTime<Utc>,
) -> Result<NewOrder, ApiError> {
    let (cart, quote) = (&priced.cart, &priced.quote);
    let ids: BTreeMap<_, _> =
        quote.lines.iter().map(|line| (line.id, OrderLineId::new())).collect();
    let rows = priced.lines.iter().filter_map(|row| Some((row, ids.get(&row.id.0)?)));
    let quoted = |row: &LineRow| quote.lines.iter().find(|line| line.id == row.id.0);
    let lines = rows.filter_map(|(row, id)| Some(line(*id, row, quoted(row)?))).collect();
    let of_lines = quote
        .lines
        .iter()
        .flat_map(|line| line.taxes.iter().map(|share| tax(ids.get(&line.id).copied(), share)));
    let of_shipping = quote
        .shipping
        .iter()
        .flat_map(|shipping| shipping.taxes.iter().map(|share| tax(None, share)));
    Ok(NewOrder {
        id: OrderId::new(),
        cart_id: cart.id,
        customer_id: cart.customer_id,
        cart_version: cart.version,
        link_nonce: rand::random(),
        region_id: cart.region_id,
        currency: cart.currency,
        email: cart.email.clone().unwrap_or_default(),
        country: cart.country.clone(),
        shipping_address: cart
            .shipping_address
            .as_deref()
            .cloned()
            .filter(|_| priced.requires_shipping()),
        shipping: priced
            .method()
            .map(|method| (method.title.clone(), method.min_days, method.max_days)),
        payment_method: payment_method.to_owned(),
        note: cart.note.clone().filter(|note| !note.is_empty()),
        subtotal_minor: quote.subtotal,
        discount_minor: quote.discount,
        shipping_minor: quote.shipping.is_some().then_some(quote.shipping_total),
        tax_minor: quote.tax,
        tax_included: quote.tax_included,
        total_minor: quote.total,
        price_trace: serde_json::to_value(&quote.trace).map_err(anyhow::Error::from)?,
        expires_at,
        lines,
        tax_lines: of_lines.chain(of_shipping).collect(),
    })
}

fn line(id: OrderLineId, row: &LineRow, quoted: &QuotedLine) -> NewLine {
    NewLine {
        id,
        variant_id: row.variant_id,
        product_id: row.product_id,
        handle: row.handle.clone(),
        title: row.title.clone(),
        options: row.options.0.clone(),
        sku: row.sku.clone(),
        media_id: row.picture.as_ref().map(|picture| picture.id.0),
        requires_shipping: row.requires_shipping,
        unit_price_minor: quoted.unit_price,
        quantity: quoted.quantity,
        discount_minor: quoted.discount,
        tax_minor: quoted.tax,
        total_minor: quoted.total,
    }
}

fn tax(line: Option<OrderLineId>, share: &TaxShare) -> NewTaxLine {
    NewTaxLine {
        line,
        name: share.name.clone(),
        rate_ppm: share.rate_ppm,
        base_minor: share.base,
        amount_minor: share.amount,
    }
}
