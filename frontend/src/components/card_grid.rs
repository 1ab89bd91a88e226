//! Product cards in columns.

use api_types::ProductCard as Card;
use leptos::prelude::*;

use super::ProductCard;

/// A list of products; the first few load their pictures at once when the grid opens a page.
#[component]
pub fn CardGrid(
    /// What to show.
    cards: Vec<Card>,
    /// How many of the first are seen without scrolling.
    #[prop(optional)]
    eager: usize,
    /// Three columns beside filters instead of four.
    #[prop(optional)]
    beside: bool,
) -> impl IntoView {
    view! {
        <ul class="card-grid" class:beside=beside>
            {cards
                .into_iter()
                .enumerate()
                .map(|(place, card)| view! { <li><ProductCard card eager=place < eager/></li> })
                .collect_view()}
        </ul>
    }
    .into_any()
}
