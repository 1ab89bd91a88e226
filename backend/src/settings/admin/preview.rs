//! What something would cost somewhere, worked out as a cart is.

use api_types::{
    Money, Page, PageInfo, ShippingOption, TaxLine, VariantId,
    admin::{ShippingQuestion, TaxAnswer, TaxQuestion},
};
use axum::extract::State;
use uuid::Uuid;

use super::refusal::country;
use crate::{
    App, cart,
    http::{ApiError, Checks, Failures, Json, Result},
    pricing::{self, Basket, Line, PriceRow, Promotions, Quote, ShippingCharge, TaxRules},
    staff::{May, may},
};

/// Tell what the tax on goods would be somewhere
#[utoipa::path(
    post, path = "/admin/tax/preview", tag = "admin: settings",
    request_body = TaxQuestion,
    responses((status = 200, body = TaxAnswer), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn preview_tax(
    _: May<may::ReadSettings>,
    State(app): State<App>,
    Json(asked): Json<TaxQuestion>,
) -> Result<Json<TaxAnswer>> {
    country("/country", &asked.country)?;
    if !(1..=100).contains(&asked.lines.len()) {
        return Err(ApiError::field("/lines", "length", "Ask for 1 to 100 lines."));
    }
    app.settings.currency(&app, Some(asked.currency.code())).await?;
    let included = app.settings.known(&app).await?.tax_included(asked.currency);
    let state = asked.state.as_deref();
    let rules = app
        .db
        .read(async |conn| cart::tax_rules(conn, &asked.country, state, included).await)
        .await?;
    let quote = pricing::quote(&basket(&asked, rules)).map_err(|error| match error {
        pricing::PricingError::BadQuantity { .. } => ApiError::field(
            "/lines",
            "quantity",
            "Use quantities from 1 to 9999, and prices from 0.",
        ),
        other => ApiError::rejected("cannot_be_priced", other.to_string()),
    })?;
    Ok(Json(answer(&quote)))
}

fn basket(asked: &TaxQuestion, tax: TaxRules) -> Basket {
    let lines = asked.lines.iter().zip(1_u128..).map(|(goods, place)| Line {
        id: Uuid::from_u128(place),
        variant: VariantId(Uuid::from_u128(place)),
        quantity: if goods.quantity > 9_999 { 0 } else { goods.quantity },
        prices: vec![PriceRow {
            amount: goods.amount,
            compare_at: None,
            min_quantity: 1,
            list: None,
        }],
        tax_class: goods.tax_class_id,
    });
    Basket {
        currency: asked.currency,
        tax,
        lines: lines.collect(),
        shipping: asked
            .delivery
            .map(|amount| ShippingCharge { title: "Delivery".to_owned(), amount }),
        promotions: Promotions::default(),
    }
}

fn answer(quote: &Quote) -> TaxAnswer {
    let money = |amount| Money::new(amount, quote.currency);
    let line = |share: &pricing::TaxShare| TaxLine {
        name: share.name.clone(),
        rate_ppm: share.rate_ppm,
        amount: money(share.amount),
    };
    TaxAnswer {
        tax_included: quote.tax_included,
        subtotal: money(quote.subtotal),
        delivery: money(quote.shipping_total),
        tax: money(quote.tax),
        tax_lines: quote.tax_lines.iter().map(line).collect(),
        total: money(quote.total),
    }
}

/// Tell how a basket could be delivered somewhere, and for how much
#[utoipa::path(
    post, path = "/admin/shipping/preview", tag = "admin: settings",
    request_body = ShippingQuestion,
    responses((status = 200, body = Page<ShippingOption>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn preview_shipping(
    _: May<may::ReadSettings>,
    State(app): State<App>,
    Json(asked): Json<ShippingQuestion>,
) -> Result<Json<Page<ShippingOption>>> {
    country("/country", &asked.country)?;
    let mut checks = Checks::default();
    checks.range("/weight_g", asked.weight_g, (0, i64::MAX));
    checks.range("/subtotal", asked.subtotal, (0, i64::MAX));
    checks.done()?;
    let currency = asked.currency;
    let methods = app
        .db
        .read(async |conn| cart::shipping_methods(conn, &asked.country, currency).await)
        .await?;
    let option =
        |method: &cart::MethodRow| method.option(asked.weight_g, asked.subtotal, currency, None);
    let data = methods.iter().filter_map(option).collect();
    Ok(Json(Page { data, page: PageInfo::default() }))
}
