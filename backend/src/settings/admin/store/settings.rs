//! Settings.

use api_types::{MenuLink, admin::SetMenu};
use serde_json::{Value, json};
use sqlx::{PgConnection, types::Json};

/// The name, version and value of every setting that somebody set.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<(String, i32, Value)>> {
    let rows = sqlx::query!("SELECT key, version, value FROM setting").fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.key, row.version, row.value)).collect())
}

/// Sets one that is at a version, 0 when nobody set it; false when it is at another.
pub async fn set(tx: &mut PgConnection, key: &str, seen: i32, value: &Value) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        INSERT INTO setting (key, value) VALUES ($1, $3)
        ON CONFLICT (key) DO UPDATE
        SET value = excluded.value, version = setting.version + 1
        WHERE setting.version = $2
        "#,
        key,
        seen,
        value,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The links at the foot of every page, and their version; none when the shop makes them of its pages.
pub async fn menu(conn: &mut PgConnection) -> sqlx::Result<(i32, SetMenu)> {
    let found = sqlx::query!(
        r#"SELECT version, value AS "links: Json<Vec<MenuLink>>" FROM setting WHERE key = 'menu_footer'"#,
    )
    .fetch_optional(conn)
    .await?;
    let (version, links) = found.map(|row| (row.version, row.links.0)).unwrap_or_default();
    Ok((version, SetMenu { links }))
}

/// Sets the links that are at a version; false when they are at another.
pub async fn set_menu(tx: &mut PgConnection, seen: i32, menu: &SetMenu) -> sqlx::Result<bool> {
    set(tx, "menu_footer", seen, &json!(menu.links)).await
}
