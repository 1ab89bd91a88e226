//! `/account`: the doors to a customer's account, and every page inside.

pub mod addresses;
pub mod data;
pub mod devices;
pub mod enter;
pub mod forgot;
pub mod orders;
pub mod overview;
mod passkey;
pub mod passkeys;
pub mod password;
pub mod profile;
pub mod register;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::Deserialize;

use super::checkout::form::Wrong;
use crate::{
    api::Error,
    app::Page,
    components::{Icon, Sign},
    document::notice,
    extract::Visitor,
    flash::Flash,
    server::is_path,
    session::Wall,
    texts,
};

pub use super::address::message;

/// A page of the account, as its menu has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// What there is.
    Overview,
    /// What was bought.
    Orders,
    /// Where things go.
    Addresses,
    /// Name, news, currency, email.
    Profile,
    /// The password.
    Password,
    /// Keys on devices.
    Passkeys,
    /// Where the customer is signed in.
    Devices,
    /// Taking everything along, and leaving.
    Data,
}

impl Place {
    const ALL: [Self; 8] = [
        Self::Overview,
        Self::Orders,
        Self::Addresses,
        Self::Profile,
        Self::Password,
        Self::Passkeys,
        Self::Devices,
        Self::Data,
    ];

    /// Its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/account",
            Self::Orders => "/account/orders",
            Self::Addresses => "/account/addresses",
            Self::Profile => "/account/profile",
            Self::Password => "/account/password",
            Self::Passkeys => "/account/passkeys",
            Self::Devices => "/account/devices",
            Self::Data => "/account/data",
        }
    }

    /// Its name.
    fn title(self) -> &'static str {
        match self {
            Self::Overview => texts::account_overview(),
            Self::Orders => texts::account_orders(),
            Self::Addresses => texts::account_addresses(),
            Self::Profile => texts::account_profile(),
            Self::Password => texts::account_password(),
            Self::Passkeys => texts::account_passkeys(),
            Self::Devices => texts::account_devices(),
            Self::Data => texts::account_data(),
        }
    }

    /// What is there, in a few words.
    fn about(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Orders => texts::account_orders_about(),
            Self::Addresses => texts::account_addresses_about(),
            Self::Profile => texts::account_profile_about(),
            Self::Password => texts::account_password_about(),
            Self::Passkeys => texts::account_passkeys_about(),
            Self::Devices => texts::account_devices_about(),
            Self::Data => texts::account_data_about(),
        }
    }

    /// A page at this place, for this visitor.
    fn page<V: IntoView + 'static>(
        self,
        visitor: &Visitor,
        body: impl FnOnce() -> V + Send + 'static,
    ) -> Page {
        let csrf = visitor.csrf();
        let draw = move || {
            let class =
                if self == Self::Overview { "page account account-home" } else { "page account" };
            view! {
                <div class=class>
                    {menu(self, csrf).into_any()}
                    <div class="account-main">
                        <h1>{self.title()}</h1>
                        {body()}
                    </div>
                </div>
            }
        };
        Page::private(self.title(), draw).with_class("account-page").with_cookie(visitor.cookie())
    }
}

/// All places, and the way out. A phone shows it on the overview, and a way back elsewhere.
fn menu(here: Place, csrf: String) -> impl IntoView {
    let places = Place::ALL
        .into_iter()
        .map(|place| {
            let current = (place == here).then_some("page");
            let is_overview = place == Place::Overview;
            let name = if is_overview { texts::account_overview_menu() } else { place.title() };
            view! {
                <li>
                    <a href=place.path() aria-current=current>
                        <span>{name}</span>
                        <span class="muted small">{place.about()}</span>
                        <Icon sign=Sign::Right/>
                    </a>
                </li>
            }
        })
        .collect_view();
    let back = (here != Place::Overview).then(|| {
        view! { <a class="back" href="/account"><Icon sign=Sign::Left/>{texts::account_overview()}</a> }
    });
    view! {
        <nav class="account-menu" aria-label=texts::account_overview()>
            {back}
            <ul>{places}</ul>
            <form method="post" action="/account/sign-out">
                <input type="hidden" name="csrf" value=csrf/>
                <button class="link">{texts::account_sign_out()}</button>
            </form>
        </nav>
    }
    .into_any()
}

/// A page outside, where somebody shows who they are: one column, one task.
fn door<V: IntoView + 'static>(
    title: &'static str,
    visitor: &Visitor,
    body: impl FnOnce() -> V + Send + 'static,
) -> Page {
    let draw = move || {
        view! {
            <div class="page door">
                <h1>{title}</h1>
                {body()}
            </div>
        }
    };
    Page::private(title, draw).with_class("door-page").with_cookie(visitor.cookie())
}

