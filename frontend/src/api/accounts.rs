//! What a customer, or somebody who wants to be one, asks of the backend.

use std::time::Duration;

use api_types::{
    AddAddress, AddressId, AskForLetter, Cart, ChangeEmail, Confirm, Customer, CustomerAddress,
    Export, FinishPasskey, FinishPasskeySignIn, ForgetMe, OrderSummary, Page, Passkey, PasskeyId,
    PasskeyStart, Reauthenticate, Refresh, Register, ResetPassword, Session, SessionId,
    SetPassword, SignIn, SignedIn, UpdateAddress, UpdateCustomer, VerifyRegistration,
};
use reqwest::{Method, RequestBuilder};
use serde::Serialize;

use super::{Api, List, Result, sent};
use crate::cookies::CartKey;

/// How long fetching everything that the shop knows of a customer may take.
const ARCHIVE: Duration = Duration::from_mins(2);
/// How long making or checking a password's hash may take, with others waiting for theirs.
const HASHING: Duration = Duration::from_secs(8);

/// A place in a list.
#[derive(Serialize)]
struct From<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a str>,
    limit: u8,
}

impl Api {
    /// The next pair of tokens; asked by nobody, because the token itself says who.
    pub async fn refresh(&self, refresh_token: String) -> Result<SignedIn> {
        let body = Refresh { refresh_token: Some(refresh_token) };
        let request = self.request(Method::POST, "/auth/refresh").json(&body);
        Ok(sent(request).await?.json().await?)
    }

    /// Ends the session of that token.
    pub async fn sign_out(&self, refresh_token: String) -> Result<()> {
        let body = Refresh { refresh_token: Some(refresh_token) };
        sent(self.request(Method::POST, "/auth/logout").json(&body)).await.map(drop)
    }

    /// Asks for an account; a letter follows.
    pub async fn register(&self, asked: &Register) -> Result<()> {
        self.done(self.hashing(Method::POST, "/customers").json(asked)).await
    }

    /// Opens the account that was asked for.
    pub async fn verify(&self, proof: &VerifyRegistration) -> Result<SignedIn> {
        self.send(self.hashing(Method::POST, "/auth/register/verify").json(proof)).await
    }

    /// Signs in with a password; asked by nobody, because whoever was signed in no longer matters.
    pub async fn sign_in(&self, proof: &SignIn) -> Result<SignedIn> {
        let request = self.hashing(Method::POST, "/auth/login").json(proof);
        Ok(sent(request).await?.json().await?)
    }

    /// Shows again who is there.
    pub async fn reauthenticate(&self, password: String) -> Result<SignedIn> {
        let proof = Reauthenticate { password };
        self.send(self.hashing(Method::POST, "/auth/reauthenticate").json(&proof)).await
    }

    /// Asks for a letter with which a new password can be chosen.
    pub async fn forgot(&self, email: String) -> Result<()> {
        let asked = AskForLetter { email };
        self.done(self.request(Method::POST, "/auth/password/forgot").json(&asked)).await
    }

    /// Chooses a new password with the secret of that letter.
    pub async fn reset_password(&self, reset: &ResetPassword) -> Result<()> {
        self.done(self.hashing(Method::POST, "/auth/password/reset").json(reset)).await
    }

    /// Chooses a new password.
    pub async fn set_password(&self, password: String) -> Result<()> {
        let change = SetPassword { password };
        self.done(self.hashing(Method::PUT, "/auth/password").json(&change)).await
    }

    /// Where the customer is signed in.
    pub async fn sessions(&self) -> Result<Vec<Session>> {
        Ok(self.get::<List<_>>("/auth/sessions").await?.data)
    }

    /// Signs one device out.
    pub async fn end_session(&self, id: SessionId) -> Result<()> {
        self.done(self.request(Method::DELETE, &format!("/auth/sessions/{id}"))).await
    }

    /// Signs all other devices out.
    pub async fn end_other_sessions(&self) -> Result<()> {
        self.done(self.request(Method::DELETE, "/auth/sessions")).await
    }

    /// The customer's passkeys.
    pub async fn passkeys(&self) -> Result<Vec<Passkey>> {
        Ok(self.get::<List<_>>("/auth/passkeys").await?.data)
    }

    /// Takes a passkey away.
    pub async fn remove_passkey(&self, id: PasskeyId) -> Result<()> {
        self.done(self.request(Method::DELETE, &format!("/auth/passkeys/{id}"))).await
    }

