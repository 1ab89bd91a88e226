//! `WooCommerce`'s product file: rows into what they want of a product (pure).
//!
//! A `variable` row has the product and all values of its attributes; each `variation` row has one value of each and
//! names its parent by code or by `id:N`.

use std::collections::{BTreeMap, BTreeSet};

use api_types::{Currency, Money};
use chrono::NaiveDate;

use super::{
    format::{Row, without_mark},
    header::Header,
    plan::{Refusal, Said, Wanted, WantedPicture, WantedVariant},
    shopify::{filled, slug, tags, whole_number},
};
use crate::markup;

/// Most options of a product.
const MOST_OPTIONS: usize = 3;
/// Longest text of a cell that becomes a name or a code.
const LONGEST: usize = 255;

/// What we call a column, and what files call it.
const COLUMNS: [(&str, &[&str]); 22] = [
    ("id", &["ID"]),
    ("type", &["Type"]),
    ("sku", &["SKU"]),
    ("barcode", &["GTIN, UPC, EAN, or ISBN"]),
    ("title", &["Name"]),
    ("published", &["Published"]),
    ("short", &["Short description"]),
    ("body", &["Description"]),
    ("sale_from", &["Date sale price starts"]),
    ("sale_to", &["Date sale price ends"]),
    ("in_stock", &["In stock?"]),
    ("quantity", &["Stock"]),
    ("backorders", &["Backorders allowed?"]),
    ("sale", &["Sale price"]),
    ("price", &["Regular price"]),
    ("categories", &["Categories"]),
    ("tags", &["Tags"]),
    ("images", &["Images"]),
    ("parent", &["Parent"]),
    ("brand", &["Brands", "Brand"]),
    ("cost", &["Cost of goods"]),
    ("position", &["Position"]),
];

/// Units of weight by the header's word, in milligrams.
const UNITS: [(&str, i64); 4] = [("kg", 1_000_000), ("g", 1_000), ("lbs", 453_592), ("oz", 28_350)];

/// Whether units are counted, how many there are, and whether more may be sold.
type Counted = (Said<bool>, Said<i32>, Said<bool>);

/// The columns that mean something.
#[derive(Clone, Debug)]
pub struct Layout {
    header: Header,
    places: BTreeMap<&'static str, usize>,
    /// Where the weight is, and milligrams of its unit.
    weight: Option<(usize, i64)>,
    /// Where each attribute's name and values are.
    attributes: Vec<(usize, usize)>,
}

impl Layout {
    /// The layout of a file with this header; absent when it is not of this kind.
    pub fn of(header: Header) -> Option<Self> {
        let places: BTreeMap<_, _> = COLUMNS
            .iter()
            .filter_map(|(ours, theirs)| Some((*ours, header.place(theirs)?)))
            .collect();
        let weight = UNITS
            .iter()
            .find_map(|(unit, mg)| Some((header.place(&[&format!("Weight ({unit})")])?, *mg)));
        let attributes = (1..=50)
            .filter_map(|number| {
                let name = header.place(&[&format!("Attribute {number} name")])?;
                let values = header.place(&[&format!("Attribute {number} value(s)")])?;
                Some((name, values))
            })
            .collect();
        let is_ours = ["type", "title", "price"].iter().all(|column| places.contains_key(column));
        is_ours.then_some(Self { header, places, weight, attributes })
    }

    /// What the file calls a column of ours.
    pub fn name<'a>(&'a self, column: &'a str) -> &'a str {
        let column = if column == "handle" { "title" } else { column };
        self.places.get(column).map_or(column, |place| self.header.name(*place))
    }

    /// What a product is called in refusals.
    pub fn named(&self, row: &Row) -> String {
        let name = self.text(row, "title");
        let name = if name.is_empty() { self.text(row, "sku") } else { name };
        slug(name)
    }

    /// The names by which a row's variations may call it.
    pub fn keys(&self, row: &Row) -> Vec<String> {
        let (id, sku) = (self.text(row, "id"), self.text(row, "sku"));
        let by_id = (!id.is_empty()).then(|| format!("id:{id}"));
        by_id.into_iter().chain(filled(sku)).collect()
    }

