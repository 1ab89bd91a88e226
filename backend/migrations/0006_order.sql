-- What was bought. Lines are snapshots: a product may change or go, an order does not.

CREATE SEQUENCE order_number START 1001;

-- `order` is a word of SQL, hence the plural.
CREATE TABLE orders (
    order_id           uuid        PRIMARY KEY,
    number             bigint      NOT NULL DEFAULT nextval('order_number')
        CONSTRAINT orders_number_unique UNIQUE,
    cart_id            uuid        NOT NULL,
    cart_version       integer     NOT NULL,
    -- Goes into the link's secret, so that one link can be made void.
    link_nonce         bytea       NOT NULL,
    status             text        NOT NULL
        CONSTRAINT orders_status_known CHECK (status IN ('pending_payment', 'placed', 'on_hold', 'completed',
            'cancelled', 'expired')),
    payment_status     text        NOT NULL DEFAULT 'unpaid'
        CONSTRAINT orders_payment_status_known CHECK (payment_status IN ('unpaid', 'authorized', 'partially_paid',
            'paid', 'partially_refunded', 'refunded', 'voided', 'overpaid')),
    fulfilment_status  text        NOT NULL DEFAULT 'unfulfilled'
        CONSTRAINT orders_fulfilment_status_known CHECK (fulfilment_status IN ('unfulfilled', 'partial', 'fulfilled',
            'delivered', 'partially_returned', 'returned', 'not_required')),
    region_id          uuid        NOT NULL
        CONSTRAINT orders_region_exists REFERENCES region,
    currency           text        NOT NULL
        CONSTRAINT orders_currency_is_a_code CHECK (currency ~ '^[A-Z]{3}$'),
    email              text        NOT NULL,
    country            text        NOT NULL,
    shipping_address   jsonb,
    shipping_title     text,
    shipping_min_days  integer,
    shipping_max_days  integer,
    payment_method     text        NOT NULL,
    note               text,
    subtotal_minor     bigint      NOT NULL,
    discount_minor     bigint      NOT NULL,
    shipping_minor     bigint,
    tax_minor          bigint      NOT NULL,
    tax_included       boolean     NOT NULL,
    total_minor        bigint      NOT NULL,
    paid_minor         bigint      NOT NULL DEFAULT 0,
    refunded_minor     bigint      NOT NULL DEFAULT 0,
    -- How the total came about, step by step.
    price_trace        jsonb       NOT NULL,
    version            integer     NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    expires_at         timestamptz NOT NULL,
    placed_at          timestamptz,
    closed_at          timestamptz,
    CONSTRAINT orders_cart_version_once UNIQUE (cart_id, cart_version),
    CONSTRAINT orders_amounts_not_negative CHECK (subtotal_minor >= 0 AND discount_minor >= 0
        AND COALESCE(shipping_minor, 0) >= 0 AND tax_minor >= 0 AND total_minor >= 0),
    CONSTRAINT orders_total_adds_up CHECK (total_minor = subtotal_minor - discount_minor
        + COALESCE(shipping_minor, 0) + CASE WHEN tax_included THEN 0 ELSE tax_minor END),
    CONSTRAINT orders_refunded_within_paid CHECK (0 <= refunded_minor AND refunded_minor <= paid_minor),
    CONSTRAINT orders_placed_has_a_time CHECK (status IN ('pending_payment', 'expired', 'cancelled')
        OR placed_at IS NOT NULL)
);

-- However often a shopper presses the button: one living order a cart.
CREATE UNIQUE INDEX orders_cart_once ON orders (cart_id) WHERE status NOT IN ('cancelled', 'expired');
CREATE INDEX orders_pending ON orders (expires_at) WHERE status = 'pending_payment';

ALTER TABLE cart ADD CONSTRAINT cart_order_exists FOREIGN KEY (order_id) REFERENCES orders DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE stock_hold ADD CONSTRAINT stock_hold_order_exists FOREIGN KEY (order_id) REFERENCES orders
    DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION orders_check_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = NEW.status
        OR (OLD.status = 'pending_payment' AND NEW.status IN ('placed', 'expired', 'cancelled'))
        OR (OLD.status = 'placed' AND NEW.status IN ('on_hold', 'completed', 'cancelled'))
        OR (OLD.status = 'on_hold' AND NEW.status IN ('placed', 'cancelled')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an order cannot go from % to %', OLD.status, NEW.status
        USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_legal_move';
END $$;

CREATE TRIGGER orders_legal_move BEFORE UPDATE OF status ON orders
    FOR EACH ROW EXECUTE FUNCTION orders_check_move();

CREATE TABLE order_line (
    order_line_id      uuid    PRIMARY KEY,
    order_id           uuid    NOT NULL
        CONSTRAINT order_line_order_exists REFERENCES orders,
    position           integer NOT NULL,
    variant_id         uuid    NOT NULL,
    product_id         uuid    NOT NULL,
    handle             text    NOT NULL,
    title              text    NOT NULL,
    -- [{name, value}, …]
    options            jsonb   NOT NULL,
    sku                text,
    media_id           uuid,
    requires_shipping  boolean NOT NULL,
    unit_price_minor   bigint  NOT NULL,
    quantity           integer NOT NULL
        CONSTRAINT order_line_quantity_in_range CHECK (quantity BETWEEN 1 AND 999),
    discount_minor     bigint  NOT NULL,
    tax_minor          bigint  NOT NULL,
    total_minor        bigint  NOT NULL,
    quantity_fulfilled integer NOT NULL DEFAULT 0,
    quantity_returned  integer NOT NULL DEFAULT 0,
    quantity_cancelled integer NOT NULL DEFAULT 0,
    CONSTRAINT order_line_variant_once UNIQUE (order_id, variant_id),
    CONSTRAINT order_line_amounts_not_negative CHECK (unit_price_minor >= 0 AND discount_minor >= 0
        AND tax_minor >= 0 AND total_minor >= 0 AND discount_minor <= unit_price_minor * quantity),
    CONSTRAINT order_line_sent_within_bought CHECK (quantity_fulfilled >= 0 AND quantity_cancelled >= 0
        AND quantity_fulfilled + quantity_cancelled <= quantity AND quantity_returned BETWEEN 0 AND quantity_fulfilled)
);

-- One rate's share of one line, or of the delivery where no line is named.
CREATE TABLE order_tax_line (
    order_tax_line_id uuid   PRIMARY KEY,
    order_id          uuid   NOT NULL
        CONSTRAINT order_tax_line_order_exists REFERENCES orders,
    order_line_id     uuid
        CONSTRAINT order_tax_line_line_exists REFERENCES order_line,
    name              text   NOT NULL,
    rate_ppm          bigint NOT NULL,
    base_minor        bigint NOT NULL
        CONSTRAINT order_tax_line_base_not_negative CHECK (base_minor >= 0),
    amount_minor      bigint NOT NULL
        CONSTRAINT order_tax_line_not_negative CHECK (amount_minor >= 0)
);

CREATE INDEX order_tax_line_of_order ON order_tax_line (order_id);

CREATE TABLE order_event (
    order_id uuid        NOT NULL
        CONSTRAINT order_event_order_exists REFERENCES orders,
    seq      integer     NOT NULL,
    kind     text        NOT NULL,
    message  text        NOT NULL,
    actor    text        NOT NULL,
    is_staff_only boolean NOT NULL DEFAULT false,
    at       timestamptz NOT NULL,
    PRIMARY KEY (order_id, seq)
);

CREATE TRIGGER order_event_append_only BEFORE UPDATE OR DELETE ON order_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
