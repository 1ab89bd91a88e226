//! What a shopper types into the search box.

use backend::fuzzing::{MOST_WORDS, begins_like, folded, tolerance, understood};

/// Longest text that is looked at, in letters, and how many bytes one may become when it is folded.
const LONGEST: usize = 200 * 12;

pub fn read(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some(typed) = understood(&text) else {
        assert!(text.trim().is_empty(), "{text:?} asks for something");
        return;
    };
    assert!(typed.words.len() <= MOST_WORDS);
    assert!(typed.code.len() <= LONGEST);
    for (place, word) in typed.words.iter().enumerate() {
        assert!(!word.plain.is_empty() && word.plain.len() <= LONGEST, "{word:?}");
        assert!(word.stem.len() <= LONGEST, "{word:?}");
        assert_eq!(word.is_open, place + 1 == typed.words.len());
        let slips = tolerance(&word.plain);
        assert!(slips <= 2);
        assert!(begins_like(&word.plain, &word.plain, slips), "{word:?} is not itself");
    }
    assert_eq!(folded(&text.trim().chars().take(200).collect::<String>()), typed.code);
}
