//! Reading the shop's settings.

use api_types::{Country, Currency, MenuLink, Picture, ProductId, Promise, Region, RegionId};
use serde::{Deserialize, Serialize};
use sqlx::{PgExecutor, types::Json};

use super::Known;

/// What the shop calls itself.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sign {
    /// Its name.
    pub name: String,
    /// What it stands for.
    #[serde(default)]
    pub tagline: String,
    /// Currency of prices when none is asked for.
    #[serde(default)]
    pub default_currency: Option<Currency>,
}

/// A large picture with its words, as it is kept: pictures by the stem that they came from.
#[derive(Debug, Serialize, Deserialize)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// Text below it.
    pub text: String,
    /// The one link.
    pub link: MenuLink,
    /// Wide picture.
    pub picture: Option<String>,
    /// The same for phones.
    pub phone_picture: Option<String>,
}

/// The home page's words, as they are kept.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Home {
    /// First thing seen.
    pub hero: Option<Section>,
    /// A story.
    pub story: Option<Section>,
    /// What the shop promises.
    pub promises: Vec<Promise>,
    /// Handles of products to show as new, in order; none shows the newest.
    pub new: Vec<String>,
    /// Rows that it does not show.
    pub hides: Vec<Row>,
}

/// A row of products of the home page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// What is new.
    NewArrivals,
    /// What sells best.
    BestSellers,
    /// The journal.
    Posts,
}

/// Where transfers go.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BankAccount {
    /// Whose account it is.
    pub holder: String,
    /// Its number.
    pub iban: String,
    /// Its bank; empty where nobody needs it.
    #[serde(default)]
    pub bic: String,
}

impl Default for BankAccount {
    fn default() -> Self {
        Self {
            holder: "Oxcart Goods GmbH".to_owned(),
            iban: "DE02 1203 0000 0000 2020 51".to_owned(),
            bic: "BYLADEM1001".to_owned(),
        }
    }
}

/// What the home page shows, by name.
pub struct HomeParts {
    /// Its words.
    pub home: Home,
    /// Pictures that the words name, by their stems.
    pub pictures: Vec<(String, Picture)>,
    /// Newest first.
    pub newest: Vec<ProductId>,
    /// Best selling first.
    pub bestsellers: Vec<ProductId>,
}

/// What every page needs to know.
pub struct ConfigParts {
    /// What the shop calls itself.
    pub name: Option<Sign>,
    /// Where it sells.
    pub regions: Vec<Region>,
    /// Pages of words, in order.
    pub footer: Vec<MenuLink>,
    /// Total from which delivery is free, in the default currency.
    pub free_from: Option<i64>,
}

/// The currencies that there are prices in, and the shop's own.
pub async fn known(db: impl PgExecutor<'_>) -> sqlx::Result<Known> {
    let rows = sqlx::query!(
        r#"
        SELECT
            currency AS "currency!: Currency", tax_included AS "tax_included!",
            (SELECT value FROM setting WHERE key = 'shop') AS "name: Json<Sign>"
        FROM (
            SELECT DISTINCT ON (currency) currency, tax_included, position
            FROM region
            ORDER BY currency, position
        ) AS region
        ORDER BY position
        "#,
    )
    .fetch_all(db)
    .await?;
    let first = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    let own = first.name.as_ref().and_then(|name| name.default_currency);
    Ok(Known {
        default_currency: own.unwrap_or(first.currency),
        currencies: rows.iter().map(|row| (row.currency, row.tax_included)).collect(),
    })
}

/// Everything of the configuration but the shelves.
pub async fn config(db: impl PgExecutor<'_>, currency: Currency) -> sqlx::Result<ConfigParts> {
    let row = sqlx::query!(
        r#"
        SELECT
            (SELECT value FROM setting WHERE key = 'shop') AS "name: Json<Sign>",
            coalesce((
                SELECT json_agg(json_build_object(
                    'id', region_id, 'title', title, 'currency', currency, 'tax_included', tax_included,
                    'countries', coalesce((
                        SELECT json_agg(json_build_object(
                            'code', country, 'title', region_country.title, 'states', states,
                            'pattern', postal_pattern, 'example', postal_example
                        ) ORDER BY region_country.position)
                        FROM region_country
                        WHERE region_country.region_id = region.region_id
                    ), '[]')
                ) ORDER BY position)
                FROM region
            ), '[]') AS "regions!: Json<Vec<RegionRow>>",
            coalesce((SELECT value::json FROM setting WHERE key = 'menu_footer' AND value <> '[]'), (
                SELECT json_agg(json_build_object('title', title, 'path', '/pages/' || slug) ORDER BY position, slug)
                FROM content_page
            ), '[]') AS "footer!: Json<Vec<MenuLink>>",
            (SELECT min(free_over_minor) FROM shipping_rate WHERE currency = $1) AS free_from
        "#,
        currency as Currency,
    )
    .fetch_one(db)
    .await?;
    Ok(ConfigParts {
        name: row.name.map(|name| name.0),
        regions: row.regions.0.into_iter().map(RegionRow::region).collect(),
        footer: row.footer.0,
        free_from: row.free_from,
    })
}

