//! Short ways to ask and change the document.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    CustomEvent, CustomEventInit, Element, Event, HtmlElement, HtmlInputElement, Window,
};

/// The browser's window, if there is one.
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The element that an event came from, or the nearest around it that fits.
pub fn closest(event: &Event, selector: &str) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok()?
}

/// The element that a handler was put on.
pub fn holder(event: &Event) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}

/// The first element inside that fits.
pub fn find(root: &Element, selector: &str) -> Option<Element> {
    root.query_selector(selector).ok()?
}

/// The first element of the document that fits.
pub fn find_any(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok()?
}

/// All elements inside that fit.
pub fn all(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(nodes) = root.query_selector_all(selector) else { return Vec::new() };
    (0..nodes.length()).filter_map(|place| nodes.get(place)?.dyn_into().ok()).collect()
}

/// Changes the words of the first element inside that fits.
pub fn say(root: &Element, selector: &str, words: &str) {
    if let Some(element) = find(root, selector) {
        element.set_text_content(Some(words));
    }
}

/// Sets an attribute; failing to is not worth a word.
pub fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Sets or takes away an attribute without a value.
pub fn flag(element: &Element, name: &str, on: bool) {
    let _ = element.toggle_attribute_with_force(name, on);
}

/// Sets or takes away a class.
pub fn class(element: &Element, name: &str, on: bool) {
    let _ = element.class_list().toggle_with_force(name, on);
}

/// Moves the focus.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// An element as an input.
pub fn input(element: Element) -> Option<HtmlInputElement> {
    element.dyn_into().ok()
}

/// Tells the document that something happened.
pub fn announce(name: &str, detail: &JsValue) {
    let init = CustomEventInit::new();
    init.set_detail(detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        let _ = document().dispatch_event(&event);
    }
}

/// Listens to the whole document for as long as the page lives.
pub fn listen(name: &str, handler: impl FnMut(Event) + 'static) {
    let handler = Closure::<dyn FnMut(Event)>::new(handler).into_js_value();
    let _ = document().add_event_listener_with_callback(name, handler.unchecked_ref());
}

/// Does something later; gives the number to call it off by.
pub fn later(milliseconds: i32, job: impl FnOnce() + 'static) -> i32 {
    let job = Closure::once_into_js(job);
    window()
        .and_then(|window| {
            let job = job.unchecked_ref();
            window.set_timeout_with_callback_and_timeout_and_arguments_0(job, milliseconds).ok()
        })
        .unwrap_or_default()
}

/// Calls off what was to be done later.
pub fn never(number: i32) {
    if let Some(window) = window() {
        window.clear_timeout_with_handle(number);
    }
}
