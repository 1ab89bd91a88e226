-- Money for orders: one payment an order, one attempt for each time the provider is asked.

CREATE TABLE payment (
    payment_id       uuid        PRIMARY KEY,
    order_id         uuid        NOT NULL
        CONSTRAINT payment_order_exists REFERENCES orders
        CONSTRAINT payment_order_once UNIQUE,
    currency         text        NOT NULL,
    amount_minor     bigint      NOT NULL,
    authorized_minor bigint      NOT NULL DEFAULT 0,
    captured_minor   bigint      NOT NULL DEFAULT 0,
    refunding_minor  bigint      NOT NULL DEFAULT 0,
    refunded_minor   bigint      NOT NULL DEFAULT 0,
    created_at       timestamptz NOT NULL,
    CONSTRAINT payment_amount_not_negative CHECK (amount_minor >= 0),
    CONSTRAINT payment_captured_within_authorized CHECK (0 <= captured_minor AND captured_minor <= authorized_minor),
    CONSTRAINT payment_refunded_within_captured CHECK (0 <= refunded_minor AND 0 <= refunding_minor
        AND refunded_minor + refunding_minor <= captured_minor)
);

CREATE TABLE payment_attempt (
    attempt_id   uuid        PRIMARY KEY,
    payment_id   uuid        NOT NULL
        CONSTRAINT payment_attempt_payment_exists REFERENCES payment,
    number       integer     NOT NULL
        CONSTRAINT payment_attempt_number_positive CHECK (number >= 1),
    provider     text        NOT NULL,
    -- What the provider knows it by, once it has answered.
    provider_ref text,
    state        text        NOT NULL
        CONSTRAINT payment_attempt_state_known CHECK (state IN ('created', 'requires_action', 'captured', 'failed',
            'cancelled')),
    redirect_url text,
    failure      text,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    -- When the reconciler asks the provider next.
    check_at     timestamptz NOT NULL,
    checks       integer     NOT NULL DEFAULT 0,
    CONSTRAINT payment_attempt_number_once UNIQUE (payment_id, number),
    CONSTRAINT payment_attempt_ref_once UNIQUE (provider, provider_ref)
);

-- At most one attempt that can still take money.
CREATE UNIQUE INDEX payment_attempt_one_open ON payment_attempt (payment_id) WHERE state IN ('created', 'requires_action');
CREATE INDEX payment_attempt_to_check ON payment_attempt (check_at) WHERE state IN ('created', 'requires_action');

-- What providers told us: kept raw, handled once.
CREATE TABLE payment_event (
    provider     text        NOT NULL,
    event_id     text        NOT NULL,
    body         jsonb       NOT NULL,
    received_at  timestamptz NOT NULL,
    processed_at timestamptz,
    PRIMARY KEY (provider, event_id)
);

CREATE INDEX payment_event_unprocessed ON payment_event (received_at) WHERE processed_at IS NULL;

CREATE TABLE refund (
    refund_id    uuid        PRIMARY KEY,
    payment_id   uuid        NOT NULL
        CONSTRAINT refund_payment_exists REFERENCES payment,
    attempt_id   uuid        NOT NULL
        CONSTRAINT refund_attempt_exists REFERENCES payment_attempt,
    amount_minor bigint      NOT NULL
        CONSTRAINT refund_positive CHECK (amount_minor > 0),
    reason       text        NOT NULL,
    state        text        NOT NULL DEFAULT 'pending'
        CONSTRAINT refund_state_known CHECK (state IN ('pending', 'succeeded', 'failed')),
    created_at   timestamptz NOT NULL,
    settled_at   timestamptz
);

CREATE INDEX refund_of_payment ON refund (payment_id);

-- Money that came and has no order to go to; refunded through the outbox, and shown to staff.
CREATE TABLE payment_case (
    case_id      uuid        PRIMARY KEY,
    attempt_id   uuid        NOT NULL
        CONSTRAINT payment_case_attempt_exists REFERENCES payment_attempt
        CONSTRAINT payment_case_once UNIQUE,
    amount_minor bigint      NOT NULL,
    currency     text        NOT NULL,
    reason       text        NOT NULL,
    state        text        NOT NULL DEFAULT 'open'
        CONSTRAINT payment_case_state_known CHECK (state IN ('open', 'refunded')),
    created_at   timestamptz NOT NULL,
    closed_at    timestamptz
);
