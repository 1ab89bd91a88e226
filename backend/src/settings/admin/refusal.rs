//! Why a region, a tax or a way to deliver is not taken, in words.

use crate::http::{ApiError, Result, line};

/// A text in one line of 1 to so many characters.
pub fn text(pointer: &str, text: &str, most: usize) -> Result<()> {
    line(pointer, text, most).map(drop)
}

/// A name in addresses and files, such as `spring-news`.
pub fn code(pointer: &str, code: &str, most: usize) -> Result<()> {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if code.len() <= most && code.split('-').all(is_part) {
        return Ok(());
    }
    let words = format!("Use up to {most} small letters and digits, with - between words.");
    Err(ApiError::field(pointer, "form", words))
}

/// ISO 3166 code of a country.
pub fn country(pointer: &str, code: &str) -> Result<()> {
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(ApiError::field(pointer, "form", "Use the two capital letters of a country, such as DE."))
}

/// Why a row was not written.
pub fn refused(error: sqlx::Error) -> ApiError {
    let field = |pointer: &str, code: &str, words: &str| ApiError::field(pointer, code, words);
    match db::constraint(&error) {
        Some("region_country_is_a_code" | "shipping_zone_country_is_a_code") => {
            field("/countries", "form", "Use the two capital letters of a country, such as DE.")
        }
        Some("cart_country_exists") => {
            ApiError::conflict("in_use", "a country that would go has carts that are sent to it")
        }
        Some("tax_class_code_unique") => {
            field("/code", "taken", "Another class of goods has this code.")
        }
        Some("tax_rate_class_exists") => {
            field("/tax_class_id", "unknown", "There is no such class of goods.")
        }
        Some("tax_rate_unique") => field(
            "/name",
            "taken",
            "This country or state has a tax of this name on these goods already.",
        ),
        Some("tax_rate_in_range") => field("/rate_ppm", "range", "Use 0 to 1000000."),
        Some("shipping_zone_country_pkey") => {
            field("/countries", "taken", "One of these countries is in another zone already.")
        }
        Some("shipping_method_zone_exists") => {
            field("/zone_id", "unknown", "There is no such zone.")
        }
        Some("shipping_method_code_unique") => {
            field("/code", "taken", "Another way to deliver to this zone has this code.")
        }
        Some("shipping_method_days_in_order") => field(
            "/max_days",
            "range",
            "It takes at least no day, and at most as many as it takes at least or more.",
        ),
        Some("shipping_rate_method_exists") => {
            field("/method_id", "unknown", "There is no such way to deliver.")
        }
        Some("shipping_rate_bands_unique") => field(
            "/method_id",
            "taken",
            "This way to deliver has a price for these weights and values already.",
        ),
        Some("shipping_rate_weights_in_order") => {
            field("/max_weight_g", "range", "The greatest weight is less than the least.")
        }
        Some("shipping_rate_subtotals_in_order") => {
            field("/max_subtotal", "range", "The greatest value is less than the least.")
        }
        Some("shipping_rate_not_negative") => field("/amount_minor", "range", "Use 0 or more."),
        Some("shipping_rate_free_over_not_negative") => {
            field("/free_over_minor", "range", "Use 0 or more.")
        }
        _ => error.into(),
    }
}

/// Why a row was not taken away.
pub fn in_use(error: sqlx::Error) -> ApiError {
    match db::constraint(&error) {
        Some("cart_region_exists" | "orders_region_exists") => {
            ApiError::conflict("in_use", "carts or orders belong to this region")
        }
        Some("cart_country_exists") => {
            ApiError::conflict("in_use", "carts are sent to one of its countries")
        }
        Some("product_tax_class_exists") => {
            ApiError::conflict("in_use", "products are of this class: give them another first")
        }
        Some("tax_rate_class_exists") => {
            ApiError::conflict("in_use", "taxes are taken on this class: take those away first")
        }
        _ => error.into(),
    }
}
