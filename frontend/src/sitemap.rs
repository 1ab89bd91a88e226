//! What search engines read first: `robots.txt`, and the map of the shop as XML.

use std::fmt::Write as _;

use api_types::{Sitemap, SitemapEntry, SitemapKind};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};

use crate::{
    api::Error,
    app::App,
    extract::Path,
    pages::{absolute, errors},
};

const SCHEMA: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
/// Pages that no table holds.
const OURS: [&str; 2] = ["/", "/journal"];
/// What nobody should find by searching: what is personal, and lists without end.
const PRIVATE: [&str; 5] = ["/account", "/cart", "/checkout", "/orders/", "/search"];

/// `/robots.txt`
pub async fn robots(State(app): State<App>) -> Response {
    let mut text = "User-agent: *\n".to_owned();
    for path in PRIVATE {
        let _ = writeln!(text, "Disallow: {path}");
    }
    let _ = writeln!(text, "\nSitemap: {}", absolute(&app.config.public_url, "/sitemap.xml"));
    ([(header::CACHE_CONTROL, "public, max-age=3600")], text).into_response()
}

/// `/sitemap.xml`: where the parts are.
pub async fn index(State(app): State<App>) -> Result<Response, Error> {
    let parts = with_pages(app.api.sitemap().await?);
    let public = &app.config.public_url;
    let files = parts.iter().map(|(kind, page, _, updated_at)| {
        (absolute(public, &format!("/sitemaps/{}-{page}.xml", kind.name())), *updated_at)
    });
    Ok(xml(("sitemapindex", "sitemap"), files))
}

/// `/sitemaps/{kind}-{page}.xml`: up to 5,000 addresses.
pub async fn part(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Error> {
    let parts = with_pages(app.api.sitemap().await?);
    let found =
        parts.into_iter().find(|(kind, page, ..)| name == format!("{}-{page}.xml", kind.name()));
    let Some((kind, page, cursor, _)) = found else {
        return Ok(errors::not_found().into_response());
    };
    let mut entries = match cursor {
        Some(cursor) => app.api.sitemap_part(kind, &cursor).await?,
        None => Vec::new(),
    };
    if (kind, page) == (SitemapKind::Pages, 1) {
        let has_journal = app.shop_config().await?.has_journal;
        let ours = OURS.iter().filter(|path| **path != "/journal" || has_journal);
        let ours = ours.map(|path| SitemapEntry { path: (*path).to_owned(), updated_at: None });
        entries.splice(0..0, ours);
    }
    let public = &app.config.public_url;
    let urls = entries.iter().map(|entry| (absolute(public, &entry.path), entry.updated_at));
    Ok(xml(("urlset", "url"), urls))
}

type Part = (SitemapKind, u32, Option<String>, Option<DateTime<Utc>>);

/// Every part; that of pages is there even when only pages without a table are in it.
fn with_pages(map: Sitemap) -> Vec<Part> {
    let parts = map.parts.into_iter();
    let mut parts: Vec<Part> =
        parts.map(|part| (part.kind, part.page, Some(part.cursor), part.updated_at)).collect();
    if !parts.iter().any(|(kind, ..)| *kind == SitemapKind::Pages) {
        parts.push((SitemapKind::Pages, 1, None, None));
    }
    parts
}

/// A list of addresses, each with the day on which it was written anew.
fn xml(
    (list, item): (&str, &str),
    entries: impl Iterator<Item = (String, Option<DateTime<Utc>>)>,
) -> Response {
    let mut text =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{list} xmlns=\"{SCHEMA}\">\n");
    for (address, updated_at) in entries {
        let _ = write!(text, "<{item}><loc>{}</loc>", escaped(&address));
        if let Some(at) = updated_at {
            let _ = write!(text, "<lastmod>{}</lastmod>", at.format("%Y-%m-%dT%H:%M:%SZ"));
        }
        let _ = writeln!(text, "</{item}>");
    }
    let _ = writeln!(text, "</{list}>");
    let headers = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, text).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&apos;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_cannot_break_the_file() {
        assert_eq!(escaped("/a?b=1&c=<d>'\""), "/a?b=1&amp;c=&lt;d&gt;&apos;&quot;");
    }

    #[test]
    fn there_is_always_a_part_for_the_pages() {
        let parts = with_pages(Sitemap::default());

        assert_eq!(parts, [(SitemapKind::Pages, 1, None, None)]);
    }
}
