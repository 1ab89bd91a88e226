//! A product in a list: picture, name, price, colours.

use api_types::ProductCard as Card;
use leptos::prelude::*;

use super::{Picture, Price, Swatches, card_note, stand_in};

const SIZES: &str = "(max-width: 44rem) 46vw, (max-width: 64rem) 30vw, 19rem";

/// One card; all of it leads to the product.
#[component]
pub fn ProductCard(
    /// What to show.
    card: Card,
    /// Among the first things seen: load its picture at once.
    #[prop(optional)]
    eager: bool,
) -> impl IntoView {
    let note =
        card_note(&card).map(|(words, tone)| view! { <p class=format!("note {tone}")>{words}</p> });
    let mut pictures = card.pictures.into_iter();
    let first = match pictures.next() {
        Some(picture) => view! { <Picture picture sizes=SIZES eager decorative=true/> }.into_any(),
        None => stand_in(&card.title).into_any(),
    };
    let second = pictures.next().map(|picture| {
        view! { <div class="second"><Picture picture sizes=SIZES decorative=true/></div> }
    });
    view! {
        <article class="product-card">
            <div class="shot">{first}{second}</div>
            <h3>
                <a href=format!("/products/{}", card.handle)>{card.title}</a>
            </h3>
            {card.subtitle.map(|subtitle| view! { <p class="muted small">{subtitle}</p> })}
            <div class="row">
                <p><Price price=card.price compare_at=card.compare_at varies=card.price_varies/></p>
                <Swatches colours=card.swatches/>
            </div>
            {note}
        </article>
    }
    .into_any()
}
