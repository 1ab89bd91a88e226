//! The fields of an address, by the rules of its country.

use api_types::{Country, ShopConfig};
use leptos::prelude::*;

use super::checkout::form::{Typed, Wrong};
use crate::{
    components::field::{Field, field},
    shop, texts,
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
        let town = self.of("city", texts::checkout_city(), &typed.city);
        let street = self.of("line1", texts::checkout_line1(), &typed.line1);
        let name = self.of("name", texts::checkout_name(), &typed.name);
        view! {
            {self.countries().into_any()}
            {field(Field { autocomplete: "shipping name", ..name }).into_any()}
            {field(optional("shipping organization", self.of("company", texts::checkout_company(), &typed.company))).into_any()}
            {field(Field { autocomplete: "shipping address-line1", ..street }).into_any()}
            {field(optional(
                "shipping address-line2",
                self.of("line2", texts::checkout_line2(), &typed.line2),
            )).into_any()}
            <div class="pair">
                {self.postal_code(country).into_any()}
                {field(Field { autocomplete: "shipping address-level2", ..town }).into_any()}
            </div>
            {country.filter(|country| !country.states.is_empty()).map(|country| self.states(country))}
            {field(Field {
                kind: "tel",
                inputmode: "tel",
                hint: Some(texts::checkout_phone_hint().to_owned()),
                ..optional("shipping tel", self.of("phone", texts::checkout_phone(), &typed.phone))
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
            ..self.of("country", texts::checkout_country(), &self.typed.country)
        })
    }

    fn states(&self, country: &Country) -> impl IntoView + use<> {
        let choose = (String::new(), texts::checkout_region_choose().to_owned());
        let options = std::iter::once(choose).chain(country.states.clone()).collect();
        field(Field {
            autocomplete: "shipping address-level1",
            options: Some(options),
            ..self.of("region", texts::checkout_region(), &self.typed.region)
        })
    }

    fn postal_code(&self, country: Option<&Country>) -> impl IntoView + use<> {
        let (pattern, example) = country.and_then(|country| country.postal_code.clone()).unzip();
        let is_number =
            example.as_ref().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let label = if country.is_some_and(|country| country.code == "US") {
            texts::checkout_postal_code_zip()
        } else {
            texts::checkout_postal_code()
        };
        field(Field {
            autocomplete: "shipping postal-code",
            inputmode: if is_number { "numeric" } else { "text" },
            is_optional: country.is_some_and(|country| !country.needs_postal_code),
            hint: example.map(texts::checkout_postal_code_hint),
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
