SELECT count(*)
FROM stock_level
WHERE reserved < 0 OR on_hand < 0 OR (
    reserved > on_hand + backorder_limit
    AND reserved > on_hand + backorder_limit + stock_still_missing(variant_id, location_id)
)
