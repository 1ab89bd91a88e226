//! Pictures as browsers fetch them.

use std::fs;

use axum::http::StatusCode;

use crate::support::Shop;

#[tokio::test]
async fn a_picture_comes_with_its_type_and_may_be_kept_for_a_year() {
    let shop = Shop::open().await;
    let folder = shop.app.config.catalog.media_dir.clone();
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("mug-400.avif"), b"picture").unwrap();

    let answer = shop.get_with("/api/media/mug-400.avif", &[]).await;
    let again =
        shop.get_with("/api/media/mug-400.avif", &[("if-none-match", answer.header("etag"))]).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, b"picture");
    assert_eq!(answer.header("content-type"), "image/avif");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
}

#[tokio::test]
async fn nothing_outside_the_folder_is_shown_and_nothing_but_pictures() {
    let shop = Shop::open().await;
    let folder = shop.app.config.catalog.media_dir.clone();
    fs::create_dir_all(folder.join("inside.webp")).unwrap();
    fs::write(folder.join("../secret.webp"), b"secret").unwrap();
    fs::write(folder.join("page.html"), b"<script>").unwrap();
    fs::write(folder.join(".hidden.webp"), b"hidden").unwrap();
    std::os::unix::fs::symlink("../secret.webp", folder.join("link.webp")).unwrap();

    for key in [
        "..%2fsecret.webp",
        "%2e%2e/secret.webp",
        "..%5csecret.webp",
        "../secret.webp",
        "inside.webp",
        "page.html",
        ".hidden.webp",
        "link.webp",
        "none.webp",
        "a%00.webp",
    ] {
        let (status, _) = shop.get(&format!("/api/media/{key}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{key}");
    }
}
