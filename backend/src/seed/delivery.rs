//! How the shop delivers, and for how much.

/// Countries that are delivered to alike.
pub struct Zone {
    /// Its name.
    pub title: &'static str,
    /// Where it is.
    pub countries: &'static [&'static str],
    /// Ways to deliver there.
    pub methods: &'static [Method],
}

/// A way to deliver.
pub struct Method {
    /// Its name for programs.
    pub code: &'static str,
    /// Its name.
    pub title: &'static str,
    /// Fewest and most working days.
    pub days: (i32, i32),
    /// What it costs.
    pub rates: &'static [Band],
}

/// What it costs from one weight up to another.
pub struct Band {
    /// Currency of the amounts.
    pub currency: &'static str,
    /// At least this, in grams.
    pub from_g: Option<i64>,
    /// At most this, in grams.
    pub up_to_g: Option<i64>,
    /// Minor units.
    pub amount: i64,
    /// Subtotal from which it is free.
    pub free_over: Option<i64>,
}

const fn eur(amount: i64, free_over: Option<i64>) -> Band {
    Band { currency: "EUR", from_g: None, up_to_g: None, amount, free_over }
}

/// The same in dollars, for whoever prefers them there.
const fn in_usd(amount: i64, free_over: Option<i64>) -> Band {
    Band { currency: "USD", from_g: None, up_to_g: None, amount, free_over }
}

const fn usd(from_g: Option<i64>, up_to_g: Option<i64>, amount: i64) -> Band {
    Band { currency: "USD", from_g, up_to_g, amount, free_over: None }
}

/// The same in euro.
const fn in_eur(from_g: Option<i64>, up_to_g: Option<i64>, amount: i64) -> Band {
    Band { currency: "EUR", from_g, up_to_g, amount, free_over: None }
}

/// Every zone.
pub const ZONES: [Zone; 4] = [
    Zone {
        title: "Germany",
        countries: &["DE"],
        methods: &[
            Method {
                code: "standard",
                title: "Standard delivery",
                days: (2, 4),
                rates: &[eur(490, Some(6_000)), in_usd(540, Some(6_600))],
            },
            Method {
                code: "express",
                title: "Express delivery",
                days: (1, 1),
                rates: &[eur(990, None), in_usd(1_090, None)],
            },
        ],
    },
    Zone {
        title: "European Union",
        countries: &[
            "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "GR", "HU", "IE", "IT",
            "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
        ],
        methods: &[Method {
            code: "standard",
            title: "Standard delivery",
            days: (3, 7),
            rates: &[eur(990, Some(12_000)), in_usd(1_090, Some(13_200))],
        }],
    },
    Zone {
        title: "Rest of Europe",
        countries: &["CH", "GB", "NO"],
        methods: &[Method {
            code: "standard",
            title: "Standard delivery",
            days: (5, 10),
            rates: &[eur(1_490, None), in_usd(1_640, None)],
        }],
    },
    Zone {
        title: "United States and Canada",
        countries: &["US", "CA"],
        methods: &[
            Method {
                code: "standard",
                title: "Standard delivery",
                days: (5, 9),
                rates: &[
                    usd(None, Some(2_000), 1_200),
                    usd(Some(2_001), Some(10_000), 2_400),
                    usd(Some(10_001), None, 5_900),
                    in_eur(None, Some(2_000), 1_100),
                    in_eur(Some(2_001), Some(10_000), 2_200),
                    in_eur(Some(10_001), None, 5_400),
                ],
            },
            Method {
                code: "express",
                title: "Express delivery",
                days: (2, 3),
                rates: &[
                    usd(None, Some(2_000), 2_900),
                    usd(Some(2_001), Some(10_000), 5_400),
                    usd(Some(10_001), None, 11_900),
                    in_eur(None, Some(2_000), 2_600),
                    in_eur(Some(2_001), Some(10_000), 4_900),
                    in_eur(Some(10_001), None, 10_900),
                ],
            },
        ],
    },
];
