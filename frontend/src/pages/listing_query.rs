//! Which products a list shows, as its address says it.

use api_types::{Currency, Money, ProductQuery, Sort};
use url::form_urlencoded::{self, Serializer};

use crate::texts;

/// Rows on a page.
const ROWS: u32 = 24;
/// Most characters of a search that are looked at.
const LONGEST: usize = 100;

/// Words, filters, order and place of a list. What cannot be read is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListingQuery {
    /// What to search for.
    pub words: String,
    /// Handle of the shelf, in a search.
    pub category: Option<String>,
    /// Lowest price as typed, such as `18.50`.
    pub price_min: Option<String>,
    /// Highest price as typed.
    pub price_max: Option<String>,
    /// Only what can be bought now.
    pub available: bool,
    /// Order.
    pub sort: Sort,
    /// Place in the list.
    pub cursor: Option<String>,
}

/// Orders to choose from, and their names in addresses.
pub const SORTS: [(Sort, &str); 6] = [
    (Sort::Relevance, "relevance"),
    (Sort::BestSelling, "best_selling"),
    (Sort::Newest, "newest"),
    (Sort::PriceAsc, "price_asc"),
    (Sort::PriceDesc, "price_desc"),
    (Sort::Name, "name"),
];

/// What an order is called.
pub fn sort_words(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => texts::listing_sort_relevance(),
        Sort::BestSelling => texts::listing_sort_best_selling(),
        Sort::Newest => texts::listing_sort_newest(),
        Sort::PriceAsc => texts::listing_sort_price_asc(),
        Sort::PriceDesc => texts::listing_sort_price_desc(),
        Sort::Name => texts::listing_sort_name(),
    }
}

impl ListingQuery {
    /// Reads the query of an address.
    pub fn parse(query: &str, currency: Currency) -> Self {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match &*name {
                "q" => read.words = value.chars().take(LONGEST).collect(),
                "category" => read.category = Some(value.to_owned()),
                "price_min" => read.price_min = price(value, currency),
                "price_max" => read.price_max = price(value, currency),
                "available" => read.available = matches!(value, "1" | "true" | "on"),
                "sort" => {
                    let known = SORTS.iter().find(|(_, name)| *name == value);
                    read.sort = known.map_or_else(Sort::default, |(sort, _)| *sort);
                }
                "cursor" => read.cursor = Some(value.to_owned()),
                _ => {}
            }
        }
        read
    }

    /// What to ask the backend.
    pub fn ask(&self, currency: Currency) -> ProductQuery {
        let minor = |text: &Option<String>| {
            let money = Money::parse(text.as_deref()?, currency).ok()?;
            Some(money.amount)
        };
        ProductQuery {
            q: Some(self.words.clone()).filter(|words| !words.is_empty()),
            category: self.category.clone(),
            price_min: minor(&self.price_min),
            price_max: minor(&self.price_max),
            available: self.available.then_some(true),
            sort: Some(self.sort).filter(|sort| *sort != Sort::default()),
            currency: Some(currency),
            cursor: self.cursor.clone(),
            limit: Some(ROWS),
            include: Some("total".to_owned()),
        }
    }

    /// The address of this list below `path`.
    pub fn address(&self, path: &str) -> String {
        let mut query = Serializer::new(String::new());
        let mut add = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        };
        add("q", Some(self.words.as_str()).filter(|words| !words.is_empty()));
        add("category", self.category.as_deref());
        add("price_min", self.price_min.as_deref());
        add("price_max", self.price_max.as_deref());
        add("available", self.available.then_some("1"));
        add("sort", Some(self.sort_name()).filter(|_| self.sort != Sort::default()));
        add("cursor", self.cursor.as_deref());
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The same list at another place.
    #[must_use]
    pub fn at(&self, cursor: Option<String>) -> Self {
        Self { cursor, ..self.clone() }
    }

    /// The name of the order in addresses.
    pub fn sort_name(&self) -> &'static str {
        SORTS.iter().find(|(sort, _)| *sort == self.sort).map_or("relevance", |(_, name)| name)
    }

    /// Whether anything narrows the list.
    pub fn is_filtered(&self) -> bool {
        self.category.is_some()
            || self.price_min.is_some()
            || self.price_max.is_some()
            || self.available
    }

    /// The same words and order with nothing that narrows the list.
    #[must_use]
    pub fn unfiltered(&self) -> Self {
        Self { words: self.words.clone(), sort: self.sort, ..Self::default() }
    }

    /// What narrows the list: its words, and the list without it. `category` is the shelf's title.
    pub fn chips(&self, currency: Currency, category: Option<&str>) -> Vec<(String, Self)> {
        let first = self.at(None);
        let mut chips = Vec::new();
        if let Some(handle) = &self.category {
            let words = category.unwrap_or(handle).to_owned();
            chips.push((words, Self { category: None, ..first.clone() }));
        }
        let shown = |text: &Option<String>| {
            let money = Money::parse(text.as_deref()?, currency).ok()?;
            Some(crate::components::round_price(money))
        };
        let words = match (shown(&self.price_min), shown(&self.price_max)) {
            (Some(min), Some(max)) => Some(texts::listing_chips_between(min, max)),
            (Some(min), None) => Some(texts::listing_chips_from(min)),
            (None, Some(max)) => Some(texts::listing_chips_up_to(max)),
            (None, None) => None,
        };
        if let Some(words) = words {
            chips.push((words, Self { price_min: None, price_max: None, ..first.clone() }));
        }
        if self.available {
            let words = texts::listing_available().to_owned();
            chips.push((words, Self { available: false, ..first }));
        }
        chips
    }
}

