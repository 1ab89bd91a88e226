//! What is above and below every page.

use api_types::ShopConfig;
use leptos::prelude::*;

/// Word mark, categories, search, cart; `None` when the backend never said what the shop is.
pub fn header(shop: Option<&ShopConfig>) -> impl IntoView + use<> {
    let name = shop.map_or_else(|| "Oxcart".to_owned(), |shop| shop.name.clone());
    view! {
        <header class="header">
            <div class="page">
                <a class="mark" href="/">{name}</a>
                <div class="tools"><a href="/cart">"Cart"</a></div>
            </div>
        </header>
    }
}

/// The word mark alone, where nothing should lead away from the task.
pub fn task_header(shop: Option<&ShopConfig>) -> impl IntoView + use<> {
    let name = shop.map_or_else(|| "Oxcart".to_owned(), |shop| shop.name.clone());
    view! {
        <header class="header">
            <div class="page">
                <a class="mark" href="/">{name}</a>
                <div class="tools"><a href="/cart">"Back to cart"</a></div>
            </div>
        </header>
    }
}

/// Links of the shop, and what it promises.
pub fn footer(shop: Option<&ShopConfig>) -> impl IntoView + use<> {
    let links = shop.map(|shop| shop.footer.clone()).unwrap_or_default();
    let links = links
        .into_iter()
        .map(|link| view! { <li><a href=link.path>{link.title}</a></li> })
        .collect_view();
    view! {
        <footer class="footer">
            <div class="page"><ul>{links}</ul></div>
        </footer>
    }
}
