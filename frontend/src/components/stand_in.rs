//! What stands where a picture is missing.

use leptos::prelude::*;

/// The initial of a thing in a ring, as large as the place that the picture would have.
pub fn stand_in(title: &str) -> impl IntoView + use<> {
    let initial = title.chars().find(|letter| letter.is_alphanumeric()).map(String::from);
    view! { <span class="stand-in" aria-hidden="true" data-initial=initial></span> }.into_any()
}
