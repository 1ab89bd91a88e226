//! What is chosen of a product, and what it says to the island and to search engines.

use api_types::{Availability, ProductDetail, Variant};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::head::{absolute, picture_address};
use crate::{
    components::{
        button_words,
        choice::{self, Made},
        option_picker, stock_words,
    },
    texts,
};

/// A choice of options, and the variant that it means.
pub struct Chosen {
    /// What is made.
    pub made: Vec<Made>,
    /// One value for each option.
    pub values: Vec<String>,
    /// The variant, if there is one like that.
    pub variant: Option<Variant>,
}

impl Chosen {
    /// Reads the choice from the query of an address, `Colour=Sage&Size=350+ml`, and completes it.
    pub fn read(product: &ProductDetail, query: &str) -> Self {
        let stated: Vec<_> = product
            .options
            .iter()
            .map(|option| {
                let asked = form_urlencoded::parse(query.as_bytes())
                    .find(|(name, _)| *name == option.name)
                    .map(|(_, value)| value.into_owned())?;
                option.values.iter().any(|known| known.value == asked).then_some(asked)
            })
            .collect();
        let made = option_picker::made(product);
        let values = choice::completed(&made, &stated);
        let variant =
            choice::chosen(&made, &values).and_then(|place| product.variants.get(place)).cloned();
        Self { made, values, variant }
    }
}

/// All words that change with the variant; the browser shows the same ones.
pub struct Offer {
    /// The variant's id; empty when there is none.
    pub id: String,
    /// Price.
    pub price: String,
    /// Price before a sale; empty when there is none.
    pub was: String,
    /// Lowest price of the last 30 days, in a sentence.
    pub lowest: String,
    /// Stock, in words.
    pub stock: String,
    /// Class that colours the stock words.
    pub tone: &'static str,
    /// What the button says.
    pub button: String,
    /// Whether it can be pressed.
    pub buyable: bool,
    /// The most that can be bought.
    pub max: i32,
}

impl Offer {
    /// What a variant is offered at.
    pub fn of(variant: &Variant) -> Self {
        let stock = stock_words(variant);
        let (button, buyable) = button_words(variant);
        let was = variant.compare_at.zip(variant.price);
        let was = was.filter(|(was, now)| was.amount > now.amount);
        let lowest = variant.lowest_30d.filter(|_| was.is_some());
        Self {
            id: variant.id.to_string(),
            price: variant.price.map(|price| price.to_string()).unwrap_or_default(),
            was: was.map(|(was, _)| was.to_string()).unwrap_or_default(),
            lowest: lowest.map(texts::product_price_lowest).unwrap_or_default(),
            stock: stock.text,
            tone: stock.tone,
            button: button.to_owned(),
            buyable,
            max: variant.max_quantity,
        }
    }

    /// What stands in its place when nothing is made like that.
    pub fn none(product: &ProductDetail) -> Self {
        let last = product.options.last().map(|option| option.name.to_lowercase());
        Self {
            id: String::new(),
            price: product.price.to_string(),
            was: String::new(),
            lowest: String::new(),
            stock: texts::product_stock_not_made().to_owned(),
            tone: "out",
            button: texts::product_add_choose(
                last.as_deref().unwrap_or(texts::product_add_variant()),
            ),
            buyable: false,
            max: 1,
        }
    }

    fn json(&self) -> Value {
        json!({
            "id": self.id,
            "price": self.price,
            "was": self.was,
            "lowest": self.lowest,
            "stock": self.stock,
            "tone": self.tone,
            "button": self.button,
            "buyable": self.buyable,
            "max": self.max,
        })
    }
}

/// What the picker must know of each variant.
pub fn facts(product: &ProductDetail) -> Value {
    let variants: Vec<_> = product
        .variants
        .iter()
        .map(|variant| {
            let mut offer = Offer::of(variant).json();
            offer["values"] = json!(variant.options);
            offer
        })
        .collect();
    json!({ "variants": variants, "none": Offer::none(product).json() })
}

/// The address of a variant's page.
pub fn variant_path(product: &ProductDetail, variant: &Variant) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (option, value) in product.options.iter().zip(&variant.options) {
        query.append_pair(&option.name, value);
    }
    let query = query.finish();
    let path = format!("/products/{}", product.handle);
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// The product for search engines (schema.org).
pub fn structured(product: &ProductDetail, public: &Url, summary: &str) -> Value {
    let offers: Vec<_> = product
        .variants
        .iter()
        .filter_map(|variant| Some((variant, variant.price?)))
        .map(|(variant, price)| {
            let mut offer = json!({
                "@type": "Offer",
                "url": absolute(public, &variant_path(product, variant)),
                "price": price.decimal(),
                "priceCurrency": price.currency,
                "availability": availability(variant.availability),
                "itemCondition": "https://schema.org/NewCondition",
            });
            if let Some(sku) = &variant.sku {
                offer["sku"] = json!(sku);
            }
            offer
        })
        .collect();
    let pictures: Vec<_> =
        product.pictures.iter().map(|item| picture_address(public, &item.picture)).collect();
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.title,
        "description": summary,
        "url": absolute(public, &format!("/products/{}", product.handle)),
        "image": pictures,
        "offers": offers,
    });
    if let Some(brand) = &product.brand {
        data["brand"] = json!({ "@type": "Brand", "name": brand });
    }
    if let Some(sku) = product.variants.first().and_then(|variant| variant.sku.as_ref()) {
        data["sku"] = json!(sku);
    }
    data
}

