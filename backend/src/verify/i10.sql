SELECT count(*)
FROM orders
LEFT JOIN LATERAL (
    SELECT COALESCE(sum(unit_price_minor * quantity), 0) AS subtotal, COALESCE(sum(discount_minor), 0) AS discount,
        COALESCE(sum(total_minor), 0) AS total, COALESCE(sum(tax_minor), 0) AS tax,
        COALESCE(bool_or(quantity NOT BETWEEN 1 AND 999), false) AS is_odd
    FROM order_line
    WHERE order_line.order_id = orders.order_id
) AS line ON true
LEFT JOIN LATERAL (
    SELECT COALESCE(sum(amount_minor), 0) AS tax,
        COALESCE(sum(amount_minor) FILTER (WHERE order_line_id IS NULL), 0) AS shipping_tax
    FROM order_tax_line
    WHERE order_tax_line.order_id = orders.order_id
) AS taxes ON true
WHERE subtotal_minor <> line.subtotal
    OR discount_minor <> line.discount
    OR tax_minor <> taxes.tax
    OR line.tax + taxes.shipping_tax <> taxes.tax
    OR total_minor <> line.total + COALESCE(shipping_minor, 0) + CASE WHEN tax_included THEN 0 ELSE taxes.shipping_tax END
    OR line.is_odd
