//! Shopify's product file: rows into what they want of a product (pure).

use std::collections::{BTreeMap, BTreeSet};

use api_types::{Currency, Money};

use super::{
    format::{Row, without_mark},
    header::Header,
    plan::{Refusal, Said, Wanted, WantedPicture, WantedVariant},
};
use crate::markup;

/// Longest text of a cell that becomes a name or a code.
const LONGEST: usize = 255;

/// The columns that mean something, each found by any of its names through the generations.
#[derive(Clone, Debug)]
pub struct Layout {
    header: Header,
    places: BTreeMap<&'static str, usize>,
}

/// What we call a column, and what files call it.
const COLUMNS: [(&str, &[&str]); 30] = [
    ("handle", &["Handle", "URL handle"]),
    ("title", &["Title"]),
    ("body", &["Body (HTML)", "Description"]),
    ("vendor", &["Vendor"]),
    ("type", &["Type"]),
    ("tags", &["Tags"]),
    ("published", &["Published", "Published on online store"]),
    ("status", &["Status"]),
    ("option1", &["Option1 Name"]),
    ("value1", &["Option1 Value"]),
    ("option2", &["Option2 Name"]),
    ("value2", &["Option2 Value"]),
    ("option3", &["Option3 Name"]),
    ("value3", &["Option3 Value"]),
    ("sku", &["Variant SKU", "SKU"]),
    ("grams", &["Variant Grams", "Weight value (grams)"]),
    ("tracker", &["Variant Inventory Tracker", "Inventory tracker"]),
    ("quantity", &["Variant Inventory Qty", "Inventory quantity"]),
    ("policy", &["Variant Inventory Policy", "Continue selling when out of stock"]),
    ("price", &["Variant Price", "Price"]),
    ("compare_at", &["Variant Compare At Price", "Compare-at price"]),
    ("shipping", &["Variant Requires Shipping", "Requires shipping"]),
    ("barcode", &["Variant Barcode", "Barcode"]),
    ("image", &["Image Src", "Product image URL"]),
    ("image_position", &["Image Position"]),
    ("image_alt", &["Image Alt Text"]),
    ("variant_image", &["Variant Image", "Variant image URL"]),
    ("seo_title", &["SEO Title"]),
    ("seo_description", &["SEO Description"]),
    ("cost", &["Cost per item"]),
];

impl Layout {
    /// The layout of a file with this header; absent when it is no file of products.
    pub fn of(header: Header) -> Option<Self> {
        let places: BTreeMap<_, _> = COLUMNS
            .iter()
            .filter_map(|(ours, theirs)| Some((*ours, header.place(theirs)?)))
            .collect();
        let is_products = places.contains_key("handle") && places.contains_key("title");
        is_products.then_some(Self { header, places })
    }

    /// What the file calls a column of ours.
    pub fn name<'a>(&'a self, column: &'a str) -> &'a str {
        self.places.get(column).map_or(column, |place| self.header.name(*place))
    }

    /// The handle that a row stands under; rows of one product stand together.
    pub fn handle<'a>(&self, row: &'a Row) -> &'a str {
        self.cell(row, "handle").unwrap_or_default()
    }

    /// A cell without blanks around it; absent when the file has no such column.
    fn cell<'a>(&self, row: &'a Row, column: &str) -> Option<&'a str> {
        let place = *self.places.get(column)?;
        Some(row.cells.get(place).map_or("", |cell| without_mark(cell.trim())))
    }

    fn said<'a>(&self, row: &'a Row, column: &str) -> Said<&'a str> {
        self.cell(row, column).map_or(Said::Nothing, Said::This)
    }

    fn refuse(&self, row: &Row, column: &str, reason: impl Into<String>) -> Refusal {
        Refusal { line: row.line, column: self.name(column).to_owned(), reason: reason.into() }
    }
}

