//! A picture in the best format and size that the browser can show.

use api_types::{Picture as Shot, PictureSource};
use leptos::prelude::*;

/// The files of one media type.
struct Format {
    mime: String,
    srcset: String,
    largest: String,
}

/// Groups sources by media type, best first, as they come.
fn formats(sources: &[PictureSource]) -> Vec<Format> {
    let mut formats: Vec<Format> = Vec::new();
    for source in sources {
        let entry = format!("{} {}w", source.url, source.width);
        if let Some(format) = formats.iter_mut().find(|format| format.mime == source.mime) {
            format.srcset.push_str(", ");
            format.srcset.push_str(&entry);
            format.largest.clone_from(&source.url);
        } else {
            formats.push(Format {
                mime: source.mime.clone(),
                srcset: entry,
                largest: source.url.clone(),
            });
        }
    }
    formats
}

/// The address of the largest file in the most common format.
pub fn largest(picture: &Shot) -> String {
    picture.sources.last().map(|source| source.url.clone()).unwrap_or_default()
}

/// Whether a picture is so much wider than tall, or taller than wide, that a square of it would not show the thing.
fn is_odd(picture: &Shot) -> bool {
    let (width, height) = (i64::from(picture.width), i64::from(picture.height));
    width * 2 > height * 3 || height * 2 > width * 3
}

/// Longest side, in pixels, of a picture that is not made larger to fill its place.
const FEW: i32 = 200;

/// How it stands in its place, where that is not to fill it.
fn fit(picture: &Shot) -> Option<&'static str> {
    if picture.width.max(picture.height) <= FEW {
        return Some("small");
    }
    is_odd(picture).then_some("whole")
}

/// A picture; lazy unless it is the first thing seen.
#[component]
pub fn Picture(
    /// What to show.
    picture: Shot,
    /// How wide it stands in the page, as `sizes` says it.
    sizes: &'static str,
    /// Load it at once and before the others.
    #[prop(optional)]
    eager: bool,
    /// The words beside it say the same: keep it silent.
    #[prop(optional)]
    decorative: bool,
) -> impl IntoView {
    let class = fit(&picture);
    let mut formats = formats(&picture.sources);
    let last = formats.pop();
    let alt = if decorative { String::new() } else { picture.alt };
    let (src, srcset) = last.map_or_else(Default::default, |last| (last.largest, last.srcset));
    view! {
        <picture>
            {formats
                .into_iter()
                .map(|format| {
                    view! { <source type=format.mime srcset=format.srcset sizes=sizes/> }
                })
                .collect_view()}
            <img
                class=class
                src=src
                srcset=srcset
                sizes=sizes
                width=picture.width
                height=picture.height
                alt=alt
                loading=if eager { "eager" } else { "lazy" }
                decoding=(!eager).then_some("async")
                fetchpriority=eager.then_some("high")
            />
        </picture>
    }
    .into_any()
}

/// A full-width picture with another one, taller than wide, for phones.
#[component]
pub fn WidePicture(
    /// For wide screens.
    picture: Shot,
    /// For phones; the wide one when absent.
    phone: Option<Shot>,
    /// Load it at once and before the others.
    #[prop(optional)]
    eager: bool,
) -> impl IntoView {
    const NARROW: &str = "(max-width: 44rem)";
    let phone = phone.map(|phone| {
        let (width, height) = (phone.width, phone.height);
        formats(&phone.sources)
            .into_iter()
            .map(|format| {
                view! {
                    <source
                        media=NARROW
                        type=format.mime
                        srcset=format.srcset
                        sizes="100vw"
                        width=width
                        height=height
                    />
                }
            })
            .collect_view()
    });
    let mut formats = formats(&picture.sources);
    let last = formats.pop();
    let (src, srcset) = last.map_or_else(Default::default, |last| (last.largest, last.srcset));
    view! {
        <picture>
            {phone}
            {formats
                .into_iter()
                .map(|format| {
                    view! { <source type=format.mime srcset=format.srcset sizes="100vw"/> }
                })
                .collect_view()}
            <img
                src=src
                srcset=srcset
                sizes="100vw"
                width=picture.width
                height=picture.height
                alt=picture.alt
                loading=if eager { "eager" } else { "lazy" }
                fetchpriority=eager.then_some("high")
            />
        </picture>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(url: &str, width: i32, mime: &str) -> PictureSource {
        PictureSource { url: url.to_owned(), width, mime: mime.to_owned() }
    }

    #[test]
    fn odd_shapes_stand_whole_and_small_ones_small() {
        for (width, height, expected) in [
            (800, 800, None),
            (900, 600, None),
            (600, 900, None),
            (201, 201, None),
            (1600, 40, Some("whole")),
            (24, 3200, Some("whole")),
            (200, 200, Some("small")),
            (32, 20, Some("small")),
        ] {
            let picture = serde_json::json!({
                "id": format!("media_{:032x}", 1), "alt": "", "width": width, "height": height, "sources": [],
            });
            let picture = serde_json::from_value(picture).unwrap();
            assert_eq!(fit(&picture), expected, "{width} x {height}");
        }
    }

    #[test]
    fn files_of_one_type_share_a_srcset_and_keep_their_order() {
        let sources = [
            source("/a-400.avif", 400, "image/avif"),
            source("/a-800.avif", 800, "image/avif"),
            source("/a-400.webp", 400, "image/webp"),
        ];

        let formats = formats(&sources);

        let [avif, webp] = formats.as_slice() else { panic!("two types") };
        assert_eq!(avif.srcset, "/a-400.avif 400w, /a-800.avif 800w");
        assert_eq!(avif.largest, "/a-800.avif");
        assert_eq!((webp.mime.as_str(), webp.largest.as_str()), ("image/webp", "/a-400.webp"));
    }
}
