SELECT count(*) FROM (
    SELECT session_id FROM refresh_token WHERE used_at IS NULL GROUP BY session_id HAVING count(*) > 1
) AS family
