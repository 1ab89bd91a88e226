//! What the page of an order says.

use api_types::{FulfilmentStatus, Order, OrderStatus};
use chrono::{DateTime, Datelike, Days, Utc, Weekday};

use super::Sheet;
use crate::texts;

/// What happened, and what happens next.
pub fn heading(sheet: &Sheet) -> (String, String) {
    let order = &sheet.order;
    match order.status {
        OrderStatus::PendingPayment if sheet.is_waiting => {
            (texts::order_waiting().to_owned(), texts::order_waiting_text().to_owned())
        }
        OrderStatus::PendingPayment => {
            (texts::order_unpaid().to_owned(), texts::order_unpaid_text().to_owned())
        }
        OrderStatus::Cancelled => {
            (texts::order_is_cancelled().to_owned(), texts::order_is_cancelled_text().to_owned())
        }
        OrderStatus::Expired => {
            (texts::order_expired().to_owned(), texts::order_expired_text().to_owned())
        }
        OrderStatus::OnHold => {
            (texts::order_on_hold(order.number), texts::order_on_hold_text(&order.email))
        }
        OrderStatus::Placed | OrderStatus::Completed => {
            let title = if sheet.is_new { texts::order_thanks() } else { texts::order_yours() };
            (title.to_owned(), texts::order_placed(next(order), &order.email))
        }
    }
}

/// What happens to the goods next.
fn next(order: &Order) -> String {
    match order.fulfilment_status {
        FulfilmentStatus::Unfulfilled if order.payment_instructions.is_some() => {
            texts::order_next_transfer().to_owned()
        }
        FulfilmentStatus::Unfulfilled => {
            let days = order.placed_at.zip(order.delivery_days);
            let days = days.map(|(placed, (from, to))| arrival(placed, from, to));
            let pack = || texts::order_next_pack().to_owned();
            days.map_or_else(pack, texts::order_next_pack_arrives)
        }
        FulfilmentStatus::Partial => texts::order_next_partial().to_owned(),
        FulfilmentStatus::Fulfilled => texts::order_next_sent().to_owned(),
        FulfilmentStatus::Delivered | FulfilmentStatus::NotRequired => {
            texts::order_next_delivered().to_owned()
        }
        FulfilmentStatus::PartiallyReturned => texts::order_next_partly_returned().to_owned(),
        FulfilmentStatus::Returned => texts::order_next_returned().to_owned(),
    }
}

/// The days on which a parcel arrives, `Thursday 26 to Monday 30 November`.
fn arrival(placed: DateTime<Utc>, from: i32, to: i32) -> String {
    let (first, last) = (working_day(placed, from), working_day(placed, to));
    let (long, short) = (texts::order_days_pattern(), texts::order_days_pattern_short());
    if first.date_naive() == last.date_naive() {
        return texts::order_days_on(last.format(long));
    }
    let is_one_month = first.month() == last.month();
    let first = first.format(if is_one_month { short } else { long });
    texts::order_days_between(first, last.format(long))
}

/// That many working days later.
fn working_day(start: DateTime<Utc>, days: i32) -> DateTime<Utc> {
    let mut day = start;
    let mut left = days.clamp(0, 90);
    while left > 0 {
        day = day.checked_add_days(Days::new(1)).unwrap_or(day);
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    day
}

/// Where the money is, in a sentence.
pub fn paid(order: &Order) -> String {
    let paid = match order.paid.amount {
        0 => texts::order_not_paid(&order.payment_title),
        _ => texts::order_paid(&order.payment_title, order.paid),
    };
    match order.refunded.amount {
        0 => paid,
        _ => texts::order_refunded(paid, order.refunded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_parcel_arrives_on_working_days() {
        // A Tuesday.
        let placed = at("2026-11-24T10:00:00Z");

        assert_eq!(arrival(placed, 2, 4), "Thursday 26 to Monday 30 November");
        assert_eq!(arrival(placed, 1, 1), "on Wednesday 25 November");
        assert_eq!(arrival(placed, 4, 5), "Monday 30 November to Tuesday 1 December");
    }
}
