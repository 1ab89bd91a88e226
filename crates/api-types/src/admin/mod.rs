//! What staff see and ask for; each file has the words of one part of the shop.

mod content;
mod customers;
mod jobs;
mod orders;
mod settings;

pub use self::{content::*, customers::*, jobs::*, orders::*, settings::*};