/// A page whose address has a secret in it, which other sites must not learn.
fn secret(page: Page) -> Page {
    page.with_head(|| view! { <meta name="referrer" content="same-origin"/> })
}

/// What a form is answered with that did not work: words at the top, words at fields.
#[derive(Default)]
pub struct Refused {
    /// What happened, in a sentence.
    pub notice: Option<Flash>,
    /// What is wrong with which field.
    pub wrong: Vec<Wrong>,
    /// How it went, for programs.
    pub status: StatusCode,
}

impl Refused {
    /// What the backend said, in words for people; an error when that is for nobody to read.
    pub fn of(error: Error) -> Result<Self, Error> {
        if Wall::of(&error).is_some() {
            return Err(error);
        }
        let status = error.problem().map_or(503, |problem| problem.status);
        if status == 429 {
            let text = texts::account_too_often();
            return Ok(Self::because(StatusCode::TOO_MANY_REQUESTS, text));
        }
        if error.is_temporary() {
            tracing::warn!(%error, "a form of the account could not reach the backend");
            let text = texts::account_away();
            return Ok(Self::because(StatusCode::SERVICE_UNAVAILABLE, text));
        }
        let Some(problem) = error.problem().filter(|_| matches!(status, 400 | 409 | 422)) else {
            return Err(error);
        };
        let wrong: Vec<_> = problem.errors.iter().map(Wrong::of).collect();
        let notice = wrong.is_empty().then(|| Flash::bad(problem.detail.clone()));
        Ok(Self { notice, wrong, status: StatusCode::UNPROCESSABLE_ENTITY })
    }

    /// That one field is wrong.
    pub fn at(field: &str, message: &str) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { wrong: vec![Wrong::new(field, message)], status, ..Self::default() }
    }

    /// That sentence.
    pub fn because(status: StatusCode, text: &str) -> Self {
        Self { notice: Some(Flash::bad(text)), wrong: Vec::new(), status }
    }

    /// What is wrong with that field.
    fn at_field(&self, field: &str) -> Option<String> {
        message(&self.wrong, field)
    }

    /// The sentence at the top, with what is wrong with fields that the page does not show.
    fn notice(&self, fields: &[&str]) -> impl IntoView + use<> {
        let unseen = self.wrong.iter().find(|wrong| !fields.contains(&wrong.field.as_str()));
        let unseen = unseen.map(|wrong| Flash::bad(wrong.message.clone()));
        self.notice.clone().or(unseen).map(notice)
    }
}

/// The address of a door.
#[derive(Deserialize)]
pub struct Asked {
    /// Where it leads on to.
    #[serde(default)]
    pub return_to: Onwards,
}

/// Where a door leads on to.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Onwards(String);

impl Onwards {
    /// A page of this shop, whatever was asked for.
    pub fn path(&self) -> String {
        self.wish().unwrap_or_else(|| Place::Overview.path().to_owned())
    }

    /// The page that was asked for, when it is one of this shop.
    fn wish(&self) -> Option<String> {
        is_path(&self.0).then(|| self.0.clone())
    }

    /// The same wish, for the next door.
    fn to(&self, door: &str) -> String {
        let Some(path) = self.wish() else { return door.to_owned() };
        let path: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        format!("{door}?return_to={path}")
    }

    /// The wish as a field of a form.
    fn field(&self) -> impl IntoView + use<> {
        self.wish().map(|path| view! { <input type="hidden" name="return_to" value=path/> })
    }
}

/// What every form carries.
fn csrf(token: &str) -> impl IntoView + use<> {
    view! { <input type="hidden" name="csrf" value=token.to_owned()/> }
}

/// What stands for a form that is for customers only who have just shown who they are.
fn confirm_first(place: Place, text: &'static str) -> impl IntoView {
    view! {
        <div class="stack">
            <p>{text}</p>
            <p><a class="button primary" href=Wall::Confirm.door(place.path())>{texts::account_confirm_first()}</a></p>
        </div>
    }
    .into_any()
}

/// A day, as people write it.
fn day(at: DateTime<Utc>) -> String {
    at.format(texts::account_day_pattern()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_leads_to_pages_of_this_shop_only() {
        let path = |to: &str| Onwards(to.to_owned()).path();

        assert_eq!(path("/checkout"), "/checkout");
        for other in
            ["", "https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"]
        {
            assert_eq!(path(other), "/account", "{other}");
        }
    }
}
