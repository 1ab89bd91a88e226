//! Amounts as somebody typed them: the currency in the first byte, then the text.

use api_types::{Currency, Money};

/// One of each number of decimals, with a sign and without.
const CURRENCIES: [&str; 6] = ["EUR", "USD", "JPY", "KWD", "CLF", "CHF"];

pub fn read(bytes: &[u8]) {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let code = CURRENCIES[usize::from(first) % CURRENCIES.len()];
    let currency: Currency = code.parse().expect("a code");
    if let Ok(text) = str::from_utf8(rest) {
        typed(text, currency);
    }
    if let Some(amount) = rest.first_chunk() {
        shown(Money::new(i64::from_le_bytes(*amount), currency));
    }
    if let Ok(text) = str::from_utf8(bytes)
        && let Ok(currency) = text.parse::<Currency>()
    {
        assert_eq!(currency.code(), text);
    }
}

/// What is taken is exactly what stands there, by arithmetic that has room for more.
fn typed(text: &str, currency: Currency) {
    let Ok(money) = Money::parse(text, currency) else { return };
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = whole.chars().chain(part.chars()).filter(char::is_ascii_digit).collect();
    let decimals = u32::try_from(part.len()).expect("a short text");
    // More digits than fit here can only be zeros.
    if let (Ok(digits), Some(unit)) = (digits.parse::<i128>(), 10_i128.checked_pow(decimals)) {
        let exact = digits.checked_mul(10_i128.pow(currency.exponent())).map(|all| all / unit);
        if let Some(exact) = exact {
            let sign = if text.starts_with('-') { -1 } else { 1 };
            assert_eq!(i128::from(money.amount), sign * exact, "{text:?}");
        }
    }
    shown(money);
}

/// What is written reads back as the same minor units, and shoppers see the same digits.
fn shown(money: Money) {
    let decimal = money.decimal();
    assert_eq!(Money::parse(&decimal, money.currency), Ok(money), "{decimal}");
    let text = money.to_string();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    assert_eq!(digits(&text), digits(&decimal), "{text} is not {decimal}");
    assert_eq!(text.starts_with('−'), money.amount < 0, "{text}");
}
