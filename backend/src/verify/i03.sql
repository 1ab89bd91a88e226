SELECT count(*)
FROM (
    SELECT variant_id, sum(quantity - quantity_cancelled) AS sold
    FROM order_line
    JOIN orders USING (order_id)
    JOIN variant USING (variant_id)
    WHERE status NOT IN ('cancelled', 'expired') AND track_inventory
    GROUP BY variant_id
) AS sales
WHERE sold > (
    SELECT COALESCE(sum(delta_on_hand) FILTER (WHERE kind <> 'ship'), 0) + COALESCE(sum(missing), 0)
    FROM stock_movement
    WHERE stock_movement.variant_id = sales.variant_id
) + (
    SELECT COALESCE(sum(backorder_limit), 0)
    FROM stock_level
    WHERE stock_level.variant_id = sales.variant_id
)
