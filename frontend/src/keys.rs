//! What the storefront signs, so that it believes it when it comes back.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;

use crate::config::Config;

/// The fewest bytes a configured secret may have.
const LEAST: usize = 32;

/// The secret behind form tokens and notices.
#[derive(Clone)]
pub struct Keys(Arc<[u8]>);

impl Keys {
    /// From the settings; a key of its own when there is none, which other replicas do not know.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let given = config.cookie_key.as_ref().or(config.jwt_secret.as_ref());
        let Some(secret) = given else {
            tracing::warn!(
                "COOKIE_KEY is not set: forms drawn by this process are refused after it stops"
            );
            return Ok(Self::from_bytes(&rand::random::<[u8; 32]>()));
        };
        anyhow::ensure!(
            secret.expose_secret().len() >= LEAST,
            "COOKIE_KEY needs at least {LEAST} bytes; `openssl rand -hex 32` makes one"
        );
        Ok(Self::from_secret(secret))
    }

    fn from_secret(secret: &SecretString) -> Self {
        Self::from_bytes(secret.expose_secret().as_bytes())
    }

    /// From plain bytes.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// A signature over `text`, good for one `purpose` only.
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(purpose, text).finalize().into_bytes())
    }

    /// Whether `signature` is ours for this purpose and text; takes the same time either way.
    pub fn is_ours(&self, purpose: &str, text: &str, signature: &str) -> bool {
        URL_SAFE_NO_PAD
            .decode(signature)
            .is_ok_and(|bytes| self.mac(purpose, text).verify_slice(&bytes).is_ok())
    }

    /// A value as text that only we can make, good for one `purpose` only; anybody can read it.
    pub fn seal(&self, purpose: &str, value: &impl Serialize) -> String {
        let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap_or_default());
        let signature = self.sign(purpose, &text);
        format!("{text}.{signature}")
    }

    /// The value that we sealed; nothing when somebody else did.
    pub fn open<T: DeserializeOwned>(&self, purpose: &str, sealed: &str) -> Option<T> {
        let (text, signature) = sealed.split_once('.')?;
        if !self.is_ours(purpose, text, signature) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }

    fn mac(&self, purpose: &str, text: &str) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac.update(text.as_bytes());
        mac
    }
}

/// A name nobody can guess.
pub fn random_name() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 18]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_good_for_its_purpose_text_and_key_only() {
        let keys = Keys::from_bytes(b"one");
        let signature = keys.sign("csrf", "visitor");

        assert!(keys.is_ours("csrf", "visitor", &signature));
        assert!(!keys.is_ours("flash", "visitor", &signature));
        assert!(!keys.is_ours("csrf", "other", &signature));
        assert!(!Keys::from_bytes(b"two").is_ours("csrf", "visitor", &signature));
        assert!(!keys.is_ours("csrf", "visitor", ""));
    }
}