    /// The parent that a variation names; absent when the row is a product.
    pub fn parent<'a>(&self, row: &'a Row) -> Option<&'a str> {
        (self.kind(row) == "variation").then(|| self.text(row, "parent"))
    }

    fn kind<'a>(&self, row: &'a Row) -> &'a str {
        self.text(row, "type").split(',').next().unwrap_or_default().trim()
    }

    fn at(row: &Row, place: usize) -> &str {
        row.cells.get(place).map_or("", |cell| without_mark(cell.trim()))
    }

    /// A cell without blanks around it; blank when the file has no such column.
    fn text<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        self.places.get(column).map_or("", |place| Self::at(row, *place))
    }

    fn said<'a>(&self, row: &'a Row, column: &str) -> Said<&'a str> {
        self.places.get(column).map_or(Said::Nothing, |place| Said::This(Self::at(row, *place)))
    }

    fn refuse(&self, row: &Row, column: &str, reason: impl Into<String>) -> Refusal {
        Refusal { line: row.line, column: self.name(column).to_owned(), reason: reason.into() }
    }

    /// What a product's row and its variations want.
    pub fn product(
        &self,
        rows: &[Row],
        currency: Currency,
        today: NaiveDate,
    ) -> Result<(Wanted, Vec<Refusal>), Vec<Refusal>> {
        let Some(first) = rows.first() else { return Err(Vec::new()) };
        let whole = |refusal: Refusal| {
            let others = rows.iter().filter(|row| row.line != refusal.line).map(|row| Refusal {
                line: row.line,
                column: refusal.column.clone(),
                reason: format!("its product was refused at line {}", refusal.line),
            });
            let others: Vec<_> = others.collect();
            std::iter::once(refusal).chain(others).collect::<Vec<_>>()
        };
        let variations = &rows[1..];
        let names = self.options(first, variations).map_err(whole)?;
        let mut wanted = self.head(first, &names).map_err(whole)?;
        let mut refusals = Vec::new();
        let sold = if self.kind(first) == "variable" { variations } else { rows };
        for row in sold {
            match self.variant(row, first, &names, (currency, today)) {
                Ok(variant) => wanted.variants.push(variant),
                Err(refusal) => refusals.push(refusal),
            }
        }
        wanted.pictures = self.pictures(rows, &names);
        wanted.options = Said::This(names);
        Ok((wanted, refusals))
    }

    fn head(&self, first: &Row, options: &[String]) -> Result<Wanted, Refusal> {
        let title = self.text(first, "title");
        match self.kind(first) {
            "simple" | "variable" => {}
            "variation" => {
                return Err(self.refuse(first, "parent", "names no product of this file"));
            }
            other => {
                let reason = format!("{other:?} products cannot be sold here");
                return Err(self.refuse(first, "type", reason));
            }
        }
        if title.is_empty() || title.chars().count() > LONGEST {
            return Err(self.refuse(first, "title", format!("a name has 1 to {LONGEST} letters")));
        }
        if first.cells.iter().any(|cell| cell.contains('\0')) {
            return Err(self.refuse(first, "title", "a cell holds a character that no text has"));
        }
        let handle = slug(title);
        if handle.is_empty() {
            let reason = "has no letter or digit that an address can have";
            return Err(self.refuse(first, "title", reason));
        }
        let (status, is_published) = match self.said(first, "published") {
            Said::Nothing | Said::This("") => (Said::Nothing, Said::Nothing),
            Said::This("1") => (Said::This("active".to_owned()), Said::This(true)),
            Said::This("0") => (Said::This("active".to_owned()), Said::This(false)),
            Said::This("-1") => (Said::This("draft".to_owned()), Said::This(false)),
            Said::This(_) => return Err(self.refuse(first, "published", "is not 1, 0 or -1")),
        };
        let short = self.text(first, "short");
        let body = self.said(first, "body").map(|body| match (short, body) {
            (short, "") => short.to_owned(),
            ("", body) => body.to_owned(),
            (short, body) => format!("{short}\n{body}"),
        });
        Ok(Wanted {
            handle,
            is_found_by_sku: true,
            title: title.to_owned(),
            description_html: body.map(|body| markup::clean(&body)),
            brand: self.said(first, "brand").map(filled),
            product_type: Said::Nothing,
            tags: self.said(first, "tags").map(tags),
            shelf: self.said(first, "categories").map(shelf),
            status,
            is_published,
            seo_title: Said::Nothing,
            seo_description: Said::Nothing,
            attributes: self.rest(first, options),
            options: Said::Nothing,
            variants: Vec::new(),
            pictures: Said::Nothing,
        })
    }

    /// Attributes of a row by their names.
    fn attributes<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = (&'a str, &'a str)> {
        let pairs = self.attributes.iter();
        pairs
            .map(|(name, values)| (Self::at(row, *name), Self::at(row, *values)))
            .filter(|(name, _)| !name.is_empty())
    }

    /// The attributes that variations differ by, in the parent's order.
    fn options(&self, first: &Row, variations: &[Row]) -> Result<Vec<String>, Refusal> {
        let used: BTreeSet<&str> = variations
            .iter()
            .flat_map(|row| self.attributes(row))
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, _)| name)
            .collect();
        let names: Vec<_> = self
            .attributes(first)
            .map(|(name, _)| name)
            .filter(|name| used.contains(name))
            .map(str::to_owned)
            .collect();
        if used.len() != names.len() {
            let reason = "a variation has an attribute that its product has not";
            return Err(self.refuse(first, "type", reason));
        }
        if names.len() > MOST_OPTIONS {
            let reason = format!("variations differ by more than {MOST_OPTIONS} attributes");
            return Err(self.refuse(first, "type", reason));
        }
        Ok(names)
    }

    fn variant(
        &self,
        row: &Row,
        first: &Row,
        options: &[String],
        (currency, today): (Currency, NaiveDate),
    ) -> Result<WantedVariant, Refusal> {
        let mut values = Vec::with_capacity(options.len());
        for name in options {
            let value = self.attributes(row).find(|(other, _)| other == name);
            let value = value.map(|(_, value)| value).filter(|value| !value.is_empty());
            let Some(value) = value else {
                let reason = format!("is for any {name}: write one row for each");
                return Err(self.refuse(row, "type", reason));
            };
            values.push(value.to_owned());
        }
        let (price, compare_at) = self.prices(row, currency, today)?;
        let (is_tracked, on_hand, may_run_short) = self.stock(row)?;
        let is_sent = |row: &Row| !self.text(row, "type").contains("virtual");
        Ok(WantedVariant {
            line: row.line,
            values,
            sku: self.said(row, "sku").map(filled),
            barcode: self.said(row, "barcode").map(filled),
            weight_g: self.weight(row, first)?,
            requires_shipping: Said::This(is_sent(row) && is_sent(first)),
            is_tracked,
            on_hand,
            may_run_short,
            price: Said::This(price),
            compare_at: Said::This(compare_at),
            cost: match self.money(row, "cost", currency)? {
                Some(cost) => Said::This(Some(cost)),
                None => Said::Nothing,
            },
        })
    }

    fn money(&self, row: &Row, column: &str, currency: Currency) -> Result<Option<i64>, Refusal> {
        match self.text(row, column) {
            "" => Ok(None),
            text => match Money::parse(text, currency) {
                Ok(money) if money.amount >= 0 => Ok(Some(money.amount)),
                _ => {
                    let reason = format!("{text:?} is not a price in {currency}");
                    Err(self.refuse(row, column, reason))
                }
            },
        }
    }

    /// What it costs today, and what it cost before where that is a sale.
    fn prices(
        &self,
        row: &Row,
        currency: Currency,
        today: NaiveDate,
    ) -> Result<(i64, Option<i64>), Refusal> {
        let regular = self.money(row, "price", currency)?;
        let sale = self.money(row, "sale", currency)?.filter(|_| self.is_on_sale(row, today));
        match (regular, sale) {
            (Some(regular), Some(sale)) if sale < regular => Ok((sale, Some(regular))),
            (Some(price), _) | (None, Some(price)) => Ok((price, None)),
            (None, None) => Err(self.refuse(row, "price", "a variant needs a price")),
        }
    }

    fn is_on_sale(&self, row: &Row, today: NaiveDate) -> bool {
        let day = |column| {
            let text = self.text(row, column);
            text.get(..10).and_then(|day| day.parse::<NaiveDate>().ok())
        };
        day("sale_from").is_none_or(|day| day <= today)
            && day("sale_to").is_none_or(|day| today <= day)
    }

    fn stock(&self, row: &Row) -> Result<Counted, Refusal> {
        let is_sold_out = self.text(row, "in_stock") == "0";
        let short = match self.text(row, "backorders").to_lowercase().as_str() {
            "1" | "notify" | "yes" => Said::This(true),
            _ => Said::This(false),
        };
        match self.said(row, "quantity") {
            Said::Nothing => Ok((Said::Nothing, Said::Nothing, Said::Nothing)),
            Said::This("") if is_sold_out => Ok((Said::This(true), Said::This(0), short)),
            Said::This("") => Ok((Said::This(false), Said::Nothing, Said::Nothing)),
            Said::This("parent") => {
                let reason =
                    "variations share their product's stock: write how many of each there are";
                Err(self.refuse(row, "quantity", reason))
            }
            Said::This(text) => {
                let reason = || format!("{text:?} is not a whole number");
                let units = whole_number(text);
                let units = units.ok_or_else(|| self.refuse(row, "quantity", reason()))?;
                Ok((Said::This(true), Said::This(units.max(0)), short))
            }
        }
    }

    /// Grams; of a variation that says nothing, its product's.
    fn weight(&self, row: &Row, first: &Row) -> Result<Said<i32>, Refusal> {
        let Some((place, unit)) = self.weight else { return Ok(Said::Nothing) };
        let own = Self::at(row, place);
        let text = if own.is_empty() { Self::at(first, place) } else { own };
        if text.is_empty() {
            return Ok(Said::This(0));
        }
        let refuse = || Refusal {
            line: row.line,
            column: self.header.name(place).to_owned(),
            reason: format!("{text:?} is not a weight"),
        };
        grams(text, unit).map(Said::This).ok_or_else(refuse)
    }

    fn pictures(&self, rows: &[Row], options: &[String]) -> Said<Vec<WantedPicture>> {
        if !self.places.contains_key("images") {
            return Said::Nothing;
        }
        let mut found: Vec<WantedPicture> = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let urls = self.text(row, "images").split(',').map(str::trim);
            let value = options.first().and_then(|name| {
                self.attributes(row).find(|(other, _)| other == name).map(|(_, value)| value)
            });
            let shows = value.filter(|value| place > 0 && !value.is_empty()).map(str::to_owned);
            for url in urls.filter(|url| !url.is_empty()) {
                match found.iter_mut().find(|picture| picture.url == url) {
                    Some(picture) => picture.shows = picture.shows.take().or_else(|| shows.clone()),
                    None => found.push(WantedPicture {
                        line: row.line,
                        url: url.to_owned(),
                        alt: String::new(),
                        position: i32::try_from(found.len()).unwrap_or(i32::MAX),
                        shows: shows.clone(),
                    }),
                }
            }
        }
        Said::This(found)
    }

    /// Cells that the shop has no place for by their header, and attributes that are no choice by their name.
    fn rest(&self, first: &Row, options: &[String]) -> BTreeMap<String, String> {
        let mut used: BTreeSet<usize> = self.places.values().copied().collect();
        used.extend(self.weight.map(|(place, _)| place));
        used.extend(self.attributes.iter().flat_map(|(name, values)| [*name, *values]));
        let cells = (0..self.header.len())
            .filter(|place| !used.contains(place) && !self.header.name(*place).is_empty())
            .map(|place| (self.header.name(place).to_owned(), Self::at(first, place).to_owned()));
        let named = self
            .attributes(first)
            .filter(|(name, _)| !options.iter().any(|option| option == name))
            .map(|(name, values)| (name.to_owned(), values.to_owned()));
        let mut rest: BTreeMap<_, _> = cells.chain(named).collect();
        // A product stands on one shelf; what else the file says of it stays to be read.
        let categories = self.text(first, "categories");
        if categories.contains(',') {
            rest.insert(self.name("categories").to_owned(), categories.to_owned());
        }
        rest
    }
}

