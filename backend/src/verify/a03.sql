SELECT count(*)
FROM orders
JOIN order_line USING (order_id)
JOIN variant USING (variant_id)
WHERE status IN ('pending_payment', 'placed', 'on_hold') AND track_inventory
    AND quantity - quantity_fulfilled - quantity_cancelled <> COALESCE((
        SELECT sum(stock_hold.quantity - shipped)
        FROM stock_hold
        WHERE stock_hold.order_id = orders.order_id AND stock_hold.variant_id = order_line.variant_id
            AND state IN ('active', 'converted')), 0)
