//! Passkeys: keys on a customer's devices that sign in without a password (W3C Web Authentication).

use std::sync::Arc;

use anyhow::Context;
use api_types::{CustomerId, PasskeyStart};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{
        CredentialID, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration,
        PublicKeyCredential, RegisterPublicKeyCredential,
    },
};

use crate::http::{ApiError, Result};

/// The shop as devices know it: a passkey is good for its address only.
#[derive(Clone)]
pub struct Passkeys(Arc<Webauthn>);

/// A ceremony's first step: what goes to the browser, and what is remembered under a hash.
pub struct Started {
    /// For the browser.
    pub start: PasskeyStart,
    /// SHA-256 of the ceremony's name.
    pub ceremony_hash: [u8; 32],
    /// To be remembered until the second step.
    pub state: Value,
}

impl Passkeys {
    /// Passkeys for the shop at this address.
    pub fn new(public_url: &Url) -> anyhow::Result<Self> {
        let host = public_url.host_str().context("PUBLIC_URL names no host")?;
        let webauthn = WebauthnBuilder::new(host, public_url)
            .and_then(|builder| builder.rp_name("Oxcart").build())
            .context("PUBLIC_URL cannot have passkeys")?;
        Ok(Self(Arc::new(webauthn)))
    }

    /// Begins to make a passkey that says by itself whose it is; `known` are those that there are, by their ids.
    pub fn start_making(
        &self,
        customer: CustomerId,
        email: &str,
        known: Vec<CredentialID>,
    ) -> Result<Started> {
        let (options, state) = self
            .0
            .start_passkey_registration(customer.0, email, email, Some(known))
            .map_err(anyhow::Error::from)?;
        let mut options = value(&options)?;
        options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("required");
        options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = json!(true);
        Ok(started(options, value(&state)?))
    }

    /// The passkey that a browser made: its id on the device, and what is kept of it.
    pub fn made(&self, state: Value, credential: &Value) -> Result<(Vec<u8>, Value)> {
        let state: PasskeyRegistration = remembered(state)?;
        let credential: RegisterPublicKeyCredential = given(credential)?;
        let passkey = self
            .0
            .finish_passkey_registration(&credential, &state)
            .map_err(|error| refused(&error.to_string()))?;
        Ok((passkey.cred_id().clone(), value(&passkey)?))
    }

    /// Begins a sign-in with whichever passkey the device offers.
    pub fn start_using(&self) -> Result<Started> {
        let (options, state) =
            self.0.start_discoverable_authentication().map_err(anyhow::Error::from)?;
        let public_key = value(&options)?["publicKey"].take();
        Ok(started(json!({ "publicKey": public_key }), value(&state)?))
    }

    /// Whose passkey a browser used, and its id on the device; nothing is proved yet.
    pub fn named(&self, credential: &Value) -> Result<(CustomerId, Vec<u8>)> {
        let credential: PublicKeyCredential = given(credential)?;
        let (customer, id) = self
            .0
            .identify_discoverable_authentication(&credential)
            .map_err(|error| refused(&error.to_string()))?;
        Ok((CustomerId(customer), id.to_vec()))
    }

    /// Proves that a browser used this passkey, and answers with what is kept of it from now on.
    pub fn used(&self, state: Value, credential: &Value, kept: Value) -> Result<Value> {
        let state: DiscoverableAuthentication = remembered(state)?;
        let credential: PublicKeyCredential = given(credential)?;
        let mut passkey: Passkey = remembered(kept)?;
        let key = DiscoverableKey::from(&passkey);
        let outcome = self
            .0
            .finish_discoverable_authentication_v2(&credential, state, key)
            .map_err(|error| refused(&error.to_string()))?;
        passkey.update_credential(&outcome);
        value(&passkey)
    }
}

/// What a ceremony's name is remembered as.
pub fn ceremony_hash(ceremony: &str) -> [u8; 32] {
    Sha256::digest(ceremony).into()
}

/// What a passkey that opens nothing is answered with.
pub fn refused(why: &str) -> ApiError {
    tracing::info!("a passkey was refused: {why}");
    ApiError::rejected("wrong_credentials", "That passkey does not open an account here.")
}

fn started(options: Value, state: Value) -> Started {
    let ceremony = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let ceremony_hash = ceremony_hash(&ceremony);
    Started { start: PasskeyStart { ceremony, options }, ceremony_hash, state }
}

fn value(of: &impl Serialize) -> Result<Value> {
    serde_json::to_value(of).map_err(|error| ApiError::Internal(error.into()))
}

fn remembered<T: DeserializeOwned>(state: Value) -> Result<T> {
    serde_json::from_value(state).map_err(|error| ApiError::Internal(error.into()))
}

fn given<T: DeserializeOwned>(credential: &Value) -> Result<T> {
    T::deserialize(credential)
        .map_err(|_| ApiError::field("/credential", "unreadable", "that is not a browser's answer"))
}