/// What the rows of one handle want. Rows that cannot be read are refused one by one; when the
/// product itself cannot be read, all are.
pub fn product(
    layout: &Layout,
    rows: &[Row],
    currency: Currency,
) -> Result<(Wanted, Vec<Refusal>), Vec<Refusal>> {
    let Some(first) = rows.first() else { return Err(Vec::new()) };
    head(layout, first, rows).map_err(|refusal| all_with(refusal, rows)).map(|mut wanted| {
        let names = match &wanted.options {
            Said::This(names) => names.clone(),
            Said::Nothing => Vec::new(),
        };
        let mut refusals = Vec::new();
        for row in rows.iter().filter(|row| is_variant(layout, row, first)) {
            match variant(layout, row, &names, currency) {
                Ok(variant) => wanted.variants.push(variant),
                Err(refusal) => refusals.push(refusal),
            }
        }
        wanted.pictures = pictures(layout, rows);
        (wanted, refusals)
    })
}

/// A refusal of the product refuses its other rows too.
fn all_with(refusal: Refusal, rows: &[Row]) -> Vec<Refusal> {
    let others = rows.iter().filter(|row| row.line != refusal.line).map(|row| Refusal {
        line: row.line,
        column: refusal.column.clone(),
        reason: format!("its product was refused at line {}", refusal.line),
    });
    let others: Vec<_> = others.collect();
    std::iter::once(refusal).chain(others).collect()
}

fn head(layout: &Layout, first: &Row, rows: &[Row]) -> Result<Wanted, Refusal> {
    let title = layout.cell(first, "title").unwrap_or_default();
    if title.is_empty() {
        let reason = "the first row of a product needs a title; rows of one product stand together";
        return Err(layout.refuse(first, "title", reason));
    }
    for column in ["title", "vendor", "type"] {
        let length = layout.cell(first, column).unwrap_or_default().chars().count();
        if length > LONGEST {
            return Err(layout.refuse(first, column, format!("is longer than {LONGEST} letters")));
        }
    }
    let named = layout.handle(first);
    let handle = slug(if named.is_empty() { title } else { named });
    if handle.is_empty() {
        return Err(layout.refuse(
            first,
            "handle",
            "has no letter or digit that an address can have",
        ));
    }
    if rows.iter().any(|row| row.cells.iter().any(|cell| cell.contains('\0'))) {
        return Err(layout.refuse(first, "title", "a cell holds a character that no text has"));
    }
    let status = match layout.said(first, "status") {
        Said::Nothing | Said::This("") => Said::Nothing,
        Said::This(status) => match status.to_lowercase().as_str() {
            known @ ("active" | "draft" | "archived") => Said::This(known.to_owned()),
            _ => return Err(layout.refuse(first, "status", "is not active, draft or archived")),
        },
    };
    let is_published = match layout.said(first, "published") {
        Said::Nothing | Said::This("") => Said::Nothing,
        Said::This(text) => Said::This(
            truth(text).ok_or_else(|| layout.refuse(first, "published", "is not TRUE or FALSE"))?,
        ),
    };
    Ok(Wanted {
        handle,
        is_found_by_sku: false,
        shelf: Said::Nothing,
        title: title.to_owned(),
        description_html: layout.said(first, "body").map(markup::clean),
        brand: layout.said(first, "vendor").map(filled),
        product_type: layout.said(first, "type").map(filled),
        tags: layout.said(first, "tags").map(tags),
        status,
        is_published,
        seo_title: layout.said(first, "seo_title").map(filled),
        seo_description: layout.said(first, "seo_description").map(filled),
        attributes: attributes(layout, first),
        options: options(layout, first)?,
        variants: Vec::new(),
        pictures: Said::Nothing,
    })
}

/// Whether a row is more than a picture.
fn is_variant(layout: &Layout, row: &Row, first: &Row) -> bool {
    let has = |column| layout.cell(row, column).is_some_and(|cell| !cell.is_empty());
    row.line == first.line || ["value1", "value2", "value3", "sku", "price"].into_iter().any(has)
}

fn options(layout: &Layout, first: &Row) -> Result<Said<Vec<String>>, Refusal> {
    if layout.cell(first, "option1").is_none() {
        return Ok(Said::Nothing);
    }
    let mut names: Vec<String> = Vec::new();
    for column in ["option1", "option2", "option3"] {
        let name = layout.cell(first, column).unwrap_or_default();
        if name.is_empty() {
            continue;
        }
        if names.iter().any(|other| other == name) {
            return Err(layout.refuse(first, column, "two options have the same name"));
        }
        names.push(name.to_owned());
    }
    let is_plain = names == ["Title"] && layout.cell(first, "value1") == Some("Default Title");
    Ok(Said::This(if is_plain { Vec::new() } else { names }))
}

