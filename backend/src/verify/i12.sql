SELECT count(*)
FROM orders
LEFT JOIN LATERAL (
    SELECT count(*) AS events, COALESCE(max(seq), 0) AS last,
        count(*) FILTER (WHERE kind = 'created') AS created,
        count(*) FILTER (WHERE kind = 'placed') AS placed,
        count(*) FILTER (WHERE kind IN ('cancelled', 'expired')) AS ended
    FROM order_event
    WHERE order_event.order_id = orders.order_id
) AS history ON true
WHERE events <> last
    OR created <> 1
    OR placed <> (placed_at IS NOT NULL)::integer
    OR ended <> (status IN ('cancelled', 'expired'))::integer
