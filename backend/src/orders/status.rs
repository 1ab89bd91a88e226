//! The states of an order and the moves between them (pure; product.md 4).

use api_types::{FulfilmentStatus, OrderStatus, PaymentStatus};

/// Whether an order may go from one state to another; the schema refuses the rest too.
pub fn may_go(from: OrderStatus, to: OrderStatus) -> bool {
    use OrderStatus::{Cancelled, Completed, Expired, OnHold, PendingPayment, Placed};
    matches!(
        (from, to),
        (PendingPayment, Placed | Expired | Cancelled)
            | (Placed, OnHold | Completed | Cancelled)
            | (OnHold, Placed | Cancelled)
    )
}

/// Whether its shopper may call an order off: nothing has been sent yet.
pub fn can_cancel(status: OrderStatus, fulfilment: FulfilmentStatus) -> bool {
    may_go(status, OrderStatus::Cancelled)
        && matches!(fulfilment, FulfilmentStatus::Unfulfilled | FulfilmentStatus::NotRequired)
}

/// Where the money of an order is, from what came and what went back, in minor units.
pub fn payment_status(total: i64, paid: i64, refunded: i64) -> PaymentStatus {
    match (paid, refunded) {
        (0, _) if total > 0 => PaymentStatus::Unpaid,
        (paid, refunded) if refunded > 0 && refunded >= paid => PaymentStatus::Refunded,
        (_, refunded) if refunded > 0 => PaymentStatus::PartiallyRefunded,
        (paid, _) if paid < total => PaymentStatus::PartiallyPaid,
        (paid, _) if paid > total => PaymentStatus::Overpaid,
        _ => PaymentStatus::Paid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_decides_the_payment_status() {
        for (total, paid, refunded, status) in [
            (100, 0, 0, PaymentStatus::Unpaid),
            (0, 0, 0, PaymentStatus::Paid),
            (100, 40, 0, PaymentStatus::PartiallyPaid),
            (100, 100, 0, PaymentStatus::Paid),
            (100, 120, 0, PaymentStatus::Overpaid),
            (100, 100, 30, PaymentStatus::PartiallyRefunded),
            (100, 100, 100, PaymentStatus::Refunded),
        ] {
            assert_eq!(payment_status(total, paid, refunded), status, "{total} {paid} {refunded}");
        }
    }

    #[test]
    fn an_order_ends_once() {
        use OrderStatus::{Cancelled, Completed, Expired, OnHold, PendingPayment, Placed};
        for end in [Cancelled, Completed, Expired] {
            for next in [PendingPayment, Placed, OnHold, Completed, Cancelled, Expired] {
                assert!(!may_go(end, next), "{end:?} to {next:?}");
            }
        }
    }

    #[test]
    fn what_was_sent_cannot_be_called_off() {
        assert!(can_cancel(OrderStatus::Placed, FulfilmentStatus::Unfulfilled));
        assert!(!can_cancel(OrderStatus::Placed, FulfilmentStatus::Partial));
        assert!(!can_cancel(OrderStatus::Expired, FulfilmentStatus::Unfulfilled));
    }
}
