//! Drawn anywhere: data in, HTML out.

pub mod field;
pub mod layout;
pub mod order_summary;
