//! Pictures, as files under names that never change their content.

mod handlers;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// The route of pictures.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(handlers::show_picture))
}

/// Whether `key` can be the name of a picture: it cannot leave the folder, and hides nothing.
pub fn is_key(key: &str) -> bool {
    let begins =
        key.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    begins
        && key.len() <= 200
        && key.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_plain_file_name() {
        for key in ["mug-oat-400.avif", "0192f0_a.webp", "a"] {
            assert!(is_key(key), "{key}");
        }
        for key in ["", "..", ".env", "../a", "a/b", "a\\b", "-a", "A.webp", "a\0", "a%2fb", "ü"] {
            assert!(!is_key(key), "{key}");
        }
    }
}
