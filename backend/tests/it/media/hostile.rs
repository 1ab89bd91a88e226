//! Files that are no pictures, or more than pictures: refused by name, or shown as nothing but their pixels.

use axum::http::StatusCode;
use image::{ImageFormat, RgbaImage};
use serde_json::json;

use super::{files, picture, written};
use crate::support::Shop;

/// Places, and names that shoppers should not learn, as a camera writes them.
const PLACE: &[u8] = b"GPS 52.5163N 13.3777E, Ann Example";

fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let exif = [b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0", PLACE].concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

#[tokio::test]
async fn each_file_that_is_not_fit_is_refused_by_its_name_and_leaves_nothing() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let jpeg = picture(40, 40, ImageFormat::Jpeg);
    let png = picture(40, 40, ImageFormat::Png);
    let mut bomb = png.clone();
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let mut sum = flate2::Crc::new();
    sum.update(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.sum().to_be_bytes());

    for (name, file, kind, code) in [
        ("nothing", Vec::new(), "image/png", "required"),
        ("a page", b"<html><script>alert(1)</script>".to_vec(), "image/jpeg", "not_a_picture"),
        ("a drawing", b"<svg onload='alert(1)'/>".to_vec(), "image/png", "svg_refused"),
        ("another kind", png.clone(), "image/jpeg", "other_kind"),
        ("a JPEG that breaks off", jpeg[..jpeg.len() / 2].to_vec(), "image/jpeg", "broken_picture"),
        ("a PNG that breaks off", png[..png.len() / 2].to_vec(), "image/png", "broken_picture"),
        ("a bomb", bomb, "image/png", "too_many_pixels"),
        ("AVIF", b"\0\0\0\x1cftypavif\0\0\0\0".to_vec(), "image/png", "avif_refused"),
        ("an archive", b"PK\x03\x04hello".to_vec(), "image/png", "not_a_picture"),
        ("a large one", vec![0xff; 10 * 1024 * 1024 + 1], "image/jpeg", "too_large"),
    ] {
        let answer = admin.send_picture(&shop, (file, kind), "").await;
        let told = answer.json();
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {told}");
        assert_eq!(told["errors"][0]["pointer"], "/file", "{name}: {told}");
        assert_eq!(told["errors"][0]["code"], code, "{name}: {told}");
    }
    for kind in ["image/svg+xml", "text/html", "application/octet-stream", "multipart/form-data"] {
        let answer = admin.send_picture(&shop, (png.clone(), kind), "").await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        assert_eq!(answer.json()["code"], "unsupported_media_type");
    }
    let huge = admin.send_picture(&shop, (vec![0; 11 * 1024 * 1024], "image/png"), "").await;
    assert_eq!(
        (huge.status, &huge.json()["code"]),
        (StatusCode::PAYLOAD_TOO_LARGE, &json!("too_large"))
    );

    assert_eq!(files(&shop), Vec::<String>::new());
    assert_eq!(shop.number("SELECT count(*) FROM media").await, 0);
    assert_eq!(shop.number("SELECT count(*) FROM job WHERE kind LIKE 'media.%'").await, 0);
}

#[tokio::test]
async fn of_a_picture_that_is_more_than_one_only_its_pixels_are_kept() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let jpeg = with_exif(&picture(40, 20, ImageFormat::Jpeg));
    let script = b"<script>alert(document.domain)</script>";
    let archive = b"PK\x03\x04\x14\0evil.jar";

    let both = [&jpeg[..], archive, script].concat();
    let page = admin.new_picture(&shop, both).await;

    let kept = files(&shop);
    assert_eq!(kept.len(), 2, "{kept:?}");
    for source in page["picture"]["sources"].as_array().unwrap() {
        let file = shop.get_with(source["url"].as_str().unwrap(), &[]).await;
        assert_eq!(
            (file.status, file.header("content-type")),
            (StatusCode::OK, source["mime"].as_str().unwrap())
        );
        for hidden in [PLACE, &archive[..4], script, b"Exif"] {
            let found = file.body.windows(hidden.len()).any(|part| part == hidden);
            assert!(!found, "{} is in {source}", String::from_utf8_lossy(hidden));
        }
    }
}

#[tokio::test]
async fn odd_shapes_are_made_and_shown() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;

    for ((width, height), widths, size) in [
        ((2500_u32, 40_u32), json!([400, 800, 1600]), json!([1600, 26])),
        ((30, 4000), json!([24]), json!([24, 3200])),
        ((1, 1), json!([1]), json!([1, 1])),
        ((900, 900), json!([400, 900]), json!([900, 900])),
    ] {
        let file = written(RgbaImage::new(width, height), ImageFormat::Png);
        let page = admin.new_picture(&shop, file).await;

        let picture = &page["picture"];
        assert_eq!(
            json!([picture["width"], picture["height"]]),
            size,
            "{width} x {height}: {page}"
        );
        for mime in ["image/avif", "image/webp"] {
            let sources = picture["sources"].as_array().unwrap().iter();
            let of: Vec<_> =
                sources.filter(|it| it["mime"] == mime).map(|it| &it["width"]).collect();
            assert_eq!(json!(of), widths, "{width} x {height}: {mime}");
        }
    }
}
