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
    shop.stock("mug", 12_00, 3).await;
    shop.stock("bowl", 30_00, 50).await;
    shop.stock("draft", 1_00, 50).await;
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
    assert_eq!(euro[1].price, Money::new(12_00, Currency::EUR));
    assert_eq!(euro[1].availability, Availability::Low);
    assert_eq!(euro[0].availability, Availability::InStock);
    assert_eq!(dollar.len(), 1);
}
