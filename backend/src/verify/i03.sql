SELECT count(*)
FROM (
    SELECT variant_id, sum(quantity - quantity_cancelled) AS sold
    FROM order_line
    JOIN orders USING (order_id)
    JOIN variant USING (variant_id)
    WHERE status NOT IN ('cancelled', 'expired') AND track_inventory
    GROUP BY variant_id
) AS sales
CROSS JOIN LATERAL (
    SELECT COALESCE(sum(delta_on_hand) FILTER (WHERE kind <> 'ship'), 0) AS received
    FROM stock_movement
    WHERE stock_movement.variant_id = sales.variant_id
) AS moved
WHERE sold > received AND sold > received + (
    SELECT COALESCE(sum(backorder_limit + stock_still_missing(variant_id, location_id)), 0)
    FROM stock_level
    WHERE stock_level.variant_id = sales.variant_id
)