/// A price as people type it, made plain; nothing when it is none.
fn price(text: &str, currency: Currency) -> Option<String> {
    let plain =
        text.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '-').replace(',', ".");
    let money = Money::parse(plain.trim_end_matches('.'), currency).ok()?;
    (money.amount >= 0).then(|| {
        let decimal = money.decimal();
        decimal.strip_suffix(".00").map(str::to_owned).unwrap_or(decimal)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> ListingQuery {
        ListingQuery::parse(query, Currency::EUR)
    }

    #[test]
    fn an_address_reads_back_what_it_wrote() {
        let query = "q=blue+mug&category=kitchen&price_min=18&price_max=129.50&available=1&sort=price_asc&cursor=abc";

        assert_eq!(parse(query).address("/search"), format!("/search?{query}"));
        assert_eq!(parse("").address("/search"), "/search");
    }

    #[test]
    fn prices_are_typed_in_many_ways_and_asked_in_minor_units() {
        for (typed, asked) in [
            ("18", Some(1_800)),
            ("18,5", Some(1_850)),
            ("%E2%82%AC18.50", Some(1_850)),
            ("-4", None),
            ("cheap", None),
            ("1.999", None),
        ] {
            let query = parse(&format!("price_min={typed}")).ask(Currency::EUR);

            assert_eq!(query.price_min, asked, "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let query = parse("sort=sideways&available=maybe&price_max=&cursor=&utm_source=x");

        assert_eq!(query, ListingQuery::default());
    }

    #[test]
    fn taking_a_chip_off_keeps_the_others_and_goes_back_to_the_first_page() {
        let query = parse("q=mug&category=kitchen&price_max=20&cursor=abc");

        let chips = query.chips(Currency::EUR, Some("Kitchen"));

        let addresses: Vec<_> =
            chips.iter().map(|(words, rest)| (words.as_str(), rest.address(""))).collect();
        assert_eq!(
            addresses,
            [
                ("Kitchen", "?q=mug&price_max=20".to_owned()),
                ("Up to €20", "?q=mug&category=kitchen".to_owned()),
            ]
        );
    }

    #[test]
    fn the_order_of_the_house_is_not_asked_for() {
        assert_eq!(parse("").ask(Currency::EUR).sort, None);
        assert_eq!(parse("sort=newest").ask(Currency::EUR).sort, Some(Sort::Newest));
    }
}
