-- What there is to sell: shelves, products, their variants, prices and pictures.

CREATE TABLE media (
    media_id   uuid        PRIMARY KEY,
    -- Where it came from: a stem of the demo shop, or the address an import named.
    source     text        NOT NULL
        CONSTRAINT media_source_unique UNIQUE,
    alt        text        NOT NULL DEFAULT '',
    width      integer     NOT NULL,
    height     integer     NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT media_has_a_size CHECK (width > 0 AND height > 0)
);

-- One file of a picture, under `/api/media/{key}`.
CREATE TABLE media_file (
    key      text    PRIMARY KEY,
    media_id uuid    NOT NULL
        CONSTRAINT media_file_media_exists REFERENCES media ON DELETE CASCADE,
    mime     text    NOT NULL,
    width    integer NOT NULL,
    bytes    bigint  NOT NULL
);

CREATE INDEX media_file_of_media ON media_file (media_id);

-- A picture as the API shows it: best format first, small to large within a format.
CREATE VIEW picture AS
SELECT
    media_id,
    json_build_object(
        'id', 'media_' || replace(media_id::text, '-', ''),
        'alt', alt, 'width', width, 'height', height,
        'sources', coalesce((
            SELECT json_agg(
                json_build_object('url', '/api/media/' || key, 'width', media_file.width, 'mime', mime)
                ORDER BY array_position(ARRAY['image/avif', 'image/webp'], mime), mime, media_file.width
            )
            FROM media_file
            WHERE media_file.media_id = media.media_id
        ), '[]')
    ) AS body
FROM media;