/// The first path of a list such as `Clothing > Hats, Sale`; empty when there is none.
fn shelf(list: &str) -> Vec<String> {
    let first = list.split(',').next().unwrap_or_default();
    first
        .split('>')
        .map(|title| title.trim().to_owned())
        .filter(|title| !title.is_empty())
        .collect()
}

/// A decimal number of a unit as grams, to the nearest.
fn grams(text: &str, milligrams: i64) -> Option<i32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = part.chars().chain("000000".chars()).take(6).collect();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !(part.is_empty() || is_number(part)) {
        return None;
    }
    let millionths =
        whole.parse::<i64>().ok()?.checked_mul(1_000_000)? + digits.parse::<i64>().ok()?;
    let grams = (i128::from(millionths) * i128::from(milligrams) + 500_000_000) / 1_000_000_000;
    i32::try_from(grams).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_become_grams() {
        for (text, unit, expected) in [
            ("1", "kg", Some(1_000)),
            ("0.25", "kg", Some(250)),
            ("12.4", "g", Some(12)),
            ("1", "lbs", Some(454)),
            ("2", "oz", Some(57)),
            ("-1", "kg", None),
            ("1,5", "kg", None),
            ("", "kg", None),
            ("99999999999", "kg", None),
        ] {
            let unit = UNITS.iter().find(|(name, _)| *name == unit).unwrap().1;
            assert_eq!(grams(text, unit), expected, "{text}");
        }
    }

    #[test]
    fn the_first_path_of_a_list_is_the_shelf() {
        assert_eq!(shelf("Clothing > Hats, Sale"), ["Clothing", "Hats"]);
        assert_eq!(shelf(" > , x"), Vec::<String>::new());
    }
}
