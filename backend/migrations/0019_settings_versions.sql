-- Which version of a setting somebody saw before they changed it; and bands of delivery that make sense.

ALTER TABLE setting ADD COLUMN version integer NOT NULL DEFAULT 1;
-- Not named like a cart's version: the release before reads both tables at once, and would not know which is meant.
ALTER TABLE region ADD COLUMN row_version integer NOT NULL DEFAULT 1;
ALTER TABLE tax_class ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE tax_rate ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE shipping_zone ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE shipping_method ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE shipping_rate ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE content_page ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE post ADD COLUMN version integer NOT NULL DEFAULT 1;

-- Not held against the rows of before, so that the migration cannot fail on them.
ALTER TABLE shipping_rate
    ADD CONSTRAINT shipping_rate_weights_in_order CHECK (
        coalesce(min_weight_g, 0) >= 0 AND (max_weight_g IS NULL OR coalesce(min_weight_g, 0) <= max_weight_g)
    ) NOT VALID,
    ADD CONSTRAINT shipping_rate_subtotals_in_order CHECK (
        coalesce(min_subtotal, 0) >= 0 AND (max_subtotal IS NULL OR coalesce(min_subtotal, 0) <= max_subtotal)
    ) NOT VALID,
    ADD CONSTRAINT shipping_rate_free_over_not_negative CHECK (free_over_minor >= 0) NOT VALID;

CREATE UNIQUE INDEX shipping_rate_bands_unique ON shipping_rate
    (shipping_method_id, currency, min_weight_g, max_weight_g, min_subtotal, max_subtotal) NULLS NOT DISTINCT;

