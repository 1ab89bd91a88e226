//! Steps either side of a number box.

use leptos::prelude::*;
use web_sys::{Element, Event, EventInit, HtmlInputElement};

use super::dom;

/// Wraps a number box and its two buttons; limits are the box's own `min` and `max`.
#[island]
pub fn Stepper(children: Children) -> impl IntoView {
    let step = move |event: leptos::ev::MouseEvent| {
        let Some(button) = dom::closest(&event, "button") else { return };
        let Some(root) = dom::holder(&event) else { return };
        let Some(input) = dom::find(&root, "input").and_then(dom::input) else { return };
        let by = if button.get_attribute("value").as_deref() == Some("-1") { -1 } else { 1 };
        let [min, max] = limits_of(&input);
        input.set_value(&(whole(&input.value()).unwrap_or(min) + by).clamp(min, max).to_string());
        let init = EventInit::new();
        init.set_bubbles(true);
        if let Ok(event) = Event::new_with_event_init_dict("change", &init) {
            let _ = input.dispatch_event(&event);
        }
    };
    let limits = move |event: Event| {
        if let Some(root) = dom::holder(&event) {
            limit(&root);
        }
    };
    view! { <div class="contents" on:click=step on:change=limits on:input=limits>{children()}</div> }
}

/// Greys out the step that would leave the limits.
pub fn limit(root: &Element) {
    let Some(input) = dom::find(root, "input[type=number]").and_then(dom::input) else { return };
    let [min, max] = limits_of(&input);
    let now = whole(&input.value()).unwrap_or(min);
    for (button, is_at_limit) in
        [("button[value='-1']", now <= min), ("button[value='1']", now >= max)]
    {
        if let Some(button) = dom::find(root, button) {
            dom::flag(&button, "disabled", is_at_limit);
        }
    }
}

/// Fewest and most that the box takes.
fn limits_of(input: &HtmlInputElement) -> [i32; 2] {
    let min = whole(&input.min()).unwrap_or(1);
    [min, whole(&input.max()).unwrap_or(999).max(min)]
}

fn whole(text: &str) -> Option<i32> {
    text.parse().ok()
}
