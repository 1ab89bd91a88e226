//! Where the words of an invoice stand, sheet after sheet.

use api_types::{Money, Order, OrderLine, OrderStatus, PaymentStatus};

use super::{
    Invoice,
    paper::{self, HEIGHT, Mark, Scale, Style, WIDTH},
};
use crate::texts;

const LEFT: f32 = 56.0;
const RIGHT: f32 = WIDTH - 56.0;
const TOP: f32 = 64.0;
/// Below this only the foot of a sheet stands.
const BOTTOM: f32 = HEIGHT - 78.0;
const FOOT: f32 = HEIGHT - 48.0;
const LEADING: f32 = 13.5;

const TEXT: Style = Style { size: 9.0, is_strong: false, grey: 20 };
const STRONG: Style = Style { is_strong: true, ..TEXT };
const QUIET: Style = Style { grey: 95, ..TEXT };
const SMALL: Style = Style { size: 7.5, ..QUIET };
const HEADING: Style = Style { size: 20.0, is_strong: true, grey: 20 };
const NAME: Style = Style { size: 12.0, is_strong: true, grey: 20 };

/// Columns of the table: where the first begins, where the others end.
const WHAT: f32 = LEFT;
const QUANTITY: f32 = LEFT + 268.0;
const EACH: f32 = LEFT + 338.0;
const RATE: f32 = LEFT + 398.0;
/// How wide a title may stand.
const WHAT_WIDE: f32 = 235.0;

/// The invoice as a PDF.
pub fn pdf(invoice: &Invoice) -> anyhow::Result<Vec<u8>> {
    let scale = Scale::new()?;
    let mut layout = Layout { scale: &scale, sheets: vec![Vec::new()], y: TOP };
    layout.head(invoice);
    layout.table(invoice);
    layout.totals(invoice);
    layout.taxes(invoice);
    layout.payment(&invoice.order);
    layout.feet(invoice);
    paper::written(&texts::invoice_title(invoice.order.number), &layout.sheets)
}

/// The sheets as they are filled, from the top down.
struct Layout<'a> {
    scale: &'a Scale,
    sheets: Vec<Vec<Mark>>,
    y: f32,
}

