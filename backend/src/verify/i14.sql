WITH ours AS (
    SELECT provider_ref, COALESCE(payment_case.amount_minor, payment.amount_minor) AS amount_minor,
        COALESCE(payment_case.currency, payment.currency) AS currency
    FROM payment_attempt
    JOIN payment USING (payment_id)
    LEFT JOIN payment_case USING (attempt_id)
    WHERE payment_attempt.state = 'captured' AND provider = 'test'
), theirs AS (
    SELECT intent_ref, amount_minor, currency FROM test_provider_intent WHERE state = 'succeeded'
)
SELECT
    (SELECT count(*) FROM (
        (TABLE ours EXCEPT ALL TABLE theirs) UNION ALL (TABLE theirs EXCEPT ALL TABLE ours)
    ) AS difference)
    + (SELECT count(*) FROM payment JOIN orders USING (order_id) WHERE captured_minor > total_minor)
    + (SELECT count(*) FROM (
        SELECT FROM payment_attempt WHERE state IN ('created', 'requires_action') GROUP BY payment_id HAVING count(*) > 1
    ) AS twice)