const fn availability(availability: Availability) -> &'static str {
    match availability {
        Availability::InStock => "https://schema.org/InStock",
        Availability::Low => "https://schema.org/LimitedAvailability",
        Availability::Backorder => "https://schema.org/BackOrder",
        Availability::SoldOut => "https://schema.org/OutOfStock",
    }
}

/// Plain words of HTML, cut after a word near `most` characters.
pub fn summary(html: &str, most: usize) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                text.push(' ');
            }
            _ if !is_tag => text.push(c),
            _ => {}
        }
    }
    let text = text.replace("&amp;", "&").replace("&nbsp;", " ").replace("&quot;", "\"");
    let mut short = String::new();
    for word in text.split_whitespace() {
        if short.chars().count() + word.chars().count() >= most {
            short.push('…');
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product() -> ProductDetail {
        let variant = |id: u8, colour: &str, size: &str, availability: &str| {
            json!({
                "id": format!("var_{id:032x}"), "options": [colour, size],
                "price": { "amount": 1800, "currency": "EUR" },
                "compare_at": { "amount": 2400, "currency": "EUR" },
                "lowest_30d": { "amount": 1700, "currency": "EUR" },
                "availability": availability, "max_quantity": 5, "weight_g": 340
            })
        };
        serde_json::from_value(json!({
            "id": format!("prod_{:032x}", 1), "handle": "halden-mug", "title": "Halden mug",
            "description_html": "<p>A mug.</p>", "details": [], "pictures": [],
            "options": [
                { "name": "Colour", "values": [{ "value": "Sage" }, { "value": "Clay" }] },
                { "name": "Size", "values": [{ "value": "200 ml" }, { "value": "350 ml" }] },
            ],
            "variants": [
                variant(1, "Sage", "200 ml", "sold_out"),
                variant(2, "Sage", "350 ml", "in_stock"),
                variant(3, "Clay", "200 ml", "low"),
            ],
            "breadcrumbs": [], "related": [], "price": { "amount": 1800, "currency": "EUR" },
            "price_varies": false, "availability": "in_stock", "tax_included": true,
            "version": 1, "published_at": "2026-01-01T00:00:00Z"
        }))
        .unwrap()
    }

    #[test]
    fn the_address_says_which_variant_it_is() {
        let product = product();

        for (query, variant) in [
            ("Colour=Sage&Size=350+ml", Some(2)),
            ("Size=200+ml&Colour=Clay&utm_source=x", Some(3)),
            ("Colour=Clay", Some(3)),
            ("Colour=Purple", Some(2)),
            ("", Some(2)),
            ("Colour=Clay&Size=350+ml", None),
        ] {
            let chosen = Chosen::read(&product, query).variant;

            let id = chosen.map(|variant| variant.id.0.as_u128());
            assert_eq!(id, variant, "{query}");
        }
    }

    #[test]
    fn a_sale_says_what_it_was_and_the_lowest_of_thirty_days() {
        let offer = Offer::of(&product().variants[1]);

        assert_eq!((offer.price.as_str(), offer.was.as_str()), ("€18.00", "€24.00"));
        assert_eq!(offer.lowest, "Lowest price of the last 30 days: €17.00");
    }

    #[test]
    fn what_is_not_made_asks_for_another_choice() {
        let offer = Offer::none(&product());

        assert_eq!((offer.button.as_str(), offer.buyable), ("Choose a size", false));
    }

    #[test]
    fn the_offers_for_search_engines_are_the_variants() {
        let public = "https://shop.example".parse().unwrap();

        let data = structured(&product(), &public, "A mug.");

        assert_eq!(data["offers"].as_array().map(Vec::len), Some(3));
        assert_eq!(data["offers"][1]["price"], "18.00");
        assert_eq!(
            data["offers"][1]["url"],
            "https://shop.example/products/halden-mug?Colour=Sage&Size=350+ml"
        );
    }

    #[test]
    fn a_summary_is_plain_and_ends_at_a_word() {
        assert_eq!(
            summary("<p>A <b>plain</b> mug.</p><p>Stacks two high.</p>", 18),
            "A plain mug.…"
        );
        assert_eq!(summary("<p>A mug.</p>", 160), "A mug.");
    }
}
