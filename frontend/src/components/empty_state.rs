//! A list with nothing in it, and the ways out.

use leptos::prelude::*;

/// Says plainly that there is nothing, why, and where to go.
#[component]
pub fn EmptyState(
    /// That there is nothing.
    #[prop(into)]
    title: String,
    /// Why, or what to try.
    #[prop(into)]
    text: String,
    /// Links out.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <h2>{title}</h2>
            <p class="muted">{text}</p>
            <div class="ways">{children()}</div>
        </div>
    }
    .into_any()
}
