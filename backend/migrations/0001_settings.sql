-- Where the shop sells, what it taxes, how it delivers, and what its pages say.

CREATE EXTENSION IF NOT EXISTS ltree;

CREATE TABLE setting (
    key   text  PRIMARY KEY,
    value jsonb NOT NULL
);

CREATE TABLE region (
    region_id    uuid    PRIMARY KEY,
    title        text    NOT NULL,
    currency     text    NOT NULL
        CONSTRAINT region_currency_is_a_code CHECK (currency ~ '^[A-Z]{3}$'),
    tax_included boolean NOT NULL,
    position     integer NOT NULL
);

CREATE TABLE region_country (
    country        text    PRIMARY KEY
        CONSTRAINT region_country_is_a_code CHECK (country ~ '^[A-Z]{2}$'),
    region_id      uuid    NOT NULL
        CONSTRAINT region_country_region_exists REFERENCES region ON DELETE CASCADE,
    title          text    NOT NULL,
    -- [[code, name], …] where an address must name a state.
    states         jsonb   NOT NULL DEFAULT '[]',
    postal_pattern text,
    postal_example text,
    position       integer NOT NULL
);

CREATE TABLE tax_class (
    tax_class_id uuid PRIMARY KEY,
    code         text NOT NULL
        CONSTRAINT tax_class_code_unique UNIQUE,
    title        text NOT NULL
);

-- A rate holds for a country, or for one of its states; the state's wins.
CREATE TABLE tax_rate (
    tax_rate_id  uuid    PRIMARY KEY,
    country      text    NOT NULL,
    state        text,
    tax_class_id uuid    NOT NULL
        CONSTRAINT tax_rate_class_exists REFERENCES tax_class,
    name         text    NOT NULL,
    rate_ppm     bigint  NOT NULL
        CONSTRAINT tax_rate_in_range CHECK (rate_ppm BETWEEN 0 AND 1000000),
    is_compound  boolean NOT NULL DEFAULT false,
    position     integer NOT NULL DEFAULT 0,
    CONSTRAINT tax_rate_unique UNIQUE NULLS NOT DISTINCT (country, state, tax_class_id, name)
);

CREATE TABLE shipping_zone (
    shipping_zone_id uuid PRIMARY KEY,
    title            text NOT NULL
);

CREATE TABLE shipping_zone_country (
    country          text PRIMARY KEY,
    shipping_zone_id uuid NOT NULL
        CONSTRAINT shipping_zone_country_zone_exists REFERENCES shipping_zone ON DELETE CASCADE
);

CREATE TABLE shipping_method (
    shipping_method_id uuid    PRIMARY KEY,
    shipping_zone_id   uuid    NOT NULL
        CONSTRAINT shipping_method_zone_exists REFERENCES shipping_zone ON DELETE CASCADE,
    code               text    NOT NULL,
    title              text    NOT NULL,
    description        text    NOT NULL DEFAULT '',
    min_days           integer NOT NULL,
    max_days           integer NOT NULL,
    position           integer NOT NULL,
    CONSTRAINT shipping_method_code_unique UNIQUE (shipping_zone_id, code),
    CONSTRAINT shipping_method_days_in_order CHECK (0 <= min_days AND min_days <= max_days)
);

-- A rate holds within its bands; an absent bound is open.
CREATE TABLE shipping_rate (
    shipping_rate_id   uuid   PRIMARY KEY,
    shipping_method_id uuid   NOT NULL
        CONSTRAINT shipping_rate_method_exists REFERENCES shipping_method ON DELETE CASCADE,
    currency           text   NOT NULL
        CONSTRAINT shipping_rate_currency_is_a_code CHECK (currency ~ '^[A-Z]{3}$'),
    min_weight_g       bigint,
    max_weight_g       bigint,
    min_subtotal       bigint,
    max_subtotal       bigint,
    amount_minor       bigint NOT NULL
        CONSTRAINT shipping_rate_not_negative CHECK (amount_minor >= 0),
    free_over_minor    bigint
);

CREATE INDEX shipping_rate_of_method ON shipping_rate (shipping_method_id, currency);

CREATE TABLE content_page (
    slug       text        PRIMARY KEY,
    title      text        NOT NULL,
    body_html  text        NOT NULL,
    position   integer     NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL
);
