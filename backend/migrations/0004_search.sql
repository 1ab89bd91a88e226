-- Which products changed, for the search index of every replica to follow.
-- The transaction's number is kept because rows become visible out of their id's order.

CREATE TABLE search_change (
    change_id  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Absent when the shelves or the currencies changed.
    product_id uuid,
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    at         timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX search_change_xid ON search_change (xid);

-- `changed` are the rows that a statement left behind or took away: one note for each product, not
-- for each row, so that thousands at a time stay cheap.
CREATE FUNCTION search_note_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id) SELECT DISTINCT product_id FROM changed;
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_variants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT DISTINCT product_id FROM changed JOIN variant USING (variant_id);
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_choices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT DISTINCT product_id FROM changed JOIN product_option USING (product_option_id);
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_pictures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT DISTINCT product_id FROM changed JOIN product_media USING (media_id);
    RETURN NULL;
END $$;

DO $$
DECLARE
    followed text[] := ARRAY[
        ['product', 'products'], ['product_option', 'products'], ['product_media', 'products'],
        ['variant', 'products'], ['price', 'variants'], ['product_option_value', 'choices'],
        ['media', 'pictures'], ['media_file', 'pictures']
    ];
    pair text[];
    event text;
BEGIN
    FOREACH pair SLICE 1 IN ARRAY followed LOOP
        FOREACH event IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            EXECUTE format(
                'CREATE TRIGGER %s AFTER %s ON %I REFERENCING %s TABLE AS changed '
                'FOR EACH STATEMENT EXECUTE FUNCTION search_note_%s()',
                pair[1] || '_noted_' || lower(event), event, pair[1],
                CASE event WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END, pair[2]
            );
        END LOOP;
    END LOOP;
END $$;

CREATE FUNCTION search_note_variant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id) SELECT product_id FROM variant WHERE variant_id = NEW.variant_id;
    RETURN NULL;
END $$;

CREATE TRIGGER stock_level_noted_new AFTER INSERT ON stock_level REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_note_variants();
-- Only what a shopper would see: sold out, few left, plenty.
CREATE TRIGGER stock_level_noted AFTER UPDATE ON stock_level
    FOR EACH ROW WHEN (
        (OLD.on_hand - OLD.reserved - OLD.safety > 0) IS DISTINCT FROM (NEW.on_hand - NEW.reserved - NEW.safety > 0)
        OR (OLD.on_hand - OLD.reserved - OLD.safety > OLD.low_threshold)
            IS DISTINCT FROM (NEW.on_hand - NEW.reserved - NEW.safety > NEW.low_threshold)
        OR OLD.backorder_limit <> NEW.backorder_limit
    ) EXECUTE FUNCTION search_note_variant();

-- A category's title and place are part of what its products are found by.
CREATE FUNCTION search_note_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT product.product_id FROM product JOIN category USING (category_id) WHERE category.path <@ NEW.path;
    RETURN NULL;
END $$;

CREATE TRIGGER category_noted AFTER UPDATE ON category
    FOR EACH ROW EXECUTE FUNCTION search_note_category();

CREATE FUNCTION search_note_shop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id) VALUES (NULL);
    RETURN NULL;
END $$;

CREATE TRIGGER category_noted_shop AFTER INSERT OR UPDATE OR DELETE ON category
    FOR EACH STATEMENT EXECUTE FUNCTION search_note_shop();
CREATE TRIGGER region_noted AFTER INSERT OR UPDATE OR DELETE ON region
    FOR EACH STATEMENT EXECUTE FUNCTION search_note_shop();
CREATE TRIGGER setting_noted AFTER INSERT OR UPDATE OR DELETE ON setting
    FOR EACH STATEMENT EXECUTE FUNCTION search_note_shop();
