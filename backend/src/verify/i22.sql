SELECT
    (SELECT count(*) FROM orders WHERE placed_at IS NOT NULL AND 1 <> (
        SELECT count(*) FROM outbox WHERE topic = 'order.placed' AND aggregate_id = order_id))
    + (SELECT count(*) FROM outbox WHERE relayed_at IS NOT NULL AND topic = 'order.placed' AND 1 <> (
        SELECT count(*) FROM job WHERE dedupe_key = 'mail.order_placed:' || event_id))
    + (SELECT count(*) FROM job WHERE kind = 'mail.order_placed' AND done_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM mail_sent WHERE mail_sent.dedupe_key = 'mail.order_placed:' || (payload ->> 'order_id')))
