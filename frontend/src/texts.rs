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
    #[test]
    fn the_functions_say_what_fluent_says() {
        ::texts::check::agrees("texts", super::SAMPLES).unwrap();
    }
}
