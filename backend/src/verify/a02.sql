SELECT count(*)
FROM orders
JOIN payment USING (order_id)
WHERE paid_minor <> captured_minor
    OR orders.refunded_minor <> payment.refunded_minor
    OR payment_status <> CASE
        WHEN paid_minor = 0 AND total_minor > 0 THEN 'unpaid'
        WHEN orders.refunded_minor > 0 AND orders.refunded_minor >= paid_minor THEN 'refunded'
        WHEN orders.refunded_minor > 0 THEN 'partially_refunded'
        WHEN paid_minor < total_minor THEN 'partially_paid'
        WHEN paid_minor > total_minor THEN 'overpaid'
        WHEN status = 'pending_payment' OR placed_at IS NULL THEN payment_status
        ELSE 'paid'
    END
