//! What a file wants of a product, and what the product becomes by it (pure).

use std::collections::BTreeMap;

use api_types::{CategoryId, ProductId, VariantId};
use serde::{Deserialize, Serialize};

/// One thing that a file says, or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said<T> {
    /// The file has no such column: what is there stays.
    Nothing,
    /// The column is there; a blank cell blanks.
    This(T),
}

impl<T> Said<T> {
    /// The same, read as something else.
    pub fn map<U>(self, read: impl FnOnce(T) -> U) -> Said<U> {
        match self {
            Self::Nothing => Said::Nothing,
            Self::This(said) => Said::This(read(said)),
        }
    }

    /// The same where reading may fail.
    pub fn try_map<U, E>(self, read: impl FnOnce(T) -> Result<U, E>) -> Result<Said<U>, E> {
        match self {
            Self::Nothing => Ok(Said::Nothing),
            Self::This(said) => read(said).map(Said::This),
        }
    }

    fn over(self, there: T) -> T {
        match self {
            Self::Nothing => there,
            Self::This(said) => said,
        }
    }
}

/// A product as a file wants it.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub handle: String,
    /// Whether a product that has one of its codes is meant, whatever it is called.
    pub is_found_by_sku: bool,
    /// Titles of the shelf that it stands on, from the top down.
    pub shelf: Said<Vec<String>>,
    pub title: String,
    pub description_html: Said<String>,
    pub brand: Said<Option<String>>,
    pub product_type: Said<Option<String>>,
    pub tags: Said<Vec<String>>,
    pub status: Said<String>,
    pub is_published: Said<bool>,
    pub seo_title: Said<Option<String>>,
    pub seo_description: Said<Option<String>>,
    /// Every column that the shop has no place for; blank ones are absent from the product.
    pub attributes: BTreeMap<String, String>,
    /// Names of its options.
    pub options: Said<Vec<String>>,
    pub variants: Vec<WantedVariant>,
    pub pictures: Said<Vec<WantedPicture>>,
}

/// A variant as a file wants it.
#[derive(Clone, Debug)]
pub struct WantedVariant {
    /// Where the file says so.
    pub line: u64,
    pub values: Vec<String>,
    pub sku: Said<Option<String>>,
    pub barcode: Said<Option<String>>,
    pub weight_g: Said<i32>,
    pub requires_shipping: Said<bool>,
    pub is_tracked: Said<bool>,
    pub on_hand: Said<i32>,
    pub may_run_short: Said<bool>,
    pub price: Said<i64>,
    pub compare_at: Said<Option<i64>>,
    pub cost: Said<Option<i64>>,
}

/// A picture as a file wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPicture {
    pub line: u64,
    pub url: String,
    pub alt: String,
    pub position: i32,
    /// The value of the first option that it shows.
    pub shows: Option<String>,
}

/// A product as it is, or as it becomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub id: ProductId,
    pub handle: String,
    pub status: String,
    pub title: String,
    pub description_html: String,
    pub brand: Option<String>,
    pub product_type: Option<String>,
    pub tags: Vec<String>,
    pub attributes: BTreeMap<String, String>,
    pub category: Option<CategoryId>,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub is_published: bool,
    pub options: Vec<String>,
    pub variants: Vec<StateVariant>,
}

impl State {
    /// A product that nothing is known of but its handle.
    fn fresh(handle: String) -> Self {
        Self {
            id: ProductId::new(),
            handle,
            status: "active".to_owned(),
            title: String::new(),
            description_html: String::new(),
            brand: None,
            product_type: None,
            tags: Vec::new(),
            attributes: BTreeMap::new(),
            category: None,
            seo_title: None,
            seo_description: None,
            is_published: true,
            options: Vec::new(),
            variants: Vec::new(),
        }
    }
}

/// A variant as it is, or as it becomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four things that are so or not so, each by itself"
)]
pub struct StateVariant {
    pub id: VariantId,
    pub sku: Option<String>,
    pub barcode: Option<String>,
    pub values: Vec<String>,
    pub weight_g: i32,
    pub requires_shipping: bool,
    pub is_tracked: bool,
    pub on_hand: i32,
    pub may_run_short: bool,
    pub price: Option<i64>,
    pub compare_at: Option<i64>,
    pub cost: Option<i64>,
    pub is_archived: bool,
}

impl StateVariant {
    /// A variant that nothing is known of.
    fn fresh() -> Self {
        Self {
            id: VariantId::new(),
            sku: None,
            barcode: None,
            values: Vec::new(),
            weight_g: 0,
            requires_shipping: true,
            is_tracked: false,
            on_hand: 0,
            may_run_short: false,
            price: None,
            compare_at: None,
            cost: None,
            is_archived: false,
        }
    }
}

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub line: u64,
    /// Header of the column that is wrong.
    pub column: String,
    pub reason: String,
}

/// What is known of the shop beside the product.
pub struct Around<'a> {
    /// Categories by their titles in lower case.
    pub categories: &'a BTreeMap<String, CategoryId>,
    /// The shelf that the file names, if there is one by now.
    pub shelf: Option<CategoryId>,
    /// Which product has an article code.
    pub sku_owners: &'a BTreeMap<String, Owner>,
    /// Header of the column of prices and of article codes, for refusals.
    pub price_column: &'a str,
    pub sku_column: &'a str,
}

