//! Words with markup, from staff and from other shops' files, as they may be shown (pure).

use std::sync::LazyLock;

use regex_lite::{Captures, Regex};

/// What the addresses of the shop's own pictures begin with.
const OWN: &str = " src=\"/api/media/";

/// A picture as `ammonia` writes one: all values are quoted, and quotes in them are escaped.
#[expect(clippy::unwrap_used, reason = "the pattern is ours, and a test reads it")]
static PICTURE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"<img((?: [a-z:-]+="[^"]*")*)>"#).unwrap());

/// Without what is not harmless, and without pictures that are not the shop's own: others would tell their servers who
/// looks, and browsers are not let to ask for them. A picture without words is one that says nothing.
pub fn clean(html: &str) -> String {
    let harmless = ammonia::clean(html.trim());
    let shown = PICTURE.replace_all(&harmless, |found: &Captures<'_>| match &found[1] {
        about if !about.contains(OWN) => String::new(),
        about if about.contains(" alt=\"") => found[0].to_owned(),
        about => format!("<img{about} alt=\"\">"),
    });
    shown.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shop_s_own_pictures_stay_and_each_has_words() {
        for (html, expected) in [
            ("<p>a<img src=x onerror='b()'>c</p>", "<p>ac</p>"),
            ("<img src='https://elsewhere.example/a.png' alt='a > b'>", ""),
            ("<img src='//elsewhere.example/api/media/a.png'>", ""),
            ("<img alt=' src=\"/api/media/a.png' src='https://elsewhere.example/'>", ""),
            ("<img alt='a' src='/api/media/a.png'>", "<img alt=\"a\" src=\"/api/media/a.png\">"),
            ("<img src='/api/media/a.png'>", "<img src=\"/api/media/a.png\" alt=\"\">"),
            ("  <b>plain</b> ", "<b>plain</b>"),
        ] {
            assert_eq!(clean(html), expected, "{html}");
        }
    }
}
