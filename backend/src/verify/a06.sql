SELECT count(*)
FROM staff
WHERE octet_length(code_secret) <> 53 OR get_byte(code_secret, 0) <> 1
    OR octet_length(pending_secret) <> 53 OR get_byte(pending_secret, 0) <> 1
