SELECT count(*) FROM payment_event WHERE processed_at IS NULL AND received_at < now() - interval '2 minutes'
