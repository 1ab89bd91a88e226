//! The words of letters.

use std::fmt::Write;

use api_types::{Address, Order, OrderLine, admin::Fulfilment};
use url::Url;

use super::{Letter, store::Loss};
use crate::texts;

/// "Thank you": what was bought, where it goes, what to do next.
pub fn order_placed(order: &Order, link: &Url) -> Letter {
    let opening = match &order.payment_instructions {
        Some(instructions) => texts::letter_placed_opening_transfer(order.number, instructions),
        None => texts::letter_placed_opening(order.number),
    };
    written(order, link, texts::letter_placed(order.number), &opening)
}

/// "Called off": what becomes of the money.
pub fn order_cancelled(order: &Order, link: &Url) -> Letter {
    let opening = if order.paid.amount > 0 {
        texts::letter_cancelled_opening_paid(order.number, order.paid)
    } else {
        texts::letter_cancelled_opening(order.number)
    };
    written(order, link, texts::letter_cancelled(order.number), &opening)
}

/// "On its way": what of it, with whom, and where to follow it.
pub fn order_shipped(order: &Order, parcel: &Fulfilment, link: &Url) -> Letter {
    let carrier = parcel.carrier.as_deref().map(texts::letter_shipped_carrier);
    let number = parcel.tracking_number.as_deref().map(texts::letter_shipped_tracking);
    let opening = texts::letter_shipped_opening(order.number);
    let words: Vec<_> = [Some(opening), carrier, number].into_iter().flatten().collect();
    let follow = parcel.tracking_url.as_deref().and_then(|url| url.parse().ok());
    let (link_words, link) = match &follow {
        Some(follow) => (texts::letter_shipped_follow(), follow),
        None => (texts::letter_see_order(), link),
    };
    let subject = texts::letter_shipped(order.number);
    Letter::short(&order.email, &subject, &words.join(" "), link_words, link)
}

/// Most goods and orders that a letter to staff names.
const NAMED: usize = 20;

/// "Missing": what of it, where, and which orders wait for it.
pub fn stock_shortfall(to: &str, losses: &[Loss], orders: &[i64], link: &Url) -> Letter {
    let missing = losses.iter().map(|loss| i64::from(loss.missing)).sum::<i64>();
    let goods = losses.iter().map(|loss| {
        let name = [loss.title.as_str(), loss.sku.as_str()].join(" ");
        texts::staff_shortfall_goods(&loss.place, loss.missing, name.trim())
    });
    let orders = orders.iter().map(|number| format!("#{number}"));
    let text = texts::staff_shortfall_text(some(goods, "; "), some(orders, ", "));
    let subject = texts::staff_shortfall(missing);
    Letter::short(to, &subject, &text, texts::staff_shortfall_link(), link)
}

/// The first of many, with dots when there are more.
fn some(all: impl Iterator<Item = String>, between: &str) -> String {
    let mut named: Vec<_> = all.take(NAMED + 1).collect();
    if let Some(more) = named.get_mut(NAMED) {
        "…".clone_into(more);
    }
    named.join(between)
}

fn written(order: &Order, link: &Url, subject: String, opening: &str) -> Letter {
    Letter {
        to: order.email.clone(),
        subject,
        text: text(order, link, opening),
        html: html(order, link, opening),
    }
}

fn text(order: &Order, link: &Url, opening: &str) -> String {
    let mut text = format!("{opening}\n\n");
    for line in &order.lines {
        let _ = writeln!(text, "{} x {}  {}", line.quantity, name(line), line.total);
    }
    text.push('\n');
    for (name, amount) in sums(order) {
        let _ = writeln!(text, "{name}: {amount}");
    }
    if let Some(address) = &order.shipping_address {
        let lines = address_lines(address).join("\n");
        let _ = write!(text, "\n{}\n{lines}\n", texts::letter_delivery_to());
    }
    let (see, shop) = (texts::letter_see_order(), texts::letter_shop());
    let _ = write!(text, "\n{see}: {link}\n\n{shop}\n");
    text
}

fn html(order: &Order, link: &Url, opening: &str) -> String {
    let mut rows = String::new();
    for line in &order.lines {
        let _ = write!(
            rows,
            "<tr><td>{} × {}<td align=right>{}",
            line.quantity,
            escaped(&name(line)),
            line.total
        );
    }
    for (name, amount) in sums(order) {
        let _ = write!(rows, "<tr><td>{}<td align=right>{amount}", escaped(&name));
    }
    let address = order.shipping_address.as_ref().map_or_else(String::new, |address| {
        let lines: Vec<_> = address_lines(address).iter().map(|line| escaped(line)).collect();
        format!("<p>{}<br>{}</p>", texts::letter_delivery_to(), lines.join("<br>"))
    });
    format!(
        "<!doctype html><html lang={}><body style=\"font-family:system-ui,sans-serif;line-height:1.5;max-width:36rem\">\
         <h1 style=\"font-weight:400\">{}</h1><p>{}</p><table width=\"100%\" cellpadding=4>{rows}</table>{address}\
         <p><a href=\"{}\">{}</a></p></body></html>",
        texts::language().code(),
        texts::letter_shop(),
        escaped(opening),
        escaped(link.as_str()),
        texts::letter_see_order(),
    )
}

/// A paragraph and a link, as plain text.
pub fn short_text(text: &str, link_words: &str, link: &Url) -> String {
    format!("{text}\n\n{link_words}: {link}\n")
}

/// The same with type.
pub fn short_html(text: &str, link_words: &str, link: &Url) -> String {
    format!(
        "<!doctype html><html lang={}><body style=\"font-family:system-ui,sans-serif;line-height:1.5;max-width:36rem\">\
         <h1 style=\"font-weight:400\">{}</h1><p>{}</p><p><a href=\"{}\">{}</a></p></body></html>",
        texts::language().code(),
        texts::letter_shop(),
        escaped(text),
        escaped(link.as_str()),
        escaped(link_words),
    )
}

fn sums(order: &Order) -> Vec<(String, String)> {
    let totals = &order.totals;
    let mut sums = vec![(texts::letter_goods().to_owned(), totals.subtotal.to_string())];
    if let Some(shipping) = totals.shipping {
        sums.push((texts::letter_delivery().to_owned(), shipping.to_string()));
    }
    sums.extend(totals.tax_lines.iter().map(|tax| {
        let name = if totals.tax_included {
            texts::letter_tax_included(tax.title())
        } else {
            texts::letter_tax_added(tax.title())
        };
        (name, tax.amount.to_string())
    }));
    sums.push((texts::letter_total().to_owned(), totals.total.to_string()));
    sums
}

fn name(line: &OrderLine) -> String {
    let options: Vec<_> = line.options.iter().map(|option| option.value.as_str()).collect();
    if options.is_empty() {
        line.title.clone()
    } else {
        format!("{} ({})", line.title, options.join(", "))
    }
}

fn address_lines(address: &Address) -> Vec<String> {
    let town = [address.postal_code.as_deref(), Some(&address.city), address.region.as_deref()];
    let town: Vec<_> = town.into_iter().flatten().collect();
    [
        Some(address.name.clone()),
        address.company.clone(),
        Some(address.line1.clone()),
        address.line2.clone(),
        Some(town.join(" ")),
        Some(address.country.clone()),
    ]
    .into_iter()
    .flatten()
    .filter(|line| !line.is_empty())
    .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
