//! Pictures: sent in, made ready, shown, hung and taken away.

mod hostile;
mod keeping;
mod showing;

use std::io::Cursor;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use serde_json::Value;

use crate::support::{Answer, Clerk, Shop};

/// A picture that no other is like, as a file of that kind.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let pixels = RgbaImage::from_fn(width, height, |x, y| {
        let shade = |number: u32| u8::try_from(number % 256).unwrap();
        Rgba([shade(x), shade(y), shade(width + height), 255])
    });
    written(pixels, format)
}

/// Pixels as a file of that kind.
pub fn written(pixels: RgbaImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let picture = DynamicImage::from(pixels);
    // JPEG knows nothing of what is see-through.
    let picture = if format == ImageFormat::Jpeg { picture.into_rgb8().into() } else { picture };
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

impl Clerk {
    /// Sends a picture in.
    pub async fn send_picture(
        &self,
        shop: &Shop,
        (file, kind): (Vec<u8>, &str),
        query: &str,
    ) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/api/admin/media{query}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(file))
            .unwrap();
        shop.send(request).await
    }

    /// Sends a picture in and waits until all of its files are made.
    pub async fn new_picture(&self, shop: &Shop, file: Vec<u8>) -> Value {
        let kind = image::guess_format(&file).unwrap().to_mime_type();
        let answer = self.send_picture(shop, (file, kind), "?alt=A%20picture").await;
        assert!(answer.status.is_success(), "{}", answer.json());
        shop.settle().await;
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        self.get(shop, &format!("/api/admin/media/{id}")).await.1
    }
}

/// Every file that the shop keeps, by its place in the folder.
pub fn files(shop: &Shop) -> Vec<String> {
    let folder = std::path::PathBuf::from(shop.app.config.catalog.media_store.to_string());
    let mut found = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(&folder).unwrap().display().to_string());
            }
        }
    }
    found.sort_unstable();
    found
}
