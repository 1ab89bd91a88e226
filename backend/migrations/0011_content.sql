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

-- What an old address leads to, for whatever is found at a prefix and a name of its own.
CREATE FUNCTION redirect_old_address(prefix text, old_name text, new_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM slug_redirect WHERE path = prefix || new_name;
    UPDATE slug_redirect SET target = prefix || new_name WHERE target = prefix || old_name;
    INSERT INTO slug_redirect (path, target) VALUES (prefix || old_name, prefix || new_name)
    ON CONFLICT (path) DO UPDATE SET target = excluded.target;
END $$;

CREATE FUNCTION post_redirect_old_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM redirect_old_address('/journal/', OLD.slug, NEW.slug);
    RETURN NULL;
END $$;

CREATE TRIGGER post_slug_redirects AFTER UPDATE OF slug ON post
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION post_redirect_old_slug();

CREATE FUNCTION content_page_redirect_old_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM redirect_old_address('/pages/', OLD.slug, NEW.slug);
    RETURN NULL;
END $$;

CREATE TRIGGER content_page_slug_redirects AFTER UPDATE OF slug ON content_page
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION content_page_redirect_old_slug();

CREATE FUNCTION category_redirect_old_handle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM redirect_old_address('/categories/', OLD.handle, NEW.handle);
    RETURN NULL;
END $$;

CREATE TRIGGER category_handle_redirects AFTER UPDATE OF handle ON category
    FOR EACH ROW WHEN (OLD.handle <> NEW.handle) EXECUTE FUNCTION category_redirect_old_handle();
