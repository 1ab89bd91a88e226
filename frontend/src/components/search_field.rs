//! The search form of every page.

use leptos::prelude::*;

use super::{Icon, Sign, layout::PricesIn};
use crate::islands::SearchSuggest;

/// Words in, a list of products out; suggests while typing where scripts run.
#[component]
pub fn SearchField(
    /// What was searched for.
    #[prop(into, optional)]
    words: String,
) -> impl IntoView {
    let currency = use_context::<PricesIn>().map(|prices| format!("currency={}&", prices.0));
    let suggest = format!("/api/search/suggest?{}q=", currency.unwrap_or_default());
    view! {
        <SearchSuggest>
            <form class="search-field" role="search" method="get" action="/search" data-suggest=suggest>
                <label class="sr" for="q">"Search the shop"</label>
                <input
                    id="q"
                    type="search"
                    name="q"
                    value=words
                    placeholder="Search"
                    maxlength="100"
                    autocomplete="off"
                    enterkeyhint="search"
                />
                <button type="submit" aria-label="Search"><Icon sign=Sign::Search/></button>
                <div id="suggestions" role="listbox" aria-label="Suggestions" hidden></div>
            </form>
        </SearchSuggest>
    }
    .into_any()
}
