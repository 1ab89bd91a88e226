//! Every setting that there is: its kind, its default, what it may be, and what tells about it.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::super::{
    TAG,
    store::{BankAccount, Home, Sign},
};
use crate::{
    cart::Choices,
    http::{ApiError, Result},
    orders::Seller,
};

/// A setting.
pub struct Known {
    /// Its name.
    pub key: &'static str,
    /// What kind of value it takes, in words.
    pub kind: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// What holds when nobody set it.
    pub default: fn() -> Value,
    /// What is wrong with a value.
    pub check: fn(&Value) -> Result<()>,
    /// Tags of the finished answers that tell about it.
    pub stale: &'static [&'static str],
}

/// Every setting, in the order to show them.
pub static ALL: [Known; 6] = [
    Known {
        key: "shop",
        kind: "object: name, tagline, default_currency (a code, or null for the first region's)",
        doc: "What the shop is called, and the currency of its prices when none is asked for.",
        default: || json!({ "name": "Oxcart", "tagline": "", "default_currency": null }),
        check: |value| {
            let sign: Sign = fits(value)?;
            line("/value/name", &sign.name, 1..=60)?;
            line("/value/tagline", &sign.tagline, 0..=120)
        },
        stale: &[TAG],
    },
    Known {
        key: "seller",
        kind: "object: name, address (lines), vat_number, email",
        doc: "Who sells, as it stands on invoices.",
        default: || json!({ "name": "", "address": [], "vat_number": "", "email": "" }),
        check: |value| {
            let seller: Seller = fits(value)?;
            line("/value/name", &seller.name, 0..=100)?;
            line("/value/vat_number", &seller.vat_number, 0..=40)?;
            line("/value/email", &seller.email, 0..=200)?;
            if seller.address.len() > 8 {
                return Err(wrong("/value/address", "Use at most 8 lines."));
            }
            seller.address.iter().try_for_each(|text| line("/value/address", text, 0..=100))
        },
        stale: &[],
    },
    Known {
        key: "home",
        kind: "object: hero and story (title, text, link, picture, phone_picture; or null), promises \
               (title, text), new (handles; none shows the newest), hides (new_arrivals, best_sellers, posts)",
        doc: "What the home page says and shows.",
        default: || json!(Home::default()),
        check: |value| {
            let home: Home = fits(value)?;
            for section in home.hero.iter().chain(&home.story) {
                path("/value", &section.link.path)?;
            }
            if home.new.len() > 8 || home.promises.len() > 8 {
                return Err(wrong("/value", "Use at most 8 new products, and 8 promises."));
            }
            Ok(())
        },
        stale: &["home"],
    },
    Known {
        key: "tax",
        kind: "object: rounding (line, unit, order), foreign (keep_gross, keep_net), home_country (a \
               code, or null)",
        doc: "How taxes are rounded, and what becomes of a price with tax where other rates hold.",
        default: || json!(Choices::default()),
        check: |value| fits::<Choices>(value).map(drop),
        stale: &[],
    },
    Known {
        key: "refund_limit_minor",
        kind: "whole number of minor units, or null for no limit",
        doc: "The largest refund that one person may make; a larger one needs a second person.",
        default: || Value::Null,
        check: |value| match fits::<Option<i64>>(value)? {
            Some(..0) => Err(wrong("/value", "Use 0 or more.")),
            _ => Ok(()),
        },
        stale: &[],
    },
    Known {
        key: "bank_transfer",
        kind: "object: holder, iban, bic",
        doc: "The account that shoppers transfer to.",
        default: || json!(BankAccount::default()),
        check: |value| {
            let account: BankAccount = fits(value)?;
            line("/value/holder", &account.holder, 1..=70)?;
            line("/value/bic", &account.bic, 0..=11)?;
            if is_iban(&account.iban) {
                return Ok(());
            }
            Err(wrong("/value/iban", "This is not the number of an account: check its digits."))
        },
        stale: &[],
    },
];

fn wrong(pointer: &str, words: &str) -> ApiError {
    ApiError::field(pointer, "invalid", words)
}

/// The value as what it should be, with nothing that nobody knows.
fn fits<T: DeserializeOwned + Serialize>(value: &Value) -> Result<T> {
    let read: T = serde_json::from_value(value.clone())
        .map_err(|error| wrong("/value", &error.to_string()))?;
    match stranger(value, &json!(read)) {
        None => Ok(read),
        Some((pointer, words)) => Err(wrong(&format!("/value{pointer}"), words)),
    }
}

/// The first field of `given` that `known` has not, and what is wrong with it.
fn stranger(given: &Value, known: &Value) -> Option<(String, &'static str)> {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => given.iter().find_map(|(name, value)| {
            let nobody = Some((String::new(), "Nobody knows this field."));
            let (inside, words) = known.get(name).map_or(nobody, |known| stranger(value, known))?;
            Some((format!("/{name}{inside}"), words))
        }),
        (Value::Array(given), Value::Array(known)) => {
            let mut pairs = given.iter().zip(known).enumerate();
            pairs.find_map(|(place, (given, known))| {
                let (inside, words) = stranger(given, known)?;
                Some((format!("/{place}{inside}"), words))
            })
        }
        // A list was taken for the fields in their order, and would be kept as a list.
        (Value::Array(_), Value::Object(_)) => {
            Some((String::new(), "Name its fields: this is a list."))
        }
        _ => None,
    }
}

fn line(pointer: &str, text: &str, length: std::ops::RangeInclusive<usize>) -> Result<()> {
    if length.contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        return Ok(());
    }
    let words = format!("Use {} to {} characters in one line.", length.start(), length.end());
    Err(wrong(pointer, &words))
}

/// A path on the shop itself.
pub fn path(pointer: &str, path: &str) -> Result<()> {
    let is_ours = path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 500
        && !path.contains(|character: char| character.is_control() || " \\".contains(character));
    if is_ours {
        Ok(())
    } else {
        Err(wrong(pointer, "Use a path on the shop, such as /pages/terms."))
    }
}

/// Whether the check digits of an account's number are right (ISO 13616).
fn is_iban(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|character| *character != ' ').collect();
    if !(15..=34).contains(&plain.len()) || !plain[..2].iter().all(char::is_ascii_uppercase) {
        return false;
    }
    let digits = plain[4..].iter().chain(&plain[..4]).map(|character| character.to_digit(36));
    let rest = digits.map(|digit| digit.map(u64::from)).try_fold(0, |rest, digit| {
        let digit = digit?;
        Some((rest * if digit < 10 { 10 } else { 100 } + digit) % 97)
    });
    rest == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_value_that_its_setting_takes() {
        for known in &ALL {
            assert!((known.check)(&(known.default)()).is_ok(), "{}", known.key);
        }
    }

    #[test]
    fn a_slip_in_an_account_is_found() {
        assert!(is_iban("DE02 1203 0000 0000 2020 51") && is_iban("GB82WEST12345698765432"));
        for wrong in
            ["DE02 1203 0000 0000 2020 15", "", "DE", "é1203000000002020 51abc", "0000000000000000"]
        {
            assert!(!is_iban(wrong), "{wrong}");
        }
    }

    #[test]
    fn what_nobody_knows_is_told_by_its_place() {
        let given = json!({ "hero": { "title": "A", "text": "", "colour": 1, "link": { "title": "", "path": "/" } } });

        let read: Home = serde_json::from_value(given.clone()).unwrap();

        assert_eq!(stranger(&given, &json!(read)).unwrap().0, "/hero/colour");
        assert_eq!(stranger(&json!(Home::default()), &json!(Home::default())), None);
    }
}
