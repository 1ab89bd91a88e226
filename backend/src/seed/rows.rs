//! Products as the rows of their tables, as many as are asked for.

use anyhow::Result;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    demo::{Picture, Product, Variant, amounts},
    id, numbered_id,
};
use crate::markup;

/// Rows of several products, by table. Field names are those of the columns.
#[derive(Default)]
pub struct Batch {
    /// One for each.
    pub products: Vec<ProductRow>,
    /// Their ways to choose.
    pub options: Vec<OptionRow>,
    /// What there is to choose.
    pub values: Vec<ValueRow>,
    /// What can be bought.
    pub variants: Vec<VariantRow>,
    /// What it costs.
    pub prices: Vec<PriceRow>,
    /// What it looks like.
    pub pictures: Vec<PictureRow>,
}

#[derive(Serialize)]
pub struct ProductRow {
    pub product_id: Uuid,
    pub handle: String,
    pub title: String,
    pub subtitle: Option<String>,
    pub description_html: String,
    pub brand: Option<String>,
    pub tags: Vec<String>,
    pub details: Vec<(String, String)>,
    pub category_id: Uuid,
    pub tax_class_id: Uuid,
    pub sold_30d: i64,
    pub published_at: DateTime<Utc>,
}

#[derive(Serialize)]
pub struct OptionRow {
    pub product_option_id: Uuid,
    pub product_id: Uuid,
    pub name: String,
    pub position: i32,
}

#[derive(Serialize)]
pub struct ValueRow {
    pub product_option_value_id: Uuid,
    pub product_option_id: Uuid,
    pub value: String,
    pub swatch: Option<String>,
    pub position: i32,
}

#[derive(Serialize)]
pub struct VariantRow {
    pub variant_id: Uuid,
    pub product_id: Uuid,
    pub sku: String,
    pub option_values: Vec<String>,
    pub weight_g: i32,
    pub stock: i32,
    pub position: i32,
}

#[derive(Serialize)]
pub struct PriceRow {
    pub price_id: Uuid,
    pub variant_id: Uuid,
    pub currency: String,
    pub amount_minor: i64,
    pub compare_at_minor: Option<i64>,
    pub since: DateTime<Utc>,
}

#[derive(Serialize)]
pub struct PictureRow {
    pub product_id: Uuid,
    pub media_id: Uuid,
    pub position: i32,
    pub option_name: Option<String>,
    pub option_value: Option<String>,
}

/// The id of the picture of this stem.
pub fn media_id(stem: &str) -> Uuid {
    id(&format!("media {stem}"))
}

/// The id of the shelf of this handle.
pub fn category_id(handle: &str) -> Uuid {
    id(&format!("category {handle}"))
}

/// The id of the post of this slug.
pub fn post_id(slug: &str) -> Uuid {
    id(&format!("post {slug}"))
}

