//! Shelves and product pages.

use api_types::{Availability, Currency, Money, ProductId};
use axum::http::StatusCode;

use crate::support::Shop;

#[tokio::test]
async fn a_shop_opens_with_the_standard_settings_and_answers() {
    let shop = Shop::open().await;

    let (status, _) = shop.get("/api/health/live").await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(shop.number("SELECT count(*) FROM region_country").await, 32);
    assert_eq!(
        shop.number("SELECT rate_ppm FROM tax_rate WHERE country = 'US' AND state = 'NY'").await,
        88_750
    );
}

#[tokio::test]
async fn cards_come_in_the_order_asked_for_and_leave_out_what_is_not_on_sale() {
    let shop = Shop::open().await;
    shop.stock("mug", 1_200, 3).await;
    shop.stock("bowl", 3_000, 50).await;
    shop.stock("draft", 100, 50).await;
    shop.execute("UPDATE product SET status = 'draft' WHERE handle = 'draft'").await;
    shop.execute("DELETE FROM price WHERE currency = 'USD' AND amount_minor = 3000").await;
    let ids: Vec<ProductId> = shop
        .sql(async |tx| {
            sqlx::query_scalar("SELECT product_id FROM product ORDER BY title").fetch_all(tx).await
        })
        .await;

    let euro = shop.cards(&ids, Currency::EUR).await;
    let dollar = shop.cards(&ids, Currency::USD).await;

    let handles: Vec<_> = euro.iter().map(|card| card.handle.as_str()).collect();
    assert_eq!(handles, ["bowl", "mug"]);
    assert_eq!(euro[1].price, Money::new(1_200, Currency::EUR));
    assert_eq!(euro[1].availability, Availability::Low);
    assert_eq!(euro[0].availability, Availability::InStock);
    assert_eq!(dollar.len(), 1);
}

async fn shelves(shop: &Shop) {
    shop.execute(
        "INSERT INTO category (category_id, parent_id, handle, path, title, position)
         SELECT gen_random_uuid(), NULL, 'kitchen', 'a', 'Kitchen', 0",
    )
    .await;
    shop.execute(
        "INSERT INTO category (category_id, parent_id, handle, path, title, position)
         SELECT gen_random_uuid(), category_id, 'mugs', 'a.b', 'Mugs', 0 FROM category",
    )
    .await;
    shop.execute(
        "UPDATE product SET category_id = category.category_id FROM category WHERE category.handle = 'mugs'",
    )
    .await;
}

#[tokio::test]
async fn shelves_come_as_a_tree_and_count_what_is_on_sale_below_them() {
    let shop = Shop::open().await;
    shop.stock("mug", 1_200, 3).await;
    shop.stock("draft", 1_200, 3).await;
    shop.execute("UPDATE product SET status = 'draft' WHERE handle = 'draft'").await;
    shelves(&shop).await;

    let (status, tree) = shop.get("/api/categories").await;
    let (_, mugs) = shop.get("/api/categories/mugs").await;
    let (missing, _) = shop.get("/api/categories/chairs").await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(tree["data"][0]["product_count"], 1);
    assert_eq!(tree["data"][0]["children"][0]["parent"], "kitchen");
    assert_eq!(mugs["breadcrumbs"][0]["title"], "Kitchen");
    assert_eq!(mugs["category"]["handle"], "mugs");
    assert_eq!(missing, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_product_page_has_all_that_it_needs_in_the_currency_asked_for() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 3).await;
    for (handle, sold) in [("bowl", 1), ("cup", 5)] {
        shop.stock(handle, 3_000, 50).await;
        shop.sql(async |tx| {
            sqlx::query("UPDATE product SET sold_30d = $2 WHERE handle = $1")
                .bind(handle)
                .bind(sold)
                .execute(tx)
                .await
        })
        .await;
    }
    shelves(&shop).await;
    shop.reprice(mug, "USD", 1_400).await;

    let (status, euro) = shop.get("/api/products/mug").await;
    let (_, dollar) = shop.get("/api/products/mug?currency=USD").await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(euro["price"], serde_json::json!({ "amount": 1_200, "currency": "EUR" }));
    assert_eq!(euro["tax_included"], true);
    assert_eq!(euro["variants"][0]["id"], mug.to_string());
    assert_eq!(euro["variants"][0]["left"], 3);
    assert_eq!(euro["variants"][0]["max_quantity"], 3);
    assert_eq!(euro["availability"], "low");
    assert_eq!(euro["related"][0]["handle"], "cup");
    assert_eq!(euro["related"][1]["handle"], "bowl");
    assert_eq!(euro["breadcrumbs"][1]["handle"], "mugs");
    assert_eq!(dollar["price"], serde_json::json!({ "amount": 1_400, "currency": "USD" }));
    assert_eq!(dollar["tax_included"], false);
    assert_eq!(dollar["related"][0]["price"]["currency"], "USD");
}

