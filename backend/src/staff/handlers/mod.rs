//! What staff ask for about themselves and each other.

pub mod api_keys;
pub mod members;
pub mod sign_in;

/// A secret that nobody can guess: 256 bits behind a prefix.
fn fresh(prefix: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
}