fn variant(
    layout: &Layout,
    row: &Row,
    options: &[String],
    currency: Currency,
) -> Result<WantedVariant, Refusal> {
    let mut values = Vec::with_capacity(options.len());
    for (column, name) in ["value1", "value2", "value3"].into_iter().zip(options) {
        let value = layout.cell(row, column).unwrap_or_default();
        if value.is_empty() {
            return Err(layout.refuse(row, column, format!("says nothing for {name}")));
        }
        values.push(value.to_owned());
    }
    let money = |column| {
        let read = |text: &str| match Money::parse(text, currency) {
            Ok(money) if money.amount >= 0 => Ok(money.amount),
            _ => Err(layout.refuse(row, column, format!("{text:?} is not a price in {currency}"))),
        };
        layout.said(row, column).map(filled).try_map(|text| text.as_deref().map(read).transpose())
    };
    let whole = |column| {
        layout.said(row, column).try_map(|text| match text {
            "" => Ok(0),
            text => whole_number(text).ok_or_else(|| {
                layout.refuse(row, column, format!("{text:?} is not a whole number"))
            }),
        })
    };
    let price = match money("price")? {
        Said::This(None) => return Err(layout.refuse(row, "price", "a variant needs a price")),
        Said::This(Some(price)) => Said::This(price),
        Said::Nothing => Said::Nothing,
    };
    let is_tracked = layout.said(row, "tracker").map(|tracker| !tracker.is_empty());
    let quantity = whole("quantity")?;
    Ok(WantedVariant {
        line: row.line,
        values,
        sku: layout.said(row, "sku").map(filled),
        barcode: layout.said(row, "barcode").map(filled),
        weight_g: match whole("grams")? {
            Said::This(grams) if grams < 0 => {
                return Err(layout.refuse(row, "grams", "is below zero"));
            }
            grams => grams,
        },
        requires_shipping: layout.said(row, "shipping").map(|text| truth(text).unwrap_or(true)),
        // What is not counted has no count, and what was oversold elsewhere is not there.
        on_hand: match is_tracked {
            Said::This(true) => quantity.map(|units| units.max(0)),
            _ => Said::Nothing,
        },
        may_run_short: match is_tracked {
            Said::This(true) => layout.said(row, "policy").map(|policy| {
                policy.eq_ignore_ascii_case("continue") || truth(policy) == Some(true)
            }),
            _ => Said::Nothing,
        },
        is_tracked,
        price,
        compare_at: money("compare_at")?,
        cost: money("cost")?,
    })
}

fn pictures(layout: &Layout, rows: &[Row]) -> Said<Vec<WantedPicture>> {
    if layout.cell(&rows[0], "image").is_none() {
        return Said::Nothing;
    }
    let mut found: Vec<WantedPicture> = Vec::new();
    for row in rows {
        let url = layout.cell(row, "image").unwrap_or_default();
        if url.is_empty() || found.iter().any(|picture| picture.url == url) {
            continue;
        }
        let position = layout.cell(row, "image_position").and_then(whole_number);
        found.push(WantedPicture {
            line: row.line,
            url: url.to_owned(),
            alt: layout.cell(row, "image_alt").unwrap_or_default().to_owned(),
            position: position.unwrap_or(i32::MAX),
            shows: None,
        });
    }
    for row in rows {
        let shown = layout.cell(row, "variant_image").unwrap_or_default();
        let value =
            layout.cell(row, "value1").and_then(filled).filter(|value| value != "Default Title");
        if let Some(picture) = found.iter_mut().find(|picture| picture.url == shown) {
            picture.shows = picture.shows.take().or(value);
        }
    }
    found.sort_by_key(|picture| picture.position);
    for (place, picture) in (0..).zip(&mut found) {
        picture.position = place;
    }
    Said::This(found)
}

