//! Oxcart.
