//! The API over HTTP, against a real database of each test's own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop there")]

mod support;

mod catalog;
mod import;
mod search;
mod spec;
