-- Pictures are kept in sizes that are made after they came; and what came of each picture of an import.

ALTER TABLE media
    -- The clean pixels that sizes are made from; absent when all are there.
    ADD COLUMN master text
        CONSTRAINT media_master_unique UNIQUE,
    -- Not named like a product's version: the release before reads both tables at once.
    ADD COLUMN row_version integer NOT NULL DEFAULT 1;

CREATE INDEX media_newest ON media (created_at DESC, media_id DESC);
CREATE INDEX product_media_of_media ON product_media (media_id);

-- Every picture, best format first, small to large within a format; those too that no file is made of yet, for staff.
CREATE VIEW any_picture AS
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

-- Those that shoppers can see.
CREATE OR REPLACE VIEW picture AS
SELECT media_id, body
FROM any_picture
WHERE EXISTS (SELECT FROM media_file WHERE media_file.media_id = any_picture.media_id);

-- What shows a picture changes with it: products by name, all else at once, for it is little and seldom.
CREATE OR REPLACE FUNCTION search_note_pictures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT DISTINCT product_id FROM changed JOIN product_media USING (media_id);
    INSERT INTO search_change (product_id)
    SELECT NULL
    WHERE EXISTS (SELECT FROM changed JOIN category USING (media_id))
        OR EXISTS (SELECT FROM changed JOIN post USING (media_id))
        OR EXISTS (
            SELECT FROM changed
            JOIN media USING (media_id)
            JOIN setting ON setting.key = 'home'
            CROSS JOIN LATERAL jsonb_each(
                CASE jsonb_typeof(setting.value) WHEN 'object' THEN setting.value ELSE '{}' END
            ) AS section
            WHERE jsonb_typeof(section.value) = 'object'
                AND media.source IN (section.value ->> 'picture', section.value ->> 'phone_picture')
        );
    RETURN NULL;
END $$;

-- Where a picture hangs: what kind of thing, and its name in addresses.
CREATE FUNCTION media_use(id uuid) RETURNS TABLE (kind text, name text) LANGUAGE sql STABLE AS $$
    SELECT 'product', handle FROM product_media JOIN product USING (product_id) WHERE media_id = id
    UNION ALL
    SELECT 'category', handle FROM category WHERE media_id = id
    UNION ALL
    SELECT 'post', slug FROM post WHERE media_id = id
    UNION ALL
    SELECT 'home', 'home'
    FROM media
    JOIN setting ON setting.key = 'home'
    CROSS JOIN LATERAL jsonb_each(
        CASE jsonb_typeof(setting.value) WHEN 'object' THEN setting.value ELSE '{}' END
    ) AS section
    WHERE media_id = id AND jsonb_typeof(section.value) = 'object'
        AND source IN (section.value ->> 'picture', section.value ->> 'phone_picture')
$$;

-- What came of each picture that an import had to fetch.
CREATE TABLE import_picture (
    import_run_id uuid    NOT NULL
        CONSTRAINT import_picture_run_exists REFERENCES import_run ON DELETE CASCADE,
    product_id    uuid    NOT NULL,
    handle        text    NOT NULL,
    url           text    NOT NULL,
    -- Where the file names it, and how the product is to show it.
    line          bigint  NOT NULL,
    position      integer NOT NULL,
    alt           text    NOT NULL,
    shows         text,
    state         text    NOT NULL
        CONSTRAINT import_picture_state_known CHECK (state IN ('fetched', 'waiting', 'missing', 'superseded')),
    -- Why it is not there.
    reason        text,
    tries         integer NOT NULL DEFAULT 1,
    -- The job that tries again, by its key.
    job           text    NOT NULL,
    -- What it became; absent when it was there already, or is gone.
    media_id      uuid
        CONSTRAINT import_picture_media_exists REFERENCES media ON DELETE SET NULL,
    PRIMARY KEY (import_run_id, product_id, url)
);

CREATE INDEX import_picture_of_product ON import_picture (product_id);
CREATE INDEX import_picture_of_media ON import_picture (media_id);

-- How a product's pictures hung before an import, and how it left them: [{media_id, position, …}, …].
CREATE TABLE import_hung (
    import_run_id uuid  NOT NULL
        CONSTRAINT import_hung_run_exists REFERENCES import_run ON DELETE CASCADE,
    product_id    uuid  NOT NULL
        CONSTRAINT import_hung_product_exists REFERENCES product ON DELETE CASCADE,
    before        jsonb NOT NULL,
    after         jsonb NOT NULL,
    PRIMARY KEY (import_run_id, product_id)
);

CREATE INDEX import_hung_of_product ON import_hung (product_id);

-- How a product's pictures hang, to be compared and put back.
CREATE FUNCTION product_hung(id uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(to_jsonb(product_media) || jsonb_build_object('alt', alt) ORDER BY media_id), '[]')
    FROM product_media
    JOIN media USING (media_id)
    WHERE product_id = id
$$;
