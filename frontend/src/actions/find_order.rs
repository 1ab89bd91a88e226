//! The form that asks for an order's link.

use api_types::FindOrder;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    api::Error,
    app::App,
    extract::Signed,
    flash::Flash,
    pages::find_order::{self, Typed},
    texts,
};

/// What the form holds.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    number: String,
    #[serde(default)]
    email: String,
}

/// `POST /orders/find`: has the order's link sent to the address that it was made with.
pub async fn find(
    State(app): State<App>,
    Signed(asked, visitor): Signed<Asked>,
) -> Result<Response, Error> {
    let number = number(&asked.number);
    let email = asked.email.trim().to_owned();
    let email_error =
        (!email.contains('@') || email.len() > 254).then_some(texts::finding_email_wrong());
    let number_error = number.is_none().then_some(texts::finding_number_wrong());
    let typed = Typed { number: asked.number, email: email.clone(), number_error, email_error };
    let (Some(number), None) = (number, email_error) else {
        let page = find_order::form(&visitor, typed);
        return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    };
    match visitor.api.find_order(&FindOrder { number, email }).await {
        Ok(()) => Ok(Redirect::to("/orders/find/sent").into_response()),
        Err(error) if error.code() == Some("too_many_requests") => {
            let words = texts::finding_too_often();
            Ok(Flash::bad(words).to("/orders/find", &app.keys))
        }
        Err(error) if error.problem().is_some_and(|problem| !problem.errors.is_empty()) => {
            let email_error = Some(texts::finding_email_wrong());
            let page = find_order::form(&visitor, Typed { email_error, ..typed });
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
        Err(error) => Err(error),
    }
}

/// The number as people type it: `1042`, `#1042`, `No. 1042`.
fn number(text: &str) -> Option<i64> {
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit()).trim();
    digits.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_typed_in_many_ways() {
        for (text, read) in [
            ("1042", Some(1042)),
            (" #1042 ", Some(1042)),
            ("No. 1042", Some(1042)),
            ("", None),
            ("0", None),
            ("10 42", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(number(text), read, "{text}");
        }
    }
}