    /// What a browser needs to make a passkey.
    pub async fn start_passkey(&self) -> Result<PasskeyStart> {
        self.send(self.request(Method::POST, "/auth/webauthn/register/start")).await
    }

    /// Adds the passkey that the browser made.
    pub async fn finish_passkey(&self, made: &FinishPasskey) -> Result<Passkey> {
        self.send(self.request(Method::POST, "/auth/webauthn/register/finish").json(made)).await
    }

    /// What a browser needs to sign in with a passkey.
    pub async fn start_passkey_sign_in(&self) -> Result<PasskeyStart> {
        self.send(self.request(Method::POST, "/auth/webauthn/login/start")).await
    }

    /// Signs in with a passkey, or shows again who is there.
    pub async fn finish_passkey_sign_in(&self, proof: &FinishPasskeySignIn) -> Result<SignedIn> {
        self.send(self.request(Method::POST, "/auth/webauthn/login/finish").json(proof)).await
    }

    /// Who is signed in.
    pub async fn customer(&self) -> Result<Customer> {
        self.get("/customers/me").await
    }

    /// Changes what the shop knows of the customer.
    pub async fn update_customer(&self, change: &UpdateCustomer) -> Result<Customer> {
        self.send(self.request(Method::PATCH, "/customers/me").json(change)).await
    }

    /// Forgets the customer.
    pub async fn forget_me(&self, email: String) -> Result<()> {
        self.done(self.request(Method::DELETE, "/customers/me").json(&ForgetMe { email })).await
    }

    /// Asks to move the account to another address; a letter goes there.
    pub async fn change_email(&self, email: String) -> Result<()> {
        let change = ChangeEmail { email };
        self.done(self.request(Method::POST, "/customers/me/email").json(&change)).await
    }

    /// Moves the account with the secret of that letter.
    pub async fn confirm_email(&self, token: String) -> Result<()> {
        self.done(self.request(Method::POST, "/auth/email/verify").json(&Confirm { token })).await
    }

    /// The customer's addresses.
    pub async fn addresses(&self) -> Result<Vec<CustomerAddress>> {
        Ok(self.get::<List<_>>("/customers/me/addresses").await?.data)
    }

    /// Keeps an address.
    pub async fn add_address(&self, address: &AddAddress) -> Result<CustomerAddress> {
        self.send(self.request(Method::POST, "/customers/me/addresses").json(address)).await
    }

    /// Changes an address that is kept.
    pub async fn update_address(
        &self,
        id: AddressId,
        change: &UpdateAddress,
    ) -> Result<CustomerAddress> {
        let path = format!("/customers/me/addresses/{id}");
        self.send(self.request(Method::PATCH, &path).json(change)).await
    }

    /// Forgets an address.
    pub async fn remove_address(&self, id: AddressId) -> Result<()> {
        self.done(self.request(Method::DELETE, &format!("/customers/me/addresses/{id}"))).await
    }

    /// The customer's orders, newest first.
    pub async fn orders(&self, cursor: Option<&str>, limit: u8) -> Result<Page<OrderSummary>> {
        let request = self.request(Method::GET, "/customers/me/orders");
        self.send(request.query(&From { cursor, limit })).await
    }

    /// How far along the copy of the customer's data is; `None` when they never asked for one.
    pub async fn export(&self) -> Result<Option<Export>> {
        found(self.get("/customers/me/export").await)
    }

    /// Asks for a copy of everything that the shop knows of the customer.
    pub async fn ask_for_export(&self) -> Result<Export> {
        self.send(self.request(Method::POST, "/customers/me/export")).await
    }

    /// That copy, as it streams in.
    pub async fn archive(&self) -> Result<reqwest::Response> {
        let request = self.request(Method::GET, "/customers/me/export/archive");
        self.answer(request.timeout(ARCHIVE)).await
    }

    /// The customer's open cart, if there is one.
    pub async fn current_cart(&self) -> Result<Option<Cart>> {
        found(self.get("/carts/current").await)
    }

    /// Puts what is in a guest's cart into the customer's; doing so twice changes nothing.
    pub async fn merge_cart(&self, guest: &CartKey) -> Result<Cart> {
        self.send(self.at_cart(Method::POST, guest, "/merge")).await
    }

    /// A request that waits for a password's hash.
    fn hashing(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).timeout(HASHING)
    }
}

/// What was asked for, or that there is none.
fn found<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(it) => Ok(Some(it)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
