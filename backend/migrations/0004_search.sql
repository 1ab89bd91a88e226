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

CREATE FUNCTION search_note_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id) VALUES (COALESCE(NEW.product_id, OLD.product_id));
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_variant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT product_id FROM variant WHERE variant_id = COALESCE(NEW.variant_id, OLD.variant_id);
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT product.product_id FROM product JOIN category USING (category_id) WHERE category.path <@ NEW.path;
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_shop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id) VALUES (NULL);
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_picture() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT product_id FROM product_media WHERE media_id = COALESCE(NEW.media_id, OLD.media_id);
    RETURN NULL;
END $$;

CREATE FUNCTION search_note_choice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT product_id FROM product_option
    WHERE product_option_id = COALESCE(NEW.product_option_id, OLD.product_option_id);
    RETURN NULL;
END $$;

CREATE TRIGGER product_noted AFTER INSERT OR UPDATE OR DELETE ON product
    FOR EACH ROW EXECUTE FUNCTION search_note_product();
CREATE TRIGGER product_option_noted AFTER INSERT OR UPDATE OR DELETE ON product_option
    FOR EACH ROW EXECUTE FUNCTION search_note_product();
CREATE TRIGGER product_media_noted AFTER INSERT OR UPDATE OR DELETE ON product_media
    FOR EACH ROW EXECUTE FUNCTION search_note_product();
CREATE TRIGGER variant_noted AFTER INSERT OR UPDATE OR DELETE ON variant
    FOR EACH ROW EXECUTE FUNCTION search_note_product();
CREATE TRIGGER price_noted AFTER INSERT OR UPDATE OR DELETE ON price
    FOR EACH ROW EXECUTE FUNCTION search_note_variant();
CREATE TRIGGER category_noted AFTER UPDATE ON category
    FOR EACH ROW EXECUTE FUNCTION search_note_category();

CREATE TRIGGER category_noted_shop AFTER INSERT OR UPDATE OR DELETE ON category
    FOR EACH STATEMENT EXECUTE FUNCTION search_note_shop();
CREATE TRIGGER region_noted AFTER INSERT OR UPDATE OR DELETE ON region
    FOR EACH STATEMENT EXECUTE FUNCTION search_note_shop();
CREATE TRIGGER setting_noted AFTER INSERT OR UPDATE OR DELETE ON setting
    FOR EACH STATEMENT EXECUTE FUNCTION search_note_shop();
CREATE TRIGGER media_noted AFTER UPDATE ON media
    FOR EACH ROW EXECUTE FUNCTION search_note_picture();
CREATE TRIGGER media_file_noted AFTER INSERT OR UPDATE OR DELETE ON media_file
    FOR EACH ROW EXECUTE FUNCTION search_note_picture();
CREATE TRIGGER product_option_value_noted AFTER INSERT OR UPDATE OR DELETE ON product_option_value
    FOR EACH ROW EXECUTE FUNCTION search_note_choice();

CREATE TRIGGER stock_level_noted_new AFTER INSERT ON stock_level
    FOR EACH ROW EXECUTE FUNCTION search_note_variant();
-- Only what a shopper would see: sold out, few left, plenty.
CREATE TRIGGER stock_level_noted AFTER UPDATE ON stock_level
    FOR EACH ROW WHEN (
        (OLD.on_hand - OLD.reserved - OLD.safety > 0) IS DISTINCT FROM (NEW.on_hand - NEW.reserved - NEW.safety > 0)
        OR (OLD.on_hand - OLD.reserved - OLD.safety > OLD.low_threshold)
            IS DISTINCT FROM (NEW.on_hand - NEW.reserved - NEW.safety > NEW.low_threshold)
        OR OLD.backorder_limit <> NEW.backorder_limit
    ) EXECUTE FUNCTION search_note_variant();
