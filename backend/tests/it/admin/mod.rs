//! What staff do: a file for each part of the shop.

mod customers;
mod exports;
mod fulfilment;
mod orders;
mod refunds;
