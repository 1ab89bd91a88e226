//! What is around the content of every page.

use std::sync::Arc;

use api_types::ShopConfig;
use leptos::prelude::*;

use super::{Drawer, Footer, Header, round_price};

/// Skip link, promise, head, content, foot, and the drawer of the cart.
#[component]
pub fn Layout(
    /// Name, shelves and links.
    shop: Arc<ShopConfig>,
    /// Path of the page.
    #[prop(into)]
    path: String,
    /// What was searched for.
    #[prop(into, optional)]
    words: String,
    /// The page.
    children: Children,
) -> impl IntoView {
    let promise = shop.free_delivery_from.map_or_else(
        || shop.tagline.clone(),
        |from| format!("Free delivery from {}", round_price(from)),
    );
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <p class="promise-bar">{promise}</p>
        <Header shop=Arc::clone(&shop) path=path words=words/>
        <main id="main" tabindex="-1">{children()}</main>
        <Footer shop=shop/>
        <Drawer/>
    }
}
