//! Cursors: opaque texts that say where a page of a list begins.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use super::ApiError;

/// A cursor that holds `position`.
pub fn encode_cursor(position: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(position).unwrap_or_default())
}

/// The position that a cursor holds; a text that we did not make is a bad request.
pub fn decode_cursor<T: DeserializeOwned>(cursor: &str) -> Result<T, ApiError> {
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| {
            ApiError::BadRequest(
                "this cursor is not one of ours; start from the first page".to_owned(),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_a_forged_one_is_refused() {
        let cursor = encode_cursor(&("mug", 7));

        assert_eq!(decode_cursor::<(String, i32)>(&cursor).unwrap(), ("mug".to_owned(), 7));
        assert!(decode_cursor::<(String, i32)>("not a cursor").is_err());
        assert!(decode_cursor::<(String, i32)>(&encode_cursor(&7)).is_err());
    }
}
