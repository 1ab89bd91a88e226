-- The ledger of the test payment provider: another company's books, so nothing here
-- refers to the shop's tables, and the shop reads it only through the provider's calls.

CREATE TABLE test_provider_intent (
    intent_ref       text        PRIMARY KEY,
    idempotency_key  text        NOT NULL
        CONSTRAINT test_provider_intent_key_once UNIQUE,
    order_ref        text        NOT NULL,
    amount_minor     bigint      NOT NULL,
    currency         text        NOT NULL,
    card             text        NOT NULL,
    state            text        NOT NULL
        CONSTRAINT test_provider_intent_state_known CHECK (state IN ('requires_action', 'processing', 'succeeded',
            'failed', 'cancelled')),
    refunded_minor   bigint      NOT NULL DEFAULT 0,
    return_url       text        NOT NULL,
    -- A processing intent succeeds then.
    succeeds_at      timestamptz,
    -- The hook that tells the shop of its end.
    hook_sent_at     timestamptz,
    created_at       timestamptz NOT NULL,
    CONSTRAINT test_provider_intent_refunded_within_amount CHECK (refunded_minor BETWEEN 0 AND amount_minor)
);

CREATE TABLE test_provider_refund (
    idempotency_key text        PRIMARY KEY,
    intent_ref      text        NOT NULL
        CONSTRAINT test_provider_refund_intent_exists REFERENCES test_provider_intent,
    amount_minor    bigint      NOT NULL,
    created_at      timestamptz NOT NULL
);
