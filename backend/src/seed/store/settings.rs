//! Regions, countries, taxes, delivery and the one location.

use api_types::{LocationId, TaxClassId};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::seed::{
    countries::{COUNTRIES, states},
    delivery::{Band, Method, ZONES, Zone},
    id, main_location, reduced_tax, standard_tax,
    taxes::Rate,
};

/// The one place that stock lies at.
pub async fn insert_location(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO stock_location (location_id, title, priority) VALUES ($1, 'Warehouse', 1) ON CONFLICT DO NOTHING",
        main_location() as LocationId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Two: prices in euro with tax, prices in dollars without.
pub async fn insert_regions(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO region (region_id, title, currency, tax_included, position)
        VALUES ($1, 'Europe', 'EUR', true, 0), ($2, 'United States and Canada', 'USD', false, 1)
        ON CONFLICT DO NOTHING
        "#,
        region_id("europe"),
        region_id("america"),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Every country that the shop delivers to.
pub async fn insert_countries(conn: &mut PgConnection) -> sqlx::Result<()> {
    let rows: Vec<Value> = COUNTRIES
        .iter()
        .zip(0..)
        .map(|(place, position)| {
            json!({
                "country": place.code,
                "region_id": region_id(place.region),
                "title": place.title,
                "states": states(place.code),
                "postal_pattern": place.postal,
                "postal_example": place.example,
                "position": position,
            })
        })
        .collect();
    sqlx::query!(
        r#"
        INSERT INTO region_country (country, region_id, title, states, postal_pattern, postal_example, position)
        SELECT country, region_id, title, states, postal_pattern, postal_example, position
        FROM jsonb_to_recordset($1) AS row (
            country text, region_id uuid, title text, states jsonb,
            postal_pattern text, postal_example text, position integer
        )
        ON CONFLICT DO NOTHING
        "#,
        Value::Array(rows),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Goods taxed like most, and goods taxed less.
pub async fn insert_tax_classes(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO tax_class (tax_class_id, code, title)
        VALUES ($1, 'standard', 'Standard'), ($2, 'reduced', 'Reduced')
        ON CONFLICT DO NOTHING
        "#,
        standard_tax() as TaxClassId,
        reduced_tax() as TaxClassId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What each country and state takes.
pub async fn insert_tax_rates(conn: &mut PgConnection, rates: &[Rate]) -> sqlx::Result<()> {
    let rows: Vec<Value> = rates
        .iter()
        .map(|rate| {
            let state = rate.state.unwrap_or_default();
            json!({
                "tax_rate_id": id(&format!("tax {} {state} {} {}", rate.country, rate.class, rate.name)),
                "country": rate.country,
                "state": rate.state,
                "tax_class_id": if rate.class == "reduced" { reduced_tax().0 } else { standard_tax().0 },
                "name": rate.name,
                "rate_ppm": rate.ppm,
                "position": rate.position,
            })
        })
        .collect();
    sqlx::query!(
        r#"
        INSERT INTO tax_rate (tax_rate_id, country, state, tax_class_id, name, rate_ppm, position)
        SELECT tax_rate_id, country, state, tax_class_id, name, rate_ppm, position
        FROM jsonb_to_recordset($1) AS row (
            tax_rate_id uuid, country text, state text, tax_class_id uuid,
            name text, rate_ppm bigint, position integer
        )
        ON CONFLICT DO NOTHING
        "#,
        Value::Array(rows),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Countries that are delivered to alike.
pub async fn insert_zones(conn: &mut PgConnection) -> sqlx::Result<()> {
    let (ids, titles): (Vec<Uuid>, Vec<String>) =
        ZONES.iter().map(|zone| (zone_id(zone), zone.title.to_owned())).unzip();
    sqlx::query!(
        r#"
        INSERT INTO shipping_zone (shipping_zone_id, title)
        SELECT * FROM unnest($1::uuid[], $2::text[])
        ON CONFLICT DO NOTHING
        "#,
        &ids,
        &titles,
    )
    .execute(&mut *conn)
    .await?;
    let (countries, zones): (Vec<String>, Vec<Uuid>) = ZONES
        .iter()
        .flat_map(|zone| {
            zone.countries.iter().map(|country| ((*country).to_owned(), zone_id(zone)))
        })
        .unzip();
    sqlx::query!(
        r#"
        INSERT INTO shipping_zone_country (country, shipping_zone_id)
        SELECT * FROM unnest($1::text[], $2::uuid[])
        ON CONFLICT DO NOTHING
        "#,
        &countries,
        &zones,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ways to deliver to each zone.
pub async fn insert_methods(conn: &mut PgConnection) -> sqlx::Result<()> {
    let rows: Vec<Value> = ZONES
        .iter()
        .flat_map(|zone| {
            zone.methods.iter().zip(0..).map(move |(method, place)| (zone, method, place))
        })
        .map(|(zone, method, position)| {
            json!({
                "shipping_method_id": method_id(zone, method),
                "shipping_zone_id": zone_id(zone),
                "code": method.code,
                "title": method.title,
                "min_days": method.days.0,
                "max_days": method.days.1,
                "position": position,
            })
        })
        .collect();
    sqlx::query!(
        r#"
        INSERT INTO shipping_method (shipping_method_id, shipping_zone_id, code, title, min_days, max_days, position)
        SELECT shipping_method_id, shipping_zone_id, code, title, min_days, max_days, position
        FROM jsonb_to_recordset($1) AS row (
            shipping_method_id uuid, shipping_zone_id uuid, code text, title text,
            min_days integer, max_days integer, position integer
        )
        ON CONFLICT DO NOTHING
        "#,
        Value::Array(rows),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What each way to deliver costs.
pub async fn insert_shipping_rates(conn: &mut PgConnection) -> sqlx::Result<()> {
    let bands = ZONES.iter().flat_map(|zone| {
        zone.methods.iter().flat_map(move |method| {
            method.rates.iter().zip(0..).map(move |(band, place)| (zone, method, band, place))
        })
    });
    let rows: Vec<Value> = bands
        .map(|(zone, method, band, place)| shipping_rate(method_id(zone, method), band, place))
        .collect();
    sqlx::query!(
        r#"
        INSERT INTO shipping_rate (
            shipping_rate_id, shipping_method_id, currency, min_weight_g, max_weight_g, amount_minor, free_over_minor
        )
        SELECT shipping_rate_id, shipping_method_id, currency, min_weight_g, max_weight_g, amount_minor, free_over_minor
        FROM jsonb_to_recordset($1) AS row (
            shipping_rate_id uuid, shipping_method_id uuid, currency text, min_weight_g bigint,
            max_weight_g bigint, amount_minor bigint, free_over_minor bigint
        )
        ON CONFLICT DO NOTHING
        "#,
        Value::Array(rows),
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn shipping_rate(method: Uuid, band: &Band, place: u32) -> Value {
    json!({
        "shipping_rate_id": id(&format!("shipping rate {method} {place}")),
        "shipping_method_id": method,
        "currency": band.currency,
        "min_weight_g": band.from_g,
        "max_weight_g": band.up_to_g,
        "amount_minor": band.amount,
        "free_over_minor": band.free_over,
    })
}

fn region_id(name: &str) -> Uuid {
    id(&format!("region {name}"))
}

fn zone_id(zone: &Zone) -> Uuid {
    id(&format!("shipping zone {}", zone.title))
}

fn method_id(zone: &Zone, method: &Method) -> Uuid {
    id(&format!("shipping method {} {}", zone.title, method.code))
}
