SELECT count(*)
FROM (SELECT FROM cart_line GROUP BY cart_id, variant_id HAVING count(*) > 1 OR bool_or(quantity < 1)) AS twice
