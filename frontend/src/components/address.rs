//! Addresses as people write them.

use api_types::Address;
use leptos::prelude::*;

/// An address, one row below the other.
pub fn address_rows(address: &Address, country: &str) -> impl IntoView + use<> {
    let rows = rows(address, country);
    let rows = rows.into_iter().map(|row| view! { {row} <br/> }).collect_view();
    view! { <address>{rows}</address> }.into_any()
}

/// An address in one line.
pub fn address_line(address: &Address, country: &str) -> String {
    rows(address, country).join(", ")
}

fn rows(address: &Address, country: &str) -> Vec<String> {
    let Address { name, company, line1, line2, city, region, postal_code, .. } = address.clone();
    let town = [postal_code, Some(city), region];
    let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let rows = [Some(name), company, Some(line1), line2, Some(town), Some(country.to_owned())];
    rows.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_from_the_name_to_the_country() {
        let address = Address {
            name: "Ann Weber".to_owned(),
            line1: "Torstraße 1".to_owned(),
            city: "Berlin".to_owned(),
            postal_code: Some("10119".to_owned()),
            country: "DE".to_owned(),
            ..Address::default()
        };

        let line = address_line(&address, "Germany");

        assert_eq!(line, "Ann Weber, Torstraße 1, 10119 Berlin, Germany");
    }
}
