//! Where the shop delivers.

/// A country: its region, its name, what its postal codes look like, and one of them.
pub struct Place {
    /// ISO 3166 code.
    pub code: &'static str,
    /// Which region it belongs to.
    pub region: &'static str,
    /// Its name.
    pub title: &'static str,
    /// Regular expression; empty where there are no codes.
    pub postal: &'static str,
    /// An example.
    pub example: &'static str,
}

const fn eu(
    code: &'static str,
    title: &'static str,
    postal: &'static str,
    example: &'static str,
) -> Place {
    Place { code, region: "europe", title, postal, example }
}

const fn america(
    code: &'static str,
    title: &'static str,
    postal: &'static str,
    example: &'static str,
) -> Place {
    Place { code, region: "america", title, postal, example }
}

/// Every country, in the order that a list shows them: the shop's own first, where a new cart goes.
pub const COUNTRIES: [Place; 32] = [
    eu("DE", "Germany", "^[0-9]{5}$", "10115"),
    eu("AT", "Austria", "^[0-9]{4}$", "1010"),
    eu("BE", "Belgium", "^[0-9]{4}$", "1000"),
    eu("BG", "Bulgaria", "^[0-9]{4}$", "1000"),
    eu("HR", "Croatia", "^[0-9]{5}$", "10000"),
    eu("CY", "Cyprus", "^[0-9]{4}$", "1010"),
    eu("CZ", "Czechia", "^[0-9]{3} ?[0-9]{2}$", "110 00"),
    eu("DK", "Denmark", "^[0-9]{4}$", "1050"),
    eu("EE", "Estonia", "^[0-9]{5}$", "10111"),
    eu("FI", "Finland", "^[0-9]{5}$", "00100"),
    eu("FR", "France", "^[0-9]{5}$", "75001"),
    eu("GR", "Greece", "^[0-9]{3} ?[0-9]{2}$", "104 31"),
    eu("HU", "Hungary", "^[0-9]{4}$", "1011"),
    eu("IE", "Ireland", "^[A-Za-z][0-9][0-9Ww] ?[0-9A-Za-z]{4}$", "D02 AF30"),
    eu("IT", "Italy", "^[0-9]{5}$", "00118"),
    eu("LV", "Latvia", "^(LV-)?[0-9]{4}$", "LV-1010"),
    eu("LT", "Lithuania", "^(LT-)?[0-9]{5}$", "LT-01100"),
    eu("LU", "Luxembourg", "^(L-)?[0-9]{4}$", "1009"),
    eu("MT", "Malta", "^[A-Za-z]{3} ?[0-9]{4}$", "VLT 1117"),
    eu("NL", "Netherlands", "^[1-9][0-9]{3} ?[A-Za-z]{2}$", "1012 AB"),
    eu("NO", "Norway", "^[0-9]{4}$", "0150"),
    eu("PL", "Poland", "^[0-9]{2}-[0-9]{3}$", "00-001"),
    eu("PT", "Portugal", "^[0-9]{4}-[0-9]{3}$", "1000-001"),
    eu("RO", "Romania", "^[0-9]{6}$", "010011"),
    eu("SK", "Slovakia", "^[0-9]{3} ?[0-9]{2}$", "811 01"),
    eu("SI", "Slovenia", "^(SI-)?[0-9]{4}$", "1000"),
    eu("ES", "Spain", "^[0-9]{5}$", "28001"),
    eu("SE", "Sweden", "^[0-9]{3} ?[0-9]{2}$", "111 20"),
    eu("CH", "Switzerland", "^[0-9]{4}$", "8001"),
    eu("GB", "United Kingdom", "^[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2}$", "EC1A 1BB"),
    america("CA", "Canada", "^[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9]$", "K1A 0B1"),
    america("US", "United States", "^[0-9]{5}(-[0-9]{4})?$", "10001"),
];

/// States that an address in the United States may name.
pub const US_STATES: [(&str, &str); 51] = [
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
];

/// Provinces that an address in Canada may name.
pub const CA_PROVINCES: [(&str, &str); 13] = [
    ("AB", "Alberta"),
    ("BC", "British Columbia"),
    ("MB", "Manitoba"),
    ("NB", "New Brunswick"),
    ("NL", "Newfoundland and Labrador"),
    ("NT", "Northwest Territories"),
    ("NS", "Nova Scotia"),
    ("NU", "Nunavut"),
    ("ON", "Ontario"),
    ("PE", "Prince Edward Island"),
    ("QC", "Quebec"),
    ("SK", "Saskatchewan"),
    ("YT", "Yukon"),
];

/// States that an address in `country` must name.
pub fn states(country: &str) -> &'static [(&'static str, &'static str)] {
    match country {
        "US" => &US_STATES,
        "CA" => &CA_PROVINCES,
        _ => &[],
    }
}
