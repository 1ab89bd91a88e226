//! A list of products with its filters: what category and search pages share.

use api_types::{Category, Currency, Page as Rows, ProductCard};
use leptos::{either::Either, prelude::*};

use super::listing_query::{ListingQuery, SORTS, sort_words};
use crate::{
    components::{CardGrid, EmptyState, Icon, Pagination, Sign},
    texts,
};

/// All that a list needs to be drawn.
pub struct Listing {
    /// Path of the page.
    pub path: String,
    /// What was asked for.
    pub query: ListingQuery,
    /// What there is.
    pub rows: Rows<ProductCard>,
    /// Currency of the price fields.
    pub currency: Currency,
    /// Shelves to narrow a search by; none on a shelf's own page.
    pub shelves: Vec<Category>,
}

impl Listing {
    /// Filters at the left, a sheet on phones; chips, count, cards and pages at the right.
    pub fn draw(self) -> impl IntoView {
        let Self { path, query, rows, currency, shelves } = self;
        let category = query.category.as_deref().and_then(|handle| titled(&shelves, handle));
        let chips = chips(&path, &query, query.chips(currency, category.as_deref()));
        let count = rows.page.total.map(texts::listing_count);
        let [prev, next] = [rows.page.prev_cursor, rows.page.next_cursor]
            .map(|cursor| cursor.map(|cursor| query.at(Some(cursor)).address(&path)));
        let cards = if rows.data.is_empty() {
            Either::Left(nothing(&path, &query))
        } else {
            Either::Right(view! {
                <CardGrid cards=rows.data eager=3 beside=true/>
                <Pagination prev next/>
            })
        };
        view! {
            <div class="listing">
                {filters(path, query, currency, &shelves)}
                <section aria-labelledby="list-title">
                    <h2 class="sr" id="list-title">{texts::listing_title()}</h2>
                    <div class="bar">
                        <p class="muted" role="status">{count}</p>
                        <button class="button open" type="button" popovertarget="filters">
                            <Icon sign=Sign::Sliders/>
                            {texts::listing_filter()}
                        </button>
                        {chips}
                    </div>
                    {cards}
                </section>
            </div>
        }
    }
}

fn titled(shelves: &[Category], handle: &str) -> Option<String> {
    shelves.iter().find_map(|shelf| {
        if shelf.handle == handle {
            Some(shelf.title.clone())
        } else {
            titled(&shelf.children, handle)
        }
    })
}

fn chips(
    path: &str,
    query: &ListingQuery,
    chips: Vec<(String, ListingQuery)>,
) -> impl IntoView + use<> {
    (!chips.is_empty()).then(|| {
        let clear = query.unfiltered().address(path);
        let chips = chips
            .into_iter()
            .map(|(words, rest)| {
                view! {
                    <li>
                        <a class="chip" href=rest.address(path)>
                            <span class="sr">{texts::listing_chips_remove()} " "</span>
                            {words}
                            <Icon sign=Sign::Cross/>
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <ul class="chips" aria-label=texts::listing_chips()>
                {chips}
                <li><a class="link small" href=clear>{texts::listing_chips_clear()}</a></li>
            </ul>
        }
        .into_any()
    })
}

fn nothing(path: &str, query: &ListingQuery) -> impl IntoView + use<> {
    let is_filtered = query.is_filtered();
    let (title, text) = if is_filtered {
        (texts::listing_filtered_out(), texts::listing_filtered_out_text())
    } else if query.words.is_empty() {
        (texts::listing_empty(), texts::listing_empty_text())
    } else {
        (texts::listing_not_found(), texts::listing_not_found_text())
    };
    let clear = query.unfiltered().address(path);
    view! {
        <EmptyState title text>
            {is_filtered.then(|| view! { <a class="button" href=clear>{texts::listing_filtered_out_clear()}</a> })}
            <a class="button" href="/search?sort=best_selling">{texts::listing_ways_bought()}</a>
            <a class="button" href="/">{texts::listing_ways_shop()}</a>
        </EmptyState>
    }
    .into_any()
}

fn filters(
    path: String,
    query: ListingQuery,
    currency: Currency,
    shelves: &[Category],
) -> impl IntoView + use<> {
    let sorts = SORTS
        .into_iter()
        .map(|(sort, name)| {
            view! { <option value=name selected=sort == query.sort>{sort_words(sort)}</option> }
        })
        .collect_view();
    let words = query.words;
    let kept = (!words.is_empty()).then(|| view! { <input type="hidden" name="q" value=words/> });
    view! {
        <form class="filters" id="filters" popover="auto" method="get" action=path aria-label=texts::listing_filter()>
            {kept}
            <div class="select">
                <label for="sort">{texts::listing_sort()}</label>
                <select id="sort" name="sort">{sorts}</select>
            </div>
            {shelf_select(shelves, query.category.as_deref())}
            {price_fields(query.price_min, query.price_max, currency)}
            <label class="check">
                <input type="checkbox" name="available" value="1" checked=query.available/>
                {texts::listing_available()}
            </label>
            <button class="button wide" type="submit">{texts::listing_apply()}</button>
        </form>
    }
    .into_any()
}

fn price_fields(min: Option<String>, max: Option<String>, currency: Currency) -> impl IntoView {
    let step = if currency.exponent() == 0 { "1" } else { "0.01" };
    let [min, max] = [
        ("price_min", texts::listing_price_lowest(currency), texts::listing_price_from(), min),
        ("price_max", texts::listing_price_highest(currency), texts::listing_price_to(), max),
    ]
    .map(|(name, label, hint, value)| {
        view! {
            <input
                class="input-box"
                type="number"
                name=name
                value=value
                min="0"
                step=step
                inputmode="decimal"
                placeholder=hint
                aria-label=label
            />
        }
    });
    view! {
        <fieldset class="prices">
            <legend>{texts::listing_price(currency)}</legend>
            <div>{min} <span aria-hidden="true">"–"</span> {max}</div>
        </fieldset>
    }
    .into_any()
}

fn shelf_select(shelves: &[Category], now: Option<&str>) -> impl IntoView + use<> {
    (!shelves.is_empty()).then(|| {
        let options = shelves
            .iter()
            .flat_map(|shelf| {
                std::iter::once((shelf, "")).chain(shelf.children.iter().map(|child| (child, "– ")))
            })
            .map(|(shelf, indent)| {
                let is_now = now == Some(shelf.handle.as_str());
                view! {
                    <option value=shelf.handle.clone() selected=is_now>
                        {format!("{indent}{}", shelf.title)}
                    </option>
                }
            })
            .collect_view();
        view! {
            <div class="select">
                <label for="category">{texts::listing_shelf()}</label>
                <select id="category" name="category">
                    <option value="">{texts::listing_shelf_all()}</option>
                    {options}
                </select>
            </div>
        }
        .into_any()
    })
}
