//! Oxcart storefront.