impl Layout<'_> {
    fn put(&mut self, mark: Mark) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.push(mark);
        }
    }

    /// Words that begin at `x`.
    fn words(&mut self, x: f32, style: Style, text: &str) {
        let text = self.scale.printable(text);
        self.put(Mark::Words { x, y: self.y, style, text });
    }

    /// Words that end at `x`.
    fn ending(&mut self, x: f32, style: Style, text: &str) {
        let text = self.scale.printable(text);
        let x = x - self.scale.width(&text, style);
        self.put(Mark::Words { x, y: self.y, style, text });
    }

    fn rule(&mut self, x: f32) {
        self.put(Mark::Rule { x, to: RIGHT, y: self.y });
    }

    fn down(&mut self, by: f32) {
        self.y += by;
    }

    /// Whether a new sheet was begun, because so much does not fit on this one.
    fn turned(&mut self, height: f32) -> bool {
        if self.y + height <= BOTTOM {
            return false;
        }
        self.sheets.push(Vec::new());
        self.y = TOP;
        true
    }

    /// Who sells, who buys, which invoice this is.
    fn head(&mut self, invoice: &Invoice) {
        let seller = &invoice.seller;
        self.words(LEFT, NAME, &seller.name);
        for line in seller.address.iter().chain([&seller.email]).filter(|line| !line.is_empty()) {
            self.ending(RIGHT, QUIET, line);
            self.down(LEADING);
        }
        if !seller.vat_number.is_empty() {
            self.ending(RIGHT, QUIET, &texts::invoice_title_vat(&seller.vat_number));
            self.down(LEADING);
        }
        self.y = self.y.max(TOP + 4.0 * LEADING) + 2.0 * LEADING;
        self.words(LEFT, HEADING, &texts::invoice_title(invoice.order.number));
        self.down(2.5 * LEADING);
        let top = self.y;
        self.words(LEFT, SMALL, texts::invoice_title_buyer());
        for line in buyer(invoice) {
            self.down(LEADING);
            self.words(LEFT, TEXT, &line);
        }
        let bottom = self.y;
        self.y = top;
        for (name, value) in facts(&invoice.order) {
            self.words(LEFT + 268.0, QUIET, name);
            self.ending(RIGHT, TEXT, &value);
            self.down(LEADING);
        }
        self.y = self.y.max(bottom) + 2.5 * LEADING;
    }

    fn table_head(&mut self) {
        self.words(WHAT, SMALL, texts::invoice_column_what());
        self.ending(QUANTITY, SMALL, texts::invoice_column_quantity());
        self.ending(EACH, SMALL, texts::invoice_column_each());
        self.ending(RATE, SMALL, texts::invoice_column_tax());
        self.ending(RIGHT, SMALL, texts::invoice_column_amount());
        self.down(6.0);
        self.rule(LEFT);
        self.down(LEADING);
    }

    fn table(&mut self, invoice: &Invoice) {
        self.table_head();
        for line in &invoice.order.lines {
            let rate = invoice.rates.iter().find(|(id, _)| *id == line.id);
            self.line(line, rate.map_or("", |(_, rate)| rate.as_str()));
        }
        self.down(6.0 - LEADING);
        self.rule(LEFT);
        self.down(LEADING);
    }

    /// One thing that was bought; it stands whole on one sheet.
    fn line(&mut self, line: &OrderLine, rate: &str) {
        let titles = self.scale.wrapped(&self.scale.printable(&line.title), TEXT, WHAT_WIDE);
        let details = self.scale.wrapped(&self.scale.printable(&details(line)), SMALL, WHAT_WIDE);
        let details: Vec<_> = details.into_iter().filter(|text| !text.is_empty()).collect();
        let rows = u16::try_from(titles.len() + details.len()).unwrap_or(u16::MAX);
        if self.turned(f32::from(rows) * LEADING) {
            self.table_head();
        }
        self.ending(QUANTITY, TEXT, &line.quantity.to_string());
        self.ending(EACH, TEXT, &line.unit_price.to_string());
        self.ending(RATE, QUIET, rate);
        self.ending(RIGHT, TEXT, &amount(line).to_string());
        for title in titles {
            self.words(WHAT, TEXT, &title);
            self.down(LEADING);
        }
        for detail in details {
            self.down(-2.5);
            self.words(WHAT, SMALL, &detail);
            self.down(LEADING);
        }
        self.down(3.0);
    }

    /// A sum at the right.
    fn sum(&mut self, name: &str, value: Money, style: Style) {
        self.words(QUANTITY, style, name);
        self.ending(RIGHT, style, &value.to_string());
        self.down(LEADING);
    }

    fn totals(&mut self, invoice: &Invoice) {
        let (order, totals) = (&invoice.order, &invoice.order.totals);
        self.turned(8.0 * LEADING);
        self.down(4.0);
        self.sum(texts::invoice_sum_subtotal(), totals.subtotal, TEXT);
        if totals.discount.amount != 0 {
            let taken = Money::new(-totals.discount.amount, order.currency);
            self.sum(texts::invoice_sum_discount(), taken, TEXT);
        }
        if let Some(shipping) = totals.shipping {
            let name = order.shipping_title.as_deref().unwrap_or(texts::invoice_sum_delivery());
            self.sum(name, shipping, TEXT);
        }
        if !totals.tax_included {
            for line in &totals.tax_lines {
                self.sum(&line.title(), line.amount, TEXT);
            }
        }
        self.down(6.0 - LEADING);
        self.rule(QUANTITY);
        self.down(LEADING + 1.0);
        self.sum(texts::invoice_sum_total(), totals.total, STRONG);
        if order.paid.amount != 0 {
            self.sum(texts::invoice_sum_paid(), order.paid, TEXT);
        }
        if order.refunded.amount != 0 {
            self.sum(texts::invoice_sum_paid_back(), order.refunded, TEXT);
        }
        if let Some(due) = due(order) {
            self.sum(texts::invoice_sum_due(), due, STRONG);
        }
    }

    /// The taxes by rate: what each was taken on, and how much it is.
    fn taxes(&mut self, invoice: &Invoice) {
        if invoice.taxes.is_empty() {
            return;
        }
        let rows = u16::try_from(invoice.taxes.len()).unwrap_or(u16::MAX);
        self.turned(f32::from(rows + 3) * LEADING);
        self.down(LEADING);
        let is_inside = invoice.order.totals.tax_included;
        let title =
            if is_inside { texts::invoice_taxes_included() } else { texts::invoice_taxes() };
        self.words(LEFT, SMALL, title);
        self.ending(EACH, SMALL, texts::invoice_column_net());
        self.ending(RATE, SMALL, texts::invoice_column_tax());
        self.ending(RIGHT, SMALL, texts::invoice_column_gross());
        self.down(6.0);
        self.rule(LEFT);
        self.down(LEADING);
        let money = |amount| Money::new(amount, invoice.order.currency).to_string();
        for row in &invoice.taxes {
            self.words(LEFT, TEXT, &row.title);
            self.ending(EACH, TEXT, &money(row.net));
            self.ending(RATE, TEXT, &money(row.tax));
            self.ending(RIGHT, TEXT, &money(row.net + row.tax));
            self.down(LEADING);
        }
    }

    /// What is still to do to pay, or that nothing is.
    fn payment(&mut self, order: &Order) {
        let text = match &order.payment_instructions {
            Some(text) => text.clone(),
            None => standing(order).to_owned(),
        };
        let lines = self.scale.wrapped(&self.scale.printable(&text), TEXT, RIGHT - LEFT);
        self.turned(4.0 * LEADING);
        self.down(1.5 * LEADING);
        for line in lines {
            self.words(LEFT, TEXT, &line);
            self.down(LEADING);
        }
    }

    /// The foot of every sheet: who sells, and which sheet of how many it is.
    fn feet(&mut self, invoice: &Invoice) {
        let count = self.sheets.len();
        let name = self.scale.printable(&invoice.seller.name);
        for (place, sheet) in self.sheets.iter_mut().enumerate() {
            let left = texts::invoice_title_foot(&name, invoice.order.number);
            let right = texts::invoice_title_sheet(place + 1, count);
            let x = RIGHT - self.scale.width(&right, SMALL);
            sheet.push(Mark::Words { x: LEFT, y: FOOT, style: SMALL, text: left });
            sheet.push(Mark::Words { x, y: FOOT, style: SMALL, text: right });
        }
    }
}

