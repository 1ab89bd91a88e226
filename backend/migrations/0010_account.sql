-- Customers, the devices that they are signed in on, and what belongs to them.

CREATE TABLE customer (
    customer_id         uuid        PRIMARY KEY,
    -- Absent once the customer has left.
    email               text,
    name                text        NOT NULL DEFAULT ''
        CONSTRAINT customer_name_length CHECK (length(name) <= 100),
    -- Argon2id; absent when only passkeys open the account.
    password_hash       text
        CONSTRAINT customer_password_is_argon2id CHECK (password_hash LIKE '$argon2id$v=19$%'),
    password_changed_at timestamptz,
    wants_news_since    timestamptz,
    currency            text
        CONSTRAINT customer_currency_is_a_code CHECK (currency ~ '^[A-Z]{3}$'),
    version             integer     NOT NULL DEFAULT 1,
    created_at          timestamptz NOT NULL,
    erased_at           timestamptz,
    CONSTRAINT customer_has_an_address_or_left CHECK ((email IS NULL) = (erased_at IS NOT NULL)),
    CONSTRAINT customer_left_nothing CHECK (erased_at IS NULL
        OR (password_hash IS NULL AND name = '' AND wants_news_since IS NULL))
);

CREATE UNIQUE INDEX customer_email_once ON customer (lower(email));

-- Letters about an account, and what their links are good for: each link once. Its secret is made from the
-- letter's id and a key of the shop, so that nothing that is stored opens an account.
CREATE TABLE account_letter (
    letter_id     uuid        PRIMARY KEY,
    -- `nobody` is a letter that is not sent: an address that is not known here takes as long as one that is.
    purpose       text        NOT NULL
        CONSTRAINT account_letter_purpose_known CHECK (purpose IN ('register', 'known', 'nobody', 'password', 'email',
            'password_changed', 'email_changed', 'token_reused', 'passkey_added', 'order_link')),
    -- Whose; absent while there is no account.
    customer_id   uuid
        CONSTRAINT account_letter_customer_exists REFERENCES customer ON DELETE CASCADE,
    email         text        NOT NULL,
    -- What a new account begins with: {"name", "password_hash", "wants_news"}.
    registration  jsonb,
    order_id      uuid
        CONSTRAINT account_letter_order_exists REFERENCES orders,
    -- Wrong passwords shown with the link.
    tries         integer     NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    used_at       timestamptz,
    CONSTRAINT account_letter_registers CHECK ((purpose = 'register') = (registration IS NOT NULL)),
    CONSTRAINT account_letter_names_an_order CHECK ((purpose = 'order_link') = (order_id IS NOT NULL))
);

CREATE INDEX account_letter_of_customer ON account_letter (customer_id);
CREATE INDEX account_letter_of_email ON account_letter (lower(email));
CREATE INDEX account_letter_expiry ON account_letter (expires_at);

-- A customer signed in on one device: a family of refresh tokens.
CREATE TABLE session (
    session_id       uuid        PRIMARY KEY,
    customer_id      uuid        NOT NULL
        CONSTRAINT session_customer_exists REFERENCES customer ON DELETE CASCADE,
    device           text        NOT NULL
        CONSTRAINT session_device_length CHECK (length(device) <= 100),
    -- SHA-256 of the browser's name: a late twin of a refresh must come from the same one.
    user_agent_hash  bytea       NOT NULL,
    created_at       timestamptz NOT NULL,
    last_seen_at     timestamptz NOT NULL,
    -- When the customer last showed who they are, and how: pwd, webauthn.
    authenticated_at timestamptz NOT NULL,
    method           text        NOT NULL
        CONSTRAINT session_method_known CHECK (method IN ('pwd', 'webauthn')),
    expires_at       timestamptz NOT NULL,
    ended_at         timestamptz,
    end_reason       text
        CONSTRAINT session_end_reason_known CHECK (end_reason IN ('signed_out', 'ended_elsewhere', 'password_changed',
            'token_reused')),
    CONSTRAINT session_end_has_a_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);

