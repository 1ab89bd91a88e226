SELECT
    (SELECT count(*) FROM order_line WHERE quantity_fulfilled <> COALESCE((
        SELECT sum(fulfilment_line.quantity)
        FROM fulfilment_line
        JOIN fulfilment USING (fulfilment_id)
        WHERE fulfilment_line.order_line_id = order_line.order_line_id
            AND state IN ('shipped', 'delivered', 'failed_delivery', 'returned')), 0))
    + (SELECT count(*) FROM order_line WHERE quantity - quantity_cancelled < COALESCE((
        SELECT sum(fulfilment_line.quantity)
        FROM fulfilment_line
        JOIN fulfilment USING (fulfilment_id)
        WHERE fulfilment_line.order_line_id = order_line.order_line_id AND state <> 'cancelled'), 0))
    + (SELECT count(*) FROM fulfilment JOIN orders USING (order_id)
        WHERE state IN ('pending', 'packed') AND status NOT IN ('placed', 'on_hold'))
