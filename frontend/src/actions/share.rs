//! The button below the cart of a link.

use api_types::AddLine;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::cart::{added, told};
use crate::{
    api::Error,
    app::App,
    cookies::set,
    extract::{Form, Visitor},
    flash::Flash,
    pages::errors,
    texts,
};

/// What the link held.
#[derive(Deserialize)]
pub struct Lines {
    lines: String,
}

/// `POST /cart/add`: puts what a link held into the visitor's cart, beside what is there.
pub async fn add(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Lines>,
) -> Result<Response, Error> {
    let Some(lines) = read(&form.lines) else { return Ok(errors::bad_request().into_response()) };
    match added(&visitor, lines).await {
        Ok((_, cookie)) => {
            let flash = Flash::good(texts::share_done()).cookie(&app.keys);
            Ok((set(cookie.into_iter().chain([flash])), Redirect::to("/cart")).into_response())
        }
        Err(error) => match told(&error) {
            Some(flash) => {
                let back = format!("/cart/add?lines={}", form.lines);
                Ok(flash.to(&back, &app.keys))
            }
            None => Err(error),
        },
    }
}

/// The lines as the page wrote them; `None` when it did not.
fn read(text: &str) -> Option<Vec<AddLine>> {
    text.split(',')
        .map(|part| {
            let (variant, quantity) = part.split_once(':')?;
            Some(AddLine { variant_id: variant.parse().ok()?, quantity: quantity.parse().ok()? })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_page_wrote_is_read() {
        let variant = format!("var_{:032x}", 1);

        assert_eq!(read(&format!("{variant}:2,{variant}:1")).map(|lines| lines.len()), Some(2));
        for text in ["", "mug:1", &variant, &format!("{variant}:x"), "//evil.example:1"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
