//! Who the shopper is: signing up and in, devices, addresses, and leaving again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Address, AddressId, Currency, CustomerId, PasskeyId, SessionId};

/// Ask for an account. A letter with a link goes to the address, whether it is known here or not.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Where letters go; also the name to sign in with.
    #[cfg_attr(feature = "server", schema(format = "email", max_length = 254))]
    pub email: String,
    /// 8 to 128 characters of any kind.
    #[cfg_attr(feature = "server", schema(min_length = 8, max_length = 128, format = Password))]
    pub password: String,
    /// What to call the customer, up to 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub name: String,
    /// Whether news may be sent.
    #[serde(default)]
    pub wants_news: bool,
}

/// Finish signing up, with the secret of the letter and the password chosen before.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VerifyRegistration {
    /// The link's secret.
    pub token: String,
    /// The password that was chosen: whoever reads somebody else's letter does not know it.
    #[cfg_attr(feature = "server", schema(format = Password))]
    pub password: String,
}

/// Sign in with a password.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's address.
    #[cfg_attr(feature = "server", schema(format = "email", max_length = 254))]
    pub email: String,
    /// The account's password.
    #[cfg_attr(feature = "server", schema(format = Password))]
    pub password: String,
}

/// A customer signed in on a device.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// Send this as `Authorization: Bearer …`; good for `expires_in` seconds.
    pub access_token: String,
    /// Seconds that the access token is good for.
    pub expires_in: u32,
    /// Good for one use: it is exchanged for the next pair of tokens.
    pub refresh_token: String,
    /// Send this as `X-Device-Token` at the next sign-in: a device that is known is not held up by
    /// strangers who guess at the account's password. It opens nothing.
    pub device_token: String,
    /// Who.
    pub customer: Customer,
}

/// Exchange a refresh token for the next pair.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The token; the browser's cookie when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// Show again who is there, before something that matters.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reauthenticate {
    /// The account's password.
    #[cfg_attr(feature = "server", schema(format = Password))]
    pub password: String,
}

/// Ask for a letter at an address; the answer is the same whether it is known here or not.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskForLetter {
    /// Where it goes.
    #[cfg_attr(feature = "server", schema(format = "email", max_length = 254))]
    pub email: String,
}

/// Choose a new password with the secret of a letter. Every device is signed out.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The link's secret; good once, for 15 minutes.
    pub token: String,
    /// 8 to 128 characters of any kind.
    #[cfg_attr(feature = "server", schema(min_length = 8, max_length = 128, format = Password))]
    pub password: String,
}

/// Choose a new password while signed in. Every other device is signed out.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    /// 8 to 128 characters of any kind.
    #[cfg_attr(feature = "server", schema(min_length = 8, max_length = 128, format = Password))]
    pub password: String,
}

/// Move the account to another address. A letter goes there, and the move is made by its link.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeEmail {
    /// The new address.
    #[cfg_attr(feature = "server", schema(format = "email", max_length = 254))]
    pub email: String,
}

/// Confirm something with the secret of a letter.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The link's secret.
    pub token: String,
}

/// A customer, as they see themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Customer {
    /// Which one.
    pub id: CustomerId,
    /// Where letters go.
    pub email: String,
    /// What to call them; may be empty.
    pub name: String,
    /// Whether news may be sent.
    pub wants_news: bool,
    /// Currency they like prices in; the shop's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Whether a password opens the account, or only passkeys.
    pub has_password: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Counts changes.
    pub version: i32,
}

/// Change what the shop knows of a customer. An absent field stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateCustomer {
    /// What to call them, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub name: Option<String>,
    /// Whether news may be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wants_news: Option<bool>,
    /// Currency they like prices in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

/// A customer signed in on one device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Session {
    /// Which one.
    pub id: SessionId,
    /// The device in words, such as `Firefox on Linux`.
    pub device: String,
    /// When it signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last heard of, to the refresh.
    pub last_seen_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// A key on a customer's device that signs in without a password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Passkey {
    /// Which one.
    pub id: PasskeyId,
    /// What the customer calls it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// What a browser needs to make or use a passkey: for `navigator.credentials`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasskeyStart {
    /// Names this ceremony; send it back with the browser's answer within 5 minutes.
    pub ceremony: String,
    /// `{"publicKey": …}`, with bytes as base64url (W3C Web Authentication).
    #[cfg_attr(feature = "server", schema(value_type = Object))]
    pub options: serde_json::Value,
}

/// Add the passkey that the browser made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FinishPasskey {
    /// From the start.
    pub ceremony: String,
    /// What to call it, 1 to 60 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 60))]
    pub name: String,
    /// The browser's answer, with bytes as base64url.
    #[cfg_attr(feature = "server", schema(value_type = Object))]
    pub credential: serde_json::Value,
}

/// Sign in, or show again who is there, with a passkey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FinishPasskeySignIn {
    /// From the start.
    pub ceremony: String,
    /// The browser's answer, with bytes as base64url.
    #[cfg_attr(feature = "server", schema(value_type = Object))]
    pub credential: serde_json::Value,
}

/// A place that a customer has things sent to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CustomerAddress {
    /// Which one.
    pub id: AddressId,
    /// Whether it is the one to begin with.
    pub is_default: bool,
    /// Where.
    pub address: Address,
}

/// Keep an address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddAddress {
    /// Where; checked against the rules of its country.
    pub address: Address,
    /// Whether to begin with it from now on; the first one always is.
    #[serde(default)]
    pub is_default: bool,
}

/// Change an address that is kept. An absent field stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateAddress {
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// `true` makes it the one to begin with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
}

/// How far along a copy of a customer's data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// Is being made.
    Waiting,
    /// Can be fetched.
    Ready,
}

/// A copy of everything that the shop knows of a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Export {
    /// How far along it is.
    pub state: ExportState,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Until when it can be fetched, once it is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// Leave for good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ForgetMe {
    /// The account's address, typed once more.
    pub email: String,
}
