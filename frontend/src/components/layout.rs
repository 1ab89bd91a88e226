//! What is above and below every page.

use api_types::{Currency, Money, ShopConfig};
use leptos::prelude::*;

use super::{Drawer, footer, header, round_price};
use crate::texts;

/// Where a page stands, so that the header can mark its shelf and keep the words searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Here {
    /// Path of the page.
    pub path: String,
    /// What was searched for.
    pub words: String,
}

/// The currency of the page's prices, as context of everything that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricesIn(pub Currency);

/// Promise, word mark, shelves, search, cart; `None` when the backend never said what the shop is.
pub fn header(shop: Option<&ShopConfig>, here: &Here) -> impl IntoView + use<> {
    let promise = shop.map(|shop| {
        free_delivery(shop).map_or_else(
            || shop.tagline.clone(),
            |from| texts::layout_free_delivery(round_price(from)),
        )
    });
    view! {
        {promise.map(|promise| view! { <aside class="promise-bar" aria-label=texts::layout_promise()>{promise}</aside> })}
        {header::header(shop, here)}
    }
    .into_any()
}

/// From what on delivery is free; nothing when that is said in another currency than the page's.
pub fn free_delivery(shop: &ShopConfig) -> Option<Money> {
    let prices = use_context::<PricesIn>();
    shop.free_delivery_from.filter(|from| prices.is_none_or(|prices| prices.0 == from.currency))
}

/// The word mark alone, where nothing should lead away from the task.
pub fn task_header(shop: Option<&ShopConfig>) -> impl IntoView + use<> {
    view! {
        <header class="header task">
            <div class="page">
                {header::mark(shop)}
                <a class="link" href="/cart">{texts::layout_back_to_cart()}</a>
            </div>
        </header>
    }
    .into_any()
}

/// Shelves and links of the shop; and, out of sight, the drawer of the cart.
pub fn footer(shop: Option<&ShopConfig>) -> impl IntoView + use<> {
    view! { {shop.map(footer::footer)} <Drawer/> }.into_any()
}
