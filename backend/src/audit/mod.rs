//! Who changed what: written in the transaction of the change, and chained, so that no entry can be
//! changed, taken out or slipped in without [`verify`](crate::verify) finding it.

mod handlers;
mod store;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::PgConnection;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, staff::Actor};

/// The routes of the audit log.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::list_audit))
        .routes(routes!(handlers::verify_audit))
}

/// Something that was done, to be written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What was done: the kind of thing and a verb, such as `product.updated`.
    pub action: &'static str,
    /// To what: its public id, or its name where it has none.
    pub subject: String,
    /// Before: the fields that changed; null when there was nothing.
    pub before: Value,
    /// Afterwards: the same fields; null when there is nothing any more.
    pub after: Value,
}

#[expect(clippy::needless_pass_by_value, reason = "subjects are ids, which are copied")]
impl Change {
    /// Something new.
    pub fn made(action: &'static str, subject: impl ToString, after: &impl Serialize) -> Self {
        Self { action, subject: subject.to_string(), before: Value::Null, after: value(after) }
    }

    /// Something that is gone.
    pub fn removed(action: &'static str, subject: impl ToString, before: &impl Serialize) -> Self {
        Self { action, subject: subject.to_string(), before: value(before), after: Value::Null }
    }

    /// Something that is different: of two objects only the fields that differ are kept.
    pub fn between(
        action: &'static str,
        subject: impl ToString,
        before: &impl Serialize,
        after: &impl Serialize,
    ) -> Self {
        let (before, after) = differences(value(before), value(after));
        Self { action, subject: subject.to_string(), before, after }
    }

    /// Something that was done and leaves nothing to compare.
    pub fn done(action: &'static str, subject: impl ToString) -> Self {
        Self { action, subject: subject.to_string(), before: Value::Null, after: Value::Null }
    }
}

/// Writes a change down. The last thing in its transaction: whoever changes something waits here for
/// whoever wrote before.
pub async fn record(
    tx: &mut PgConnection,
    actor: &Actor,
    change: &Change,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    tracing::info!(actor = actor.id(), subject = change.subject, "{}", change.action);
    store::insert(tx, actor, change, now).await
}

fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of).unwrap_or_default()
}

fn differences(before: Value, after: Value) -> (Value, Value) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            (without(&before, &after), without(&after, &before))
        }
        both => both,
    }
}

/// The fields of an object that another has not, or has otherwise.
fn without(fields: &Map<String, Value>, other: &Map<String, Value>) -> Value {
    let differing = fields.iter().filter(|(name, value)| other.get(*name) != Some(value));
    Value::Object(differing.map(|(name, value)| (name.clone(), value.clone())).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_kept() {
        let before = json!({ "title": "Mug", "price": 1, "brand": null, "gone": 7 });
        let after = json!({ "title": "Cup", "price": 1, "brand": "Oat", "new": 8 });

        let change = Change::between("product.updated", "prod_1", &before, &after);

        assert_eq!(change.before, json!({ "title": "Mug", "brand": null, "gone": 7 }));
        assert_eq!(change.after, json!({ "title": "Cup", "brand": "Oat", "new": 8 }));
    }
}
