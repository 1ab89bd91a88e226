//! The API over HTTP, against a real database of each test's own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop there")]

mod support;

mod access;
mod accounts;
mod admin;
mod admission;
mod browsers;
mod cache;
mod cart;
mod catalog;
mod catalogues;
mod checkout;
mod content;
mod currency;
mod faults;
mod import;
mod journeys;
mod limits;
mod media;
mod orders;
mod races;
mod rush;
mod search;
mod seed;
mod settings;
mod share;
mod sitemap;
mod spec;
mod staff;
