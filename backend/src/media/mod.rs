//! Pictures: files that strangers made become clean pixels, and those become the files that are shown, under names that
//! never change their content.

mod admin;
mod clean;
mod handlers;
mod make;
mod sizes;
mod storage;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub use self::{
    clean::{LARGEST, Unfit},
    make::{AVIF, FORGET, NotTaken, Taken, WEBP, forget, forget_later, make, note, take},
    sizes::Format,
    storage::{Place, Storage},
    store::delete_unused,
};

/// The routes of pictures.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(handlers::show_picture)).merge(admin::routes())
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

/// The media type of a picture, by how its name ends; nothing of what is none, drawings too.
pub fn mime(key: &str) -> Option<&'static str> {
    match key.rsplit_once('.')?.1 {
        "avif" => Some("image/avif"),
        "webp" => Some("image/webp"),
        "jpg" | "jpeg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "gif" => Some("image/gif"),
        _ => None,
    }
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

    #[test]
    fn only_pictures_without_scripts_have_a_type() {
        assert_eq!(mime("mug-400.avif"), Some("image/avif"));
        for key in ["drawing.svg", "page.html", "mug.webp.html", "mug", "tiff.tiff"] {
            assert_eq!(mime(key), None, "{key}");
        }
    }
}
