SELECT count(*)
FROM payment
LEFT JOIN LATERAL (
    SELECT COALESCE(sum(amount_minor) FILTER (WHERE state = 'succeeded'), 0) AS done,
        COALESCE(sum(amount_minor) FILTER (WHERE state IN ('awaiting', 'pending')), 0) AS pending
    FROM refund
    WHERE refund.payment_id = payment.payment_id
) AS back ON true
WHERE refunded_minor <> done OR refunding_minor <> pending
    OR refunded_minor + refunding_minor > captured_minor OR captured_minor > authorized_minor
