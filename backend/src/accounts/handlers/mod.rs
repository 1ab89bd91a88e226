//! What customers ask for.

pub mod addresses;
pub mod letters;
pub mod passkeys;
pub mod password;
pub mod profile;
pub mod register;
pub mod sessions;
pub mod sign_in;

use super::store;
use crate::{
    App,
    cart::address::is_email,
    http::{ApiError, Result},
    limits::Limit,
};

/// An address without the blanks around it; one that cannot be one is refused.
fn email(text: &str) -> Result<&str> {
    let email = text.trim();
    if is_email(email) {
        return Ok(email);
    }
    Err(ApiError::field("/email", "email", "Enter an e-mail address such as ann@example.com."))
}

/// Lets so many letters only be asked for at an address, whether it is known here or not.
pub async fn may_write(app: &App, email: &str) -> Result<()> {
    app.limits.take(Limit::Letters, email.to_lowercase().as_str()).await.map(drop)
}

/// A name without the blanks around it; one that fits on no label is refused.
pub fn name(text: &str) -> Result<&str> {
    let name = text.trim();
    if name.chars().count() <= 100 && !name.chars().any(char::is_control) {
        return Ok(name);
    }
    Err(ApiError::field("/name", "too_long", "Use at most 100 characters in one line."))
}
