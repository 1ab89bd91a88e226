//! What the head of a public page says to search engines and to those who link here.

use api_types::Picture;
use leptos::{html, prelude::*};
use serde_json::Value;
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
    /// `website` or `product`.
    pub kind: &'static str,
    /// Address of a picture for those who link here.
    pub picture: Option<String>,
    /// Structured data (schema.org), one block each.
    pub data: Vec<Value>,
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
        let picture = self.picture.map(|url| og("og:image", url));
        view! {
            <link rel="canonical" href=self.canonical.clone()/>
            {og("og:url", self.canonical)}
            {og("og:type", self.kind)}
            {og("og:title", self.title)}
            {og("og:description", self.description)}
            {picture}
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
    fn addresses_are_made_whole() {
        let public = "https://shop.example/".parse().unwrap();

        assert_eq!(absolute(&public, "/products/mug"), "https://shop.example/products/mug");
    }
}
