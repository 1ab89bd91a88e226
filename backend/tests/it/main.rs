//! The API over HTTP, and the commands: a file per slice.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod search;
