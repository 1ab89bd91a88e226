//! One message carried across one redirect.

use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use serde::{Deserialize, Serialize};

use crate::{cookies, keys::Keys};

const PURPOSE: &str = "flash";

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// It worked.
    Good,
    /// It did not.
    Bad,
}

/// A message for the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: String,
    /// A way on: its words and its path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<(String, String)>,
}

impl Flash {
    /// It worked.
    pub fn good(text: impl Into<String>) -> Self {
        Self { tone: Tone::Good, text: text.into(), link: None }
    }

    /// It did not work.
    pub fn bad(text: impl Into<String>) -> Self {
        Self { tone: Tone::Bad, text: text.into(), link: None }
    }

    /// With a way on.
    #[must_use]
    pub fn with_link(mut self, words: &str, path: &str) -> Self {
        self.link = Some((words.to_owned(), path.to_owned()));
        self
    }

    /// Shows the message on the page at `path`.
    pub fn to(&self, path: &str, keys: &Keys) -> Response {
        ([(axum::http::header::SET_COOKIE, self.cookie(keys).to_string())], Redirect::to(path))
            .into_response()
    }

    /// The message as a cookie that only we can make.
    pub fn cookie(&self, keys: &Keys) -> Cookie<'static> {
        cookies::flash(keys.seal(PURPOSE, self))
    }

    /// The message that came along, if we made it.
    pub fn of(jar: &CookieJar, keys: &Keys) -> Option<Self> {
        keys.open(PURPOSE, jar.get(cookies::FLASH)?.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_arrives_as_it_was_sent() {
        let keys = Keys::from_bytes(b"key");
        let sent = Flash::bad("Only 3 left.").with_link("Back to the mug", "/products/mug");

        let jar = CookieJar::new().add(sent.cookie(&keys));

        assert_eq!(Flash::of(&jar, &keys), Some(sent));
    }

    #[test]
    fn a_message_of_a_stranger_is_not_shown() {
        let ours = Keys::from_bytes(b"key");
        let strangers = Keys::from_bytes(b"other");

        let jar = CookieJar::new().add(Flash::good("You have won").cookie(&strangers));

        assert_eq!(Flash::of(&jar, &ours), None);
    }
}
