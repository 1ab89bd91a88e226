//! `/products/{handle}`

use std::sync::Arc;

use api_types::{Detail, MenuLink, ProductCard, ProductDetail, ShopConfig};
use axum::{
    extract::State,
    http::Uri,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::{
    category::crumbs_data,
    head::{Head, Shared, absolute, inert},
    moved,
    product_data::{Chosen, Offer, facts, structured, summary},
};
use crate::{
    api::Error,
    app::{App, Page},
    components::{
        Breadcrumbs, CardGrid, Icon, OptionPicker, PictureGallery, Quantity, Sign,
        layout::{Here, free_delivery},
        recent::{Seen, recent},
        round_price,
    },
    currency::Prices,
    extract::Path,
    texts,
};

/// One thing to buy, in the variant that the address names.
pub async fn product(
    State(app): State<App>,
    Path(handle): Path<String>,
    Prices(currency): Prices,
    uri: Uri,
) -> Result<Response, Error> {
    let shop = app.shop_config().await?;
    let path = uri.path().to_owned();
    let product = match app.api.product(&handle, Some(currency)).await {
        Ok(product) => product,
        Err(error) => return Ok(moved::or_failed(&app, &path, error).await),
    };
    let about =
        product.seo_description.clone().unwrap_or_else(|| summary(&product.description_html, 160));
    let title = product.seo_title.clone().unwrap_or_else(|| product.title.clone());
    let head = head(&app, &product, &about);
    let chosen = Chosen::read(&product, uri.query().unwrap_or_default());
    let page = Page::public(title, move || draw(product, &chosen, &shop))
        .with_description(about)
        .with_head(move || head.draw())
        .at(Here { path, words: String::new() });
    Ok(page.into_response())
}

fn head(app: &App, product: &ProductDetail, about: &str) -> Head {
    let public = &app.config.public_url;
    let first = product.pictures.first();
    Head {
        canonical: absolute(public, &format!("/products/{}", product.handle)),
        title: product.title.clone(),
        description: about.to_owned(),
        kind: "product",
        picture: first.and_then(|item| Shared::of(public, &item.picture)),
        data: vec![
            structured(product, public, about),
            crumbs_data(app, &product.breadcrumbs, Some(&product.title)),
        ],
    }
}

fn draw(product: ProductDetail, chosen: &Chosen, shop: &Arc<ShopConfig>) -> impl IntoView + use<> {
    let offer = chosen.variant.as_ref().map_or_else(|| Offer::none(&product), Offer::of);
    let picker = (product.options.iter().any(|option| option.values.len() > 1)).then(|| {
        view! {
            <OptionPicker
                handle=product.handle.clone()
                options=product.options.clone()
                chosen=(chosen.made.clone(), chosen.values.clone())
                facts=inert(&facts(&product))
            />
        }
    });
    let first = product.pictures.first().map(|item| &item.picture);
    let seen = Seen::product(&product.handle, &product.title, first);
    let (title, subtitle, brand) = (product.title.clone(), product.subtitle, product.brand);
    view! {
        <div class="page">
            <Breadcrumbs crumbs=product.breadcrumbs here=product.title/>
            <div class="product">
                <PictureGallery
                    pictures=product.pictures
                    chosen=named(&product.options, chosen)
                    title=title.clone()
                />
                <div class="buy">
                    <header>
                        {brand.map(|brand| view! { <p class="muted small">{brand}</p> })}
                        <h1>{title}</h1>
                        {subtitle.map(|subtitle| view! { <p class="muted">{subtitle}</p> })}
                    </header>
                    {cost(&offer, product.tax_included)}
                    {picker}
                    {add(&offer)}
                    {promises(&offer, shop)}
                    {facts_of(product.description_html, product.details, shop)}
                </div>
            </div>
        </div>
        {related(product.related)}
        {recent(Some(seen))}
    }
    .into_any()
}

fn named(options: &[api_types::ProductOption], chosen: &Chosen) -> Vec<api_types::OptionRef> {
    options
        .iter()
        .zip(&chosen.values)
        .map(|(option, value)| api_types::OptionRef {
            name: option.name.clone(),
            value: value.clone(),
        })
        .collect()
}

fn cost(offer: &Offer, tax_included: bool) -> impl IntoView + use<> {
    let is_sale = !offer.was.is_empty();
    let tax =
        if tax_included { texts::product_price_taxed() } else { texts::product_price_untaxed() };
    view! {
        <div class="cost">
            <p class="price">
                <span class="sr sale-only" hidden=!is_sale>{texts::product_price_now()} " "</span>
                <span data-part="price" class:now=is_sale>{offer.price.clone()}</span>
                " "
                <span class="sr sale-only" hidden=!is_sale>{texts::product_price_before()} " "</span>
                <s data-part="was" hidden=!is_sale>{offer.was.clone()}</s>
            </p>
            <p class="muted small" data-part="lowest" hidden=offer.lowest.is_empty()>
                {offer.lowest.clone()}
            </p>
            <p class="muted small">{tax}</p>
        </div>
    }
    .into_any()
}

fn add(offer: &Offer) -> impl IntoView + use<> {
    view! {
        <form class="add" method="post" action="/cart/lines">
            <input type="hidden" name="variant_id" value=offer.id.clone()/>
            <Quantity max=offer.max/>
            <button class="button primary wide" type="submit" disabled=!offer.buyable>
                {offer.button.clone()}
            </button>
            <p class="error small" role="status"></p>
        </form>
    }
    .into_any()
}

fn promises(offer: &Offer, shop: &ShopConfig) -> impl IntoView + use<> {
    let free = free_delivery(shop).map(|from| {
        view! { <li><Icon sign=Sign::Tick/>{texts::product_free_delivery(round_price(from))}</li> }
    });
    view! {
        <ul class="ticks">
            <li>
                <span class=format!("stock {}", offer.tone) data-part="stock" role="status">
                    {offer.stock.clone()}
                </span>
            </li>
            {free}
        </ul>
    }
    .into_any()
}

fn facts_of(html: String, details: Vec<Detail>, shop: &ShopConfig) -> impl IntoView + use<> {
    let rows = details
        .into_iter()
        .map(|detail| view! { <tr><th scope="row">{detail.name}</th><td>{detail.value}</td></tr> })
        .collect::<Vec<_>>();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <details open>
                <summary>{texts::product_details()}</summary>
                <table>{rows}</table>
            </details>
        }
    });
    let links = help(&shop.footer);
    view! {
        <div class="facts">
            <details open>
                <summary>{texts::product_about()}</summary>
                <div class="prose" inner_html=html></div>
            </details>
            {table}
            {links}
        </div>
    }
    .into_any()
}

/// The shop's pages about delivery and returns, if it has any.
fn help(footer: &[MenuLink]) -> impl IntoView + use<> {
    let links = footer
        .iter()
        .filter(|link| {
            ["deliver", "shipping", "return"].iter().any(|word| link.path.contains(word))
        })
        .map(|link| view! { <li><a href=link.path.clone()>{link.title.clone()}</a></li> })
        .collect::<Vec<_>>();
    (!links.is_empty()).then(|| {
        view! {
            <details>
                <summary>{texts::product_help()}</summary>
                <ul>{links}</ul>
            </details>
        }
        .into_any()
    })
}

fn related(cards: Vec<ProductCard>) -> impl IntoView {
    (!cards.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="related">
                <div class="page">
                    <header><h2 id="related">{texts::product_related()}</h2></header>
                    <CardGrid cards/>
                </div>
            </section>
        }
        .into_any()
    })
}
