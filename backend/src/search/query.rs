//! What was typed, understood (pure).

use super::words;

/// Longest text that is looked at; the rest of a longer one is not what a shop is searched for.
const LONGEST_TEXT: usize = 200;

/// Most words that are looked for.
pub const MOST_WORDS: usize = 10;

/// Words that say nothing about a product.
const FILLERS: [&str; 21] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "of", "on",
    "or", "that", "the", "this", "to", "with",
];

/// What a shopper is looking for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The words, in order; none when nothing that was typed is a word.
    pub words: Vec<Word>,
    /// All of it, as an article code would be written.
    pub code: String,
}

/// One word that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// In lower case without accents.
    pub plain: String,
    /// Without its ending.
    pub stem: String,
    /// Whether more letters may follow.
    pub is_open: bool,
}

/// What `text` asks for; absent when it is blank.
pub fn understood(text: &str) -> Option<Typed> {
    let text: String = text.trim().chars().take(LONGEST_TEXT).collect();
    if text.is_empty() {
        return None;
    }
    let mut words: Vec<Word> = words::words(&text)
        .into_iter()
        .zip(words::stems(&text))
        .map(|(plain, stem)| Word { plain, stem, is_open: false })
        .collect();
    if words.iter().any(|word| !is_filler(word)) {
        words.retain(|word| !is_filler(word));
    }
    words.truncate(MOST_WORDS);
    if let Some(last) = words.last_mut() {
        last.is_open = true;
    }
    Some(Typed { words, code: words::folded(&text) })
}

fn is_filler(word: &Word) -> bool {
    FILLERS.contains(&word.plain.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<String> {
        understood(text).unwrap().words.into_iter().map(|word| word.plain).collect()
    }

    #[test]
    fn fillers_go_unless_there_is_nothing_else() {
        assert_eq!(plain("a cup for the café"), ["cup", "cafe"]);
        assert_eq!(plain("the"), ["the"]);
        assert_eq!(plain("\"linen\" AND (sheet*)"), ["linen", "sheet"]);
    }

    #[test]
    fn nothing_typed_is_no_query_and_signs_alone_are_one_without_words() {
        assert_eq!(understood(" \t\n"), None);
        assert_eq!(plain("?!*"), [""; 0]);
    }

    #[test]
    fn a_very_long_text_is_cut() {
        assert_eq!(plain(&"mug ".repeat(2_500)).len(), MOST_WORDS);
        assert_eq!(understood(&"é".repeat(10_000)).unwrap().code.len(), LONGEST_TEXT);
    }

    #[test]
    fn only_the_last_word_is_open() {
        let typed = understood("stone mu").unwrap();

        assert_eq!(typed.words.iter().map(|word| word.is_open).collect::<Vec<_>>(), [false, true]);
    }
}
