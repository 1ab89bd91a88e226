//! The fields of an address, by the rules of its country.

use api_types::{Country, ShopConfig};
use leptos::prelude::*;

use super::checkout::form::{Typed, Wrong};
use crate::{
    components::field::{Field, field},
    shop,
};

/// A form with an address in it: what was typed, and what is wrong with it.
pub struct AddressForm<'a> {
    /// Where the shop delivers, and what addresses look like there.
    pub shop: &'a ShopConfig,
    /// What was typed.
    pub typed: &'a Typed,
    /// What is wrong with it.
    pub wrong: &'a [Wrong],
}

impl AddressForm<'_> {
    /// All fields, the country first because the others follow from it.
    pub fn draw(&self) -> impl IntoView + use<> {
        let typed = self.typed;
        let country = shop::country(self.shop, &typed.country);
        let town = self.of("city", "Town", &typed.city);
        let street = self.of("line1", "Street and number", &typed.line1);
        let name = self.of("name", "Full name", &typed.name);
        view! {
            {self.countries().into_any()}
            {field(Field { autocomplete: "shipping name", ..name }).into_any()}
            {field(optional("shipping organization", self.of("company", "Company", &typed.company))).into_any()}
            {field(Field { autocomplete: "shipping address-line1", ..street }).into_any()}
            {field(optional(
                "shipping address-line2",
                self.of("line2", "Flat, floor, care of", &typed.line2),
            )).into_any()}
            <div class="pair">
                {self.postal_code(country).into_any()}
                {field(Field { autocomplete: "shipping address-level2", ..town }).into_any()}
            </div>
            {country.filter(|country| !country.states.is_empty()).map(|country| self.states(country))}
            {field(Field {
                kind: "tel",
                inputmode: "tel",
                hint: Some("Only for the carrier, should they not find you.".to_owned()),
                ..optional("shipping tel", self.of("phone", "Phone", &typed.phone))
            }).into_any()}
        }
        .into_any()
    }

    fn countries(&self) -> impl IntoView + use<> {
        let options = shop::countries(self.shop)
            .map(|country| (country.code.clone(), country.title.clone()))
            .collect();
        field(Field {
            autocomplete: "shipping country",
            options: Some(options),
            ..self.of("country", "Country", &self.typed.country)
        })
    }

    fn states(&self, country: &Country) -> impl IntoView + use<> {
        let choose = (String::new(), "Choose".to_owned());
        let options = std::iter::once(choose).chain(country.states.clone()).collect();
        field(Field {
            autocomplete: "shipping address-level1",
            options: Some(options),
            ..self.of("region", "State or province", &self.typed.region)
        })
    }

    fn postal_code(&self, country: Option<&Country>) -> impl IntoView + use<> {
        let (pattern, example) = country.and_then(|country| country.postal_code.clone()).unzip();
        let is_number =
            example.as_ref().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let label = if country.is_some_and(|country| country.code == "US") {
            "ZIP code"
        } else {
            "Postal code"
        };
        field(Field {
            autocomplete: "shipping postal-code",
            inputmode: if is_number { "numeric" } else { "text" },
            is_optional: country.is_some_and(|country| !country.needs_postal_code),
            hint: example.map(|text| format!("Such as {text}")),
            pattern,
            ..self.of("postal_code", label, &self.typed.postal_code)
        })
    }

    /// A field with its value and what is wrong with it.
    fn of(&self, name: &'static str, label: &'static str, value: &str) -> Field {
        let error = message(self.wrong, name);
        Field { name, label, value: value.to_owned(), error, ..Field::default() }
    }
}

fn optional(autocomplete: &'static str, field: Field) -> Field {
    Field { autocomplete, is_optional: true, ..field }
}

/// What is wrong with that field.
pub fn message(wrong: &[Wrong], field: &str) -> Option<String> {
    wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.message.clone())
}
