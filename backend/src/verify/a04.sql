SELECT count(*) FROM audit_broken_at() AS broken (seq) WHERE seq IS NOT NULL
