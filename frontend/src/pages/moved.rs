//! Where a page went that is not at its address any more.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::errors;
use crate::{api::Error, app::App, server::is_path};

/// Leads on to the new address of a page that moved; any other error stays what it is.
pub async fn or_failed(app: &App, path: &str, error: Error) -> Response {
    if !error.is_not_found() {
        return errors::failed(&error).into_response();
    }
    match app.api.redirect(path).await {
        Ok(Some(to)) if is_path(&to.target) => {
            (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to.target)]).into_response()
        }
        Ok(_) => errors::not_found().into_response(),
        Err(error) => errors::failed(&error).into_response(),
    }
}
