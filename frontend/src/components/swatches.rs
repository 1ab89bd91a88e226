//! Colours as dots; drawn, since the page's policy allows no style attributes.

use api_types::Swatch as Colour;
use leptos::prelude::*;

use crate::texts;

/// One colour as a large dot.
#[component]
pub fn Swatch(
    /// `#7c8b6f`.
    hex: String,
) -> impl IntoView {
    view! {
        <svg class="swatch" viewBox="0 0 36 36" aria-hidden="true">
            <circle cx="18" cy="18" r="17.5" fill=hex></circle>
        </svg>
    }
    .into_any()
}

/// The colours of a card in a row of small dots.
#[component]
pub fn Swatches(
    /// What there is.
    colours: Vec<Colour>,
) -> impl IntoView {
    (colours.len() > 1).then(|| {
        let width = colours.len() * 16;
        let names =
            colours.iter().map(|colour| colour.value.as_str()).collect::<Vec<_>>().join(", ");
        let dots = colours
            .into_iter()
            .enumerate()
            .map(|(place, colour)| {
                view! { <circle cx=place * 16 + 8 cy="7" r="5.5" fill=colour.hex></circle> }
            })
            .collect_view();
        view! {
            <svg
                class="swatches"
                viewBox=format!("0 0 {width} 14")
                width=width
                height="14"
                role="img"
                aria-label=texts::product_swatches(names)
            >
                {dots}
            </svg>
        }
        .into_any()
    })
}
