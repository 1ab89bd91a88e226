//! Texts into words, the same way for what is indexed and for what is typed (pure).

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RawTokenizer, RemoveLongFilter, SimpleTokenizer,
    Stemmer, TextAnalyzer, WhitespaceTokenizer,
};

/// Longest word that is kept, in bytes.
const LONGEST_WORD: usize = 40;

/// Longest beginning of a word that can be looked up.
const LONGEST_PREFIX: usize = 15;

/// Names of the ways to cut a text, as the index knows them.
pub const STEMMED: &str = "stemmed";
/// Words as they are, folded.
pub const PLAIN: &str = "plain";
/// The whole text as one word, folded.
pub const WHOLE: &str = "whole";
/// Words that are ready already.
pub const READY: &str = "ready";

/// Every analyzer with its name.
pub fn analyzers() -> [(&'static str, TextAnalyzer); 4] {
    [
        (STEMMED, stemmed()),
        (PLAIN, plain()),
        (
            WHOLE,
            TextAnalyzer::builder(RawTokenizer::default())
                .filter(LowerCaser)
                .filter(AsciiFoldingFilter)
                .build(),
        ),
        (READY, TextAnalyzer::from(WhitespaceTokenizer::default())),
    ]
}

fn plain() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST_WORD))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

fn stemmed() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST_WORD))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Stemmer::new(Language::English))
        .build()
}

/// The words of `text` in lower case without accents.
pub fn words(text: &str) -> Vec<String> {
    cut(plain(), text)
}

/// The stems of the words of `text`, one for each of [`words`].
pub fn stems(text: &str) -> Vec<String> {
    cut(stemmed(), text)
}

fn cut(mut analyzer: TextAnalyzer, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    analyzer.token_stream(text).process(&mut |token| found.push(token.text.clone()));
    found
}

/// The whole text in lower case without accents, for comparing and sorting.
pub fn folded(text: &str) -> String {
    let mut whole = TextAnalyzer::builder(RawTokenizer::default())
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build();
    let mut found = String::new();
    whole.token_stream(text.trim()).process(&mut |token| found.clone_from(&token.text));
    found
}

/// Every beginning of every word, each once, with spaces between.
pub fn prefixes(words: &[String]) -> String {
    let mut all = std::collections::BTreeSet::new();
    for word in words {
        let ends = word.char_indices().map(|(at, letter)| at + letter.len_utf8());
        all.extend(ends.take(LONGEST_PREFIX).map(|end| &word[..end]));
        all.insert(word);
    }
    all.into_iter().collect::<Vec<_>>().join(" ")
}

/// How many letters of `word` may be wrong.
pub fn tolerance(word: &str) -> u8 {
    // Numbers are sizes and article codes: a near one is another thing.
    if word.bytes().any(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match word.chars().count() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// Whether some beginning of `word` is `typed`, or is so after at most `distance` slips.
pub fn begins_like(word: &str, typed: &str, distance: u8) -> bool {
    if word.starts_with(typed) {
        return true;
    }
    let (word, typed): (Vec<char>, Vec<char>) = (word.chars().collect(), typed.chars().collect());
    // A row of the table of edit distances for each letter of the word; row[j] is the cost of the
    // first j letters typed.
    let mut row: Vec<usize> = (0..=typed.len()).collect();
    let mut best = row[typed.len()];
    for (i, letter) in word.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for j in 1..=typed.len() {
            let swapped = diagonal + usize::from(*letter != typed[j - 1]);
            diagonal = row[j];
            row[j] = swapped.min(row[j] + 1).min(row[j - 1] + 1);
        }
        best = best.min(row[typed.len()]);
    }
    best <= usize::from(distance)
}

/// The text of clean HTML, without its tags.
pub fn text_of_html(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut in_tag = false;
    for letter in html.chars() {
        match letter {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                text.push(' ');
            }
            _ if in_tag => {}
            _ => text.push(letter),
        }
    }
    for (entity, letter) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
    {
        text = text.replace(entity, letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_stems_stand_beside_them() {
        assert_eq!(words("Café-Crème MUGS"), ["cafe", "creme", "mugs"]);
        assert_eq!(stems("Café-Crème MUGS"), ["cafe", "creme", "mug"]);
        assert_eq!(folded("  Éclair Plate "), "eclair plate");
        assert_eq!(words("\u{0}\u{1f600} …"), [""; 0]);
    }

    #[test]
    fn beginnings_are_cut_at_letters_not_bytes() {
        assert_eq!(prefixes(&words("mug")), "m mu mug");
        assert_eq!(prefixes(&["ж日".to_owned()]), "ж ж日");
    }

    #[test]
    fn a_slip_is_forgiven_in_words_that_are_long_enough() {
        for (word, typed, forgiven) in [
            ("kitchen", "kitch", true),
            ("kitchen", "kithc", true),
            ("kitchen", "kxtxxen", false),
            ("kitchen", "kichen", true),
            ("textiles", "textyles", true),
            ("bath", "both", true),
            ("mug", "mag", false),
            ("sets", "1200", false),
        ] {
            assert_eq!(begins_like(word, typed, tolerance(typed)), forgiven, "{word} {typed}");
        }
    }

    #[test]
    fn tags_are_no_words() {
        assert_eq!(text_of_html("<p>Oak &amp; ash<br>planed</p>"), " Oak & ash planed ");
        assert_eq!(text_of_html("1 < 2"), "1 ");
    }
}
