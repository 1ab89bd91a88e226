//! Which numbers a plural category means, as the pattern of a `match`.

/// Languages whose cardinal numbers are `one` for 1 and `other` for the rest (CLDR).
const ONE_AND_OTHER: [&str; 9] = ["da", "de", "en", "es", "fi", "it", "nl", "no", "sv"];

/// The pattern for a category of a language's whole numbers; `None` when it has none or we do not
/// know: then it has to be added here.
pub fn pattern(language: &str, category: &str) -> Option<&'static str> {
    let (base, _) = language.split_once('-').unwrap_or((language, ""));
    match category {
        "one" if ONE_AND_OTHER.contains(&base) => Some("1"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_that_a_language_does_not_have_is_no_pattern() {
        assert_eq!(pattern("en", "one"), Some("1"));
        assert_eq!(pattern("en-GB", "one"), Some("1"));
        assert_eq!(pattern("en", "few"), None);
        assert_eq!(pattern("pl", "one"), None);
    }
}
