//! A door for the fuzz targets: what reads text from outside and needs no database. Nothing else comes in here.

use api_types::CartId;
use axum::http::{HeaderMap, Request};

use crate::{keys::Keyring, payments};

pub use crate::{
    catalog::import::fuzzing::{Imported, imported, rewritten},
    search::fuzzing::{MOST_WORDS, begins_like, folded, tolerance, understood},
};

/// The cart that a browser's cookies name.
pub fn cart_in_cookie(headers: &HeaderMap) -> Option<CartId> {
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.headers = headers.clone();
    crate::cart::in_cookie(&parts).map(|(id, _)| id)
}

/// Hooks of the payment provider, signed with a secret of their own.
pub struct Hooks(Keyring);

impl Hooks {
    /// With a secret that nobody else knows.
    #[expect(clippy::new_without_default, reason = "no two are alike")]
    pub fn new() -> Self {
        let secret = hex::encode(rand::random::<[u8; 32]>()).into();
        Self(Keyring::new(Some(&secret), None).expect("the secret is long enough"))
    }

    /// What the provider signs a body with.
    pub fn signature(&self, body: &[u8]) -> String {
        payments::test_provider::signature(&self.0, body)
    }

    /// Whether a hook is believed to be the provider's.
    pub fn is_believed(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        payments::is_signed(&self.0, headers, body)
    }

    /// Which event of which attempt a hook tells of.
    pub fn told(&self, headers: &HeaderMap, body: &[u8]) -> Option<(String, String)> {
        let (hook, _) = payments::read_hook(&self.0, headers, body).ok()?;
        Some((hook.event_id, hook.intent))
    }
}