#[tokio::test]
async fn what_is_not_on_sale_is_not_found() {
    let shop = Shop::open().await;
    for handle in ["draft", "archived", "unpublished", "unpriced"] {
        shop.stock(handle, 1_200, 3).await;
    }
    shop.execute("UPDATE product SET status = handle WHERE handle IN ('draft', 'archived')").await;
    shop.execute("UPDATE product SET published_at = NULL WHERE handle = 'unpublished'").await;
    shop.execute(
        "DELETE FROM price USING variant WHERE price.variant_id = variant.variant_id AND sku = 'UNPRICED'",
    )
    .await;

    for handle in ["draft", "archived", "unpublished", "unpriced", "nothing", "%2e%2e"] {
        let (status, problem) = shop.get(&format!("/api/products/{handle}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{handle}");
        assert_eq!(problem["code"], "not_found");
    }
}

#[tokio::test]
async fn a_currency_without_prices_is_refused_by_its_field() {
    let shop = Shop::open().await;
    shop.stock("mug", 1_200, 3).await;

    for currency in ["GBP", "eur", "", "EURO"] {
        let (status, problem) = shop.get(&format!("/api/products/mug?currency={currency}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{currency}");
        assert_eq!(problem["errors"][0]["pointer"], "/currency");
    }
}

#[tokio::test]
async fn beside_a_sale_stands_the_lowest_price_of_the_thirty_days_before_it() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_500, 3).await;
    shop.execute(
        "INSERT INTO price_history (variant_id, currency, amount_minor, from_at, to_at)
         SELECT variant_id, 'EUR', 1100, now() - interval '90 days', now() - interval '80 days' FROM variant",
    )
    .await;
    shop.execute(
        "INSERT INTO price_history (variant_id, currency, amount_minor, from_at, to_at)
         SELECT variant_id, 'EUR', 1400, now() - interval '20 days', now() - interval '10 days' FROM variant",
    )
    .await;
    shop.reprice(mug, "EUR", 1_200).await;
    shop.execute("UPDATE price SET compare_at_minor = 1500 WHERE currency = 'EUR'").await;

    let (_, product) = shop.get("/api/products/mug").await;

    assert_eq!(product["variants"][0]["lowest_30d"]["amount"], 1_400);
}

#[tokio::test]
async fn an_old_address_leads_to_where_the_product_is_now() {
    let shop = Shop::open().await;
    shop.stock("mug", 1_200, 3).await;
    shop.execute("UPDATE product SET handle = 'large-mug' WHERE handle = 'mug'").await;
    shop.execute("UPDATE product SET handle = 'larger-mug' WHERE handle = 'large-mug'").await;

    let (status, first) = shop.get("/api/redirects/resolve?path=/products/mug").await;
    let (missing, _) = shop.get("/api/redirects/resolve?path=/products/cup").await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(first["target"], "/products/larger-mug");
    assert_eq!(missing, StatusCode::NOT_FOUND);
}