/// The cells that the shop has no place for, by their header.
fn attributes(layout: &Layout, first: &Row) -> BTreeMap<String, String> {
    let used: BTreeSet<usize> = layout.places.values().copied().collect();
    (0..layout.header.len())
        .filter(|place| !used.contains(place) && !layout.header.name(*place).is_empty())
        .map(|place| {
            let cell = first.cells.get(place).map_or("", |cell| without_mark(cell.trim()));
            (layout.header.name(place).to_owned(), cell.to_owned())
        })
        .collect()
}

/// Tags between commas, each once.
pub fn tags(list: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for tag in list.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if !found.iter().any(|other| other == tag) {
            found.push(tag.to_owned());
        }
    }
    found
}

/// A text, unless it is blank.
pub fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" | "" => Some(false),
        _ => None,
    }
}

/// A number that some spreadsheets write with a decimal point.
pub fn whole_number(text: &str) -> Option<i32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    part.bytes().all(|digit| digit == b'0').then(|| whole.parse().ok())?
}

/// A text as a part of an address.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in crate::search::folded(text).chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(200);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [&str; 9] = [
        "Handle",
        "Title",
        "Tags",
        "Option1 Name",
        "Option1 Value",
        "Variant SKU",
        "Variant Price",
        "Image Src",
        "Google Shopping / MPN",
    ];

    fn read(rows: &[[&str; 9]]) -> Result<(Wanted, Vec<Refusal>), Vec<Refusal>> {
        let layout = Layout::of(Header::new(HEADER)).unwrap();
        let rows: Vec<Row> = (2..)
            .zip(rows)
            .map(|(line, cells)| Row { line, cells: cells.map(str::to_owned).to_vec() })
            .collect();
        product(&layout, &rows, Currency::EUR)
    }

    #[test]
    fn a_default_title_means_that_there_is_nothing_to_choose() {
        let (wanted, refusals) =
            read(&[["mug", "Mug", "a, b ,a,", "Title", "Default Title", "M-1", "12.5", "", "77"]])
                .unwrap();

        assert_eq!(wanted.options, Said::This(Vec::new()));
        assert_eq!(wanted.tags, Said::This(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(wanted.variants[0].price, Said::This(1250));
        assert_eq!(wanted.variants[0].barcode, Said::Nothing);
        assert_eq!(wanted.attributes["Google Shopping / MPN"], "77");
        assert_eq!(refusals, []);
    }

    #[test]
    fn later_rows_are_variants_or_pictures_or_both() {
        let (wanted, refusals) = read(&[
            ["mug", "Mug", "", "Size", "S", "M-1", "12", "https://a/1.jpg", ""],
            ["mug", "", "", "", "L", "M-2", "14", "https://a/2.jpg", ""],
            ["mug", "", "", "", "", "", "", "https://a/3.jpg", ""],
        ])
        .unwrap();

        assert_eq!(wanted.variants.len(), 2);
        assert_eq!(refusals, []);
        let Said::This(pictures) = wanted.pictures else { panic!("there are pictures") };
        assert_eq!(pictures.iter().map(|picture| picture.position).collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn a_bad_row_is_refused_by_its_column_and_a_bad_product_with_all_its_rows() {
        let (wanted, refusals) = read(&[
            ["mug", "Mug", "", "Size", "S", "", "twelve", "", ""],
            ["mug", "", "", "", "L", "", "14", "", ""],
        ])
        .unwrap();
        assert_eq!(wanted.variants.len(), 1);
        assert_eq!((refusals[0].line, &*refusals[0].column), (2, "Variant Price"));

        let refusals = read(&[
            ["mug", "", "", "Size", "S", "", "12", "", ""],
            ["mug", "", "", "", "L", "", "14", "", ""],
        ])
        .unwrap_err();
        assert_eq!(refusals.iter().map(|refusal| refusal.line).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn handles_become_parts_of_addresses() {
        for (text, expected) in [
            ("Ocean Blue Shirt", "ocean-blue-shirt"),
            ("Crème_Brûlée!", "creme-brulee"),
            ("日本", ""),
        ] {
            assert_eq!(slug(text), expected);
        }
    }

    #[test]
    fn whole_numbers_may_have_a_point_and_zeros() {
        for (text, number) in
            [("12", Some(12)), ("12.0", Some(12)), ("-3", Some(-3)), ("1.5", None), ("x", None)]
        {
            assert_eq!(whole_number(text), number, "{text}");
        }
    }
}