/// The home page's words and pictures, and which products it shows.
pub async fn home(db: impl PgExecutor<'_>, most: i64) -> sqlx::Result<HomeParts> {
    let row = sqlx::query!(
        r#"
        WITH home AS (SELECT value FROM setting WHERE key = 'home')
        SELECT
            (SELECT value FROM home) AS "home: Json<Home>",
            coalesce((
                SELECT json_agg(json_build_array(source, body))
                FROM media
                JOIN picture USING (media_id)
                WHERE source IN (
                    SELECT section.value ->> name
                    FROM home, jsonb_each(home.value) AS section, unnest(ARRAY['picture', 'phone_picture']) AS name
                    WHERE jsonb_typeof(section.value) = 'object'
                )
            ), '[]') AS "pictures!: Json<Vec<(String, Picture)>>",
            ARRAY(
                SELECT product_id FROM product
                LEFT JOIN (
                    SELECT chosen.handle, chosen.place
                    FROM home, jsonb_array_elements_text(home.value -> 'new') WITH ORDINALITY AS chosen (handle, place)
                ) AS chosen USING (handle)
                WHERE status = 'active' AND published_at IS NOT NULL
                    AND (chosen.place IS NOT NULL
                        OR coalesce((SELECT jsonb_array_length(home.value -> 'new') FROM home), 0) = 0)
                ORDER BY chosen.place, published_at DESC, product_id
                LIMIT $1
            ) AS "newest!: Vec<ProductId>",
            ARRAY(
                SELECT product_id FROM product
                WHERE status = 'active' AND published_at IS NOT NULL
                ORDER BY sold_30d DESC, product_id
                LIMIT $1
            ) AS "bestsellers!: Vec<ProductId>"
        "#,
        most,
    )
    .fetch_one(db)
    .await?;
    Ok(HomeParts {
        home: row.home.map(|home| home.0).unwrap_or_default(),
        pictures: row.pictures.0,
        newest: row.newest,
        bestsellers: row.bestsellers,
    })
}

#[derive(Debug, Deserialize)]
struct RegionRow {
    id: uuid::Uuid,
    title: String,
    currency: Currency,
    tax_included: bool,
    countries: Vec<CountryRow>,
}

#[derive(Debug, Deserialize)]
struct CountryRow {
    code: String,
    title: String,
    states: Vec<(String, String)>,
    pattern: Option<String>,
    example: Option<String>,
}

impl RegionRow {
    fn region(self) -> Region {
        Region {
            id: RegionId(self.id),
            title: self.title,
            currency: self.currency,
            tax_included: self.tax_included,
            countries: self.countries.into_iter().map(CountryRow::country).collect(),
        }
    }
}

impl CountryRow {
    fn country(self) -> Country {
        let postal_code = self.pattern.filter(|pattern| !pattern.is_empty());
        Country {
            code: self.code,
            title: self.title,
            states: self.states,
            needs_postal_code: postal_code.is_some(),
            postal_code: postal_code.map(|pattern| (pattern, self.example.unwrap_or_default())),
        }
    }
}

/// The largest refund that one person may make, in minor units; none when there is no limit.
pub async fn refund_limit(db: impl PgExecutor<'_>) -> sqlx::Result<Option<i64>> {
    let value = sqlx::query_scalar!("SELECT value FROM setting WHERE key = 'refund_limit_minor'")
        .fetch_optional(db)
        .await?;
    Ok(value.and_then(|value| value.as_i64()))
}

/// The account that transfers go to.
pub async fn bank_account(db: impl PgExecutor<'_>) -> sqlx::Result<BankAccount> {
    let found = sqlx::query_scalar!(
        r#"SELECT value AS "value: Json<BankAccount>" FROM setting WHERE key = 'bank_transfer'"#
    )
    .fetch_optional(db)
    .await?;
    Ok(found.map(|Json(account)| account).unwrap_or_default())
}
