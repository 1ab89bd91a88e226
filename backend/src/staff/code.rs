//! The second step: codes of an authenticator (RFC 6238), each good once, and codes for the day that it
//! is lost (pure).

use chrono::{DateTime, Utc};
use rand::RngExt;
use totp_rs::{Builder, Secret, Totp};

/// Letters and digits that nobody takes for each other.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;

/// A secret for a new authenticator: 160 bits.
pub fn new_secret() -> [u8; 20] {
    rand::random()
}

/// The secret as people type it and as an address for a QR code.
pub fn told(secret: &[u8], email: &str) -> anyhow::Result<(String, String)> {
    let address = clock(secret, email)?.to_url()?;
    Ok((Secret::from(secret).to_base32(), address))
}

/// The time step that a code is of, if it is one of this authenticator: now, or 30 seconds off.
pub fn step_of(secret: &[u8], code: &str, now: DateTime<Utc>) -> Option<i64> {
    let seconds = u64::try_from(now.timestamp()).ok()?;
    let step = clock(secret, "staff").ok()?.check(code.trim(), seconds)?;
    i64::try_from(step).ok()
}

fn clock(secret: &[u8], email: &str) -> anyhow::Result<Totp> {
    // A colon would end the name of the shop in the address.
    let account = email.replace(':', " ");
    Ok(Builder::new()
        .with_secret(secret)
        .with_skew(1)
        .with_account_name(account)
        .with_issuer(Some("Oxcart"))
        .build()?)
}

/// New recovery codes: 80 bits each, in groups to read.
pub fn recovery_codes() -> Vec<String> {
    let mut random = rand::rng();
    let mut group =
        || (0..4).map(|_| char::from(ALPHABET[random.random_range(0..32)])).collect::<String>();
    (0..RECOVERY_CODES).map(|_| [group(), group(), group(), group()].join("-")).collect()
}

/// A recovery code as it is kept and compared: without what people add or leave out.
pub fn plain(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};

    use super::*;

    #[test]
    fn a_code_is_good_for_its_step_and_the_ones_beside_it() {
        let secret = *b"12345678901234567890";
        let then = Utc.timestamp_opt(59, 0).unwrap();

        // RFC 6238, appendix B, to six digits.
        assert_eq!(step_of(&secret, "287082", then), Some(1));
        assert_eq!(step_of(&secret, " 287082 ", then + TimeDelta::seconds(30)), Some(1));
        assert_eq!(step_of(&secret, "287082", then + TimeDelta::seconds(61)), None);
        for wrong in ["287083", "", "28708", "2870822", "abcdef", "２８７０８２"] {
            assert_eq!(step_of(&secret, wrong, then), None, "{wrong}");
        }
    }

    #[test]
    fn recovery_codes_are_many_and_different() {
        let codes = recovery_codes();

        let different: std::collections::BTreeSet<_> =
            codes.iter().map(|code| plain(code)).collect();
        assert_eq!((codes.len(), different.len()), (10, 10));
        assert_eq!(plain(" ABCD-efgh 2345"), "abcdefgh2345");
    }
}
