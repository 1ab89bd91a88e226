//! What something costs, in words and to the eye.

use api_types::Money;
use leptos::prelude::*;

use crate::texts;

/// Money without its decimals when they are nought: `€60`, `€4.90`.
pub fn round_price(money: Money) -> String {
    let shown = money.to_string();
    let zeros = "0".repeat(money.currency.exponent() as usize);
    shown.strip_suffix(&format!(".{zeros}")).map(str::to_owned).unwrap_or(shown)
}

/// A price; struck through beside it what it was.
#[component]
pub fn Price(
    /// What it costs.
    price: Money,
    /// What it cost before a sale.
    #[prop(default = None)]
    compare_at: Option<Money>,
    /// Some variants cost more.
    #[prop(optional)]
    varies: bool,
) -> impl IntoView {
    let was = compare_at.filter(|was| was.amount > price.amount);
    let shown = if varies { texts::product_price_from(price) } else { price.to_string() };
    match was {
        None => view! { <span class="price">{shown}</span> }.into_any(),
        Some(was) => view! {
            <span class="price">
                <span class="sr">{texts::product_price_now()} " "</span>
                <span class="now">{shown}</span>
                " "
                <s><span class="sr">{texts::product_price_before()} " "</span>{was.to_string()}</s>
            </span>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_amounts_lose_their_decimals_and_others_keep_them() {
        for (amount, code, shown) in [
            (6_000, "EUR", "€60"),
            (490, "EUR", "€4.90"),
            (100_000, "USD", "$1,000"),
            (1_500, "JPY", "¥1,500"),
        ] {
            let money = Money::new(amount, code.parse().unwrap());

            assert_eq!(round_price(money), shown);
        }
    }
}
