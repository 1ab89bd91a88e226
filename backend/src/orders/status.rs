//! The states of an order and the moves between them (pure; product.md 4).

use api_types::{FulfilmentStatus, OrderStatus, PaymentStatus, admin::FulfilmentState};

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

/// Units of an order that are delivered, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// Bought and not called off.
    pub bought: i64,
    /// Sent.
    pub sent: i64,
    /// Handed over.
    pub delivered: i64,
    /// Back with us.
    pub returned: i64,
}

/// Where the goods of an order are.
pub fn fulfilment_status(units: Units) -> FulfilmentStatus {
    let Units { bought, sent, delivered, returned } = units;
    match bought {
        0 => FulfilmentStatus::NotRequired,
        _ if returned > 0 && returned >= bought => FulfilmentStatus::Returned,
        _ if returned > 0 => FulfilmentStatus::PartiallyReturned,
        _ if sent == 0 => FulfilmentStatus::Unfulfilled,
        _ if sent < bought => FulfilmentStatus::Partial,
        _ if delivered >= bought => FulfilmentStatus::Delivered,
        _ => FulfilmentStatus::Fulfilled,
    }
}

/// Whether a parcel may go from one state to another; the schema refuses the rest too.
pub fn may_move(from: FulfilmentState, to: FulfilmentState) -> bool {
    use FulfilmentState::{
        Cancelled, Delivered, FailedDelivery, Packed, Pending, Returned, Shipped,
    };
    matches!(
        (from, to),
        (Pending, Packed | Shipped | Cancelled)
            | (Packed, Shipped | Cancelled)
            | (Shipped, Delivered | FailedDelivery)
            | (FailedDelivery, Delivered | Returned)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_decide_where_the_goods_are() {
        use FulfilmentStatus::{
            Delivered, Fulfilled, NotRequired, Partial, PartiallyReturned, Returned, Unfulfilled,
        };
        for (bought, sent, delivered, returned, status) in [
            (0, 0, 0, 0, NotRequired),
            (3, 0, 0, 0, Unfulfilled),
            (3, 2, 2, 0, Partial),
            (3, 3, 2, 0, Fulfilled),
            (3, 3, 3, 0, Delivered),
            (3, 3, 3, 1, PartiallyReturned),
            (3, 3, 3, 3, Returned),
        ] {
            let units = Units { bought, sent, delivered, returned };
            assert_eq!(fulfilment_status(units), status, "{units:?}");
        }
    }

    #[test]
    fn a_parcel_ends_once() {
        use FulfilmentState::{
            Cancelled, Delivered, FailedDelivery, Packed, Pending, Returned, Shipped,
        };
        for end in [Cancelled, Delivered, Returned] {
            for next in [Pending, Packed, Shipped, Delivered, Cancelled, FailedDelivery, Returned] {
                assert!(!may_move(end, next), "{end:?} to {next:?}");
            }
        }
    }

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
