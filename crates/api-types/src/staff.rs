//! Those who work for the shop: how they get in, what they may, and what they did.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ApiKeyId, StaffId};

/// Something that staff and programs may do; a role is a set of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See products that are not for sale yet, costs, and pictures.
    ReadCatalog,
    /// Change products, variants, shelves and pictures.
    EditCatalog,
    /// Change prices.
    SetPrices,
    /// Take catalogues in, undo that, and write them out.
    MoveCatalog,
    /// See stock, its movements and holds.
    ReadStock,
    /// Receive, count and give up stock.
    AdjustStock,
    /// See orders and what happened to them.
    ReadOrders,
    /// Note, hold, cancel, send and deliver orders.
    EditOrders,
    /// Say that an order's money has come.
    TakePayments,
    /// Give money back.
    RefundOrders,
    /// See customers.
    ReadCustomers,
    /// Change customers, sign them out, let them go.
    EditCustomers,
    /// Write out orders, customers and stock.
    ExportData,
    /// Change pages, posts and menus.
    EditContent,
    /// See settings, regions, taxes and delivery.
    ReadSettings,
    /// Change settings, regions, taxes and delivery.
    EditSettings,
    /// See background jobs, and run them again.
    ManageJobs,
    /// Invite staff, change their roles, make keys for programs.
    ManageStaff,
    /// See who changed what.
    ReadAudit,
}

/// What somebody is in the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers shoppers: orders and customers.
    Support,
    /// Keeps what is sold: products, prices, stock, pages.
    Catalog,
    /// Keeps the books: payments, refunds, exports.
    Finance,
    /// Everything, other staff among it.
    Admin,
}

/// Whether somebody works here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StaffState {
    /// A letter is on its way.
    Invited,
    /// They may come in.
    Active,
    /// They may not any more.
    Disabled,
}

/// Somebody who works for the shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StaffMember {
    /// Which one.
    pub id: StaffId,
    /// Where letters go; also the name to sign in with.
    pub email: String,
    /// What to call them; empty until they came in.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Whether they work here.
    pub state: StaffState,
    /// Whether their second step is set up.
    pub has_code: bool,
    /// Counts changes; send it back as `If-Match`.
    pub version: i32,
    /// When they were invited.
    pub created_at: DateTime<Utc>,
    /// When they were last seen; absent when never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// Invite somebody. A letter with a link goes to the address; it is good for a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Where the letter goes.
    #[cfg_attr(feature = "server", schema(format = "email", max_length = 254))]
    pub email: String,
    /// What they will be.
    pub role: Role,
}

/// Change what somebody is, or whether they may come in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateStaff {
    /// What they are from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether they may come in; `false` ends their sessions at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// Come in for the first time, with the secret of the letter.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// The link's secret; good once, for a day.
    pub token: String,
    /// What to call you, up to 100 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// 8 to 128 characters of any kind.
    #[cfg_attr(feature = "server", schema(min_length = 8, max_length = 128, format = Password))]
    pub password: String,
}

/// The first step of signing in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StaffSignIn {
    /// The address that was invited.
    pub email: String,
    /// The password.
    #[cfg_attr(feature = "server", schema(format = Password))]
    pub password: String,
}

/// What a session still needs before it opens anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// Set up the second step: ask for a secret, put it into an authenticator, enter its code.
    Enrol,
    /// Enter a code of the authenticator, or one of the recovery codes.
    Code,
    /// Nothing: it is open.
    Open,
}

/// A session of staff. Its token changes with every step.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StaffSession {
    /// Send this as `Authorization: Bearer …`.
    pub token: String,
    /// What it still needs.
    pub next: NextStep,
    /// When it ends in any case; it ends earlier when it is not used for 30 minutes.
    pub expires_at: DateTime<Utc>,
    /// Ten codes, each good once, for the day that the authenticator is lost; shown this one time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recovery_codes: Vec<String>,
}

/// What an authenticator is told.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Enrolment {
    /// The secret, in Base32, to type.
    pub secret: String,
    /// The same as an address that authenticators read (`otpauth:`), to draw as a QR code.
    pub address: String,
}

/// The second step: six digits of the authenticator, or a recovery code.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EnterCode {
    /// The code.
    pub code: String,
}

/// Choose a new password. Every other session ends.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetStaffPassword {
    /// The password until now.
    #[cfg_attr(feature = "server", schema(format = Password))]
    pub current: String,
    /// 8 to 128 characters of any kind.
    #[cfg_attr(feature = "server", schema(min_length = 8, max_length = 128, format = Password))]
    pub password: String,
}

/// A key with which a program does some of what staff do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ApiKey {
    /// Which one.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// The last four characters of its secret.
    pub ending: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute; absent when never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked; absent while it works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Make a key for a program.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MakeApiKey {
    /// What it is for, 1 to 100 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
}

/// A key that was made, with its secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MadeApiKey {
    /// The key.
    pub key: ApiKey,
    /// Send this as `Authorization: Bearer …`; shown this one time.
    pub secret: String,
}

/// One change that somebody made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Its place in the chain, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: the id of somebody or of a key, or `system`.
    pub actor: String,
    /// From which address.
    pub from: String,
    /// What was done, such as `product.updated`.
    pub action: String,
    /// To what: its id.
    pub subject: String,
    /// What changed, as it was before; null when there was nothing.
    pub before: Value,
    /// The same as it was afterwards; null when there is nothing any more.
    pub after: Value,
    /// SHA-256 over this entry and the hash of the one before it, in hex.
    pub hash: String,
}

/// Whether the audit log is whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AuditVerdict {
    /// How many entries there are.
    pub entries: i64,
    /// The first entry that is not what was written; absent when all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_at: Option<i64>,
}