CREATE TABLE category (
    category_id uuid    PRIMARY KEY,
    parent_id   uuid
        CONSTRAINT category_parent_exists REFERENCES category,
    handle      text    NOT NULL
        CONSTRAINT category_handle_unique UNIQUE
        CONSTRAINT category_handle_is_a_slug CHECK (handle ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    -- Ids from the top down, as hex labels.
    path        ltree   NOT NULL,
    title       text    NOT NULL,
    intro       text    NOT NULL DEFAULT '',
    media_id    uuid
        CONSTRAINT category_media_exists REFERENCES media,
    position    integer NOT NULL
);

CREATE INDEX category_path ON category USING gist (path);

CREATE TABLE product (
    product_id       uuid        PRIMARY KEY,
    handle           text        NOT NULL
        CONSTRAINT product_handle_unique UNIQUE
        CONSTRAINT product_handle_is_a_slug CHECK (handle ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    status           text        NOT NULL
        CONSTRAINT product_status_known CHECK (status IN ('draft', 'active', 'archived')),
    title            text        NOT NULL
        CONSTRAINT product_title_given CHECK (title <> ''),
    subtitle         text,
    description_html text        NOT NULL DEFAULT '',
    brand            text,
    product_type     text,
    tags             text[]      NOT NULL DEFAULT '{}',
    -- [[name, value], …], the specification table.
    details          jsonb       NOT NULL DEFAULT '[]',
    -- Columns of an import that the shop has no place for, by their header.
    attributes       jsonb       NOT NULL DEFAULT '{}',
    category_id      uuid
        CONSTRAINT product_category_exists REFERENCES category,
    tax_class_id     uuid        NOT NULL
        CONSTRAINT product_tax_class_exists REFERENCES tax_class,
    seo_title        text,
    seo_description  text,
    sold_30d         bigint      NOT NULL DEFAULT 0,
    published_at     timestamptz,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    version          integer     NOT NULL DEFAULT 1
);

CREATE INDEX product_of_category ON product (category_id);
CREATE INDEX product_bestsellers_of_category ON product (category_id, sold_30d DESC, product_id)
    WHERE status = 'active' AND published_at IS NOT NULL;
CREATE INDEX product_bestsellers ON product (sold_30d DESC, product_id)
    WHERE status = 'active' AND published_at IS NOT NULL;
CREATE INDEX product_newest ON product (published_at DESC, product_id)
    WHERE status = 'active' AND published_at IS NOT NULL;

CREATE TABLE product_option (
    product_option_id uuid    PRIMARY KEY,
    product_id        uuid    NOT NULL
        CONSTRAINT product_option_product_exists REFERENCES product ON DELETE CASCADE,
    name              text    NOT NULL,
    position          integer NOT NULL
        CONSTRAINT product_option_at_most_three CHECK (position BETWEEN 0 AND 2),
    CONSTRAINT product_option_name_unique UNIQUE (product_id, name),
    CONSTRAINT product_option_position_unique UNIQUE (product_id, position) DEFERRABLE
);

CREATE TABLE product_option_value (
    product_option_value_id uuid    PRIMARY KEY,
    product_option_id       uuid    NOT NULL
        CONSTRAINT product_option_value_option_exists REFERENCES product_option ON DELETE CASCADE,
    value                   text    NOT NULL,
    swatch                  text
        CONSTRAINT product_option_value_swatch_is_hex CHECK (swatch ~ '^#[0-9a-f]{6}$'),
    position                integer NOT NULL,
    CONSTRAINT product_option_value_unique UNIQUE (product_option_id, value)
);

CREATE TABLE variant (
    variant_id        uuid        PRIMARY KEY,
    product_id        uuid        NOT NULL
        CONSTRAINT variant_product_exists REFERENCES product ON DELETE CASCADE,
    sku               text
        CONSTRAINT variant_sku_unique UNIQUE,
    barcode           text,
    -- One value for each option of the product, in the options' order.
    option_values     text[]      NOT NULL DEFAULT '{}',
    weight_g          integer     NOT NULL DEFAULT 0
        CONSTRAINT variant_weight_not_negative CHECK (weight_g >= 0),
    requires_shipping boolean     NOT NULL DEFAULT true,
    track_inventory   boolean     NOT NULL DEFAULT true,
    purchase_limit    integer     NOT NULL DEFAULT 99
        CONSTRAINT variant_purchase_limit_in_range CHECK (purchase_limit BETWEEN 1 AND 999),
    cost_minor        bigint
        CONSTRAINT variant_cost_not_negative CHECK (cost_minor >= 0),
    position          integer     NOT NULL,
    archived_at       timestamptz,
    CONSTRAINT variant_options_unique UNIQUE (product_id, option_values)
);

CREATE TABLE price (
    price_id         uuid    PRIMARY KEY,
    variant_id       uuid    NOT NULL
        CONSTRAINT price_variant_exists REFERENCES variant ON DELETE CASCADE,
    currency         text    NOT NULL
        CONSTRAINT price_currency_is_a_code CHECK (currency ~ '^[A-Z]{3}$'),
    min_quantity     integer NOT NULL DEFAULT 1
        CONSTRAINT price_min_quantity_positive CHECK (min_quantity >= 1),
    amount_minor     bigint  NOT NULL
        CONSTRAINT price_not_negative CHECK (amount_minor >= 0),
    compare_at_minor bigint
        CONSTRAINT price_compare_at_is_higher CHECK (compare_at_minor > amount_minor),
    CONSTRAINT price_unique UNIQUE (variant_id, currency, min_quantity)
);

-- Every price a variant ever had; the lowest of 30 days is shown beside a sale.
CREATE TABLE price_history (
    variant_id   uuid        NOT NULL
        CONSTRAINT price_history_variant_exists REFERENCES variant ON DELETE CASCADE,
    currency     text        NOT NULL,
    amount_minor bigint      NOT NULL,
    from_at      timestamptz NOT NULL,
    to_at        timestamptz,
    PRIMARY KEY (variant_id, currency, from_at)
);

CREATE FUNCTION price_remember() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.amount_minor = NEW.amount_minor THEN
        RETURN NULL;
    END IF;
    UPDATE price_history SET to_at = clock_timestamp()
    WHERE variant_id = NEW.variant_id AND currency = NEW.currency AND to_at IS NULL;
    INSERT INTO price_history (variant_id, currency, amount_minor, from_at)
    VALUES (NEW.variant_id, NEW.currency, NEW.amount_minor, clock_timestamp());
    RETURN NULL;
END $$;

CREATE TRIGGER price_remembered AFTER INSERT OR UPDATE ON price
    FOR EACH ROW WHEN (NEW.min_quantity = 1) EXECUTE FUNCTION price_remember();

CREATE TABLE product_media (
    product_id   uuid    NOT NULL
        CONSTRAINT product_media_product_exists REFERENCES product ON DELETE CASCADE,
    media_id     uuid    NOT NULL
        CONSTRAINT product_media_media_exists REFERENCES media,
    position     integer NOT NULL,
    -- The choice that it shows; both absent when it is of all variants.
    option_name  text,
    option_value text,
    PRIMARY KEY (product_id, media_id)
);

CREATE TABLE slug_redirect (
    path   text PRIMARY KEY,
    target text NOT NULL
);

-- An old handle keeps leading to its product.
CREATE FUNCTION product_redirect_old_handle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM slug_redirect WHERE path = '/products/' || NEW.handle;
    UPDATE slug_redirect SET target = '/products/' || NEW.handle WHERE target = '/products/' || OLD.handle;
    INSERT INTO slug_redirect (path, target) VALUES ('/products/' || OLD.handle, '/products/' || NEW.handle)
    ON CONFLICT (path) DO UPDATE SET target = excluded.target;
    RETURN NULL;
END $$;

CREATE TRIGGER product_handle_redirects AFTER UPDATE OF handle ON product
    FOR EACH ROW WHEN (OLD.handle <> NEW.handle) EXECUTE FUNCTION product_redirect_old_handle();

-- The picture that shows a variant best: one of its own choice, else one of all.
CREATE FUNCTION variant_media(id uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT product_media.media_id
    FROM variant
    JOIN product_media USING (product_id)
    LEFT JOIN product_option
        ON product_option.product_id = product_media.product_id AND product_option.name = product_media.option_name
    WHERE variant_id = id
        AND (product_media.option_name IS NULL OR option_values[product_option.position + 1] = option_value)
    ORDER BY product_media.option_name IS NULL, product_media.position
    LIMIT 1
$$;
