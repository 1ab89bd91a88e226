//! A hook of the payment provider: its signature up to the first line's end, then its body.

use axum::http::{HeaderMap, HeaderValue};
use backend::fuzzing::Hooks;

pub fn read(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (signature, body) = (&bytes[..end], bytes.get(end + 1..).unwrap_or_default());
    let hooks = Hooks::new();
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(signature) {
        headers.insert("x-test-signature", value);
    }
    assert!(!hooks.is_believed(&headers, body), "nobody could sign this");
    assert!(hooks.told(&headers, body).is_none(), "nobody could sign this");

    let signed = hooks.signature(body).parse().expect("a header");
    headers.insert("x-test-signature", signed);
    assert!(hooks.is_believed(&headers, body), "we signed this");
    let is_hook = serde_json::from_slice::<serde_json::Value>(body)
        .is_ok_and(|json| json["event_id"].is_string() && json["intent"].is_string());
    assert_eq!(hooks.told(&headers, body).is_some(), is_hook, "what is signed and a hook is taken");

    let mut other = body.to_vec();
    match other.get_mut(signature.len() % body.len().max(1)) {
        Some(byte) => *byte ^= 1,
        None => other.push(b' '),
    }
    assert!(!hooks.is_believed(&headers, &other), "it was changed by one byte");
}
