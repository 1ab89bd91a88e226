-- Those who work for the shop, the programs that do, and a log of what they changed.

CREATE TABLE staff (
    staff_id       uuid        PRIMARY KEY,
    email          text        NOT NULL,
    name           text        NOT NULL DEFAULT ''
        CONSTRAINT staff_name_length CHECK (length(name) <= 100),
    role           text        NOT NULL
        CONSTRAINT staff_role_known CHECK (role IN ('support', 'catalog', 'finance', 'admin')),
    state          text        NOT NULL DEFAULT 'invited'
        CONSTRAINT staff_state_known CHECK (state IN ('invited', 'active', 'disabled')),
    -- Goes into the invitation's secret; absent once it was used.
    invite_nonce   bytea,
    invited_until  timestamptz,
    password_hash  text
        CONSTRAINT staff_password_is_argon2id CHECK (password_hash LIKE '$argon2id$v=19$%'),
    -- The authenticator's secret, and the one that waits for its first code.
    code_secret    bytea,
    pending_secret bytea,
    -- Time step of the last code that was taken: each is good once.
    code_step      bigint      NOT NULL DEFAULT 0,
    version        integer     NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    last_seen_at   timestamptz,
    CONSTRAINT staff_active_has_a_password CHECK (state <> 'active' OR password_hash IS NOT NULL)
);

CREATE UNIQUE INDEX staff_email_once ON staff (lower(email));

-- Codes for the day that the authenticator is lost, as SHA-256.
CREATE TABLE staff_recovery_code (
    staff_id  uuid  NOT NULL
        CONSTRAINT staff_recovery_code_staff_exists REFERENCES staff ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    PRIMARY KEY (staff_id, code_hash)
);

-- A session opens nothing before its `step` is `open`; each step has a token of its own.
CREATE TABLE staff_session (
    token_hash   bytea       PRIMARY KEY,
    staff_id     uuid        NOT NULL
        CONSTRAINT staff_session_staff_exists REFERENCES staff ON DELETE CASCADE,
    step         text        NOT NULL
        CONSTRAINT staff_session_step_known CHECK (step IN ('enrol', 'code', 'open')),
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);

CREATE INDEX staff_session_of_staff ON staff_session (staff_id);
CREATE INDEX staff_session_expiry ON staff_session (expires_at);

CREATE TABLE api_key (
    api_key_id   uuid        PRIMARY KEY,
    name         text        NOT NULL
        CONSTRAINT api_key_name_length CHECK (length(name) BETWEEN 1 AND 100),
    secret_hash  bytea       NOT NULL
        CONSTRAINT api_key_secret_once UNIQUE,
    ending       text        NOT NULL,
    permissions  text[]      NOT NULL,
    made_by      uuid        NOT NULL
        CONSTRAINT api_key_maker_exists REFERENCES staff,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz
);

-- Who changed what. Each entry's hash covers the one before it, so that none can be changed, taken out or slipped in.
CREATE TABLE audit_log (
    seq        bigint      PRIMARY KEY,
    at         timestamptz NOT NULL,
    actor      text        NOT NULL,
    from_ip    text        NOT NULL,
    request_id text        NOT NULL,
    action     text        NOT NULL,
    subject    text        NOT NULL,
    before     jsonb       NOT NULL,
    after      jsonb       NOT NULL,
    hash       bytea       NOT NULL
);

CREATE INDEX audit_log_of_subject ON audit_log (subject, seq);
CREATE INDEX audit_log_of_actor ON audit_log (actor, seq);

-- The end of the chain: whoever writes waits here for whoever wrote before.
CREATE TABLE audit_head (
    only_one boolean PRIMARY KEY DEFAULT true
        CONSTRAINT audit_head_only_one CHECK (only_one),
    seq      bigint  NOT NULL,
    hash     bytea   NOT NULL
);

INSERT INTO audit_head (seq, hash) VALUES (0, sha256('oxcart'));

CREATE FUNCTION audit_hash(entry audit_log, previous bytea) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(entry.seq, extract(epoch FROM entry.at), entry.actor,
        entry.from_ip, entry.request_id, entry.action, entry.subject, entry.before, entry.after)::text, 'UTF8'))
$$;

CREATE FUNCTION audit_log_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head audit_head;
BEGIN
    SELECT * INTO head FROM audit_head FOR UPDATE;
    NEW.seq := head.seq + 1;
    NEW.hash := audit_hash(NEW, head.hash);
    UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_log_chained BEFORE INSERT ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_chain();

CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_log_never_emptied BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The first entry that is not what was written; the count of entries stands beside it. The head must be the last.
CREATE FUNCTION audit_broken_at() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT min(seq) FROM (
        SELECT seq FROM (
            SELECT audit_log.seq, audit_log.hash,
                audit_hash(audit_log, coalesce(lag(audit_log.hash) OVER (ORDER BY audit_log.seq), sha256('oxcart'))) AS right_hash,
                row_number() OVER (ORDER BY audit_log.seq) AS place
            FROM audit_log
        ) AS entry
        WHERE hash <> right_hash OR seq <> place
        UNION ALL
        SELECT audit_head.seq FROM audit_head
        WHERE audit_head.seq <> (SELECT count(*) FROM audit_log)
            OR audit_head.hash <> coalesce((SELECT hash FROM audit_log ORDER BY seq DESC LIMIT 1), sha256('oxcart'))
    ) AS broken (seq)
$$;