CREATE INDEX session_of_customer ON session (customer_id) WHERE ended_at IS NULL;
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE refresh_token (
    token_hash bytea       PRIMARY KEY,
    session_id uuid        NOT NULL
        CONSTRAINT refresh_token_session_exists REFERENCES session ON DELETE CASCADE,
    issued_at  timestamptz NOT NULL,
    -- Exchanged for the next one.
    used_at    timestamptz
);

CREATE INDEX refresh_token_of_session ON refresh_token (session_id);

CREATE TABLE passkey (
    passkey_id    uuid        PRIMARY KEY,
    customer_id   uuid        NOT NULL
        CONSTRAINT passkey_customer_exists REFERENCES customer ON DELETE CASCADE,
    credential_id bytea       NOT NULL
        CONSTRAINT passkey_credential_once UNIQUE,
    -- Public key and counter, as `webauthn-rs` writes them.
    credential    jsonb       NOT NULL,
    name          text        NOT NULL
        CONSTRAINT passkey_name_length CHECK (length(name) BETWEEN 1 AND 60),
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz
);

CREATE INDEX passkey_of_customer ON passkey (customer_id);

-- A passkey being made or used: what the server must remember between the two steps.
CREATE TABLE passkey_ceremony (
    ceremony_hash bytea       PRIMARY KEY,
    -- Whose; absent when a passkey is to say who signs in.
    customer_id   uuid
        CONSTRAINT passkey_ceremony_customer_exists REFERENCES customer ON DELETE CASCADE,
    kind          text        NOT NULL
        CONSTRAINT passkey_ceremony_kind_known CHECK (kind IN ('register', 'sign_in')),
    state         jsonb       NOT NULL,
    expires_at    timestamptz NOT NULL
);

CREATE INDEX passkey_ceremony_expiry ON passkey_ceremony (expires_at);

CREATE TABLE customer_address (
    address_id  uuid        PRIMARY KEY,
    customer_id uuid        NOT NULL
        CONSTRAINT customer_address_customer_exists REFERENCES customer ON DELETE CASCADE,
    address     jsonb       NOT NULL,
    is_default  boolean     NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);

CREATE INDEX customer_address_of_customer ON customer_address (customer_id);
CREATE UNIQUE INDEX customer_address_one_default ON customer_address (customer_id) WHERE is_default;

-- A copy of all that the shop knows of a customer, kept for a few days.
CREATE TABLE customer_export (
    customer_id uuid        PRIMARY KEY
        CONSTRAINT customer_export_customer_exists REFERENCES customer ON DELETE CASCADE,
    asked_at    timestamptz NOT NULL,
    archive     bytea,
    ready_at    timestamptz,
    expires_at  timestamptz,
    CONSTRAINT customer_export_ready_has_an_archive CHECK ((archive IS NULL) = (ready_at IS NULL)
        AND (ready_at IS NULL) = (expires_at IS NULL))
);

-- A customer has one cart on all devices; it opens for them, and no token opens it.
ALTER TABLE cart ADD COLUMN customer_id uuid
    CONSTRAINT cart_customer_exists REFERENCES customer;
ALTER TABLE cart ADD COLUMN merged_into uuid
    CONSTRAINT cart_merged_into_exists REFERENCES cart ON DELETE SET NULL;
ALTER TABLE cart DROP CONSTRAINT cart_status_known;
ALTER TABLE cart ADD CONSTRAINT cart_status_known CHECK (status IN ('open', 'ordered', 'expired', 'merged'));
CREATE UNIQUE INDEX cart_open_once_a_customer ON cart (customer_id) WHERE status = 'open';

ALTER TABLE orders ADD COLUMN customer_id uuid
    CONSTRAINT orders_customer_exists REFERENCES customer;
CREATE INDEX orders_of_customer ON orders (customer_id, order_id DESC) WHERE customer_id IS NOT NULL;
-- Orders of guests, for whoever shows that the address is theirs.
CREATE INDEX orders_of_guest ON orders (lower(email)) WHERE customer_id IS NULL;
