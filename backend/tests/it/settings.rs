//! What a storefront must know before it draws a page.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::Shop;

#[tokio::test]
async fn the_configuration_tells_regions_countries_and_currencies() {
    let shop = Shop::open().await;

    let (status, config) = shop.get("/api/config").await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(config["name"], "Oxcart");
    assert_eq!(config["default_currency"], "EUR");
    assert_eq!(config["currencies"], json!(["EUR", "USD"]));
    assert_eq!(config["free_delivery_from"], json!({ "amount": 6_000, "currency": "EUR" }));
    assert_eq!(config["regions"][0]["tax_included"], true);
    assert_eq!(config["regions"][1]["tax_included"], false);
    let countries = |region: usize| config["regions"][region]["countries"].as_array().unwrap();
    assert_eq!(countries(0).len(), 30);
    let america = countries(1).iter().find(|country| country["code"] == "US").unwrap();
    assert!(america["states"].as_array().unwrap().contains(&json!(["NY", "New York"])));
    assert_eq!(america["needs_postal_code"], true);
}

#[tokio::test]
async fn every_example_of_a_postal_code_has_the_form_that_is_asked_for() {
    let shop = Shop::open().await;

    let wrong = "SELECT count(*) FROM region_country WHERE postal_example !~ postal_pattern";

    assert_eq!(shop.number(wrong).await, 0);
}

#[tokio::test]
async fn every_country_has_a_rate_of_tax_and_a_way_to_deliver() {
    let shop = Shop::open().await;

    let untaxed = "SELECT count(*) FROM region_country WHERE country <> 'US' AND NOT EXISTS (
        SELECT FROM tax_rate WHERE tax_rate.country = region_country.country AND state IS NULL)";
    let unreached = "SELECT count(*) FROM region_country JOIN region USING (region_id) WHERE NOT EXISTS (
        SELECT FROM shipping_zone_country JOIN shipping_method USING (shipping_zone_id)
        JOIN shipping_rate USING (shipping_method_id)
        WHERE shipping_zone_country.country = region_country.country AND shipping_rate.currency = region.currency)";

    assert_eq!(shop.number(untaxed).await, 0);
    assert_eq!(shop.number(unreached).await, 0);
}

#[tokio::test]
async fn the_home_page_shows_the_newest_and_the_best_selling() {
    let shop = Shop::open().await;
    for handle in ["one", "two", "three"] {
        shop.stock(handle, 500, 9).await;
        shop.clock.advance(chrono::TimeDelta::days(1));
    }
    shop.execute("UPDATE product SET sold_30d = 9 WHERE handle = 'two'").await;

    let (status, home) = shop.get("/api/home?currency=USD").await;

    let handles = |row: &str| -> Vec<String> {
        let cards = home[row].as_array().unwrap();
        cards.iter().map(|card| card["handle"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(status, StatusCode::OK);
    assert_eq!(handles("new_arrivals"), ["three", "two", "one"]);
    assert_eq!(handles("best_sellers")[0], "two");
    assert_eq!(home["new_arrivals"][0]["price"]["currency"], "USD");
}

#[tokio::test]
async fn a_page_that_is_not_there_is_not_found() {
    let shop = Shop::open().await;

    let (status, problem) = shop.get("/api/pages/nothing").await;

    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(problem["code"], "not_found");
}
