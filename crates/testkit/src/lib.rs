//! What tests and drills share: a database per test, a proxy that breaks connections, a mail
//! catcher. Nothing here is part of the shop.

mod database;
pub mod mail;
pub mod proxy;

pub use database::Database;
pub use mail::MailCatcher;
pub use proxy::Proxy;
