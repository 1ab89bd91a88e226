-- What staff do with orders: send them in parts, give money back in parts, find them.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE fulfilment (
    fulfilment_id   uuid        PRIMARY KEY,
    order_id        uuid        NOT NULL
        CONSTRAINT fulfilment_order_exists REFERENCES orders,
    state           text        NOT NULL DEFAULT 'pending'
        CONSTRAINT fulfilment_state_known CHECK (state IN ('pending', 'packed', 'shipped', 'delivered', 'cancelled',
            'failed_delivery', 'returned')),
    carrier         text
        CONSTRAINT fulfilment_carrier_length CHECK (length(carrier) BETWEEN 1 AND 60),
    tracking_number text
        CONSTRAINT fulfilment_tracking_length CHECK (length(tracking_number) BETWEEN 1 AND 100),
    tracking_url    text
        CONSTRAINT fulfilment_tracking_is_https CHECK (tracking_url LIKE 'https://%'),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);

CREATE INDEX fulfilment_of_order ON fulfilment (order_id);

CREATE TABLE fulfilment_line (
    fulfilment_id uuid    NOT NULL
        CONSTRAINT fulfilment_line_fulfilment_exists REFERENCES fulfilment,
    order_line_id uuid    NOT NULL
        CONSTRAINT fulfilment_line_line_exists REFERENCES order_line,
    quantity      integer NOT NULL
        CONSTRAINT fulfilment_line_quantity_positive CHECK (quantity > 0),
    PRIMARY KEY (fulfilment_id, order_line_id)
);

CREATE INDEX fulfilment_line_of_line ON fulfilment_line (order_line_id);

CREATE FUNCTION fulfilment_check_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = NEW.state
        OR (OLD.state = 'pending' AND NEW.state IN ('packed', 'shipped', 'cancelled'))
        OR (OLD.state = 'packed' AND NEW.state IN ('shipped', 'cancelled'))
        OR (OLD.state = 'shipped' AND NEW.state IN ('delivered', 'failed_delivery'))
        OR (OLD.state = 'failed_delivery' AND NEW.state IN ('delivered', 'returned')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a fulfilment cannot go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'fulfilment_legal_move';
END $$;

CREATE TRIGGER fulfilment_legal_move BEFORE UPDATE OF state ON fulfilment
    FOR EACH ROW EXECUTE FUNCTION fulfilment_check_move();

-- A hold is sent in parts; what is reserved for it is `quantity - shipped`.
ALTER TABLE stock_hold ADD COLUMN shipped integer NOT NULL DEFAULT 0
    CONSTRAINT stock_hold_shipped_within_held CHECK (shipped BETWEEN 0 AND quantity);

-- A large refund waits for a second person; its money is claimed meanwhile.
ALTER TABLE refund ADD COLUMN made_by text NOT NULL DEFAULT 'system';
ALTER TABLE refund ADD COLUMN decided_by text
    CONSTRAINT refund_decided_by_another CHECK (decided_by <> made_by);
ALTER TABLE refund DROP CONSTRAINT refund_state_known;
ALTER TABLE refund ADD CONSTRAINT refund_state_known CHECK (state IN ('awaiting', 'pending', 'succeeded', 'failed',
    'declined'));

-- Words of staff at an order's event. Events are for ever; these are emptied when their customer leaves.
CREATE TABLE order_note (
    order_id uuid    NOT NULL,
    seq      integer NOT NULL,
    text     text    NOT NULL,
    PRIMARY KEY (order_id, seq),
    CONSTRAINT order_note_event_exists FOREIGN KEY (order_id, seq) REFERENCES order_event
);

-- Lists of staff: the newest first, by state, and by a part of an address or a name.
CREATE INDEX orders_by_status ON orders (status, order_id DESC);
CREATE INDEX orders_by_payment ON orders (payment_status, order_id DESC);
CREATE INDEX orders_by_fulfilment ON orders (fulfilment_status, order_id DESC);
CREATE INDEX orders_by_words ON orders
    USING gin (lower(email || ' ' || coalesce(shipping_address ->> 'name', '')) gin_trgm_ops);
CREATE INDEX order_line_of_sku ON order_line (sku) WHERE sku IS NOT NULL;
CREATE INDEX customer_by_words ON customer USING gin (lower(coalesce(email, '') || ' ' || name) gin_trgm_ops);
