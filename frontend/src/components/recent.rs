//! A place for what was looked at last. The browser fills it from its own memory; the page is the
//! same for everyone, and without scripts nothing is shown.

use api_types::Picture as Shot;
use leptos::prelude::*;

use crate::texts;

/// What the browser shall remember of the page that it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Path of the product.
    pub path: String,
    /// Its name.
    pub title: String,
    /// Address of a small picture; empty when there is none.
    pub picture: String,
}

impl Seen {
    /// Of a product, by its first picture.
    pub fn product(handle: &str, title: &str, picture: Option<&Shot>) -> Self {
        let small = picture.and_then(|picture| {
            let webp = picture.sources.iter().filter(|file| file.mime == "image/webp");
            webp.min_by_key(|file| file.width).or_else(|| picture.sources.last())
        });
        Self {
            path: format!("/products/{handle}"),
            title: title.to_owned(),
            picture: small.map(|file| file.url.clone()).unwrap_or_default(),
        }
    }
}

/// The shelf, empty and out of sight; `seen` is what this page adds to the browser's memory.
pub fn recent(seen: Option<Seen>) -> impl IntoView {
    let (path, title, picture) = seen
        .map_or((None, None, None), |seen| (Some(seen.path), Some(seen.title), Some(seen.picture)));
    view! {
        <section
            class="section recent no-print"
            aria-labelledby="recent"
            data-path=path
            data-title=title
            data-picture=picture
            hidden
        >
            <div class="page">
                <header>
                    <h2 id="recent">{texts::recent_title()}</h2>
                    <button class="link" type="button">{texts::recent_title_forget()}</button>
                </header>
                <ul class="card-grid"></ul>
                <template>
                    <li>
                        <article class="product-card">
                            <div class="shot"><img alt="" width="400" height="400" loading="lazy"/></div>
                            <h3><a></a></h3>
                        </article>
                    </li>
                </template>
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_picture_that_every_browser_shows_is_remembered() {
        let file = |url: &str, width: i32, mime: &str| serde_json::json!({ "url": url, "width": width, "mime": mime });
        let picture = serde_json::from_value(serde_json::json!({
            "id": format!("media_{:032x}", 1), "alt": "", "width": 800, "height": 800, "sources": [
                file("/a-400.avif", 400, "image/avif"),
                file("/a-400.webp", 400, "image/webp"),
                file("/a-800.webp", 800, "image/webp"),
            ],
        }));

        let seen = Seen::product("mug", "Mug", Some(&picture.unwrap()));

        assert_eq!((seen.path.as_str(), seen.picture.as_str()), ("/products/mug", "/a-400.webp"));
        assert_eq!(Seen::product("mug", "Mug", None).picture, "");
    }
}
