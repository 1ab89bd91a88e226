//! The foot of every page.

use api_types::ShopConfig;
use leptos::prelude::*;

use crate::texts;

/// Name, shelves, help.
pub fn footer(shop: &ShopConfig) -> impl IntoView + use<> {
    let shelves = shop
        .categories
        .iter()
        .map(|category| {
            let href = format!("/categories/{}", category.handle);
            view! { <li><a href=href>{category.title.clone()}</a></li> }
        })
        .collect_view();
    let links = shop
        .footer
        .iter()
        .map(|link| view! { <li><a href=link.path.clone()>{link.title.clone()}</a></li> })
        .collect_view();
    let countries =
        shop.regions.iter().map(|region| region.title.as_str()).collect::<Vec<_>>().join(", ");
    view! {
        <footer class="footer">
            <div class="page">
                <div class="about">
                    <p class="mark">{shop.name.clone()}</p>
                    <p class="muted">{shop.tagline.clone()}</p>
                    {(!countries.is_empty())
                        .then(|| view! { <p class="muted small">{texts::layout_delivers_to(countries)}</p> })}
                </div>
                <nav aria-labelledby="foot-shop">
                    <h2 id="foot-shop">{texts::layout_shop()}</h2>
                    <ul>{shelves}</ul>
                </nav>
                <nav aria-labelledby="foot-help">
                    <h2 id="foot-help">{texts::layout_help()}</h2>
                    <ul>{links}</ul>
                </nav>
            </div>
        </footer>
    }
    .into_any()
}
