//! What staff see and ask for; each file has the words of one part of the shop.

mod customers;
mod orders;

pub use self::{customers::*, orders::*};
