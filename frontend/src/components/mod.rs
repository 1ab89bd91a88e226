//! What pages are made of: data in, HTML out, nothing fetched.

pub mod address;
mod availability;
mod breadcrumbs;
mod card_grid;
pub mod choice;
mod drawer;
mod empty_state;
pub mod field;
mod footer;
mod gallery;
mod header;
mod icon;
pub mod layout;
mod notice;
pub mod option_picker;
pub mod order_summary;
mod pagination;
pub mod picture;
mod price;
mod product_card;
mod quantity;
pub mod recent;
mod search_field;
mod stand_in;
mod swatches;

pub use self::{
    availability::{StockWords, button_words, card_note, stock_words},
    breadcrumbs::Breadcrumbs,
    card_grid::CardGrid,
    drawer::Drawer,
    empty_state::EmptyState,
    gallery::PictureGallery,
    icon::{Icon, Sign},
    notice::{Notice, Tone},
    option_picker::OptionPicker,
    pagination::Pagination,
    picture::{Picture, WidePicture},
    price::{Price, round_price},
    product_card::ProductCard,
    quantity::Quantity,
    search_field::SearchField,
    stand_in::stand_in,
    swatches::{Swatch, Swatches},
};
