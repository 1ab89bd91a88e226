SELECT count(*)
FROM stock_level
LEFT JOIN LATERAL (
    SELECT COALESCE(sum(delta_on_hand), 0) AS on_hand, COALESCE(sum(delta_reserved), 0) AS reserved
    FROM stock_movement
    WHERE stock_movement.variant_id = stock_level.variant_id AND stock_movement.location_id = stock_level.location_id
) AS moved ON true
LEFT JOIN LATERAL (
    SELECT COALESCE(sum(quantity - shipped), 0) AS reserved
    FROM stock_hold
    WHERE stock_hold.variant_id = stock_level.variant_id AND stock_hold.location_id = stock_level.location_id
        AND state IN ('active', 'converted')
) AS held ON true
WHERE stock_level.on_hand <> moved.on_hand OR stock_level.reserved <> moved.reserved
    OR stock_level.reserved <> held.reserved
