//! An order as its shopper sees it.

use api_types::{Money, Order, OrderEvent, OrderId, OrderLine, OrderStatus, TaxLine, Totals};
use sqlx::{PgConnection, types::Json};

use super::{
    status,
    store::{self, Sheet},
};
use crate::payments;

/// The whole order; `None` when there is no such order. The caller has checked who asks.
pub async fn order(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Option<Order>> {
    let Some(sheet) = store::sheet(&mut *db, id).await? else { return Ok(None) };
    let lines = store::lines(&mut *db, id, sheet.currency).await?;
    let taxes = store::taxes(&mut *db, id, sheet.currency).await?;
    let events = store::events(&mut *db, id).await?;
    let instructions =
        payments::instructions(db, &sheet.payment_method, sheet.status, sheet.payment_status)
            .await?;
    let number = sheet.number;
    let mut order = sheet.order(id, lines, taxes, events);
    order.payment_instructions =
        instructions.map(|account| format!("{account} Reference: {number}."));
    Ok(Some(order))
}

impl Sheet {
    fn order(
        self,
        id: OrderId,
        lines: Vec<OrderLine>,
        tax_lines: Vec<TaxLine>,
        events: Vec<OrderEvent>,
    ) -> Order {
        let money = |amount| Money::new(amount, self.currency);
        let is_pending = self.status == OrderStatus::PendingPayment;
        Order {
            id,
            number: self.number,
            cart_id: self.cart_id,
            status: self.status,
            payment_status: self.payment_status,
            fulfilment_status: self.fulfilment_status,
            placed_at: self.placed_at,
            created_at: self.created_at,
            expires_at: is_pending.then_some(self.expires_at),
            email: self.email,
            currency: self.currency,
            lines,
            totals: Totals {
                subtotal: money(self.subtotal_minor),
                discount: money(self.discount_minor),
                shipping: self.shipping_minor.map(money),
                tax: money(self.tax_minor),
                tax_included: self.tax_included,
                tax_lines,
                total: money(self.total_minor),
            },
            paid: money(self.paid_minor),
            refunded: money(self.refunded_minor),
            shipping_address: self.shipping_address.map(|Json(address)| address),
            shipping_title: self.shipping_title,
            delivery_days: self.shipping_min_days.zip(self.shipping_max_days),
            payment_title: payments::title(&self.payment_method).to_owned(),
            payment_instructions: None,
            events,
            can_cancel: status::can_cancel(self.status, self.fulfilment_status),
            can_pay: is_pending,
            note: self.note,
            version: self.version,
        }
    }
}
