-- Every address that search engines should know, by kind; `since` is when it can be read.

CREATE VIEW sitemap_entry AS
SELECT 'products' AS kind, handle AS name, '/products/' || handle AS path, updated_at, '-infinity'::timestamptz AS since
FROM product
WHERE status = 'active' AND published_at IS NOT NULL
UNION ALL
SELECT 'categories', handle, '/categories/' || handle, NULL, '-infinity'
FROM category
UNION ALL
SELECT 'pages', slug, '/pages/' || slug, updated_at, '-infinity'
FROM content_page
UNION ALL
SELECT 'posts', slug, '/journal/' || slug, updated_at, published_at
FROM post;
