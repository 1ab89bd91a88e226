//! The head of every page: name, shelves, search, cart.

use api_types::{Category, ShopConfig};
use leptos::prelude::*;

use super::{Icon, SearchField, Sign, layout::Here};
use crate::{islands::CartBadge, texts};

/// The shop's name, which leads home.
pub fn mark(shop: Option<&ShopConfig>) -> impl IntoView + use<> {
    let name = shop.map_or_else(|| texts::layout_nameless().to_owned(), |shop| shop.name.clone());
    view! { <a class="mark" href="/">{name}</a> }.into_any()
}

/// One head for all screens: a row on wide ones; on phones the menu and the
/// search are sheets, opened from a bar at the thumb.
pub fn header(shop: Option<&ShopConfig>, here: &Here) -> impl IntoView + use<> {
    let shelves = shop.map(|shop| {
        shop.categories
            .iter()
            .map(|category| {
                view! { <li>{shelf(category.clone(), &here.path)}</li> }
            })
            .collect_view()
            .into_any()
    });
    view! {
        <header class="header">
            <div class="page">
                {mark(shop)}
                <nav class="shelves" id="menu" popover="auto" aria-label=texts::layout_menu()>
                    <p class="sheet-title" aria-hidden="true">{texts::layout_shop()}</p>
                    <ul>
                        {shelves}
                        <li><a class="top" href="/search?sort=newest">{texts::layout_new()}</a></li>
                    </ul>
                </nav>
                <div class="finder" id="finder" popover="auto">
                    <SearchField words=here.words.clone()/>
                </div>
                {tools()}
            </div>
        </header>
    }
    .into_any()
}

/// Menu and search, for thumbs; and the cart.
fn tools() -> impl IntoView {
    view! {
        <ul class="tools">
            <li class="thumb">
                <button type="button" popovertarget="menu">
                    <Icon sign=Sign::Menu/>
                    {texts::layout_open_menu()}
                </button>
            </li>
            <li class="thumb">
                <button type="button" popovertarget="finder">
                    <Icon sign=Sign::Search/>
                    {texts::layout_open_search()}
                </button>
            </li>
            <li>
                <a href="/cart"><Icon sign=Sign::Bag/>{texts::layout_cart()}<CartBadge/></a>
            </li>
        </ul>
    }
    .into_any()
}

/// A top shelf: a link, or a panel of the shelves inside it.
fn shelf(category: Category, path: &str) -> impl IntoView + use<> {
    let href = format!("/categories/{}", category.handle);
    let here = (path == href).then_some("page");
    if category.children.is_empty() {
        return view! { <a class="top" href=href aria-current=here>{category.title}</a> }
            .into_any();
    }
    let id = format!("shelf-{}", category.handle);
    let inside =
        category.children.iter().any(|child| path == format!("/categories/{}", child.handle));
    let children = category
        .children
        .into_iter()
        .map(|child| {
            let href = format!("/categories/{}", child.handle);
            let here = (path == href).then_some("page");
            view! { <li><a href=href aria-current=here>{child.title}</a></li> }
        })
        .collect_view();
    view! {
        <button
            class="top"
            type="button"
            popovertarget=id.clone()
            class:inside=here.is_some() || inside
        >
            {category.title.clone()}
            <Icon sign=Sign::Down/>
        </button>
        <div class="panel" id=id popover="auto">
            <div class="page">
                <div>
                    <a class="name" href=href aria-current=here>
                        <span class="all">{texts::layout_all_of()} " "</span>
                        {category.title}
                    </a>
                    <p class="muted">{category.intro}</p>
                </div>
                <ul>{children}</ul>
            </div>
        </div>
    }
    .into_any()
}