/// The product that has an article code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pub product: ProductId,
    pub handle: String,
}

/// The product after the file's word, and rows that could not be taken; absent when none could.
pub fn merged(
    there: Option<&State>,
    wanted: Wanted,
    around: &Around<'_>,
) -> (Option<State>, Vec<Refusal>) {
    let mut state = there.cloned().unwrap_or_else(|| State::fresh(wanted.handle.clone()));
    state.title = wanted.title;
    state.description_html = wanted.description_html.over(state.description_html);
    state.brand = wanted.brand.over(state.brand);
    state.product_type = wanted.product_type.over(state.product_type);
    state.tags = wanted.tags.over(state.tags);
    state.status = wanted.status.over(state.status);
    state.is_published = wanted.is_published.over(state.is_published);
    state.seo_title = wanted.seo_title.over(state.seo_title);
    state.seo_description = wanted.seo_description.over(state.seo_description);
    state.options = wanted.options.over(state.options);
    for (name, value) in wanted.attributes {
        if value.is_empty() {
            state.attributes.remove(&name);
        } else {
            state.attributes.insert(name, value);
        }
    }
    state.category = around.shelf.or(state.category);
    let by_type = state.product_type.as_ref().map(|name| name.to_lowercase());
    state.category = state.category.or_else(|| around.categories.get(&by_type?).copied());
    let refusals = merge_variants(&mut state, wanted.variants, around);
    let can_be_sold = state.variants.iter().any(|variant| !variant.is_archived);
    (can_be_sold.then_some(state), refusals)
}

fn merge_variants(
    state: &mut State,
    wanted: Vec<WantedVariant>,
    around: &Around<'_>,
) -> Vec<Refusal> {
    let (mut named, mut refusals) = (Vec::new(), Vec::new());
    let mut rest = std::mem::take(&mut state.variants);
    for variant in wanted {
        let line = variant.line;
        match one_variant(state, &mut rest, &named, variant, around) {
            Ok(variant) => named.push(variant),
            Err((column, reason)) => refusals.push(Refusal { line, column, reason }),
        }
    }
    // What the file does not name stays, unless it can no longer be chosen.
    for mut variant in rest {
        let is_choosable = variant.values.len() == state.options.len()
            && named.iter().all(|other: &StateVariant| other.values != variant.values);
        variant.is_archived |= !is_choosable;
        named.push(variant);
    }
    state.variants = named;
    refusals
}

fn one_variant(
    state: &State,
    rest: &mut Vec<StateVariant>,
    named: &[StateVariant],
    mut wanted: WantedVariant,
    around: &Around<'_>,
) -> Result<StateVariant, (String, String)> {
    if wanted.values.len() != state.options.len() {
        // A file without options names its variants by their codes.
        let code = match &wanted.sku {
            Said::This(Some(code)) => Some(code),
            _ => None,
        };
        let there = rest.iter().find(|there| code.is_some() && there.sku.as_ref() == code);
        let reason = || "says nothing for the product's options".to_owned();
        wanted.values = there
            .map(|there| there.values.clone())
            .ok_or_else(|| ("Option1 Value".to_owned(), reason()))?;
    }
    if named.iter().any(|other| other.values == wanted.values) {
        let column = if state.options.is_empty() { around.sku_column } else { "Option1 Value" };
        return Err((column.to_owned(), "another row has the same options".to_owned()));
    }
    let sku = match &wanted.sku {
        Said::This(sku) => sku.clone(),
        Said::Nothing => None,
    };
    if let Some(sku) = &sku {
        let is_taken = around.sku_owners.get(sku).is_some_and(|owner| owner.product != state.id);
        if is_taken || named.iter().any(|other| other.sku.as_ref() == Some(sku)) {
            return Err((
                around.sku_column.to_owned(),
                format!("{sku} belongs to another variant"),
            ));
        }
    }
    let place = rest
        .iter()
        .position(|there| sku.is_some() && there.sku == sku)
        .or_else(|| rest.iter().position(|there| there.values == wanted.values));
    let there = place.map(|place| &rest[place]);
    let price = wanted.price.over(there.and_then(|there| there.price).unwrap_or(-1));
    if price < 0 {
        return Err((around.price_column.to_owned(), "a variant needs a price".to_owned()));
    }
    let there = place.map_or_else(StateVariant::fresh, |place| rest.remove(place));
    Ok(StateVariant {
        id: there.id,
        sku: wanted.sku.over(there.sku),
        barcode: wanted.barcode.over(there.barcode),
        values: wanted.values,
        weight_g: wanted.weight_g.over(there.weight_g),
        requires_shipping: wanted.requires_shipping.over(there.requires_shipping),
        is_tracked: wanted.is_tracked.over(there.is_tracked),
        on_hand: wanted.on_hand.over(there.on_hand),
        may_run_short: wanted.may_run_short.over(there.may_run_short),
        price: Some(price),
        // A price that is not higher than the new one is no sale.
        compare_at: wanted.compare_at.over(there.compare_at).filter(|before| *before > price),
        cost: wanted.cost.over(there.cost),
        is_archived: false,
    })
}
