//! A page as its handler describes it; `document` draws it.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{
    http::StatusCode,
    response::{IntoResponse, IntoResponseParts, Response, ResponseParts},
};
use axum_extra::extract::cookie::Cookie;
use leptos::prelude::{AnyView, IntoAny, IntoView};

use crate::components::layout::Here;

/// Who may see the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Everyone: nothing personal is in it, and caches may keep it.
    Public,
    /// This visitor only.
    Private,
}

/// Draws once, when the reactive owner of the page exists.
pub type Draw = Box<dyn FnOnce() -> AnyView + Send>;

/// What a handler answers: all of a page but the frame around it.
pub struct Page {
    /// HTTP status.
    pub status: StatusCode,
    /// Title, without the shop's name.
    pub title: String,
    /// Summary for search engines.
    pub description: Option<String>,
    /// More for the document's head: canonical address, structured data.
    pub head: Option<Draw>,
    /// Where it stands in the shop.
    pub here: Here,
    /// Class of the document's body.
    pub class: &'static str,
    /// What is between header and footer.
    pub body: Draw,
    /// Who may see it.
    pub kind: Kind,
    /// Whether the header is only the word mark, so that nothing leads away from the task.
    pub is_task: bool,
    /// Load again after so many seconds.
    pub refresh: Option<u32>,
    /// Cookies to set with it.
    pub cookies: Vec<Cookie<'static>>,
}

impl Page {
    /// A page that is the same for everyone.
    pub fn public<V: IntoView + 'static>(
        title: impl Into<String>,
        body: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        Self {
            status: StatusCode::OK,
            title: title.into(),
            description: None,
            head: None,
            here: Here::default(),
            class: "",
            body: Box::new(|| body().into_any()),
            kind: Kind::Public,
            is_task: false,
            refresh: None,
            cookies: Vec::new(),
        }
    }

    /// A page of this visitor.
    pub fn private<V: IntoView + 'static>(
        title: impl Into<String>,
        body: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        Self { kind: Kind::Private, ..Self::public(title, body) }
    }

    /// With this status.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// With a summary for search engines; an empty one is none.
    #[must_use]
    pub fn with_description(self, description: impl Into<String>) -> Self {
        let description = Some(description.into()).filter(|text| !text.is_empty());
        Self { description, ..self }
    }

    /// With more in the document's head.
    #[must_use]
    pub fn with_head<V: IntoView + 'static>(
        self,
        head: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        Self { head: Some(Box::new(|| head().into_any())), ..self }
    }

    /// At this place of the shop.
    #[must_use]
    pub fn at(self, here: Here) -> Self {
        Self { here, ..self }
    }

    /// With a class on the document's body.
    #[must_use]
    pub fn with_class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// With a header that leads nowhere else.
    #[must_use]
    pub fn as_task(self) -> Self {
        Self { is_task: true, ..self }
    }

    /// With a cookie, if there is one to set.
    #[must_use]
    pub fn with_cookie(mut self, cookie: Option<Cookie<'static>>) -> Self {
        self.cookies.extend(cookie);
        self
    }
}

/// A page on its way to `document::draw`, which sits around all handlers.
#[derive(Clone)]
pub struct Undrawn(Arc<Mutex<Option<Page>>>);

impl Undrawn {
    /// The page, for whoever asks first.
    pub fn take(&self) -> Option<Page> {
        self.0.lock().ok()?.take()
    }
}

impl IntoResponseParts for Undrawn {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        (self.status, Undrawn(Arc::new(Mutex::new(Some(self)))), ()).into_response()
    }
}
