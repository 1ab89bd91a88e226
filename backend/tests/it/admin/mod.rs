//! What staff do: a file for each part of the shop.

mod content;
mod customers;
mod exports;
mod fulfilment;
mod jobs;
mod orders;
mod refunds;
mod settings;
