//! Drawn anywhere: data in, HTML out.

pub mod layout;
