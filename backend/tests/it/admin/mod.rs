//! What staff do: a file for each part of the shop.

mod content;
mod fulfilment;
mod jobs;
mod orders;
mod refunds;
mod settings;
