//! Adding to the cart without leaving the page.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlDialogElement, HtmlFormElement, HtmlTemplateElement};

use super::{dom, fetch, json};
use crate::texts;

/// Takes over every form that adds to the cart: sends it, then opens the drawer with
/// what is in the cart. A press outside, the cross and Escape close it.
#[island]
pub fn CartDrawer(children: Children) -> impl IntoView {
    Effect::new(|_| dom::listen("submit", |event| take_over(&event)));
    let close = move |event: leptos::ev::MouseEvent| {
        let Some(dialog) = drawer() else { return };
        let is_backdrop = event.target().is_some_and(|target| target == *dialog.as_ref());
        if is_backdrop || dom::closest(&event, ".close").is_some() {
            dialog.close();
        }
    };
    view! { <div class="contents" on:click=close>{children()}</div> }
}

fn drawer() -> Option<HtmlDialogElement> {
    dom::find_any("dialog.drawer")?.dyn_into().ok()
}

fn take_over(event: &Event) {
    let form = dom::closest(event, "form[action='/cart/lines']");
    let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
    event.prevent_default();
    if form.has_attribute("aria-busy") {
        return;
    }
    spawn_local(add(form));
}

async fn add(form: HtmlFormElement) {
    dom::set(&form, "aria-busy", "true");
    dom::say(&form, "[role=status]", "");
    let answer = fetch::post(&form).await;
    let _ = form.remove_attribute("aria-busy");
    match answer {
        Some(answer) if answer.is_good() => {
            dom::announce("cart", &answer.body);
            open(&answer.body);
        }
        Some(answer) if !json::text(&answer.body, "detail").is_empty() => {
            dom::say(&form, "[role=status]", &json::text(&answer.body, "detail"));
        }
        // No sense in the answer: let the browser try the plain way.
        _ => {
            let _ = form.submit();
        }
    }
}

/// Fills the drawer from the cart and opens it.
fn open(cart: &JsValue) {
    let Some(dialog) = drawer() else { return };
    let root: &Element = dialog.as_ref();
    let template = dom::find(root, "template")
        .and_then(|template| template.dyn_into::<HtmlTemplateElement>().ok())
        .and_then(|template| template.content().first_element_child());
    let (Some(template), Some(list)) = (template, dom::find(root, ".lines")) else { return };
    list.set_inner_html("");
    for line in json::list(cart, "lines") {
        if let Ok(Ok(item)) = template.clone_node_with_deep(true).map(JsCast::dyn_into::<Element>) {
            fill(&item, &line);
            let _ = list.append_child(&item);
        }
    }
    dom::say(root, ".sum .price", &json::money(&json::at(cart, "totals"), "subtotal"));
    let more = json::money(cart, "until_free_delivery");
    let free = if more.is_empty() { more } else { texts::drawer_until_free(more) };
    dom::say(root, ".free", &free);
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
    if let Some(title) = dom::find(root, "#drawer-title") {
        dom::focus(&title);
    }
}

/// Puts the initial where a picture is missing.
fn stand_in(item: &Element, title: &str) {
    let end = title.chars().next().map_or(0, char::len_utf8);
    if let Some(place) = dom::find(item, ".stand-in") {
        dom::set(&place, "data-initial", &title[..end]);
    }
}

fn fill(item: &Element, line: &JsValue) {
    if let Some(image) = dom::find(item, "img") {
        if let Some(address) = json::picture(line, "picture") {
            dom::set(&image, "src", &address);
        } else {
            image.remove();
            stand_in(item, &json::text(line, "title"));
        }
    }
    if let Some(link) = dom::find(item, ".name") {
        link.set_text_content(Some(&json::text(line, "title")));
        dom::set(&link, "href", &format!("/products/{}", json::text(line, "handle")));
    }
    let options: Vec<_> =
        json::list(line, "options").iter().map(|option| json::text(option, "value")).collect();
    dom::say(item, ".options", &options.join(", "));
    let many = json::whole(line, "quantity").unwrap_or(1);
    dom::say(item, ".many", &texts::drawer_quantity(many));
    dom::say(item, ".price", &json::money(line, "total"));
}
