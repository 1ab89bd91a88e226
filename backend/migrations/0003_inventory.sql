-- How many there are and who holds them. Every change of a level is a movement, for ever.

CREATE TABLE stock_location (
    location_id uuid    PRIMARY KEY,
    title       text    NOT NULL,
    priority    integer NOT NULL
        CONSTRAINT stock_location_priority_unique UNIQUE,
    is_active   boolean NOT NULL DEFAULT true
);

CREATE TABLE stock_level (
    variant_id      uuid    NOT NULL
        CONSTRAINT stock_level_variant_exists REFERENCES variant ON DELETE CASCADE,
    location_id     uuid    NOT NULL
        CONSTRAINT stock_level_location_exists REFERENCES stock_location,
    on_hand         integer NOT NULL
        CONSTRAINT stock_level_on_hand_not_negative CHECK (on_hand >= 0),
    reserved        integer NOT NULL DEFAULT 0
        CONSTRAINT stock_level_reserved_not_negative CHECK (reserved >= 0),
    safety          integer NOT NULL DEFAULT 0
        CONSTRAINT stock_level_safety_not_negative CHECK (safety >= 0),
    backorder_limit integer NOT NULL DEFAULT 0
        CONSTRAINT stock_level_backorder_not_negative CHECK (backorder_limit >= 0),
    low_threshold   integer NOT NULL DEFAULT 5
        CONSTRAINT stock_level_low_threshold_not_negative CHECK (low_threshold >= 0),
    PRIMARY KEY (variant_id, location_id)
);

CREATE TABLE stock_movement (
    movement_id     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    variant_id      uuid        NOT NULL,
    location_id     uuid        NOT NULL
        CONSTRAINT stock_movement_location_exists REFERENCES stock_location,
    kind            text        NOT NULL
        CONSTRAINT stock_movement_kind_known CHECK (kind IN ('receive', 'adjust', 'hold', 'release', 'commit',
            'ship', 'return', 'transfer_out', 'transfer_in')),
    delta_on_hand   integer     NOT NULL,
    delta_reserved  integer     NOT NULL,
    reason          text        NOT NULL DEFAULT '',
    actor           text        NOT NULL,
    order_id        uuid,
    at              timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX stock_movement_of_variant ON stock_movement (variant_id, location_id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER stock_movement_append_only BEFORE UPDATE OR DELETE ON stock_movement
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE stock_hold (
    hold_id     uuid        PRIMARY KEY,
    order_id    uuid        NOT NULL,
    variant_id  uuid        NOT NULL,
    location_id uuid        NOT NULL,
    quantity    integer     NOT NULL
        CONSTRAINT stock_hold_quantity_positive CHECK (quantity > 0),
    state       text        NOT NULL DEFAULT 'active'
        CONSTRAINT stock_hold_state_known CHECK (state IN ('active', 'converted', 'released', 'expired', 'shipped')),
    expires_at  timestamptz NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT stock_hold_once_per_order UNIQUE (order_id, variant_id, location_id)
);

CREATE INDEX stock_hold_by_level ON stock_hold (variant_id, location_id) WHERE state IN ('active', 'converted');

-- A hold has one end: it may be released or converted once, and shipped only after that.
CREATE FUNCTION stock_hold_check_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = NEW.state
        OR (OLD.state = 'active' AND NEW.state IN ('converted', 'released', 'expired'))
        OR (OLD.state = 'converted' AND NEW.state IN ('released', 'shipped')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a hold cannot go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_hold_legal_move';
END $$;

CREATE TRIGGER stock_hold_legal_move BEFORE UPDATE OF state ON stock_hold
    FOR EACH ROW EXECUTE FUNCTION stock_hold_check_move();
