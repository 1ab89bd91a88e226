//! How often what may be asked: the one table of limits. `docs/limits.md` says the same in words.

use std::{fmt::Write as _, time::Duration};

use axum::http::Method;

/// Something that may be asked so often only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Signing in, from one address.
    SignIn,
    /// Signing in to one account.
    SignInAccount,
    /// Making accounts.
    Register,
    /// Asking for a new password and setting it.
    Reset,
    /// Letters to one address that somebody asked for.
    Letters,
    /// Signing in with a passkey.
    Passkey,
    /// Fresh tokens for a session.
    Refresh,
    /// Opening carts and putting things into them.
    CartAdd,
    /// Every other change of a cart.
    CartChange,
    /// Searching, and suggestions while typing.
    Search,
    /// Buying.
    Checkout,
    /// Asking for the link of an order by letter.
    OrderLookup,
    /// Order links that open nothing.
    OrderGuess,
    /// Anything at all.
    Everything,
}

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The client's address; of IPv6 the /64 network.
    Address,
    /// The account, or the mail address that is none.
    Account,
}

/// What becomes of those who ask more often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// One more whenever a share of the time has passed.
    Refill,
    /// Each further one waits twice as long as the one before, from `FIRST_DELAY` to `LONGEST_DELAY`.
    Delay,
}

/// The first wait of a limit that delays.
pub const FIRST_DELAY: Duration = Duration::from_secs(1);
/// The longest wait of a limit that delays.
pub const LONGEST_DELAY: Duration = Duration::from_mins(15);

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name in metrics, in Redis and in the document.
    pub name: &'static str,
    /// What is counted, for people.
    pub what: &'static str,
    /// Who is counted.
    pub by: By,
    /// How many may come at once.
    pub times: u32,
    /// The time in which as many may come again; for one that delays, the quiet after which all is forgotten.
    pub per: Duration,
    /// What becomes of more.
    pub then: Then,
    /// Whether replicas count together; one that is asked at every request counts for itself.
    pub is_shared: bool,
}

impl Limit {
    /// All of them, in the order of the document.
    pub const ALL: [Self; 14] = [
        Self::SignIn,
        Self::SignInAccount,
        Self::Register,
        Self::Reset,
        Self::Letters,
        Self::Passkey,
        Self::Refresh,
        Self::CartAdd,
        Self::CartChange,
        Self::Search,
        Self::Checkout,
        Self::OrderLookup,
        Self::OrderGuess,
        Self::Everything,
    ];

    /// Its row.
    pub const fn rule(self) -> Rule {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        match self {
            Self::SignIn => row("sign-in", "Signing in", By::Address, 30, 10 * MINUTE),
            Self::SignInAccount => Rule {
                then: Then::Delay,
                ..row("sign-in-account", "Signing in to one account", By::Account, 5, HOUR)
            },
            Self::Register => row("register", "Making accounts", By::Address, 10, HOUR),
            Self::Reset => {
                row("reset", "Asking for a new password, setting it", By::Address, 10, HOUR)
            }
            Self::Letters => {
                row("letters", "Letters that somebody asked for", By::Account, 5, HOUR)
            }
            Self::Passkey => {
                row("passkey", "Signing in with a passkey", By::Address, 30, 10 * MINUTE)
            }
            Self::Refresh => row("refresh", "Fresh tokens for a session", By::Address, 120, MINUTE),
            Self::CartAdd => {
                row("cart-add", "Opening a cart, adding to it", By::Address, 60, MINUTE)
            }
            Self::CartChange => {
                row("cart-change", "Any other change of a cart", By::Address, 240, MINUTE)
            }
            Self::Search => {
                row("search", "Product lists, search and suggestions", By::Address, 300, MINUTE)
            }
            Self::Checkout => row("checkout", "Buying, paying again", By::Address, 30, MINUTE),
            Self::OrderLookup => {
                row("order-lookup", "Asking for an order's link", By::Address, 10, HOUR)
            }
            Self::OrderGuess => {
                row("order-guess", "Order links that open nothing", By::Address, 20, 10 * MINUTE)
            }
            Self::Everything => Rule {
                is_shared: false,
                ..row("everything", "All requests", By::Address, 3000, MINUTE)
            },
        }
    }

