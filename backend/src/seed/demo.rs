//! The demo shop as its TOML files tell it. A mistake is told by its file and its field.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use api_types::{Currency, Money};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Everything that the demo shop is.
pub struct Demo {
    /// Its name and the words of its home page.
    pub shop: Shop,
    /// Its shelves, parents before those inside them.
    pub categories: Vec<Category>,
    /// Its pages of words.
    pub pages: Vec<Page>,
    /// Its journal.
    pub posts: Vec<Post>,
    /// What it sells.
    pub products: Vec<Product>,
}

/// `shop.toml`.
#[derive(Deserialize)]
pub struct Shop {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub tagline: String,
    /// First thing seen.
    pub hero: Section,
    /// A story.
    pub story: Section,
    /// What the shop promises.
    pub promises: Vec<Promise>,
    /// Who sells, as it stands on invoices.
    #[serde(default)]
    pub seller: Seller,
    /// Pictures that belong to no product and no shelf.
    #[serde(default)]
    pub pictures: Vec<ShopPicture>,
}

/// Who sells, as the law wants it on an invoice.
#[derive(Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seller {
    /// The company.
    pub name: String,
    /// Its address, line by line.
    pub address: Vec<String>,
    /// Its number for value added tax.
    pub vat_number: String,
    /// Where to write to.
    pub email: String,
}

/// A picture of the shop itself.
#[derive(Deserialize)]
pub struct ShopPicture {
    /// Its file name, without width and format.
    pub stem: String,
    /// What it shows.
    pub alt: String,
}

/// A large picture with its words.
#[derive(Deserialize)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// Text below it.
    pub text: String,
    /// Words of the link.
    pub button: String,
    /// Path of the link.
    pub link: String,
    /// Wide picture.
    pub picture: String,
    /// The same for phones.
    #[serde(default)]
    pub picture_phone: Option<String>,
}

/// A promise of the shop.
#[derive(Deserialize)]
pub struct Promise {
    /// In a few words.
    pub title: String,
    /// In a sentence.
    pub text: String,
}

/// A shelf.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its name in addresses.
    pub handle: String,
    /// Its name.
    pub title: String,
    /// A sentence about it.
    pub intro: String,
    /// The shelf that it stands in.
    #[serde(default)]
    pub parent: Option<String>,
    /// Its place among its neighbours.
    pub position: i32,
    /// Stem of its picture.
    #[serde(default)]
    pub picture: Option<String>,
    /// What that shows.
    #[serde(default)]
    pub picture_alt: String,
}

/// A page of words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// A sentence about it.
    #[serde(default)]
    pub summary: String,
    /// Its words.
    pub body_html: String,
}

/// A post of the journal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Day on which it was published.
    #[serde(with = "day")]
    pub published: NaiveDate,
    /// Stem of its picture.
    #[serde(default)]
    pub picture: Option<String>,
    /// Its words.
    pub body_html: String,
}

/// Something to sell.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its name in addresses.
    pub handle: String,
    /// Its name.
    pub title: String,
    /// A line below the name.
    #[serde(default)]
    pub subtitle: Option<String>,
    /// Handle of its shelf.
    pub category: String,
    /// Who made it.
    #[serde(default)]
    pub brand: Option<String>,
    /// Words to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Day on which it went on sale.
    #[serde(with = "day")]
    pub published: NaiveDate,
    /// Units sold in the last 30 days.
    #[serde(default)]
    pub sold_30d: i64,
    /// `standard` or `reduced`.
    pub tax_class: String,
    /// Words about it, HTML.
    pub description: String,
    /// Specification table.
    #[serde(default)]
    pub details: Vec<(String, String)>,
    /// Ways to choose.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// What can be bought.
    pub variants: Vec<Variant>,
    /// What it looks like.
    #[serde(default)]
    pub pictures: Vec<Picture>,
}

/// One way to choose.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// What there is to choose from.
    pub values: Vec<Value>,
}

/// One choice.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// Its name.
    pub value: String,
    /// Its colour.
    #[serde(default)]
    pub swatch: Option<String>,
}

/// One thing to put into a basket. Amounts are decimals by currency.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// One value for each option.
    #[serde(default)]
    pub options: Vec<String>,
    /// Stock keeping unit.
    pub sku: String,
    /// Grams.
    pub weight_g: i32,
    /// Units that there are.
    pub stock: i32,
    /// What it costs.
    pub price: BTreeMap<String, String>,
    /// What it cost before a sale.
    #[serde(default)]
    pub compare_at: BTreeMap<String, String>,
}

