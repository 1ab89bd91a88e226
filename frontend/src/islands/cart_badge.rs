//! How much is in the cart, beside the link to it.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;

use super::{dom, fetch, json};
use crate::texts;

/// Where this browser notes that it has a cart, so that others need not ask for theirs.
const NOTE: &str = "cart";

/// The number of things; nothing while there are none.
#[island]
pub fn CartBadge() -> impl IntoView {
    let count = RwSignal::new(0_i64);
    Effect::new(move |_| {
        dom::listen("cart", move |event| {
            if let Some(event) = event.dyn_ref::<web_sys::CustomEvent>() {
                keep(count, json::whole(&event.detail(), "item_count"));
            }
        });
        let noted = note().and_then(|note| note.get_item(NOTE).ok().flatten());
        if let Some(noted) = noted.and_then(|noted| noted.parse().ok()) {
            count.set(noted);
        } else if !shows_cart() {
            return;
        }
        spawn_local(async move {
            if let Some(answer) = fetch::get("/api/carts/current", None).await {
                // What was ordered is in the cart no more.
                let is_open = json::text(&answer.body, "status") == "open";
                keep(count, json::whole(&answer.body, "item_count").filter(|_| is_open));
            }
        });
    });
    view! {
        <span class="count" hidden=move || count.get() == 0>
            {move || count.get()} <span class="sr">{texts::drawer_badge()}</span>
        </span>
    }
}

/// Shows the number and notes it for the next page.
fn keep(count: RwSignal<i64>, number: Option<i64>) {
    let number = number.unwrap_or_default();
    count.set(number);
    if let Some(note) = note() {
        let _ = match number {
            0 => note.remove_item(NOTE),
            _ => note.set_item(NOTE, &number.to_string()),
        };
    }
}

fn note() -> Option<web_sys::Storage> {
    dom::window()?.local_storage().ok()?
}

/// Whether this page shows a cart with something in it.
fn shows_cart() -> bool {
    dom::find_any("main .lines").is_some()
}
