//! Money in minor units; never a float.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// An ISO 4217 currency code, such as `EUR`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// The three capital letters.
    pub fn code(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Digits after the decimal point, 0 to 4 (ISO 4217 table A.1).
    pub fn exponent(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    fn sign(self) -> Option<&'static str> {
        match &self.0 {
            b"EUR" => Some("€"),
            b"USD" => Some("$"),
            b"GBP" => Some("£"),
            b"JPY" => Some("¥"),
            _ => None,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that is not money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMoney {
    /// Not three capital letters.
    #[error("expected a currency code of three capital letters, such as EUR")]
    Currency,
    /// Not a decimal number with as many digits as the currency has.
    #[error("expected an amount such as 12.90 with no more decimals than the currency has")]
    Amount,
}

impl FromStr for Currency {
    type Err = BadMoney;

    fn from_str(text: &str) -> Result<Self, BadMoney> {
        match text.as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(BadMoney::Currency),
        }
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// An amount in minor units (cents) of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Money {
    /// Minor units: 1999 is €19.99.
    pub amount: i64,
    /// ISO 4217 code.
    pub currency: Currency,
}

impl Money {
    /// `amount` minor units of `currency`.
    pub const fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Reads a decimal such as `19.99` or `1999` exactly; more decimals than the currency has are refused.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, BadMoney> {
        let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let exponent = currency.exponent() as usize;
        let trimmed = part.trim_end_matches('0');
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(part) || trimmed.len() > exponent {
            return Err(BadMoney::Amount);
        }
        let amount =
            format!("{sign}{whole}{trimmed:0<exponent$}").parse().map_err(|_| BadMoney::Amount)?;
        Ok(Self { amount, currency })
    }

    /// The amount as a plain decimal, `19.99`.
    pub fn decimal(&self) -> String {
        let sign = if self.amount < 0 { "-" } else { "" };
        let exponent = self.currency.exponent();
        let unit = 10_u64.pow(exponent);
        let minor = self.amount.unsigned_abs();
        if exponent == 0 {
            return format!("{sign}{minor}");
        }
        format!("{sign}{}.{:0width$}", minor / unit, minor % unit, width = exponent as usize)
    }
}

/// As shoppers read it in English: `€1,299.00`, `CHF 12.50`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimal = self.decimal();
        let digits = decimal.trim_start_matches('-');
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        if self.amount < 0 {
            f.write_str("−")?;
        }
        match self.currency.sign() {
            Some(sign) => f.write_str(sign)?,
            None => write!(f, "{}\u{a0}", self.currency)?,
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if part.is_empty() { Ok(()) } else { write!(f, ".{part}") }
    }
}

#[cfg(feature = "server")]
mod server {
    //! A currency is a `text` column, and a plain string in the API's document.

    use sqlx::{
        Decode, Encode, Postgres, Type,
        encode::IsNull,
        error::BoxDynError,
        postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef},
    };

    use super::Currency;

    impl Type<Postgres> for Currency {
        fn type_info() -> PgTypeInfo {
            <str as Type<Postgres>>::type_info()
        }

        fn compatible(ty: &PgTypeInfo) -> bool {
            <str as Type<Postgres>>::compatible(ty)
        }
    }

    impl Encode<'_, Postgres> for Currency {
        fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
            <&str as Encode<Postgres>>::encode(self.code(), buffer)
        }
    }

    impl Decode<'_, Postgres> for Currency {
        fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
            Ok(<&str as Decode<Postgres>>::decode(value)?.parse()?)
        }
    }

    impl sqlx::postgres::PgHasArrayType for Currency {
        fn array_type_info() -> PgTypeInfo {
            <&str as sqlx::postgres::PgHasArrayType>::array_type_info()
        }
    }

    impl utoipa::PartialSchema for Currency {
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
            utoipa::openapi::ObjectBuilder::new()
                .schema_type(utoipa::openapi::schema::Type::String)
                .pattern(Some("^[A-Z]{3}$"))
                .description(Some("ISO 4217 code."))
                .into()
        }
    }

    impl utoipa::ToSchema for Currency {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    #[test]
    fn amounts_are_shown_with_the_digits_of_their_currency() {
        for (amount, code, shown) in [
            (1_999, "EUR", "€19.99"),
            (5, "USD", "$0.05"),
            (129_900, "EUR", "€1,299.00"),
            (-1_999, "EUR", "−€19.99"),
            (1_500, "JPY", "¥1,500"),
            (1_234_567, "KWD", "KWD\u{a0}1,234.567"),
        ] {
            assert_eq!(Money::new(amount, currency(code)).to_string(), shown);
        }
    }

    #[test]
    fn decimals_are_read_exactly_or_not_at_all() {
        for (text, code, amount) in [
            ("19.99", "EUR", 1_999),
            ("50", "EUR", 5_000),
            ("0.5", "EUR", 50),
            ("1.500", "EUR", 150),
            ("7", "JPY", 7),
        ] {
            assert_eq!(
                Money::parse(text, currency(code)),
                Ok(Money::new(amount, currency(code))),
                "{text}"
            );
        }
        for text in ["", ".", "1,5", "1.555", "--1", "1e3", "99999999999999999999", "١"] {
            assert_eq!(Money::parse(text, Currency::EUR), Err(BadMoney::Amount), "{text}");
        }
    }

    #[test]
    fn the_least_amount_is_written_and_read_like_any_other() {
        let least = Money::new(i64::MIN, Currency::EUR);

        assert_eq!(Money::parse(&least.decimal(), Currency::EUR), Ok(least));
        assert_eq!(least.to_string(), "−€92,233,720,368,547,758.08");
    }

    #[test]
    fn a_currency_is_three_capital_letters() {
        for text in ["eur", "EU", "EURO", "E1R", ""] {
            assert!(text.parse::<Currency>().is_err(), "{text}");
        }
    }
}
