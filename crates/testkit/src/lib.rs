//! What tests and drills share: a database per test, a proxy that breaks connections, a mail
//! catcher. Nothing here is part of the shop.

mod database;
pub mod proxy;

pub use database::Database;
pub use proxy::Proxy;
