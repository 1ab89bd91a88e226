//! Suggestions below the search field while somebody types.

use std::{cell::RefCell, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, Element, Event, FocusEvent, HtmlInputElement, KeyboardEvent};

use super::{dom, fetch, json};

const LIST: &str = "[role=listbox]";
const OPTION: &str = "[role=option]";
const MARKED: &str = "[aria-selected=true]";
/// A pause of the fingers, in milliseconds.
const PAUSE: i32 = 160;

/// What is on its way.
#[derive(Default)]
struct Pending {
    timer: i32,
    request: Option<AbortController>,
}

/// Wraps the search form: a combobox whose options are links; Enter without a marked
/// option searches, as without scripts.
#[island]
pub fn SearchSuggest(children: Children) -> impl IntoView {
    let pending = StoredValue::new_local(Rc::new(RefCell::new(Pending::default())));
    let typed = move |event: Event| {
        if let Some(root) = dom::holder(&event) {
            pending.with_value(|pending| wait(&root, pending));
        }
    };
    let key = move |event: KeyboardEvent| {
        if let Some(root) = dom::holder(&event) {
            steer(&root, &event);
        }
    };
    let left = move |event: FocusEvent| {
        let Some(root) = dom::holder(&event) else { return };
        let to = event.related_target();
        let inside = to.is_some_and(|to| root.contains(wasm_bindgen::JsCast::dyn_ref(&to)));
        if !inside {
            close(&root);
        }
    };
    view! { <div class="contents" on:input=typed on:keydown=key on:focusout=left>{children()}</div> }
}

fn field(root: &Element) -> Option<HtmlInputElement> {
    dom::find(root, "input").and_then(dom::input)
}

/// Asks after a pause; what was asked before is called off.
fn wait(root: &Element, pending: &Rc<RefCell<Pending>>) {
    let mut now = pending.borrow_mut();
    dom::never(now.timer);
    if let Some(request) = now.request.take() {
        request.abort();
    }
    let words = field(root).map(|field| field.value()).unwrap_or_default();
    if words.trim().chars().count() < 2 {
        close(root);
        return;
    }
    let (root, later) = (root.clone(), Rc::clone(pending));
    now.timer = dom::later(PAUSE, move || {
        let request = AbortController::new().ok();
        let signal = request.as_ref().map(AbortController::signal);
        later.borrow_mut().request = request;
        spawn_local(async move {
            let words = String::from(js_sys::encode_uri_component(words.trim()));
            let form = dom::find(&root, "form");
            let Some(path) = form.and_then(|form| form.get_attribute("data-suggest")) else {
                return;
            };
            let answer = fetch::get(&(path + &words), signal.as_ref()).await;
            if let Some(answer) = answer.filter(fetch::Answer::is_good) {
                draw(&root, &json::list(&answer.body, "data"));
            }
        });
    });
}

fn draw(root: &Element, suggestions: &[JsValue]) {
    let (Some(list), Some(field)) = (dom::find(root, LIST), field(root)) else { return };
    list.set_inner_html("");
    for (place, suggestion) in suggestions.iter().enumerate() {
        if let Some(option) = option(place, suggestion) {
            let _ = list.append_child(&option);
        }
    }
    let is_open = !suggestions.is_empty();
    dom::flag(&list, "hidden", !is_open);
    for (name, value) in [
        ("role", "combobox"),
        ("aria-autocomplete", "list"),
        ("aria-controls", "suggestions"),
        ("aria-expanded", if is_open { "true" } else { "false" }),
    ] {
        dom::set(&field, name, value);
    }
    let _ = field.remove_attribute("aria-activedescendant");
}

fn option(place: usize, suggestion: &JsValue) -> Option<Element> {
    let shelf = match json::text(suggestion, "kind").as_str() {
        "category" => "categories",
        _ => "products",
    };
    let option = document().create_element("a").ok()?;
    dom::set(&option, "role", "option");
    dom::set(&option, "id", &format!("suggestion-{place}"));
    dom::set(&option, "tabindex", "-1");
    dom::set(&option, "aria-selected", "false");
    dom::set(&option, "href", &format!("/{shelf}/{}", json::text(suggestion, "handle")));
    let image = json::picture(suggestion, "picture");
    let picture = document().create_element(if image.is_some() { "img" } else { "span" }).ok()?;
    if let Some(address) = image {
        dom::set(&picture, "src", &address);
        dom::set(&picture, "alt", "");
    }
    let _ = option.append_child(&picture);
    for words in [json::text(suggestion, "title"), json::money(suggestion, "price")] {
        let span = document().create_element("span").ok()?;
        span.set_text_content(Some(&words));
        let _ = option.append_child(&span);
    }
    Some(option)
}

fn steer(root: &Element, event: &KeyboardEvent) {
    let options = dom::all(root, OPTION);
    let is_open = dom::find(root, LIST).is_some_and(|list| !list.has_attribute("hidden"));
    if !is_open || options.is_empty() {
        return;
    }
    let marked = options.iter().position(|option| option.matches(MARKED).unwrap_or(false));
    let next = match (event.key().as_str(), marked) {
        ("ArrowDown", None) => 0,
        ("ArrowDown", Some(place)) => (place + 1) % options.len(),
        ("ArrowUp", None | Some(0)) => options.len() - 1,
        ("ArrowUp", Some(place)) => place - 1,
        ("Enter", Some(place)) => {
            event.prevent_default();
            let href = options[place].get_attribute("href").unwrap_or_default();
            if let Some(window) = dom::window() {
                let _ = window.location().set_href(&href);
            }
            return;
        }
        ("Escape", _) => {
            event.prevent_default();
            close(root);
            return;
        }
        _ => return,
    };
    event.prevent_default();
    for (place, option) in options.iter().enumerate() {
        dom::set(option, "aria-selected", if place == next { "true" } else { "false" });
    }
    if let Some(field) = field(root) {
        dom::set(&field, "aria-activedescendant", &format!("suggestion-{next}"));
    }
}

fn close(root: &Element) {
    if let Some(list) = dom::find(root, LIST) {
        dom::flag(&list, "hidden", true);
    }
    if let Some(field) = field(root).filter(|field| field.has_attribute("aria-expanded")) {
        dom::set(&field, "aria-expanded", "false");
        let _ = field.remove_attribute("aria-activedescendant");
    }
}
