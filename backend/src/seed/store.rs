//! Writing the demo shop in batches.

pub mod settings;
