-- The journal; what pages of words say of themselves; and old addresses of posts and shelves that keep leading on.

CREATE TABLE post (
    post_id      uuid        PRIMARY KEY,
    slug         text        NOT NULL
        CONSTRAINT post_slug_unique UNIQUE
        CONSTRAINT post_slug_is_a_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    title        text        NOT NULL
        CONSTRAINT post_title_given CHECK (title <> ''),
    summary      text        NOT NULL DEFAULT '',
    -- Clean HTML.
    body_html    text        NOT NULL,
    media_id     uuid
        CONSTRAINT post_media_exists REFERENCES media,
    -- Absent while it is a draft; readers see it from then on.
    published_at timestamptz,
    updated_at   timestamptz NOT NULL
);

CREATE INDEX post_newest ON post (published_at DESC, post_id DESC) WHERE published_at IS NOT NULL;

-- A sentence for those who link to the page.
ALTER TABLE content_page ADD COLUMN summary text NOT NULL DEFAULT '';

-- An old address keeps leading on. Arguments: what addresses begin with, and the column with the name that follows.
CREATE FUNCTION redirect_old_address() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_path text := TG_ARGV[0] || (to_jsonb(OLD) ->> TG_ARGV[1]);
    new_path text := TG_ARGV[0] || (to_jsonb(NEW) ->> TG_ARGV[1]);
BEGIN
    DELETE FROM slug_redirect WHERE path = new_path;
    UPDATE slug_redirect SET target = new_path WHERE target = old_path;
    INSERT INTO slug_redirect (path, target) VALUES (old_path, new_path)
    ON CONFLICT (path) DO UPDATE SET target = excluded.target;
    RETURN NULL;
END $$;

DROP TRIGGER product_handle_redirects ON product;
DROP FUNCTION product_redirect_old_handle;

CREATE TRIGGER product_handle_redirects AFTER UPDATE OF handle ON product
    FOR EACH ROW WHEN (OLD.handle <> NEW.handle) EXECUTE FUNCTION redirect_old_address('/products/', 'handle');

CREATE TRIGGER category_handle_redirects AFTER UPDATE OF handle ON category
    FOR EACH ROW WHEN (OLD.handle <> NEW.handle) EXECUTE FUNCTION redirect_old_address('/categories/', 'handle');

CREATE TRIGGER post_slug_redirects AFTER UPDATE OF slug ON post
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION redirect_old_address('/journal/', 'slug');

CREATE TRIGGER content_page_slug_redirects AFTER UPDATE OF slug ON content_page
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION redirect_old_address('/pages/', 'slug');
