//! What the head of a public page says to search engines and to those who link here.

use api_types::Picture;
use leptos::{html, prelude::*};
use serde_json::{Value, json};
use url::Url;

use crate::components::picture::largest;

/// Facts about a page.
pub struct Head {
    /// The one address of the page.
    pub canonical: String,
    /// Title for those who link here.
    pub title: String,
    /// Summary for those who link here.
    pub description: String,
    /// `website`, `product` or `article`.
    pub kind: &'static str,
    /// A picture for those who link here.
    pub picture: Option<Shared>,
    /// Structured data (schema.org), one block each.
    pub data: Vec<Value>,
}

/// A picture as other sites show it beside a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    url: String,
    mime: String,
    width: i32,
    height: i32,
    alt: String,
}

impl Shared {
    /// The file of a picture that most sites can show: JPEG or PNG where there is one, else WebP, and
    /// the largest of that kind.
    pub fn of(public: &Url, picture: &Picture) -> Option<Self> {
        let rank = |mime: &str| match mime {
            "image/jpeg" | "image/png" => 2,
            "image/webp" => 1,
            _ => 0,
        };
        let best = picture.sources.iter().max_by_key(|file| (rank(&file.mime), file.width))?;
        let height =
            i64::from(best.width) * i64::from(picture.height) / i64::from(picture.width.max(1));
        Some(Self {
            url: absolute(public, &best.url),
            mime: best.mime.clone(),
            width: best.width,
            height: i32::try_from(height).unwrap_or(best.width),
            alt: picture.alt.clone(),
        })
    }

    fn draw(self) -> impl IntoView {
        view! {
            {og("og:image", self.url)}
            {og("og:image:type", self.mime)}
            {og("og:image:width", self.width.to_string())}
            {og("og:image:height", self.height.to_string())}
            {og("og:image:alt", self.alt)}
        }
    }
}

/// The way to a page, for search engines: names with the paths of all steps but the last.
pub fn breadcrumbs(public: &Url, steps: &[(&str, Option<String>)]) -> Value {
    let items: Vec<_> = steps
        .iter()
        .zip(1..)
        .map(|((name, path), position)| {
            let mut step = json!({ "@type": "ListItem", "position": position, "name": name });
            if let Some(path) = path {
                step["item"] = json!(absolute(public, path));
            }
            step
        })
        .collect();
    json!({
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": items,
    })
}

/// A list of pages, for search engines: their names and paths, in order.
pub fn item_list(public: &Url, items: impl Iterator<Item = (String, String)>) -> Value {
    let items: Vec<_> = items
        .zip(1..)
        .map(|((name, path), position)| {
            json!({
                "@type": "ListItem", "position": position, "name": name,
                "url": absolute(public, &path),
            })
        })
        .collect();
    json!({
        "@context": "https://schema.org",
        "@type": "ItemList",
        "numberOfItems": items.len(),
        "itemListElement": items,
    })
}

/// The address of a path of this shop for the rest of the world.
pub fn absolute(public: &Url, path: &str) -> String {
    public.join(path).map_or_else(|_| path.to_owned(), String::from)
}

/// The address of a picture for the rest of the world.
pub fn picture_address(public: &Url, picture: &Picture) -> String {
    absolute(public, &largest(picture))
}

/// JSON that may stand inside a script element: no `<` can end it.
pub fn inert(json: &Value) -> String {
    json.to_string().replace('<', "\\u003c")
}

impl Head {
    /// Draws the elements.
    pub fn draw(self) -> impl IntoView {
        let data = self
            .data
            .iter()
            .map(|block| view! { <script type="application/ld+json" inner_html=inert(block)></script> })
            .collect_view();
        let card = if self.picture.is_some() { "summary_large_image" } else { "summary" };
        let about = (!self.description.is_empty()).then(|| og("og:description", self.description));
        let picture = self.picture.map(Shared::draw);
        view! {
            <link rel="canonical" href=self.canonical.clone()/>
            {og("og:url", self.canonical)}
            {og("og:type", self.kind)}
            {og("og:title", self.title)}
            {about}
            {picture}
            <meta name="twitter:card" content=card/>
            {data}
        }
    }
}

/// A line of the Open Graph protocol; its attribute is not one that the macro knows.
fn og(property: &'static str, content: impl Into<String>) -> impl IntoView {
    html::meta().content(content.into()).attr("property", property)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structured_data_cannot_end_its_script() {
        let json = serde_json::json!({ "name": "</script><b>" });

        assert!(!inert(&json).contains('<'));
        assert_eq!(serde_json::from_str::<Value>(&inert(&json)).unwrap(), json);
    }

    #[test]
    fn other_sites_are_shown_a_file_that_they_can_show() {
        let public = "https://shop.example/".parse().unwrap();
        let file = |name: &str, width: i32, mime: &str| json!({ "url": format!("/api/media/{name}"), "width": width, "mime": mime });
        let avif = file("a-800.avif", 800, "image/avif");
        let (small, large) =
            (file("a-400.webp", 400, "image/webp"), file("a-800.webp", 800, "image/webp"));
        let jpeg = file("a-600.jpg", 600, "image/jpeg");
        let shared = |sources: Vec<Value>| {
            let picture = json!({
                "id": format!("media_{:032x}", 1), "alt": "A mug", "width": 800, "height": 400, "sources": sources,
            });
            Shared::of(&public, &serde_json::from_value(picture).unwrap())
        };

        let webp = shared(vec![avif.clone(), small.clone(), large.clone()]).unwrap();
        assert_eq!(
            (webp.url.as_str(), webp.width, webp.height),
            ("https://shop.example/api/media/a-800.webp", 800, 400)
        );
        let jpeg = shared(vec![avif, small, large, jpeg]).unwrap();
        assert_eq!((jpeg.mime.as_str(), jpeg.width, jpeg.height), ("image/jpeg", 600, 300));
        assert_eq!(shared(Vec::new()), None);
    }

    #[test]
    fn addresses_are_made_whole() {
        let public = "https://shop.example/".parse().unwrap();

        assert_eq!(absolute(&public, "/products/mug"), "https://shop.example/products/mug");
    }
}
