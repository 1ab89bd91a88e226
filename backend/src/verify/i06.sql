SELECT count(*)
FROM (
    SELECT FROM orders WHERE status NOT IN ('cancelled', 'expired') GROUP BY cart_id HAVING count(*) > 1
    UNION ALL
    SELECT FROM orders GROUP BY cart_id, cart_version HAVING count(*) > 1
) AS twice
