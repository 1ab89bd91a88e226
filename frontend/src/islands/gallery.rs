//! Looking through the pictures of a product.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDialogElement, KeyboardEvent};

use super::dom;

const SHOWN: &str = ".track li:not([hidden])";

/// Wraps the pictures: small ones bring their large one in view, arrow keys go to the
/// neighbour, and a press on the large one opens it over the whole window.
#[island]
pub fn Gallery(children: Children) -> impl IntoView {
    let press = move |event: leptos::ev::MouseEvent| {
        let Some(root) = dom::holder(&event) else { return };
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        if let Some(link) = dom::closest(&event, ".thumbs a") {
            event.prevent_default();
            if let Some(target) = link.get_attribute("href").and_then(|id| dom::find(&root, &id)) {
                bring(&target);
                mark(&root, &target);
            }
        } else if let Some(link) = dom::closest(&event, ".track a") {
            event.prevent_default();
            enlarge(&root, &link);
        } else {
            in_dialog(&root, &event);
        }
    };
    let key = move |event: KeyboardEvent| {
        let Some(root) = dom::holder(&event) else { return };
        let by = match event.key().as_str() {
            "ArrowLeft" | "ArrowUp" => -1,
            "ArrowRight" | "ArrowDown" => 1,
            _ => return,
        };
        event.prevent_default();
        go(&root, by);
    };
    view! { <div class="contents" on:click=press on:keydown=key on:scrollend:capture=move |event| settled(&event)>{children()}</div> }
}

/// Marks the small picture of the large one that a swipe ended on.
fn settled(event: &Event) {
    let (Some(root), Some(track)) = (dom::holder(event), dom::closest(event, ".track")) else {
        return;
    };
    let width = track.client_width().max(1);
    let place = usize::try_from((track.scroll_left() + width / 2) / width).unwrap_or_default();
    if let Some(item) = dom::all(&root, SHOWN).get(place) {
        mark(&root, item);
    }
}

/// Scrolls the row of large pictures, and nothing else, to one of them.
pub fn bring(item: &Element) {
    if let (Some(track), Some(item)) =
        (item.parent_element(), item.dyn_ref::<web_sys::HtmlElement>())
    {
        track.set_scroll_left(item.offset_left() - first_offset(&track));
    }
}

fn first_offset(track: &Element) -> i32 {
    dom::find(track, "li:not([hidden])")
        .and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok())
        .map_or(0, |first| first.offset_left())
}

/// Says which of the small pictures is the one in view.
pub fn mark(root: &Element, item: &Element) {
    for link in dom::all(root, ".thumbs a") {
        if link.get_attribute("href").is_some_and(|href| href[1..] == item.id()) {
            dom::set(&link, "aria-current", "true");
        } else {
            let _ = link.remove_attribute("aria-current");
        }
    }
}

fn go(root: &Element, by: isize) {
    let items = dom::all(root, SHOWN);
    let here =
        dom::find(root, ".thumbs [aria-current]").and_then(|link| link.get_attribute("href"));
    let place =
        items.iter().position(|item| here.as_ref().is_some_and(|href| href[1..] == item.id()));
    let next =
        place.unwrap_or_default().saturating_add_signed(by).min(items.len().saturating_sub(1));
    let Some(item) = items.get(next) else { return };
    bring(item);
    mark(root, item);
    let Some(link) = dom::find(item, "a") else { return };
    if dialog(root).is_some_and(|dialog| dialog.open()) {
        enlarge(root, &link);
    } else if document()
        .active_element()
        .is_some_and(|active| active.closest(".track").is_ok_and(|at| at.is_some()))
    {
        dom::focus(&link);
    }
}

fn dialog(root: &Element) -> Option<HtmlDialogElement> {
    dom::find(root, "dialog")?.dyn_into().ok()
}

fn enlarge(root: &Element, link: &Element) {
    let (Some(dialog), Some(address)) = (dialog(root), link.get_attribute("href")) else { return };
    dom::class(&dialog, "closer", false);
    if let Some(large) = dom::find(&dialog, "img") {
        dom::set(&large, "src", &address);
        let words = dom::find(link, "img").and_then(|image| image.get_attribute("alt"));
        dom::set(&large, "alt", &words.unwrap_or_default());
    }
    if let Some(item) = link.parent_element() {
        mark(root, &item);
    }
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
}

fn in_dialog(root: &Element, event: &Event) {
    let Some(dialog) = dialog(root).filter(HtmlDialogElement::open) else { return };
    if dom::closest(event, ".close").is_some() {
        dialog.close();
    } else if dom::closest(event, ".back").is_some() {
        go(root, -1);
    } else if dom::closest(event, ".on").is_some() {
        go(root, 1);
    } else if dom::closest(event, "img").is_some() {
        let _ = dialog.class_list().toggle("closer");
    } else {
        dialog.close();
    }
}
