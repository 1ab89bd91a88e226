//! A door for the fuzz targets: what reads and writes cookies. Nothing else comes in here.

pub use crate::{cookies::*, keys::Keys};
