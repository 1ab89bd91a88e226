//! A cart with everything that its price depends on, read at one moment.

use api_types::{
    Availability, Cart, CartLine, CartProblem, CartStatus, Country, LineNotice, Money,
    ShippingOption, TaxLine, Totals,
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{CartAccess, CartRow, LineRow, problems, shipping::MethodRow, store, tax};
use crate::{
    http::ApiError,
    pricing::{self, Basket, Line, PriceRow, Promotions, Quote, ShippingCharge, TaxRules},
};

/// A cart, priced.
pub struct Priced {
    /// The cart without its lines.
    pub cart: CartRow,
    /// Its lines, as the shop sells them now.
    pub lines: Vec<LineRow>,
    /// What those lines cost that can be sold.
    pub quote: Quote,
    /// The country it goes to, with the rules of its addresses.
    pub country: Country,
    methods: Vec<MethodRow>,
}

/// Reads a cart and prices it; a cart that is not this caller's is not found.
pub async fn priced(
    conn: &mut PgConnection,
    access: CartAccess,
    now: DateTime<Utc>,
) -> Result<Priced, ApiError> {
    let cart = store::cart(&mut *conn, access, now).await?.ok_or(ApiError::NotFound("cart"))?;
    let lines = store::lines(&mut *conn, cart.id).await?;
    let state = cart.shipping_address.as_ref().and_then(|address| address.region.clone());
    let rules = tax::rules(&mut *conn, &cart.country, state.as_deref(), cart.tax_included).await?;
    let methods = store::shipping_methods(&mut *conn, &cart.country, cart.currency).await?;
    let country = store::country(&mut *conn, &cart.country).await?;
    let country = country.ok_or(ApiError::NotFound("country"))?;
    let quote = quoted(&cart, &lines, rules, &methods)?;
    Ok(Priced { cart, lines, quote, country, methods })
}

fn quoted(
    cart: &CartRow,
    lines: &[LineRow],
    tax: TaxRules,
    methods: &[MethodRow],
) -> Result<Quote, ApiError> {
    let mut basket = Basket {
        currency: cart.currency,
        tax,
        lines: lines.iter().filter(|line| line.can_be_priced()).map(basket_line).collect(),
        shipping: None,
        promotions: Promotions::default(),
    };
    let goods = pricing::quote(&basket).map_err(overpriced)?;
    let method =
        cart.shipping_method_id.and_then(|id| methods.iter().find(|method| method.id == id));
    let Some(method) = method.filter(|_| lines.iter().any(|line| line.requires_shipping)) else {
        return Ok(goods);
    };
    let Some(amount) = method.charge(weight_g(lines), goods.goods_total()) else {
        return Ok(goods);
    };
    basket.shipping = Some(ShippingCharge { title: method.title.clone(), amount });
    pricing::quote(&basket).map_err(overpriced)
}

fn overpriced(error: pricing::PricingError) -> ApiError {
    match error {
        pricing::PricingError::Overflow => {
            ApiError::rejected("total_too_large", "this cart costs more than we can count")
        }
        other => ApiError::Internal(other.into()),
    }
}

fn basket_line(line: &LineRow) -> Line {
    let prices = line.prices.iter().map(|&(min_quantity, amount, compare_at)| PriceRow {
        amount,
        compare_at,
        min_quantity,
        list: None,
    });
    Line {
        id: line.id.0,
        variant: line.variant_id,
        quantity: line.quantity,
        prices: prices.collect(),
        tax_class: line.tax_class_id,
    }
}

fn weight_g(lines: &[LineRow]) -> i64 {
    lines
        .iter()
        .filter(|line| line.requires_shipping && line.can_be_priced())
        .map(|line| i64::from(line.weight_g) * i64::from(line.quantity))
        .sum()
}

impl LineRow {
    /// Whether the shop sells it, and for a price in this currency.
    pub fn can_be_priced(&self) -> bool {
        self.is_on_sale && self.prices.iter().any(|(from, ..)| *from <= 1)
    }

    /// The most that can be bought now.
    pub fn max_quantity(&self) -> i32 {
        let available = self.available.map_or(i64::from(i32::MAX), |left| left.max(0));
        i32::try_from(available).unwrap_or(i32::MAX).min(self.purchase_limit)
    }

    fn availability(&self) -> Availability {
        match self.available {
            _ if !self.can_be_priced() => Availability::SoldOut,
            Some(left) if left <= 0 => Availability::SoldOut,
            Some(left) if left <= i64::from(self.low_threshold) => Availability::Low,
            _ => Availability::InStock,
        }
    }
}

impl Priced {
    /// Whether anything in it is delivered.
    pub fn requires_shipping(&self) -> bool {
        self.lines.iter().any(|line| line.requires_shipping)
    }

    /// The chosen way to deliver, if it carries this cart.
    pub fn method(&self) -> Option<&MethodRow> {
        let id = self.cart.shipping_method_id?;
        let method = self.methods.iter().find(|method| method.id == id)?;
        method.charge(weight_g(&self.lines), self.quote.goods_total()).map(|_| method)
    }

    /// Every way to deliver it.
    pub fn shipping_options(&self) -> Vec<ShippingOption> {
        let (weight, goods) = (weight_g(&self.lines), self.quote.goods_total());
        let option = |method: &MethodRow| {
            method.option(weight, goods, self.cart.currency, self.cart.shipping_method_id)
        };
        self.methods.iter().filter_map(option).collect()
    }

    /// What stands in the way of buying it.
    pub fn problems(&self) -> Vec<CartProblem> {
        problems::of(self)
    }

    /// What it costs.
    pub fn totals(&self) -> Totals {
        let money = |amount| Money::new(amount, self.cart.currency);
        Totals {
            subtotal: money(self.quote.subtotal),
            discount: money(self.quote.discount),
            shipping: self.quote.shipping.is_some().then(|| money(self.quote.shipping_total)),
            tax: money(self.quote.tax),
            tax_included: self.quote.tax_included,
            tax_lines: self
                .quote
                .tax_lines
                .iter()
                .map(|share| TaxLine {
                    name: share.name.clone(),
                    rate_ppm: share.rate_ppm,
                    amount: money(share.amount),
                })
                .collect(),
            total: money(self.quote.total),
        }
    }

    /// The cart as its shopper sees it.
    pub fn view(&self) -> Cart {
        let cart = &self.cart;
        Cart {
            id: cart.id,
            version: cart.version,
            status: cart.status,
            currency: cart.currency,
            country: cart.country.clone(),
            email: cart.email.clone(),
            shipping_address: cart.shipping_address.as_deref().cloned(),
            note: cart.note.clone(),
            lines: self.lines.iter().map(|line| self.line(line)).collect(),
            item_count: self.lines.iter().map(|line| i64::from(line.quantity)).sum(),
            shipping_method: self.method().map(|method| method.id),
            requires_shipping: self.requires_shipping(),
            totals: self.totals(),
            until_free_delivery: self.until_free_delivery(),
            problems: if cart.status == CartStatus::Open { self.problems() } else { Vec::new() },
            order_id: cart.order_id,
        }
    }

    fn until_free_delivery(&self) -> Option<Money> {
        let (weight, goods) = (weight_g(&self.lines), self.quote.goods_total());
        let left = self
            .methods
            .iter()
            .filter_map(|method| pricing::until_free(&method.rates(), weight, goods))
            .min();
        let is_free = self.methods.iter().any(|method| method.charge(weight, goods) == Some(0));
        left.filter(|_| !is_free && self.requires_shipping())
            .map(|left| Money::new(left, self.cart.currency))
    }

    fn line(&self, line: &LineRow) -> CartLine {
        let money = |amount| Money::new(amount, self.cart.currency);
        let quoted = self.quote.lines.iter().find(|quoted| quoted.id == line.id.0);
        CartLine {
            id: line.id,
            variant_id: line.variant_id,
            handle: line.handle.clone(),
            title: line.title.clone(),
            options: line.options.0.clone(),
            sku: line.sku.clone(),
            picture: line.picture.as_deref().cloned(),
            quantity: line.quantity,
            max_quantity: line.max_quantity(),
            unit_price: money(
                quoted.map_or(line.seen_price_minor.unwrap_or(0), |quoted| quoted.unit_price),
            ),
            compare_at: quoted.and_then(|quoted| quoted.compare_at).map(money),
            total: money(quoted.map_or(0, |quoted| quoted.subtotal)),
            availability: line.availability(),
            notices: self.notices(line),
            why: self.quote.why(line.id.0).map(str::to_owned).collect(),
        }
    }

    fn notices(&self, line: &LineRow) -> Vec<LineNotice> {
        if !line.can_be_priced() {
            return vec![LineNotice::Unavailable];
        }
        let available = line.max_quantity();
        let short =
            (available < line.quantity).then_some(LineNotice::InsufficientStock { available });
        let now = line.prices.iter().find(|(from, ..)| *from <= 1).map(|(_, amount, _)| *amount);
        let was = line.seen_price_minor.filter(|was| now.is_some_and(|now| now != *was));
        let changed =
            was.map(|was| LineNotice::PriceChanged { was: Money::new(was, self.cart.currency) });
        short.into_iter().chain(changed).collect()
    }
}
