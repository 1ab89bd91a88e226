//! Choosing a variant without asking the server again.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{Element, Event, UrlSearchParams};

use super::{dom, gallery, json, quantity};
use crate::components::choice::{self, Made, Outcome};

/// Wraps the radio groups of a product: after each choice the price, the stock, the
/// pictures, the button and the address say what was chosen.
#[island]
pub fn VariantPicker(children: Children) -> impl IntoView {
    Effect::new(|_| {
        if let Some(form) = dom::find_any(".option-picker") {
            dom::class(&form, "live", true);
            show(&form, false);
        }
    });
    let choose = move |event: Event| {
        if let Some(form) = dom::closest(&event, ".option-picker") {
            show(&form, true);
        }
    };
    view! { <div class="contents" on:change=choose>{children()}</div> }
}

/// Draws what is ticked; notes it in the address if the shopper ticked it.
fn show(form: &Element, is_news: bool) {
    let facts = dom::find(form, "script").and_then(|script| script.text_content());
    let Some(facts) = facts.and_then(|facts| js_sys::JSON::parse(&facts).ok()) else { return };
    let variants = json::list(&facts, "variants");
    let made: Vec<_> = variants
        .iter()
        .map(|variant| Made {
            values: json::texts(variant, "values"),
            buyable: json::at(variant, "buyable").is_truthy(),
        })
        .collect();
    let groups = dom::all(form, "fieldset");
    let values: Vec<_> = groups.iter().map(ticked).collect();
    for (place, group) in groups.iter().enumerate() {
        draw_group(group, &made, &values, place);
    }
    let found = choice::chosen(&made, &values).and_then(|place| variants.get(place).cloned());
    let said = found.unwrap_or_else(|| json::at(&facts, "none"));
    if let Ok(Some(buy)) = form.closest(".buy") {
        draw_offer(&buy, &said);
    }
    let names: Vec<_> = groups.iter().map(name).collect();
    if is_news {
        draw_pictures(&names, &values);
        note(&names, &values);
    }
}

fn ticked(group: &Element) -> String {
    dom::find(group, ":checked").and_then(dom::input).map(|input| input.value()).unwrap_or_default()
}

fn name(group: &Element) -> String {
    dom::find(group, "input").and_then(|input| input.get_attribute("name")).unwrap_or_default()
}

fn draw_group(group: &Element, made: &[Made], values: &[String], place: usize) {
    dom::say(group, ".chosen", &values[place]);
    for label in dom::all(group, ".value") {
        let value = dom::find(&label, "input").and_then(dom::input).map(|input| input.value());
        let outcome = choice::outcome(made, values, place, &value.unwrap_or_default());
        dom::class(&label, "off", outcome != Outcome::Buyable);
        dom::say(&label, ".state", outcome.words());
    }
}

/// Price, stock and button of the variant; `said` holds the server's own words.
fn draw_offer(buy: &Element, said: &JsValue) {
    for part in ["price", "was", "lowest", "stock"] {
        let words = json::text(said, part);
        for element in dom::all(buy, &format!("[data-part={part}]")) {
            element.set_text_content(Some(&words));
            dom::flag(&element, "hidden", words.is_empty());
        }
    }
    for part in dom::all(buy, ".sale-only") {
        dom::flag(&part, "hidden", json::text(said, "was").is_empty());
    }
    if let Some(stock) = dom::find(buy, "[data-part=stock]") {
        dom::set(&stock, "class", &format!("stock {}", json::text(said, "tone")));
    }
    if let Some(price) = dom::find(buy, "[data-part=price]") {
        dom::class(&price, "now", !json::text(said, "was").is_empty());
    }
    let is_buyable = json::at(said, "buyable").is_truthy();
    if let Some(button) = dom::find(buy, ".add button[type=submit]") {
        button.set_text_content(Some(&json::text(said, "button")));
        dom::flag(&button, "disabled", !is_buyable);
    }
    if let Some(id) = dom::find(buy, ".add [name=variant_id]").and_then(dom::input) {
        id.set_value(&json::text(said, "id"));
    }
    dom::say(buy, ".add [role=status]", "");
    if let Some(many) = dom::find(buy, ".add [type=number]").and_then(dom::input) {
        let max = json::whole(said, "max").unwrap_or(1).max(1);
        many.set_max(&max.to_string());
        if many.value().parse().is_ok_and(|now: i64| now > max) {
            many.set_value(&max.to_string());
        }
    }
    if let Some(many) = dom::find(buy, ".add .quantity") {
        quantity::limit(&many);
    }
}

/// Hides pictures of other choices and brings the first of this one in view.
fn draw_pictures(names: &[String], values: &[String]) {
    let Some(root) = dom::find_any(".gallery") else { return };
    let items = dom::all(&root, ".track li");
    let fits = |item: &Element| {
        let option = item.get_attribute("data-option");
        let value = item.get_attribute("data-value");
        names
            .iter()
            .zip(values)
            .all(|(name, chosen)| option.as_ref() != Some(name) || value.as_ref() == Some(chosen))
    };
    if !items.iter().any(fits) {
        return;
    }
    for (item, small) in items.iter().zip(dom::all(&root, ".thumbs li")) {
        dom::flag(&small, "hidden", !fits(item));
    }
    for item in &items {
        dom::flag(item, "hidden", !fits(item));
    }
    let own = items.iter().find(|item| fits(item) && item.has_attribute("data-option"));
    if let Some(first) = own.or_else(|| items.iter().find(|item| fits(item))) {
        gallery::bring(first);
        gallery::mark(&root, first);
    }
}

/// Puts the choice into the address, so that reload, Back and a shared link keep it.
fn note(names: &[String], values: &[String]) {
    let Ok(query) = UrlSearchParams::new() else { return };
    for (name, value) in names.iter().zip(values) {
        query.append(name, value);
    }
    let address = format!("?{}", String::from(query.to_string()));
    if let Some(history) = dom::window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}
