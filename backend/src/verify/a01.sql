SELECT
    (SELECT count(*) FROM cart LEFT JOIN orders USING (order_id)
        WHERE cart.status = 'ordered' AND orders.cart_id IS DISTINCT FROM cart.cart_id)
    + (SELECT count(*) FROM orders LEFT JOIN cart USING (cart_id)
        WHERE orders.status = 'pending_payment' AND cart.order_id IS DISTINCT FROM orders.order_id)
