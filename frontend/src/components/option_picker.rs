//! Choosing a variant by its options.

use api_types::{ProductDetail, ProductOption};
use leptos::prelude::*;

use super::{
    Swatch,
    choice::{self, Made, Outcome},
};
use crate::{islands::VariantPicker, texts};

/// The product's variants as far as choosing goes.
pub fn made(product: &ProductDetail) -> Vec<Made> {
    product
        .variants
        .iter()
        .map(|variant| Made {
            values: variant.options.clone(),
            buyable: super::button_words(variant).1,
        })
        .collect()
}

/// Radio groups in a form that asks for the same page with the choice in its address.
#[component]
pub fn OptionPicker(
    /// Name of the product in addresses.
    handle: String,
    /// What there is to choose.
    options: Vec<ProductOption>,
    /// What is made, and one chosen value for each option.
    chosen: (Vec<Made>, Vec<String>),
    /// What the island must know of each variant, as JSON.
    facts: String,
) -> impl IntoView {
    let (made, values) = chosen;
    let groups = options
        .into_iter()
        .enumerate()
        .map(|(place, option)| group(place, option, &made, &values))
        .collect_view();
    view! {
        <VariantPicker>
            <form class="option-picker" method="get" action=format!("/products/{handle}")>
                {groups}
                <button class="button show" type="submit">{texts::product_choice_show()}</button>
                <script type="application/json" inner_html=facts></script>
            </form>
        </VariantPicker>
    }
    .into_any()
}

fn group(
    place: usize,
    option: ProductOption,
    made: &[Made],
    values: &[String],
) -> impl IntoView + use<> {
    let now = values.get(place).cloned().unwrap_or_default();
    let name = option.name.clone();
    let choices = option
        .values
        .into_iter()
        .map(|choice| {
            let outcome = choice::outcome(made, values, place, &choice.value);
            view! {
                <label class="value" class:off=outcome != Outcome::Buyable>
                    <input
                        type="radio"
                        name=name.clone()
                        value=choice.value.clone()
                        checked=choice.value == now
                    />
                    {choice.swatch.map(|hex| view! { <Swatch hex/> })}
                    <span class="name">{choice.value}</span>
                    <span class="sr state">{outcome.words()}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset>
            <legend>{option.name} " " <span class="muted chosen">{now}</span></legend>
            <div class="values">{choices}</div>
        </fieldset>
    }
    .into_any()
}
