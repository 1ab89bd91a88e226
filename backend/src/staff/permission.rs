//! Who may what: the permissions of each role, and their document (pure).

use std::{collections::BTreeMap, fmt::Write as _};

use api_types::{Permission, Role};
use serde_json::Value;

/// A permission that a handler needs, as a type: see [`super::May`].
pub trait Needed {
    /// Which one.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($name:ident = $text:literal,)+) => {
        /// Every permission, in the order of the document.
        pub const ALL: &[Permission] = &[$(Permission::$name,)+];

        /// Its name in the API and the database.
        pub const fn name(permission: Permission) -> &'static str {
            match permission {
                $(Permission::$name => $text,)+
            }
        }

        /// The permissions as types, for handlers to name: `May<may::EditCatalog>`.
        pub mod may {
            $(
                #[doc = concat!("May `", $text, "`.")]
                pub struct $name;

                impl super::Needed for $name {
                    const PERMISSION: api_types::Permission = api_types::Permission::$name;
                }
            )+
        }
    };
}

permissions! {
    ReadCatalog = "read_catalog",
    EditCatalog = "edit_catalog",
    SetPrices = "set_prices",
    MoveCatalog = "move_catalog",
    ReadStock = "read_stock",
    AdjustStock = "adjust_stock",
    ReadOrders = "read_orders",
    EditOrders = "edit_orders",
    TakePayments = "take_payments",
    RefundOrders = "refund_orders",
    ReadCustomers = "read_customers",
    EditCustomers = "edit_customers",
    ExportData = "export_data",
    EditContent = "edit_content",
    ReadSettings = "read_settings",
    EditSettings = "edit_settings",
    ManageJobs = "manage_jobs",
    ManageStaff = "manage_staff",
    ReadAudit = "read_audit",
}

/// The permission of that name.
pub fn named(text: &str) -> Option<Permission> {
    ALL.iter().copied().find(|permission| name(*permission) == text)
}

/// Every role, in the order of the document.
pub const ROLES: [Role; 4] = [Role::Support, Role::Catalog, Role::Finance, Role::Admin];

/// Its name in the API and the database.
pub const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Support => "support",
        Role::Catalog => "catalog",
        Role::Finance => "finance",
        Role::Admin => "admin",
    }
}

/// The role of that name.
pub fn role_named(text: &str) -> Option<Role> {
    ROLES.into_iter().find(|role| role_name(*role) == text)
}

/// What a role may.
pub const fn of_role(role: Role) -> &'static [Permission] {
    use Permission::{
        AdjustStock, EditCatalog, EditContent, EditCustomers, EditOrders, ExportData, MoveCatalog,
        ReadAudit, ReadCatalog, ReadCustomers, ReadOrders, ReadSettings, ReadStock, RefundOrders,
        SetPrices, TakePayments,
    };
    match role {
        Role::Support => &[
            ReadCatalog,
            ReadStock,
            ReadOrders,
            EditOrders,
            ReadCustomers,
            EditCustomers,
            ReadSettings,
        ],
        Role::Catalog => &[
            ReadCatalog,
            EditCatalog,
            SetPrices,
            MoveCatalog,
            ReadStock,
            AdjustStock,
            EditContent,
            ReadSettings,
        ],
        Role::Finance => &[
            ReadCatalog,
            ReadStock,
            ReadOrders,
            TakePayments,
            RefundOrders,
            ReadCustomers,
            ExportData,
            ReadSettings,
            ReadAudit,
        ],
        Role::Admin => ALL,
    }
}

/// `docs/roles.md`: what each role may, and what each operation of staff needs by the API's document.
pub fn document(api: &Value) -> String {
    let mut text = String::from(HEAD);
    let mark = |may: bool| if may { "yes" } else { "–" };
    let row = |text: &mut String, first: String, needed: Option<Permission>| {
        let cells = ROLES.map(|role| mark(needed.is_none_or(|it| of_role(role).contains(&it))));
        let _ = writeln!(text, "| {first} | {} |", cells.join(" | "));
    };
    for permission in ALL {
        row(&mut text, format!("`{}`", name(*permission)), Some(*permission));
    }
    text.push_str(MIDDLE);
    for (operation, needs) in operations(api) {
        match needs.as_str() {
            "" => drop(writeln!(text, "| `{operation}` | whoever comes in | – | – | – | – |")),
            needs => {
                let needed = named(needs);
                let words =
                    needed.map_or("being signed in".to_owned(), |it| format!("`{}`", name(it)));
                row(&mut text, format!("`{operation}` | {words}"), needed);
            }
        }
    }
    text
}

/// Operations of staff by name, and the permission that each declares; `signed_in` where any will do,
/// and nothing where nobody is signed in yet.
fn operations(api: &Value) -> BTreeMap<String, String> {
    let paths = api["paths"].as_object().into_iter().flatten();
    paths
        .filter(|(path, _)| path.starts_with("/api/admin/"))
        .flat_map(|(_, methods)| methods.as_object().into_iter().flatten())
        .map(|(_, operation)| {
            let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
            let scopes = operation["security"][0]["staff"].as_array();
            let needs =
                scopes.map(|all| all.first().and_then(Value::as_str).unwrap_or("signed_in"));
            (id, needs.unwrap_or_default().to_owned())
        })
        .collect()
}

const HEAD: &str = "\
# What staff may

Made from the roles in `backend/src/staff/permission.rs` and the API's document by `backend roles`. The
tests do every operation as every role, as a customer and as nobody, and hold the answers against this.

A program's key gets some of these; administrators make keys, programs make none. What a role may is asked at every
request, so a role that is taken away is gone at once.

| Permission | Support | Catalog | Finance | Admin |
|---|---|---|---|---|
";

const MIDDLE: &str = "
## Every operation

| Operation | Needs | Support | Catalog | Finance | Admin |
|---|---|---|---|---|---|
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name() {
        for permission in ALL {
            assert_eq!(named(name(*permission)), Some(*permission));
            assert_eq!(serde_json::to_value(permission).unwrap(), name(*permission));
        }
        for role in ROLES {
            assert_eq!(role_named(role_name(role)), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role_name(role));
        }
    }
}
