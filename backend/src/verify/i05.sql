SELECT count(*)
FROM stock_hold
LEFT JOIN orders USING (order_id)
WHERE (state = 'active' AND status IS DISTINCT FROM 'pending_payment')
    OR (state = 'converted' AND status NOT IN ('placed', 'on_hold', 'completed'))
    OR (state IN ('released', 'expired') AND status NOT IN ('cancelled', 'expired'))
