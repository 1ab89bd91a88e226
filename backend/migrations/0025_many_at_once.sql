-- Thousands of products at once, as an import writes them, without doing anything for each of them that can be done for all.

-- Prices are remembered by statement.
DROP TRIGGER price_remembered ON price;

CREATE OR REPLACE FUNCTION price_remember() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now timestamptz := clock_timestamp();
BEGIN
    UPDATE price_history SET to_at = now
    FROM changed
    WHERE changed.min_quantity = 1 AND to_at IS NULL
        AND price_history.variant_id = changed.variant_id AND price_history.currency = changed.currency;
    INSERT INTO price_history (variant_id, currency, amount_minor, from_at)
    SELECT variant_id, currency, amount_minor, now FROM changed WHERE min_quantity = 1;
    RETURN NULL;
END $$;

CREATE FUNCTION price_remember_other() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now timestamptz := clock_timestamp();
BEGIN
    UPDATE price_history SET to_at = now
    FROM changed
    JOIN before USING (price_id)
    WHERE changed.min_quantity = 1 AND to_at IS NULL AND changed.amount_minor <> before.amount_minor
        AND price_history.variant_id = changed.variant_id AND price_history.currency = changed.currency;
    INSERT INTO price_history (variant_id, currency, amount_minor, from_at)
    SELECT changed.variant_id, changed.currency, changed.amount_minor, now
    FROM changed
    JOIN before USING (price_id)
    WHERE changed.min_quantity = 1 AND changed.amount_minor <> before.amount_minor;
    RETURN NULL;
END $$;

CREATE TRIGGER price_remembered AFTER INSERT ON price REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION price_remember();
CREATE TRIGGER price_remembered_other AFTER UPDATE ON price REFERENCING NEW TABLE AS changed OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION price_remember_other();

-- Whoever says `oxcart.search_noted` in a transaction notes the products that it changes himself: every table of a
-- product would note it again.
CREATE FUNCTION search_is_noted() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('oxcart.search_noted', true), '') = 'yes'
$$;

CREATE OR REPLACE FUNCTION search_note_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT search_is_noted() THEN
        INSERT INTO search_change (product_id) SELECT DISTINCT product_id FROM changed;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION search_note_variants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT search_is_noted() THEN
        INSERT INTO search_change (product_id)
        SELECT DISTINCT product_id FROM changed JOIN variant USING (variant_id);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION search_note_choices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT search_is_noted() THEN
        INSERT INTO search_change (product_id)
        SELECT DISTINCT product_id FROM changed JOIN product_option USING (product_option_id);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION search_note_variant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT search_is_noted() THEN
        INSERT INTO search_change (product_id) SELECT product_id FROM variant WHERE variant_id = NEW.variant_id;
    END IF;
    RETURN NULL;
END $$;