    /// What an operation counts for, beside [`Limit::Everything`], by the client's address.
    pub fn of_operation(method: &Method, route: &str) -> Option<Self> {
        let route = route.strip_prefix("/api")?;
        let limit = match (method.as_str(), route) {
            (
                "POST",
                "/auth/login"
                | "/auth/reauthenticate"
                | "/admin/auth/sign-in"
                | "/admin/auth/code"
                | "/admin/auth/accept",
            ) => Self::SignIn,
            ("POST", "/auth/webauthn/login/start" | "/auth/webauthn/login/finish") => Self::Passkey,
            ("POST", "/auth/refresh") => Self::Refresh,
            ("POST", "/customers" | "/auth/register/verify") => Self::Register,
            ("POST", "/auth/password/forgot" | "/auth/password/reset") => Self::Reset,
            ("POST", "/carts" | "/carts/{id}/lines" | "/orders/{id}/reorder") => Self::CartAdd,
            ("POST", "/carts/{id}/complete") => Self::Checkout,
            ("POST", "/orders/lookup") => Self::OrderLookup,
            ("POST" | "PUT" | "PATCH" | "DELETE", path) if path.starts_with("/carts/") => {
                Self::CartChange
            }
            ("GET", "/products" | "/search/suggest") => Self::Search,
            _ => return None,
        };
        Some(limit)
    }

    /// Whether a 404 of that route may be a guess at an order's secret.
    pub fn is_guessed_at(route: &str) -> bool {
        route.starts_with("/api/orders/{id}")
    }
}

const fn row(name: &'static str, what: &'static str, by: By, times: u32, seconds: u64) -> Rule {
    let per = Duration::from_secs(seconds);
    Rule { name, what, by, times, per, then: Then::Refill, is_shared: true }
}

/// `docs/limits.md`.
pub fn document() -> String {
    let mut text = String::from(HEAD);
    for limit in Limit::ALL {
        let rule = limit.rule();
        let by = match (rule.by, rule.is_shared) {
            (By::Address, true) => "address",
            (By::Address, false) => "address and replica",
            (By::Account, _) => "account",
        };
        let then = match rule.then {
            Then::Refill => format!("{} more every {}", rule.times, time(rule.per)),
            Then::Delay => format!(
                "waits that double from {} to {}; forgotten after an {} without a try, or a success",
                time(FIRST_DELAY),
                time(LONGEST_DELAY),
                time(rule.per)
            ),
        };
        let _ =
            writeln!(text, "| `{}` | {} | {by} | {} | {then} |", rule.name, rule.what, rule.times);
    }
    text.push_str(FOOT);
    text
}

fn time(time: Duration) -> String {
    match time.as_secs() {
        3600 => "hour".to_owned(),
        60 => "minute".to_owned(),
        1 => "1 second".to_owned(),
        seconds if seconds % 60 == 0 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    }
}

const HEAD: &str = "\
# Limits

Made from the table in `backend/src/limits.rs` by `backend limits`; a test holds the two against each
other, and each limit against its number.

Who asks too often gets 429 with the code `too_many_requests`, `Retry-After`, `RateLimit-Limit`,
`RateLimit-Remaining` and `RateLimit-Reset` (seconds). What is used up comes back bit by bit, not all at
once at the end of the time.

| Limit | What | Counted by | At once | Then |
|---|---|---|---|---|
";

const FOOT: &str = "
- **Address** is the client's, as `TRUSTED_PROXIES` let it be known; of IPv6 it is the /64 network.
  **Account** is the account or the mail address that was typed, whether it exists or not.
- Replicas count together in Redis. When Redis is away or takes longer than `REDIS_BUDGET`, each
  counts for itself at `1 / REPLICAS` of the number: no limit is ever open.
- What is counted is kept under a hash; neither addresses nor mail addresses are stored.
- `RATE_LIMIT_SCALE` multiplies the numbers, for tests and drills that come from one address.
- Nobody is locked out of an account: a device that has signed in to it before is counted apart.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_different_and_numbers_are_numbers() {
        let mut names: Vec<_> = Limit::ALL.iter().map(|limit| limit.rule().name).collect();
        names.sort_unstable();
        names.dedup();

        assert_eq!(names.len(), Limit::ALL.len());
        for limit in Limit::ALL {
            let rule = limit.rule();
            assert!(rule.times > 0 && !rule.per.is_zero(), "{}", rule.name);
        }
    }

    #[test]
    fn operations_count_where_the_document_says() {
        let of = |method: &str, route: &str| {
            Limit::of_operation(&method.parse().unwrap(), &format!("/api{route}"))
        };

        assert_eq!(of("POST", "/carts/{id}/lines"), Some(Limit::CartAdd));
        assert_eq!(of("DELETE", "/carts/{id}/lines/{line_id}"), Some(Limit::CartChange));
        assert_eq!(of("POST", "/carts/{id}/complete"), Some(Limit::Checkout));
        assert_eq!(of("GET", "/carts/{id}"), None);
        assert_eq!(of("GET", "/search/suggest"), Some(Limit::Search));
        assert_eq!(of("POST", "/auth/login"), Some(Limit::SignIn));
    }
}
