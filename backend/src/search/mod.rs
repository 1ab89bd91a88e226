//! Finding products: an index in this process that lists and searches without the database, built
//! from it at start and following it afterwards.

mod build;
pub mod follow;
mod handlers;
mod index;
mod list;
mod matching;
mod query;
mod schema;
mod shelves;
mod store;
mod words;

/// What the fuzz targets reach.
pub mod fuzzing {
    pub use super::{
        query::{MOST_WORDS, understood},
        words::{begins_like, folded, tolerance},
    };
}

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{index::Index, words::folded};
use crate::App;

/// Lists and suggestions.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(handlers::list_products)).routes(routes!(handlers::suggest))
}
