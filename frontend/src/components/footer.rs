//! The foot of every page.

use api_types::ShopConfig;
use leptos::prelude::*;

use super::layout::PricesIn;
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
    let journal = shop
        .has_journal
        .then(|| view! { <li><a href="/journal">{texts::journal_title()}</a></li> });
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
                    {currencies(shop)}
                </div>
                <nav aria-labelledby="foot-shop">
                    <h2 id="foot-shop">{texts::layout_shop()}</h2>
                    <ul>{shelves} {journal}</ul>
                </nav>
                <nav aria-labelledby="foot-help">
                    <h2 id="foot-help">{texts::layout_help()}</h2>
                    <ul>{links} <li><a href="/orders/find">{texts::finding_title()}</a></li></ul>
                </nav>
            </div>
        </footer>
    }
    .into_any()
}

/// The choice of a currency, where there is one.
fn currencies(shop: &ShopConfig) -> impl IntoView + use<> {
    let now = use_context::<PricesIn>().map_or(shop.default_currency, |prices| prices.0);
    (shop.currencies.len() > 1).then(|| {
        let options = shop
            .currencies
            .iter()
            .map(|currency| {
                let code = currency.to_string();
                let is_now = *currency == now;
                view! { <option value=code.clone() selected=is_now>{code.clone()}</option> }
            })
            .collect_view();
        view! {
            <form class="currency" method="post" action="/currency">
                <label for="currency">{texts::currency_label()}</label>
                <select id="currency" name="currency">{options}</select>
                <button class="button small">{texts::currency_label_change()}</button>
            </form>
        }
        .into_any()
    })
}
