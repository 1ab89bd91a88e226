//! The one place that asks the server for something.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, FormData, HtmlFormElement, Request, RequestInit, Response, UrlSearchParams,
};

use super::dom;

/// What came back.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The parsed JSON.
    pub body: JsValue,
}

impl Answer {
    /// Whether it went well.
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Asks for JSON at an address of the shop's own; gives nothing when called off or cut off.
pub async fn get(path: &str, signal: Option<&AbortSignal>) -> Option<Answer> {
    let init = RequestInit::new();
    init.set_signal(signal);
    send(path, &init).await
}

/// Sends a form as it stands, for a JSON answer instead of a page.
pub async fn post(form: &HtmlFormElement) -> Option<Answer> {
    let fields = FormData::new_with_form(form).ok()?;
    // A form's fields are pairs, and so what `URLSearchParams` is made of.
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&fields);
    send(&form.get_attribute("action")?, &init).await
}

async fn send(path: &str, init: &RequestInit) -> Option<Answer> {
    let request = Request::new_with_str_and_init(path, init).ok()?;
    request.headers().set("accept", "application/json").ok()?;
    let response = JsFuture::from(dom::window()?.fetch_with_request(&request)).await.ok()?;
    let response: Response = response.unchecked_into();
    let body = JsFuture::from(response.json().ok()?).await.ok()?;
    Some(Answer { status: response.status(), body })
}
