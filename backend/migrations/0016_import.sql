-- What imports did: so that the last one can be undone, and its rows be looked at.

CREATE TABLE import_run (
    import_run_id uuid        PRIMARY KEY,
    kind          text        NOT NULL
        CONSTRAINT import_run_kind_known CHECK (kind IN ('shopify', 'woocommerce', 'unknown')),
    file_name     text        NOT NULL,
    currency      text        NOT NULL
        CONSTRAINT import_run_currency_is_a_code CHECK (currency ~ '^[A-Z]{3}$'),
    is_dry_run    boolean     NOT NULL,
    keeps_existing boolean    NOT NULL,
    with_pictures boolean     NOT NULL,
    actor         text        NOT NULL,
    state         text        NOT NULL
        CONSTRAINT import_run_state_known CHECK (state IN ('waiting', 'running', 'done', 'failed', 'undone')),
    -- Rows, refused, created … ; what failed.
    totals        jsonb       NOT NULL DEFAULT '{}',
    failure       text,
    -- An upload that waits for the worker; gone once it was taken.
    file          bytea,
    claimed_until timestamptz,
    started_at    timestamptz NOT NULL,
    finished_at   timestamptz,
    undone_at     timestamptz,
    CONSTRAINT import_run_undone_has_a_time CHECK ((state = 'undone') = (undone_at IS NOT NULL))
);

CREATE INDEX import_run_waiting ON import_run (started_at) WHERE state IN ('waiting', 'running');

-- A product as it was before an import changed it; absent when the import made it.
CREATE TABLE import_change (
    import_run_id uuid    NOT NULL
        CONSTRAINT import_change_run_exists REFERENCES import_run ON DELETE CASCADE,
    product_id    uuid    NOT NULL,
    handle        text    NOT NULL,
    before        jsonb,
    -- As the import left it: whoever changed it since is not written over.
    after         jsonb   NOT NULL,
    version       integer NOT NULL,
    version_before integer NOT NULL,
    PRIMARY KEY (import_run_id, product_id)
);

-- What an import told of each row.
CREATE TABLE import_row (
    import_run_id uuid   NOT NULL
        CONSTRAINT import_row_run_exists REFERENCES import_run ON DELETE CASCADE,
    seq           bigint NOT NULL,
    told          jsonb  NOT NULL,
    PRIMARY KEY (import_run_id, seq)
);
