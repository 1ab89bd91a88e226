-- What staff's daily work on goods needs: versions, losses of what was promised, and runs over many products.

ALTER TABLE category ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE stock_location ADD COLUMN version integer NOT NULL DEFAULT 1;

-- Units promised to orders that a loss took away, so that I1 and I3 can tell a loss that was told from a promise too many.
ALTER TABLE stock_movement ADD COLUMN missing integer NOT NULL DEFAULT 0
    CONSTRAINT stock_movement_missing_not_negative CHECK (missing >= 0);

CREATE INDEX stock_hold_of_time ON stock_hold (created_at, hold_id);

-- A price that is taken away is no longer the present one.
CREATE FUNCTION price_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE price_history SET to_at = clock_timestamp()
    WHERE variant_id = OLD.variant_id AND currency = OLD.currency AND to_at IS NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER price_ended AFTER DELETE ON price
    FOR EACH ROW WHEN (OLD.min_quantity = 1) EXECUTE FUNCTION price_end();

-- Whether a location serves decides whether its goods can be bought.
CREATE FUNCTION search_note_location() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT DISTINCT product_id FROM stock_level JOIN variant USING (variant_id) WHERE location_id = NEW.location_id;
    RETURN NULL;
END $$;

CREATE TRIGGER stock_location_noted AFTER UPDATE OF is_active ON stock_location
    FOR EACH ROW WHEN (OLD.is_active <> NEW.is_active) EXECUTE FUNCTION search_note_location();

-- Changing many products: how far it is, and what could not be changed.
CREATE TABLE bulk_run (
    job_id      uuid        PRIMARY KEY
        CONSTRAINT bulk_run_job_exists REFERENCES job,
    actor       text        NOT NULL,
    from_ip     text        NOT NULL,
    operation   jsonb       NOT NULL,
    products    uuid[]      NOT NULL,
    done        integer     NOT NULL DEFAULT 0
        CONSTRAINT bulk_run_done_in_range CHECK (done BETWEEN 0 AND cardinality(products)),
    -- [{product_id, reason}, …]
    failures    jsonb       NOT NULL DEFAULT '[]',
    created_at  timestamptz NOT NULL,
    finished_at timestamptz
);
