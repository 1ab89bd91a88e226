//! The storefront over HTTP, with a backend of a few routes behind it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod backend;
mod forms;
mod headers;
mod page_cache;
mod support;
