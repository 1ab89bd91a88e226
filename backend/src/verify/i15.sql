SELECT count(*)
FROM payment_attempt
JOIN payment USING (payment_id)
JOIN orders USING (order_id)
LEFT JOIN payment_case USING (attempt_id)
WHERE payment_attempt.state = 'captured'
    AND payment_case.case_id IS NULL
    AND status NOT IN ('placed', 'on_hold', 'completed')
    AND NOT EXISTS (SELECT FROM refund WHERE refund.attempt_id = payment_attempt.attempt_id)
