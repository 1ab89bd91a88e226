-- News for the rest of the shop, work to be done later, and answers to repeat.

CREATE TABLE outbox (
    event_id     uuid        PRIMARY KEY,
    topic        text        NOT NULL,
    aggregate_id uuid        NOT NULL,
    -- One event a topic and state of its subject, whoever causes it.
    dedupe_key   text        NOT NULL
        CONSTRAINT outbox_once UNIQUE,
    payload      jsonb       NOT NULL,
    created_at   timestamptz NOT NULL,
    relayed_at   timestamptz
);

CREATE INDEX outbox_waiting ON outbox (created_at) WHERE relayed_at IS NULL;

CREATE TABLE job (
    job_id       uuid        PRIMARY KEY,
    kind         text        NOT NULL,
    payload      jsonb       NOT NULL,
    dedupe_key   text        NOT NULL
        CONSTRAINT job_once UNIQUE,
    run_at       timestamptz NOT NULL,
    lease_until  timestamptz,
    attempt      integer     NOT NULL DEFAULT 0,
    max_attempts integer     NOT NULL,
    done_at      timestamptz,
    dead_at      timestamptz,
    last_error   text,
    created_at   timestamptz NOT NULL
);

CREATE INDEX job_claimable ON job (run_at) WHERE done_at IS NULL AND dead_at IS NULL;

-- The answer to a request that may be sent twice; written with its effect.
CREATE TABLE idempotency_key (
    scope        text        NOT NULL,
    endpoint     text        NOT NULL,
    key          text        NOT NULL
        CONSTRAINT idempotency_key_length CHECK (length(key) BETWEEN 8 AND 200),
    request_hash bytea       NOT NULL,
    status       integer,
    body         jsonb,
    resource_id  uuid,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (scope, endpoint, key)
);

CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

-- Letters that went out, one row a letter, so that none goes twice.
CREATE TABLE mail_sent (
    dedupe_key text        PRIMARY KEY,
    recipient  text        NOT NULL,
    subject    text        NOT NULL,
    sent_at    timestamptz NOT NULL
);
