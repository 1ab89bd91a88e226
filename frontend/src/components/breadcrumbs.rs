//! The way from the shop's door to this page.

use api_types::Crumb;
use leptos::prelude::*;

use crate::texts;

/// Links to the shelves above, and where we are.
#[component]
pub fn Breadcrumbs(
    /// From the top down; each is a category.
    crumbs: Vec<Crumb>,
    /// The page itself.
    #[prop(into)]
    here: String,
) -> impl IntoView {
    view! {
        <nav class="breadcrumbs" aria-label=texts::layout_breadcrumbs()>
            <ol>
                <li><a href="/">{texts::layout_breadcrumbs_shop()}</a></li>
                {crumbs
                    .into_iter()
                    .map(|crumb| {
                        view! {
                            <li>
                                <a href=format!("/categories/{}", crumb.handle)>{crumb.title}</a>
                            </li>
                        }
                    })
                    .collect_view()}
                <li aria-current="page">{here}</li>
            </ol>
        </nav>
    }
    .into_any()
}
