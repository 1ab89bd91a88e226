//! Changing what can be chosen, and the pictures that show it.

use api_types::{MediaId, OptionRef, ProductId, VariantId, admin::GivenOption};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

/// Replaces a product's options and their values.
pub async fn set(
    tx: &mut PgConnection,
    product: ProductId,
    options: &[GivenOption],
) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM product_option WHERE product_id = $1", product as ProductId)
        .execute(&mut *tx)
        .await?;
    let options: Vec<Value> = options
        .iter()
        .map(|option| json!({ "id": Uuid::now_v7(), "name": option.name, "values": option.values }))
        .collect();
    sqlx::query!(
        r#"
        WITH wanted AS (
            SELECT (body ->> 'id')::uuid AS id, body ->> 'name' AS name, body -> 'values' AS values, place
            FROM jsonb_array_elements($2) WITH ORDINALITY AS item (body, place)
        ), made AS (
            INSERT INTO product_option (product_option_id, product_id, name, position)
            SELECT id, $1, name, place - 1 FROM wanted
        )
        INSERT INTO product_option_value (product_option_value_id, product_option_id, value, swatch, position)
        SELECT gen_random_uuid(), id, choice ->> 'value', choice ->> 'swatch', choice_place - 1
        FROM wanted
        CROSS JOIN jsonb_array_elements(values) WITH ORDINALITY AS item (choice, choice_place)
        "#,
        product as ProductId,
        Value::Array(options),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives variants other values. Each first gets one that no other has: two may change places.
pub async fn set_values(
    tx: &mut PgConnection,
    moves: &[(VariantId, Vec<String>)],
) -> sqlx::Result<()> {
    let variants: Vec<Uuid> = moves.iter().map(|(variant, _)| variant.0).collect();
    sqlx::query!(
        "UPDATE variant SET option_values = ARRAY[variant_id::text] WHERE variant_id = ANY($1)",
        &variants,
    )
    .execute(&mut *tx)
    .await?;
    let moves: Vec<Value> = moves
        .iter()
        .map(|(variant, values)| json!({ "id": variant.0, "values": values }))
        .collect();
    sqlx::query!(
        r#"
        UPDATE variant
        SET option_values = values
        FROM jsonb_to_recordset($1) AS wanted (id uuid, values text[])
        WHERE variant_id = id
        "#,
        Value::Array(moves),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Which of these pictures the shop has.
pub async fn known_pictures(
    tx: &mut PgConnection,
    pictures: &[MediaId],
) -> sqlx::Result<Vec<MediaId>> {
    let pictures: Vec<Uuid> = pictures.iter().map(|picture| picture.0).collect();
    // Kept from being deleted until they hang on the product.
    sqlx::query_scalar!(
        r#"SELECT media_id AS "id: MediaId" FROM media WHERE media_id = ANY($1) FOR KEY SHARE"#,
        &pictures,
    )
    .fetch_all(tx)
    .await
}

/// Replaces a product's pictures.
pub async fn set_pictures(
    tx: &mut PgConnection,
    product: ProductId,
    pictures: &[(MediaId, Option<OptionRef>)],
) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM product_media WHERE product_id = $1", product as ProductId)
        .execute(&mut *tx)
        .await?;
    let pictures: Vec<Value> = pictures
        .iter()
        .map(|(media, option)| {
            let option = option.as_ref();
            json!({ "id": media.0, "name": option.map(|it| &it.name), "value": option.map(|it| &it.value) })
        })
        .collect();
    sqlx::query!(
        r#"
        INSERT INTO product_media (product_id, media_id, position, option_name, option_value)
        SELECT $1, (body ->> 'id')::uuid, place - 1, body ->> 'name', body ->> 'value'
        FROM jsonb_array_elements($2) WITH ORDINALITY AS item (body, place)
        "#,
        product as ProductId,
        Value::Array(pictures),
    )
    .execute(tx)
    .await?;
    Ok(())
}
