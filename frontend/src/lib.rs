//! Oxcart's storefront.
//!
//! Pages are plain HTML, drawn on the server and usable without scripts. Only
//! `islands` and the `components` that they draw are built for the browser
//! too; everything else is the server's, and is gated here and nowhere else.

#![recursion_limit = "512"]

pub mod components;
pub mod islands;
// Of the pages' words the browser's half says none.
#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "pages are the server's"))]
mod texts;

#[cfg(feature = "ssr")]
mod actions;
#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod assets;
#[cfg(feature = "ssr")]
mod client;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
mod cookies;
#[cfg(feature = "ssr")]
mod csrf;
#[cfg(feature = "ssr")]
pub mod currency;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
pub mod extract;
#[cfg(feature = "ssr")]
mod flash;
#[cfg(feature = "ssr")]
mod forward;
#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "ssr")]
mod headers;
#[cfg(feature = "ssr")]
pub mod keys;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod page_cache;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod shop;
#[cfg(feature = "ssr")]
mod sitemap;
#[cfg(feature = "ssr")]
pub mod telemetry;

/// Where the browser starts; `boot.js` then wakes each island by its name.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
