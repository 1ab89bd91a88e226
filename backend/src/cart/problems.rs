//! What stands in the way of buying a cart, and the words for it.

use api_types::{CartProblem, LineId};

use super::{LineRow, Priced, address};

/// Every problem, lines first, in the order a shopper would mend them.
pub fn of(priced: &Priced) -> Vec<CartProblem> {
    let mut problems: Vec<_> = priced.lines.iter().filter_map(of_line).collect();
    if priced.lines.is_empty() {
        problems.push(problem("empty", "Your cart is empty."));
    }
    if priced.cart.email.as_deref().is_none_or(|email| !address::is_email(email)) {
        problems.push(problem("email_missing", "Tell us where to send the confirmation."));
    }
    if priced.requires_shipping() {
        problems.extend(of_delivery(priced));
    }
    problems
}

fn of_line(line: &LineRow) -> Option<CartProblem> {
    let title = &line.title;
    let left = line.max_quantity();
    let (code, message) = if !line.can_be_priced() {
        ("unavailable", format!("{title} is not sold any more. Please remove it."))
    } else if left == 0 {
        ("insufficient_stock", format!("{title} is sold out. Please remove it."))
    } else if left < line.quantity {
        (
            "insufficient_stock",
            format!("Only {left} of {title} can be bought. Please lower the quantity."),
        )
    } else {
        return None;
    };
    Some(CartProblem { line_id: Some(line.id), ..problem(code, &message) })
}

fn of_delivery(priced: &Priced) -> Option<CartProblem> {
    let known = priced.cart.shipping_address.as_deref();
    if known.is_none_or(|known| !address::mistakes(known, &priced.country).is_empty()) {
        return Some(problem("address_missing", "Tell us where to deliver."));
    }
    if priced.shipping_options().is_empty() {
        return Some(problem(
            "shipping_unavailable",
            "We cannot deliver this cart to that country.",
        ));
    }
    priced.method().is_none().then(|| problem("shipping_missing", "Choose how we should deliver."))
}

fn problem(code: &str, message: &str) -> CartProblem {
    CartProblem { code: code.to_owned(), message: message.to_owned(), line_id: None::<LineId> }
}
