//! What staff do: a file for each part of the shop.

mod fulfilment;
mod orders;
mod refunds;
