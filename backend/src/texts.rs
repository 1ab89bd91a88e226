//! What the backend writes to customers itself: one function a text, made from `texts/<language>/*.ftl`.
//!
//! What the API says of a refusal is part of the API and is not here.

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// The language of letters. A shop with a second one answers here for the customer written to.
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
