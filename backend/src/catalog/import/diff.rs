//! What is different about a product, field by field (pure).

use serde::Serialize;
use serde_json::Value;

use super::plan::{State, StateVariant};

/// A field that becomes something else.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Its name; of a variant with what it is called.
    pub field: String,
    /// What it was; null when it was not there.
    pub before: Value,
    /// What it becomes; null when it goes.
    pub after: Value,
}

/// What is different about `after`; of a new product all that is not blank.
pub fn differences(before: Option<&State>, after: &State) -> Vec<Difference> {
    let none = Vec::new();
    let old = before.map_or(&none, |before| &before.variants);
    let mut found = fields("", &product(before), &product(Some(after)));
    for variant in &after.variants {
        let was = old.iter().find(|was| was.id == variant.id);
        let name = format!("variant {}", label(variant));
        found.extend(fields(&name, &value(was), &value(Some(variant))));
    }
    found
}

/// A product's own fields.
fn product(state: Option<&State>) -> Value {
    let mut value = value(state);
    if let Value::Object(fields) = &mut value {
        fields.remove("variants");
    }
    value
}

fn value(of: Option<&impl Serialize>) -> Value {
    of.map_or(Value::Null, |it| serde_json::to_value(it).unwrap_or_default())
}

fn label(variant: &StateVariant) -> String {
    match (&variant.sku, variant.values.is_empty()) {
        (_, false) => variant.values.join(" / "),
        (Some(sku), true) => sku.clone(),
        (None, true) => "of its own".to_owned(),
    }
}

fn fields(of: &str, before: &Value, after: &Value) -> Vec<Difference> {
    let Value::Object(fields) = after else { return Vec::new() };
    let differing = fields.iter().filter(|(name, value)| {
        let was = before.get(*name).unwrap_or(&Value::Null);
        *name != "id" && was != *value && !(before.is_null() && is_blank(value))
    });
    differing
        .map(|(name, value)| Difference {
            field: if of.is_empty() { name.clone() } else { format!("{of}: {name}") },
            before: before.get(name).cloned().unwrap_or(Value::Null),
            after: value.clone(),
        })
        .collect()
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(is_so) => !is_so,
        Value::Number(_) => false,
    }
}