/// One picture of a product.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// Its file name, without width and format.
    pub stem: String,
    /// What it shows.
    pub alt: String,
    /// The choice that it shows.
    #[serde(default)]
    pub option: Option<Shown>,
}

/// The choice that a picture shows.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Name of the option.
    pub name: String,
    /// Name of the value.
    pub value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Categories {
    category: Vec<Category>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pages {
    page: Vec<Page>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Posts {
    post: Vec<Post>,
}

/// Reads the demo shop in `folder`, and checks it.
pub fn load(folder: &Path) -> Result<Demo> {
    let shop = read(&folder.join("shop.toml"))?;
    let categories: Categories = read(&folder.join("categories.toml"))?;
    let pages: Pages = read(&folder.join("pages.toml"))?;
    let posts: Posts = read(&folder.join("posts.toml"))?;
    let categories = parents_first(categories.category)
        .with_context(|| folder.join("categories.toml").display().to_string())?;
    let shelves: HashSet<&str> = categories.iter().map(|shelf| shelf.handle.as_str()).collect();
    let mut products = Vec::new();
    for path in tomls(&folder.join("products"))? {
        let product: Product = read(&path)?;
        check(&product, &shelves).with_context(|| path.display().to_string())?;
        products.push(product);
    }
    Ok(Demo { shop, pages: pages.page, posts: posts.post, products, categories })
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {}; is DEMO_DIR right?", path.display()))?;
    toml::from_str(&text).with_context(|| path.display().to_string())
}

fn tomls(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}; is DEMO_DIR right?", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    Ok(paths)
}

fn parents_first(mut waiting: Vec<Category>) -> Result<Vec<Category>> {
    let mut placed: Vec<Category> = Vec::new();
    while !waiting.is_empty() {
        let is_ready = |shelf: &Category| {
            let parent = shelf.parent.as_ref();
            parent.is_none_or(|parent| placed.iter().any(|above| above.handle == *parent))
        };
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
        if let (true, Some(lost)) = (ready.is_empty(), rest.first()) {
            bail!("category `{}`: parent names no category", lost.handle);
        }
        placed.extend(ready);
        waiting = rest;
    }
    Ok(placed)
}

fn check(product: &Product, shelves: &HashSet<&str>) -> Result<()> {
    ensure!(
        shelves.contains(product.category.as_str()),
        "category: there is no `{}`",
        product.category
    );
    ensure!(
        matches!(product.tax_class.as_str(), "standard" | "reduced"),
        "tax_class: expected standard or reduced, not `{}`",
        product.tax_class
    );
    ensure!(!product.variants.is_empty(), "variants: there is none");
    for (variant, place) in product.variants.iter().zip(0..) {
        check_variant(product, variant).with_context(|| format!("variants[{place}]"))?;
    }
    for (picture, place) in product.pictures.iter().zip(0..) {
        let Some(shown) = &picture.option else { continue };
        let option = product.options.iter().find(|option| option.name == shown.name);
        let has_value =
            |option: &Choice| option.values.iter().any(|value| value.value == shown.value);
        ensure!(
            option.is_some_and(has_value),
            "pictures[{place}].option: there is no {} `{}`",
            shown.name,
            shown.value
        );
    }
    Ok(())
}

fn check_variant(product: &Product, variant: &Variant) -> Result<()> {
    let (given, asked) = (variant.options.len(), product.options.len());
    ensure!(given == asked, "options: expected {asked} values, found {given}");
    for (value, option) in variant.options.iter().zip(&product.options) {
        let is_known = option.values.iter().any(|known| known.value == *value);
        ensure!(is_known, "options: {} has no `{value}`", option.name);
    }
    ensure!(variant.stock >= 0, "stock: expected 0 or more");
    ensure!(!variant.price.is_empty(), "price: there is none");
    amounts(&variant.price).context("price")?;
    amounts(&variant.compare_at).context("compare_at")?;
    Ok(())
}

/// Decimals by currency as money.
pub fn amounts(prices: &BTreeMap<String, String>) -> Result<Vec<Money>> {
    let money = |(code, decimal): (&String, &String)| {
        let currency: Currency = code.parse().with_context(|| code.clone())?;
        Money::parse(decimal, currency).with_context(|| code.clone())
    };
    prices.iter().map(money).collect()
}

mod day {
    //! A day as a string, `2026-09-24`.

    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, de::Error};

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom("expected a day such as 2026-09-24"))
    }
}
