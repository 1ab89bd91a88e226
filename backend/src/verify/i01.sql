SELECT count(*)
FROM stock_level
WHERE reserved < 0 OR on_hand < 0 OR reserved > on_hand + backorder_limit + (
    SELECT COALESCE(sum(missing), 0)
    FROM stock_movement
    WHERE stock_movement.variant_id = stock_level.variant_id AND stock_movement.location_id = stock_level.location_id
)
