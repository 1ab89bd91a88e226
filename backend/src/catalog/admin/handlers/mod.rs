//! What staff ask of the catalogue.

pub mod bulk;
pub mod categories;
pub mod options;
pub mod prices;
pub mod products;
pub mod variants;

use crate::http::ApiError;

/// What the database's rules say, in words.
fn refusal(error: sqlx::Error) -> ApiError {
    match db::constraint(&error) {
        Some("product_handle_unique" | "category_handle_unique") => {
            ApiError::field("/handle", "taken", "Something else has this address already.")
        }
        Some("variant_sku_unique") => {
            ApiError::field("/sku", "taken", "Another variant has this article code.")
        }
        Some("variant_options_unique") => ApiError::field(
            "/options",
            "taken",
            "There is a variant with these values; it may be archived.",
        ),
        Some("product_category_exists" | "category_parent_exists") => {
            ApiError::field("/category_id", "unknown", "There is no such category.")
        }
        Some("product_tax_class_exists") => {
            ApiError::field("/tax_class_id", "unknown", "There is no such tax class.")
        }
        Some("category_media_exists") => {
            ApiError::field("/media_id", "unknown", "There is no such picture.")
        }
        Some("cart_line_variant_exists") => {
            ApiError::conflict("in_use", "somebody has it in a cart; archive it instead")
        }
        _ => error.into(),
    }
}
