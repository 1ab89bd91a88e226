//! `/account/addresses`: where parcels go.

use api_types::{AddressId, CustomerAddress, ShopConfig};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::{Place, Refused, csrf};
use crate::{
    api::Error,
    app::{App, Page},
    components::{
        EmptyState,
        address::{address_line, address_rows},
        field::tick,
    },
    extract::{Path, Visitor},
    pages::{address::AddressForm, checkout::form::Typed, errors},
    shop, texts,
};

/// All addresses that the customer keeps.
pub async fn addresses(State(app): State<App>, visitor: Visitor) -> Result<Response, Error> {
    let (addresses, shop) = tokio::try_join!(visitor.api.addresses(), app.shop_config())?;
    let token = visitor.csrf();
    let page = Place::Addresses.page(&visitor, move || {
        if addresses.is_empty() {
            return view! {
                <EmptyState title=texts::account_addresses_none() text=texts::account_addresses_none_text()>
                    <a class="button primary" href="/account/addresses/new">{texts::account_address_add()}</a>
                </EmptyState>
            }
            .into_any();
        }
        let cards = addresses.iter().map(|kept| card(kept, &shop, &token)).collect_view();
        view! {
            <ul class="cards">{cards}</ul>
            <p><a class="button primary" href="/account/addresses/new">{texts::account_address_add()}</a></p>
        }
        .into_any()
    });
    Ok(page.into_response())
}

fn card(kept: &CustomerAddress, shop: &ShopConfig, token: &str) -> impl IntoView + use<> {
    let country = shop::country_name(shop, &kept.address.country);
    let path = format!("/account/addresses/{}", kept.id);
    let line = address_line(&kept.address, &country);
    let first = if kept.is_default {
        view! { <p class="tag">{texts::account_address_first()}</p> }.into_any()
    } else {
        view! {
            <form method="post" action=format!("{path}/default")>
                {csrf(token)}
                <button class="link" aria-label=texts::account_address_first_use_of(&line)>{texts::account_address_first_use()}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <li>
            {address_rows(&kept.address, &country).into_any()}
            <div class="card-ways">
                <a class="link" href=path.clone() aria-label=texts::account_address_edit_of(&line)>{texts::account_address_edit()}</a>
                <details class="sure">
                    <summary aria-label=texts::account_address_remove_of(&line)>{texts::account_address_remove()}</summary>
                    <form method="post" action=format!("{path}/remove")>
                        {csrf(token)}
                        <button class="button small">{texts::account_address_remove_sure()}</button>
                    </form>
                </details>
                {first}
            </div>
        </li>
    }
    .into_any()
}

/// The form for one more.
pub async fn new(State(app): State<App>, visitor: Visitor) -> Result<Response, Error> {
    let (customer, addresses) = tokio::try_join!(visitor.api.customer(), visitor.api.addresses())?;
    let shop = app.shop_config().await?;
    let country =
        addresses.iter().find(|kept| kept.is_default).map(|it| it.address.country.clone());
    let country = country.or_else(|| shop::countries(&shop).next().map(|it| it.code.clone()));
    let typed = Typed { name: customer.name, ..Typed::default() };
    let typed = typed.in_country(&country.unwrap_or_default());
    let sheet = Sheet { id: None, typed, is_first: addresses.is_empty() };
    Ok(sheet.page(&app, &visitor, Refused::default()).await?.into_response())
}

/// The form for one that is kept.
pub async fn edit(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<AddressId>,
) -> Result<Response, Error> {
    let addresses = visitor.api.addresses().await?;
    let Some(kept) = addresses.into_iter().find(|kept| kept.id == id) else {
        return Ok(errors::not_found().into_response());
    };
    let typed = Typed::default().at(kept.address);
    let sheet = Sheet { id: Some(id), typed, is_first: kept.is_default };
    Ok(sheet.page(&app, &visitor, Refused::default()).await?.into_response())
}

/// A form with an address in it.
pub struct Sheet {
    /// Which address it changes; a new one when absent.
    pub id: Option<AddressId>,
    /// What was typed.
    pub typed: Typed,
    /// Whether it is the one to begin with, or will be.
    pub is_first: bool,
}

impl Sheet {
    /// As a page, with what is wrong.
    pub async fn page(self, app: &App, visitor: &Visitor, refused: Refused) -> Result<Page, Error> {
        let shop = app.shop_config().await?;
        let (token, status) = (visitor.csrf(), refused.status);
        let draw = move || {
            let action = self.id.map_or_else(
                || "/account/addresses".to_owned(),
                |id| format!("/account/addresses/{id}"),
            );
            let form = AddressForm { shop: &shop, typed: &self.typed, wrong: &refused.wrong };
            let title = if self.id.is_some() {
                texts::account_address_old()
            } else {
                texts::account_address_new()
            };
            view! {
                <section class="stack narrow" aria-labelledby="form">
                    <h2 id="form">{title}</h2>
                    {refused.notice(&FIELDS).into_any()}
                    <form class="stack form-fields" method="post" action=action novalidate>
                        {csrf(&token)}
                        {form.draw().into_any()}
                        {tick("first", texts::account_address_first_tick(), self.is_first).into_any()}
                        <div class="ways">
                            <button class="button primary">{texts::account_address_keep()}</button>
                            <button class="button" name="do" value="update">{texts::account_address_update()}</button>
                            <a class="link" href="/account/addresses">{texts::account_address_never_mind()}</a>
                        </div>
                    </form>
                </section>
            }
            .into_any()
        };
        Ok(Place::Addresses.page(visitor, draw).with_status(status))
    }
}

/// Fields that the form shows mistakes of.
const FIELDS: [&str; 9] =
    ["name", "company", "line1", "line2", "city", "region", "postal_code", "country", "phone"];
