//! How many: a number box, with steps either side where scripts run.

use leptos::prelude::*;

use crate::{islands::Stepper, texts};

/// A number box from `min` to `max`.
#[component]
pub fn Quantity(
    /// Its name in the form.
    #[prop(default = "quantity")]
    name: &'static str,
    /// What it stands at.
    #[prop(default = 1)]
    value: i32,
    /// Fewest.
    #[prop(default = 1)]
    min: i32,
    /// Most.
    max: i32,
    /// What is counted, for those who listen.
    #[prop(into, default = texts::product_quantity().to_owned())]
    label: String,
) -> impl IntoView {
    let (is_least, is_most) = (value <= min, value >= max);
    view! {
        <Stepper>
            <span class="quantity">
                <button type="button" value="-1" aria-label=texts::product_quantity_fewer() disabled=is_least>
                    "−"
                </button>
                <input
                    type="number"
                    name=name
                    value=value
                    min=min
                    max=max.max(min)
                    inputmode="numeric"
                    aria-label=label
                    required
                />
                <button type="button" value="1" aria-label=texts::product_quantity_more() disabled=is_most>
                    "+"
                </button>
            </span>
        </Stepper>
    }
    .into_any()
}
