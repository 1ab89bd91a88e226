-- What a shopper means to buy. A line is unique per variant; adding again raises its quantity.

CREATE TABLE cart (
    cart_id            uuid        PRIMARY KEY,
    -- SHA-256 of the token that opens it.
    token_hash         bytea       NOT NULL,
    status             text        NOT NULL DEFAULT 'open'
        CONSTRAINT cart_status_known CHECK (status IN ('open', 'ordered', 'expired')),
    version            integer     NOT NULL DEFAULT 1,
    region_id          uuid        NOT NULL
        CONSTRAINT cart_region_exists REFERENCES region,
    currency           text        NOT NULL
        CONSTRAINT cart_currency_is_a_code CHECK (currency ~ '^[A-Z]{3}$'),
    country            text        NOT NULL
        CONSTRAINT cart_country_exists REFERENCES region_country,
    email              text,
    shipping_address   jsonb,
    shipping_method_id uuid
        CONSTRAINT cart_shipping_method_exists REFERENCES shipping_method ON DELETE SET NULL,
    note               text
        CONSTRAINT cart_note_length CHECK (length(note) <= 500),
    -- The order that was made of it; an ordered cart names one.
    order_id           uuid,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    expires_at         timestamptz NOT NULL,
    CONSTRAINT cart_ordered_names_an_order CHECK ((status = 'ordered') = (order_id IS NOT NULL))
);

CREATE INDEX cart_expiry ON cart (expires_at) WHERE status = 'open';

CREATE TABLE cart_line (
    line_id           uuid        PRIMARY KEY,
    cart_id           uuid        NOT NULL
        CONSTRAINT cart_line_cart_exists REFERENCES cart ON DELETE CASCADE,
    variant_id        uuid        NOT NULL
        CONSTRAINT cart_line_variant_exists REFERENCES variant,
    quantity          integer     NOT NULL
        CONSTRAINT cart_line_quantity_in_range CHECK (quantity BETWEEN 1 AND 999),
    -- Price of one when it was added, to tell the shopper when it changes.
    seen_price_minor  bigint,
    added_at          timestamptz NOT NULL,
    CONSTRAINT cart_line_variant_once UNIQUE (cart_id, variant_id)
);
