//! Two texts that belong together, in the API's document.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ArrayBuilder, ObjectBuilder, Schema, Type},
    },
};

/// How the document describes a `(String, String)`: both must be there.
pub struct Pair;

impl PartialSchema for Pair {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(ObjectBuilder::new().schema_type(Type::String))
            .min_items(Some(2))
            .max_items(Some(2))
            .description(Some("Two texts that belong together."))
            .into()
    }
}

impl ToSchema for Pair {}
