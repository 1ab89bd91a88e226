//! Links to the neighbouring pages of a list.

use leptos::prelude::*;

use super::{Icon, Sign};
use crate::texts;

/// Back and on; nothing when there is one page only.
#[component]
pub fn Pagination(
    /// Address of the page before.
    prev: Option<String>,
    /// Address of the next page.
    next: Option<String>,
) -> impl IntoView {
    (prev.is_some() || next.is_some()).then(|| {
        let prev = prev.map(|href| {
            view! {
                <a class="button" rel="prev" href=href><Icon sign=Sign::Left/>{texts::layout_pages_before()}</a>
            }
        });
        let next = next.map(|href| {
            view! {
                <a class="button next" rel="next" href=href>{texts::layout_pages_next()}<Icon sign=Sign::Right/></a>
            }
        });
        view! { <nav class="pagination" aria-label=texts::layout_pages()>{prev}{next}</nav> }.into_any()
    })
}
