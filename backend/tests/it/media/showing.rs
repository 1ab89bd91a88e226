//! Pictures as browsers fetch them.

use std::{fs, path::PathBuf};

use axum::http::StatusCode;

use crate::support::Shop;

#[tokio::test]
async fn a_picture_comes_with_its_type_and_may_be_kept_for_a_year() {
    let shop = Shop::open().await;
    let folder = PathBuf::from(shop.app.config.catalog.media_store.to_string());
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("mug-400.avif"), b"picture").unwrap();

    let answer = shop.get_with("/api/media/mug-400.avif", &[]).await;
    let again =
        shop.get_with("/api/media/mug-400.avif", &[("if-none-match", answer.header("etag"))]).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, b"picture");
    assert_eq!(answer.header("content-type"), "image/avif");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.header("content-length"), "7");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
}

#[tokio::test]
async fn nothing_outside_the_folder_is_shown_and_nothing_but_pictures() {
    let shop = Shop::open().await;
    let folder = PathBuf::from(shop.app.config.catalog.media_store.to_string());
    fs::create_dir_all(folder.join("inside.webp")).unwrap();
    fs::write(folder.join("../secret.webp"), b"secret").unwrap();
    fs::write(folder.join("page.html"), b"<script>").unwrap();
    fs::write(folder.join("drawing.svg"), b"<svg onload=\"alert(1)\"/>").unwrap();
    fs::create_dir_all(folder.join("masters")).unwrap();
    fs::write(folder.join("masters/mug.png"), b"pixels").unwrap();
    fs::write(folder.join(".hidden.webp"), b"hidden").unwrap();
    std::os::unix::fs::symlink("../secret.webp", folder.join("link.webp")).unwrap();

    for key in [
        "..%2fsecret.webp",
        "%2e%2e/secret.webp",
        "..%5csecret.webp",
        "../secret.webp",
        "inside.webp",
        "page.html",
        "drawing.svg",
        "masters%2fmug.png",
        "masters/mug.png",
        ".hidden.webp",
        "link.webp",
        "none.webp",
        "a%00.webp",
    ] {
        let (status, _) = shop.get(&format!("/api/media/{key}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{key}");
    }
}
