//! Every word that the storefront says itself: one function a text, made from `texts/<language>/*.ftl`.
//!
//! What the shop's people write (titles, descriptions, pages) and what the API says of a refusal
//! comes from there and is not here.

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// The language that is spoken. A shop with a second one answers here for the page being drawn.
pub const fn language() -> Language {
    Language::En
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    #[test]
    fn the_functions_say_what_fluent_says() {
        ::texts::check::agrees("texts", super::SAMPLES).unwrap();
    }

    /// Where people read what the code says.
    const SAID: [&str; 4] = ["src/actions", "src/components", "src/islands", "src/pages"];

    #[test]
    fn nothing_is_said_past_the_fluent_files() {
        let mut found = Vec::new();
        for folder in SAID {
            look(Path::new(folder), &mut found);
        }

        assert!(found.is_empty(), "put these into texts/en: {found:#?}");
        for line in ["    \"Read on\"", "<h1>\"Cart\"</h1>", "let text = \"We are away.\";"] {
            assert!(is_said(line), "{line}");
        }
        for line in ["\"shipping name\",", "json!({ \"@type\": \"Offer\" })", "(\"a\" => \"b c\")"]
        {
            assert!(!is_said(line), "{line}");
        }
    }

    fn look(path: &Path, found: &mut Vec<String>) {
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                look(&entry.unwrap().path(), found);
            }
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let source = fs::read_to_string(path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            for (place, line) in code.lines().enumerate().filter(|(_, line)| is_said(line)) {
                found.push(format!("{}:{} {}", path.display(), place + 1, line.trim()));
            }
        }
    }

    /// Whether a line of code has words for people: a text between tags, or a sentence.
    fn is_said(line: &str) -> bool {
        let line = line.trim();
        let is_aside =
            ["//", "#", "tracing::", "reason"].iter().any(|start| line.starts_with(start));
        let mut parts = line.split('"');
        let mut before = parts.next().unwrap_or_default();
        let mut is_found = false;
        while let (Some(words), Some(after)) = (parts.next(), parts.next()) {
            let is_between = (before.ends_with('>') && !before.ends_with("=>"))
                || (before.trim().is_empty() && after.trim().is_empty());
            let mut letters = words.chars();
            let is_sentence = letters.next().is_some_and(char::is_uppercase)
                && letters.next().is_some_and(|second| second == ' ' || second.is_lowercase())
                && words.contains(' ');
            let has_words = words.chars().filter(|c| c.is_alphabetic()).count() > 1;
            is_found |= has_words && (is_between || is_sentence);
            before = after;
        }
        is_found && !is_aside && !line.contains("tracing::")
    }
}
