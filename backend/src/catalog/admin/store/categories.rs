//! Changing shelves.

use api_types::{CategoryId, MediaId, admin::CategorySheet};
use sqlx::PgConnection;

/// A shelf as it is kept, without those inside it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which one.
    pub id: CategoryId,
    /// The shelf that it stands in.
    pub parent_id: Option<CategoryId>,
    handle: String,
    title: String,
    intro: String,
    media_id: Option<MediaId>,
    position: i32,
    products: i64,
    version: i32,
}

impl Row {
    /// The same with what stands in it.
    pub fn sheet(self, children: Vec<CategorySheet>) -> CategorySheet {
        CategorySheet {
            id: self.id,
            parent_id: self.parent_id,
            handle: self.handle,
            title: self.title,
            intro: self.intro,
            media_id: self.media_id,
            position: self.position,
            products: self.products,
            version: self.version,
            children,
        }
    }
}

/// Lets one change of the tree at a time through; readers do not wait.
pub async fn lock(tx: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("LOCK TABLE category IN SHARE ROW EXCLUSIVE MODE").execute(tx).await?;
    Ok(())
}

/// Every shelf, in order.
pub async fn rows(conn: &mut PgConnection) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"
        SELECT category_id AS "id: CategoryId", parent_id AS "parent_id: CategoryId", handle, title, intro,
            media_id AS "media_id: MediaId", position, version, coalesce(on_it.products, 0) AS "products!"
        FROM category
        LEFT JOIN (SELECT category_id, count(*) AS products FROM product GROUP BY category_id) AS on_it
            USING (category_id)
        ORDER BY position, title, category_id
        "#,
    )
    .fetch_all(conn)
    .await
}

/// Makes a shelf, the last in its place.
pub async fn insert(tx: &mut PgConnection, sheet: &CategorySheet) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO category (category_id, parent_id, handle, path, title, intro, position)
        SELECT $1::uuid, $2::uuid, $3,
            coalesce((SELECT path FROM category WHERE category_id = $2), '') || replace($1::uuid::text, '-', ''), $4, $5,
            (SELECT coalesce(max(position) + 1, 0) FROM category WHERE parent_id IS NOT DISTINCT FROM $2)
        "#,
        sheet.id.0,
        sheet.parent_id as Option<CategoryId>,
        sheet.handle,
        sheet.title,
        sheet.intro,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes a shelf's own fields what the sheet says.
pub async fn update(tx: &mut PgConnection, sheet: &CategorySheet) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE category
        SET handle = $2, title = $3, intro = $4, media_id = $5, version = version + 1
        WHERE category_id = $1
        "#,
        sheet.id as CategoryId,
        sheet.handle,
        sheet.title,
        sheet.intro,
        sheet.media_id as Option<MediaId>,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Puts a shelf elsewhere; the paths of all inside it follow.
pub async fn reparent(
    tx: &mut PgConnection,
    category: CategoryId,
    parent: Option<CategoryId>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE category
        SET path = coalesce((SELECT path FROM category WHERE category_id = $2), '')
                || subpath(category.path, nlevel(moved.path) - 1),
            parent_id = CASE category.category_id WHEN $1 THEN $2 ELSE category.parent_id END
        FROM category AS moved
        WHERE moved.category_id = $1 AND category.path <@ moved.path
        "#,
        category.0,
        parent.map(|parent| parent.0),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Puts the shelves beside each other in this order, and counts the change of the one that moved.
pub async fn order(
    tx: &mut PgConnection,
    beside: &[CategoryId],
    moved: CategoryId,
) -> sqlx::Result<()> {
    let beside: Vec<_> = beside.iter().map(|shelf| shelf.0).collect();
    sqlx::query!(
        r#"
        UPDATE category
        SET position = place - 1, version = version + CASE category_id WHEN $2 THEN 1 ELSE 0 END
        FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place)
        WHERE category_id = id AND (position <> place - 1 OR category_id = $2)
        "#,
        &beside,
        moved.0,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes a shelf away for good.
pub async fn delete(tx: &mut PgConnection, category: CategoryId) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM category WHERE category_id = $1", category as CategoryId)
        .execute(tx)
        .await?;
    Ok(())
}
