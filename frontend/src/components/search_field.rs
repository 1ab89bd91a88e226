//! The search form of every page.

use leptos::prelude::*;

use super::{Icon, Sign, layout::PricesIn};
use crate::{islands::SearchSuggest, texts};

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
                <label class="sr" for="q">{texts::search_field()}</label>
                <input
                    id="q"
                    type="search"
                    name="q"
                    value=words
                    placeholder=texts::search_field_placeholder()
                    maxlength="100"
                    autocomplete="off"
                    enterkeyhint="search"
                />
                <button type="submit" aria-label=texts::search_field_button()><Icon sign=Sign::Search/></button>
                <div id="suggestions" role="listbox" aria-label=texts::search_field_suggestions() hidden></div>
            </form>
        </SearchSuggest>
    }
    .into_any()
}
