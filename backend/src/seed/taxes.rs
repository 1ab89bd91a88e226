//! Rates for trying the shop out. A real shop enters its own.

/// A rate of one country, or of one of its states.
pub struct Rate {
    /// ISO 3166 code.
    pub country: &'static str,
    /// The state, when it is one's own.
    pub state: Option<&'static str>,
    /// Code of the tax class.
    pub class: &'static str,
    /// What an invoice calls it.
    pub name: &'static str,
    /// Parts per million.
    pub ppm: i64,
    /// Place among the rates of one line.
    pub position: i32,
}

/// Standard and reduced rate of each country in Europe, in hundredths of a percent.
const EUROPE: [(&str, i64, i64); 30] = [
    ("AT", 2000, 1000),
    ("BE", 2100, 600),
    ("BG", 2000, 900),
    ("HR", 2500, 500),
    ("CY", 1900, 500),
    ("CZ", 2100, 1200),
    ("DK", 2500, 2500),
    ("EE", 2400, 900),
    ("FI", 2550, 1350),
    ("FR", 2000, 550),
    ("DE", 1900, 700),
    ("GR", 2400, 1300),
    ("HU", 2700, 500),
    ("IE", 2300, 900),
    ("IT", 2200, 1000),
    ("LV", 2100, 1200),
    ("LT", 2100, 900),
    ("LU", 1700, 800),
    ("MT", 1800, 500),
    ("NL", 2100, 900),
    ("NO", 2500, 1500),
    ("PL", 2300, 800),
    ("PT", 2300, 600),
    ("RO", 2100, 1100),
    ("SK", 2300, 1900),
    ("SI", 2200, 950),
    ("ES", 2100, 1000),
    ("SE", 2500, 1200),
    ("CH", 810, 260),
    ("GB", 2000, 500),
];

/// Sales tax of states that have one, in thousandths of a percent.
const UNITED_STATES: [(&str, i64); 20] = [
    ("AZ", 5_600),
    ("CA", 7_250),
    ("CO", 2_900),
    ("FL", 6_000),
    ("GA", 4_000),
    ("IL", 6_250),
    ("IN", 7_000),
    ("MA", 6_250),
    ("MD", 6_000),
    ("MI", 6_000),
    ("MN", 6_875),
    ("NC", 4_750),
    ("NJ", 6_625),
    ("NY", 8_875),
    ("OH", 5_750),
    ("PA", 6_000),
    ("TN", 7_000),
    ("TX", 6_250),
    ("VA", 5_300),
    ("WA", 6_500),
];

/// Taxes of provinces; a province that is not here has the country's alone.
const CANADA: [(&str, &str, i64, i32); 13] = [
    ("BC", "GST", 50_000, 0),
    ("BC", "PST", 70_000, 1),
    ("MB", "GST", 50_000, 0),
    ("MB", "RST", 70_000, 1),
    ("NB", "HST", 150_000, 0),
    ("NL", "HST", 150_000, 0),
    ("NS", "HST", 140_000, 0),
    ("ON", "HST", 130_000, 0),
    ("PE", "HST", 150_000, 0),
    ("QC", "GST", 50_000, 0),
    ("QC", "QST", 99_750, 1),
    ("SK", "GST", 50_000, 0),
    ("SK", "PST", 60_000, 1),
];

/// Every rate.
pub fn rates() -> Vec<Rate> {
    let europe = EUROPE.into_iter().flat_map(|(country, standard, reduced)| {
        [("standard", standard), ("reduced", reduced)].map(|(class, rate)| Rate {
            country,
            state: None,
            class,
            name: "VAT",
            ppm: rate * 100,
            position: 0,
        })
    });
    let states = UNITED_STATES.into_iter().map(|(state, rate)| Rate {
        country: "US",
        state: Some(state),
        class: "standard",
        name: "Sales tax",
        ppm: rate * 10,
        position: 0,
    });
    let canada = Rate {
        country: "CA",
        state: None,
        class: "standard",
        name: "GST",
        ppm: 50_000,
        position: 0,
    };
    let provinces = CANADA.into_iter().map(|(state, name, ppm, position)| Rate {
        country: "CA",
        state: Some(state),
        class: "standard",
        name,
        ppm,
        position,
    });
    europe.chain(states).chain([canada]).chain(provinces).collect()
}