/// When something that names only its day was published.
pub fn morning(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// The products of these numbers: the demo shop's own come first, then theirs again and again
/// under numbered names, with prices, stock and sales of their own.
pub fn batch(demo: &[Product], numbers: std::ops::Range<u64>) -> Result<Batch> {
    let mut batch = Batch::default();
    let own = demo.len() as u64;
    for number in numbers {
        let place = usize::try_from(number % own)?;
        let series = number / own;
        if series == 0 {
            batch.add(number, &demo[place])?;
        } else {
            batch.add(number, &renamed(&demo[place], series + 1))?;
        }
    }
    Ok(batch)
}

/// The same goods as another article.
fn renamed(product: &Product, series: u64) -> Product {
    let mut other = product.clone();
    other.handle = format!("{}-{series}", product.handle);
    other.title = format!("{} No. {series}", product.title);
    // A few digits that look random and are the same each time.
    let luck = id(&other.handle).as_u128() % 10_000;
    let percent = 60 + luck % 90;
    other.sold_30d = i64::try_from(luck % 97).unwrap_or_default();
    other.published =
        other.published - chrono::Days::new(u64::try_from(luck % 900).unwrap_or_default());
    for (variant, place) in other.variants.iter_mut().zip(0_u128..) {
        variant.sku = format!("{}-{series}", variant.sku);
        variant.stock = i32::try_from((luck / 7 + place * 13) % 120).unwrap_or_default();
        for decimal in variant.price.values_mut().chain(variant.compare_at.values_mut()) {
            *decimal = scaled(decimal, percent);
        }
    }
    other
}

/// A decimal of two places, at so many percent.
fn scaled(decimal: &str, percent: u128) -> String {
    let minor: u128 = decimal.replace('.', "").parse().unwrap_or_default();
    let scaled = (minor * percent / 100).max(1);
    format!("{}.{:02}", scaled / 100, scaled % 100)
}

impl Batch {
    fn add(&mut self, number: u64, product: &Product) -> Result<()> {
        let product_id = numbered_id(number, &format!("product {}", product.handle));
        let published_at = morning(product.published);
        let tax_class = if product.tax_class == "reduced" {
            super::reduced_tax()
        } else {
            super::standard_tax()
        };
        self.add_options(number, product_id, product);
        for (variant, position) in product.variants.iter().zip(0..) {
            self.add_variant(number, product_id, (variant, position), published_at)?;
        }
        let pictures = product.pictures.iter().zip(0..);
        self.pictures
            .extend(pictures.map(|(picture, position)| picture_row(product_id, picture, position)));
        self.products.push(ProductRow {
            product_id,
            handle: product.handle.clone(),
            title: product.title.clone(),
            subtitle: product.subtitle.clone(),
            description_html: markup::clean(&product.description),
            brand: product.brand.clone(),
            tags: product.tags.clone(),
            details: product.details.clone(),
            category_id: category_id(&product.category),
            tax_class_id: tax_class.0,
            sold_30d: product.sold_30d,
            published_at,
        });
        Ok(())
    }

    fn add_options(&mut self, number: u64, product_id: Uuid, product: &Product) {
        for (option, position) in product.options.iter().zip(0..) {
            let product_option_id =
                numbered_id(number, &format!("option {} {}", product.handle, option.name));
            self.options.push(OptionRow {
                product_option_id,
                product_id,
                name: option.name.clone(),
                position,
            });
            self.values.extend(option.values.iter().zip(0..).map(|(value, position)| ValueRow {
                product_option_value_id: numbered_id(
                    number,
                    &format!("value {} {} {}", product.handle, option.name, value.value),
                ),
                product_option_id,
                value: value.value.clone(),
                swatch: value.swatch.clone(),
                position,
            }));
        }
    }

    fn add_variant(
        &mut self,
        number: u64,
        product_id: Uuid,
        (variant, position): (&Variant, i32),
        since: DateTime<Utc>,
    ) -> Result<()> {
        let variant_id = numbered_id(number, &format!("variant {}", variant.sku));
        let before = amounts(&variant.compare_at)?;
        for price in amounts(&variant.price)? {
            let compare_at = before.iter().find(|before| before.currency == price.currency);
            self.prices.push(PriceRow {
                price_id: numbered_id(number, &format!("price {} {}", variant.sku, price.currency)),
                variant_id,
                currency: price.currency.to_string(),
                amount_minor: price.amount,
                compare_at_minor: compare_at
                    .map(|before| before.amount)
                    .filter(|before| *before > price.amount),
                since,
            });
        }
        self.variants.push(VariantRow {
            variant_id,
            product_id,
            sku: variant.sku.clone(),
            option_values: variant.options.clone(),
            weight_g: variant.weight_g,
            stock: variant.stock,
            position,
        });
        Ok(())
    }
}

fn picture_row(product_id: Uuid, picture: &Picture, position: i32) -> PictureRow {
    PictureRow {
        product_id,
        media_id: media_id(&picture.stem),
        position,
        option_name: picture.option.as_ref().map(|shown| shown.name.clone()),
        option_value: picture.option.as_ref().map(|shown| shown.value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_scaled_in_whole_cents() {
        assert_eq!(scaled("39.00", 110), "42.90");
        assert_eq!(scaled("0.99", 60), "0.59");
        assert_eq!(scaled("0.01", 60), "0.01");
    }
}
