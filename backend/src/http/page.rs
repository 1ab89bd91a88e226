//! Lists, a page at a time: how long a page is, and cursors, opaque texts that say where one begins.

use api_types::{Page, PageInfo};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use super::ApiError;

/// A cursor that holds `position`.
pub fn encode_cursor(position: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(position).unwrap_or_default())
}

/// The position that a cursor holds; a text that we did not make is refused.
pub fn decode_cursor<T: DeserializeOwned>(cursor: &str) -> Result<T, ApiError> {
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| {
            let words = "this cursor is not one of ours; start from the first page";
            ApiError::field("/cursor", "unknown", words)
        })
}

/// How many rows a page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize(u16);

impl PageSize {
    /// As many as were asked for, 1 to 100; 50 when nobody says.
    pub fn of(asked: Option<u16>) -> Result<Self, ApiError> {
        match asked.unwrap_or(50) {
            size @ 1..=100 => Ok(Self(size)),
            _ => Err(ApiError::field("/limit", "out_of_range", "ask for 1 to 100 rows")),
        }
    }

    /// One more than a page has: whether there is another page is known by it.
    pub fn and_one(self) -> i64 {
        i64::from(self.0) + 1
    }

    /// The page of rows of which one more was asked for; `cursor` says where a row is.
    pub fn page<T>(self, mut rows: Vec<T>, cursor: impl Fn(&T) -> String) -> Page<T> {
        let has_more = rows.len() > usize::from(self.0);
        rows.truncate(usize::from(self.0));
        let next_cursor = rows.last().filter(|_| has_more).map(cursor);
        Page { data: rows, page: PageInfo { next_cursor, ..PageInfo::default() } }
    }
}

/// A whole list.
#[derive(Serialize, utoipa::ToSchema)]
pub struct All<T> {
    /// In the order to show them.
    pub data: Vec<T>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_whether_there_is_another() {
        let size = PageSize::of(Some(2)).unwrap();
        let cursor = |row: &i32| encode_cursor(row);

        assert_eq!(size.and_one(), 3);
        assert_eq!(size.page(vec![1, 2], cursor).page.next_cursor, None);
        let more = size.page(vec![1, 2, 3], cursor);
        assert_eq!((more.data, more.page.next_cursor), (vec![1, 2], Some(encode_cursor(&2))));
        for wrong in [0, 101, u16::MAX] {
            assert!(PageSize::of(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_cursor_reads_back_and_a_forged_one_is_refused() {
        let cursor = encode_cursor(&("mug", 7));

        assert_eq!(decode_cursor::<(String, i32)>(&cursor).unwrap(), ("mug".to_owned(), 7));
        assert!(decode_cursor::<(String, i32)>("not a cursor").is_err());
        assert!(decode_cursor::<(String, i32)>(&encode_cursor(&7)).is_err());
    }
}
