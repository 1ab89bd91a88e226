SELECT count(*) FROM job WHERE done_at IS NULL AND dead_at IS NULL AND lease_until < now() - interval '2 minutes'
