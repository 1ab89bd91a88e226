//! What an address must have, country by country (pure).

use api_types::{Address, Country, FieldError};
use regex_lite::Regex;

use crate::http::ApiError;

/// Longest e-mail address that is taken (RFC 5321).
const MAX_EMAIL: usize = 254;

/// Whether a text can be an e-mail address; whether it is one, only a letter tells.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| {
        part.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"@".contains(c))
    };
    text.len() <= MAX_EMAIL
        && (1..=64).contains(&local.len())
        && plain(local)
        && plain(domain)
        && domain.split('.').count() >= 2
        && domain
            .split('.')
            .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
}

/// Refuses what is no code of a country, whether or not it would be looked at.
pub fn check_country(code: Option<&str>) -> Result<(), ApiError> {
    let is_code =
        |code: &str| code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase());
    if code.is_none_or(is_code) {
        return Ok(());
    }
    Err(ApiError::field("/country", "unknown", "we do not deliver to that country"))
}

/// What is wrong with an address in `country`, field by field; nothing when it can be delivered to.
pub fn mistakes(address: &Address, country: &Country) -> Vec<FieldError> {
    let mut found = too_long(address);
    let mut check = |field: &str, is_right: bool, code: &str, message: String| {
        if !is_right {
            found.push(FieldError {
                pointer: format!("/shipping_address/{field}"),
                code: code.to_owned(),
                message,
            });
        }
    };
    for (field, text, words) in [
        ("name", &address.name, "Enter the name on the parcel."),
        ("line1", &address.line1, "Enter street and number."),
        ("city", &address.city, "Enter the town."),
    ] {
        check(field, !text.trim().is_empty(), "required", words.to_owned());
    }
    check(
        "country",
        address.country == country.code,
        "other_country",
        "Choose a country that we deliver to.".to_owned(),
    );
    let state = address.region.as_deref().unwrap_or_default();
    let has_state =
        country.states.is_empty() || country.states.iter().any(|(code, _)| code == state);
    check("region", has_state, "required", "Choose a state or province.".to_owned());
    let (is_right, words) =
        postal_code(address.postal_code.as_deref().unwrap_or_default(), country);
    check("postal_code", is_right, "postal_code", words);
    found
}

/// Fields that no label has room for; these are not even kept.
pub fn too_long(address: &Address) -> Vec<FieldError> {
    let fits = |text: &str| text.chars().count() <= 100 && !text.chars().any(char::is_control);
    texts(address)
        .filter(|(_, text)| !fits(text))
        .map(|(field, _)| FieldError {
            pointer: format!("/shipping_address/{field}"),
            code: "too_long".to_owned(),
            message: "Use at most 100 characters in one line.".to_owned(),
        })
        .collect()
}

fn texts(address: &Address) -> impl Iterator<Item = (&'static str, &str)> {
    let optional = [
        ("company", &address.company),
        ("line2", &address.line2),
        ("region", &address.region),
        ("postal_code", &address.postal_code),
        ("phone", &address.phone),
    ];
    let required = [("name", &address.name), ("line1", &address.line1), ("city", &address.city)];
    let optional = optional.into_iter().filter_map(|(field, text)| Some((field, text.as_deref()?)));
    required.into_iter().map(|(field, text)| (field, text.as_str())).chain(optional)
}

fn postal_code(code: &str, country: &Country) -> (bool, String) {
    let code = code.trim();
    if code.is_empty() {
        return (!country.needs_postal_code, "Enter the postal code.".to_owned());
    }
    let Some((pattern, example)) = &country.postal_code else { return (true, String::new()) };
    let fits = Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|pattern| pattern.is_match(code));
    (fits, format!("A postal code of {} looks like {example}.", country.title))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn germany() -> Country {
        Country {
            code: "DE".to_owned(),
            title: "Germany".to_owned(),
            states: Vec::new(),
            needs_postal_code: true,
            postal_code: Some(("[0-9]{5}".to_owned(), "10115".to_owned())),
        }
    }

    fn address() -> Address {
        Address {
            name: "Ann Weber".to_owned(),
            line1: "Torstraße 1".to_owned(),
            city: "Berlin".to_owned(),
            postal_code: Some("10115".to_owned()),
            country: "DE".to_owned(),
            ..Address::default()
        }
    }

    #[test]
    fn an_address_that_can_be_delivered_to_has_no_mistakes() {
        assert_eq!(mistakes(&address(), &germany()), []);
    }

    #[test]
    fn each_mistake_names_its_field() {
        let no_states = germany();
        let states =
            Country { states: vec![("NY".to_owned(), "New York".to_owned())], ..germany() };
        for (address, country, pointer) in [
            (Address { name: " ".to_owned(), ..address() }, &no_states, "/shipping_address/name"),
            (Address { city: String::new(), ..address() }, &no_states, "/shipping_address/city"),
            (
                Address { postal_code: None, ..address() },
                &no_states,
                "/shipping_address/postal_code",
            ),
            (
                Address { postal_code: Some("1011".to_owned()), ..address() },
                &no_states,
                "/shipping_address/postal_code",
            ),
            (
                Address { country: "FR".to_owned(), ..address() },
                &no_states,
                "/shipping_address/country",
            ),
            (
                Address { line1: "x".repeat(101), ..address() },
                &no_states,
                "/shipping_address/line1",
            ),
            (
                Address { line1: "a\r\nb".to_owned(), ..address() },
                &no_states,
                "/shipping_address/line1",
            ),
            (address(), &states, "/shipping_address/region"),
        ] {
            let pointers: Vec<_> =
                mistakes(&address, country).into_iter().map(|error| error.pointer).collect();

            assert_eq!(pointers, [pointer]);
        }
    }

    #[test]
    fn e_mail_addresses_have_two_sides_and_no_tricks() {
        for good in ["ann@example.com", "a.b+c@mail.example.co.uk", "ä@example.com"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "ann",
            "ann@",
            "@example.com",
            "ann@example",
            "a b@example.com",
            "a@b..com",
            "a@b.com\nBcc: x@y.z",
            "<a@b.com>",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