/// The buyer as an envelope would have it.
fn buyer(invoice: &Invoice) -> Vec<String> {
    let order = &invoice.order;
    let Some(address) = &order.shipping_address else { return vec![order.email.clone()] };
    let town = [address.postal_code.as_deref(), Some(&address.city), address.region.as_deref()];
    let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let lines = [
        address.company.clone(),
        Some(address.name.clone()),
        Some(address.line1.clone()),
        address.line2.clone(),
        Some(town),
        invoice.country.clone(),
        Some(order.email.clone()),
    ];
    lines.into_iter().flatten().filter(|line| !line.trim().is_empty()).collect()
}

fn facts(order: &Order) -> Vec<(&'static str, String)> {
    let day = order
        .placed_at
        .unwrap_or(order.created_at)
        .format(texts::invoice_day_pattern())
        .to_string();
    let mut facts = vec![
        (texts::invoice_fact_number(), order.number.to_string()),
        (texts::invoice_fact_day(), day),
        (texts::invoice_fact_payment(), order.payment_title.clone()),
    ];
    if let Some(delivery) = &order.shipping_title {
        facts.push((texts::invoice_fact_delivery(), delivery.clone()));
    }
    facts
}

/// What was chosen, the stock keeping unit, and what was taken off.
fn details(line: &OrderLine) -> String {
    let chosen = line.options.iter().map(|option| format!("{} {}", option.name, option.value));
    let sku = line.sku.iter().cloned();
    let off = (line.discount.amount != 0).then(|| texts::invoice_taken_off(line.discount));
    chosen.chain(sku).chain(off).collect::<Vec<_>>().join(" · ")
}

/// What all of a line costs, before anything is taken off.
fn amount(line: &OrderLine) -> Money {
    Money::new(line.unit_price.amount * i64::from(line.quantity), line.unit_price.currency)
}

fn is_called_off(order: &Order) -> bool {
    matches!(order.status, OrderStatus::Cancelled | OrderStatus::Expired)
}

/// What is still to be paid, if anything is.
fn due(order: &Order) -> Option<Money> {
    let due = order.totals.total.amount - (order.paid.amount - order.refunded.amount);
    (due > 0 && order.refunded.amount == 0 && !is_called_off(order))
        .then(|| Money::new(due, order.currency))
}

/// Where the money is, in a sentence.
fn standing(order: &Order) -> &'static str {
    match order.payment_status {
        _ if is_called_off(order) => texts::invoice_standing_cancelled(),
        PaymentStatus::Refunded => texts::invoice_standing_paid_back(),
        PaymentStatus::PartiallyRefunded => texts::invoice_standing_partly_paid_back(),
        PaymentStatus::Paid | PaymentStatus::Overpaid => texts::invoice_standing_paid(),
        _ => texts::invoice_standing_open(),
    }
}
