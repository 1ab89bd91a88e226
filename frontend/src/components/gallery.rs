//! The pictures of a product.

use api_types::{OptionRef, Picture as Shot, ProductPicture};
use leptos::prelude::*;

use super::{Icon, Picture, Sign, picture::largest, stand_in};
use crate::{islands::Gallery, texts};

const SIZES: &str = "(max-width: 52rem) 100vw, (max-width: 80rem) 52vw, 42rem";

/// Whether a picture shows what was chosen; pictures of no choice show all of them.
fn shows(picture: &ProductPicture, chosen: &[OptionRef]) -> bool {
    picture.option.as_ref().is_none_or(|option| {
        chosen.iter().all(|choice| choice.name != option.name || choice.value == option.value)
    })
}

/// One large picture at a time, with small ones to choose from; those of other
/// choices wait hidden.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "components take what they draw")]
pub fn PictureGallery(
    /// All of them, in order.
    pictures: Vec<ProductPicture>,
    /// What was chosen.
    chosen: Vec<OptionRef>,
    /// What they show.
    title: String,
) -> impl IntoView {
    if pictures.is_empty() {
        return view! { <div class="gallery"><div class="track">{stand_in(&title)}</div></div> }
            .into_any();
    }
    let any = pictures.iter().any(|picture| shows(picture, &chosen));
    let seen = move |picture: &ProductPicture| !any || shows(picture, &chosen);
    let first = pictures.iter().position(&seen);
    let (large, small): (Vec<_>, Vec<_>) = pictures
        .into_iter()
        .enumerate()
        .map(|(place, mut picture)| {
            // Other shops' pictures often come without words.
            if picture.picture.alt.is_empty() {
                picture.picture.alt.clone_from(&title);
            }
            let hidden = !seen(&picture);
            let eager = Some(place) == first;
            (
                large(place, picture.clone(), hidden, eager),
                small(place, picture.picture, hidden, eager),
            )
        })
        .unzip();
    let several = small.len() > 1;
    view! {
        <Gallery>
            <div class="gallery" role="group" aria-label=texts::product_pictures()>
                <ul class="track">{large}</ul>
                {several.then(|| view! { <ul class="thumbs">{small}</ul> })}
                <dialog class="zoom" aria-label=texts::product_pictures_larger()>
                    <button type="button" class="close" aria-label=texts::product_pictures_close()>
                        <Icon sign=Sign::Cross/>
                    </button>
                    <button type="button" class="back" aria-label=texts::product_pictures_before()>
                        <Icon sign=Sign::Left/>
                    </button>
                    <img alt=""/>
                    <button type="button" class="on" aria-label=texts::product_pictures_next()>
                        <Icon sign=Sign::Right/>
                    </button>
                </dialog>
            </div>
        </Gallery>
    }
    .into_any()
}

fn large(place: usize, item: ProductPicture, hidden: bool, eager: bool) -> impl IntoView {
    let (name, value) = item.option.map(|option| (option.name, option.value)).unzip();
    let address = largest(&item.picture);
    view! {
        <li id=format!("picture-{}", place + 1) data-option=name data-value=value hidden=hidden>
            <a href=address>
                <Picture picture=item.picture sizes=SIZES eager/>
            </a>
        </li>
    }
    .into_any()
}

fn small(place: usize, picture: Shot, hidden: bool, here: bool) -> impl IntoView {
    let words = texts::product_pictures_show(&picture.alt);
    view! {
        <li hidden=hidden>
            <a
                href=format!("#picture-{}", place + 1)
                aria-label=words
                aria-current=here.then_some("true")
            >
                <Picture picture=picture sizes="5rem" decorative=true/>
            </a>
        </li>
    }
    .into_any()
}
