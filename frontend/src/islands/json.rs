//! Reading JSON that the browser has parsed.

use api_types::Money;
use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;

/// What is under a key; `undefined` when nothing is.
pub fn at(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

/// The text under a key; empty when there is none.
pub fn text(value: &JsValue, key: &str) -> String {
    at(value, key).as_string().unwrap_or_default()
}

/// The whole number under a key.
pub fn whole(value: &JsValue, key: &str) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "JSON numbers here are whole and below 2^53"
    )]
    at(value, key).as_f64().map(|number| number as i64)
}

/// The list under a key; empty when there is none.
pub fn list(value: &JsValue, key: &str) -> Vec<JsValue> {
    let list = at(value, key);
    if Array::is_array(&list) { Array::from(&list).iter().collect() } else { Vec::new() }
}

/// The texts of the list under a key.
pub fn texts(value: &JsValue, key: &str) -> Vec<String> {
    list(value, key).iter().filter_map(JsValue::as_string).collect()
}

/// The money under a key, as shoppers read it; empty when there is none.
pub fn money(value: &JsValue, key: &str) -> String {
    let money = at(value, key);
    let currency = text(&money, "currency").parse().ok();
    let shown = whole(&money, "amount").zip(currency);
    shown.map(|(amount, currency)| Money::new(amount, currency).to_string()).unwrap_or_default()
}

/// The address of the smallest file of the picture under a key.
pub fn picture(value: &JsValue, key: &str) -> Option<String> {
    let sources = list(&at(value, key), "sources");
    sources.first().map(|source| text(source, "url"))
}
