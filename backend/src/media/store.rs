//! Which pictures there are.

use api_types::{
    MediaId, Picture,
    admin::{MediaSheet, MediaUse},
};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};

use super::sizes::Format;

/// A picture that came, of which nothing is made yet.
pub struct New<'a> {
    /// Which one it will be.
    pub id: MediaId,
    /// Where it came from.
    pub source: &'a str,
    /// What it shows, in words.
    pub alt: &'a str,
    /// Width and height of its largest size.
    pub size: (i32, i32),
    /// The file that its sizes are made from.
    pub master: &'a str,
}

/// Writes a picture down; false when one of that source is there already.
pub async fn insert(
    tx: &mut PgConnection,
    new: &New<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        INSERT INTO media (media_id, source, alt, width, height, master, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (source) DO NOTHING
        "#,
        new.id as MediaId,
        new.source,
        new.alt,
        new.size.0,
        new.size.1,
        new.master,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The picture of that source.
pub async fn of_source(conn: &mut PgConnection, source: &str) -> sqlx::Result<Option<MediaId>> {
    sqlx::query_scalar!(r#"SELECT media_id AS "id: MediaId" FROM media WHERE source = $1"#, source)
        .fetch_optional(conn)
        .await
}

/// A picture of which files are to be made.
pub struct Waiting {
    /// The file that they are made from.
    pub master: String,
    /// Whether those of the wanted format are there.
    pub is_made: bool,
}

/// What files of that format are made from; nothing when there are none to make, or no picture any more.
pub async fn waiting(
    conn: &mut PgConnection,
    id: MediaId,
    format: Format,
) -> sqlx::Result<Option<Waiting>> {
    sqlx::query_as!(
        Waiting,
        r#"
        SELECT master AS "master!",
            EXISTS (SELECT FROM media_file WHERE media_file.media_id = media.media_id AND mime = $2) AS "is_made!"
        FROM media
        WHERE media_id = $1 AND master IS NOT NULL
        "#,
        id as MediaId,
        format.mime(),
    )
    .fetch_optional(conn)
    .await
}

/// A file of a picture.
pub struct File {
    /// Its name.
    pub key: String,
    /// Its width in pixels.
    pub width: i32,
    /// Its size in bytes.
    pub bytes: i64,
}

/// Writes down all files of one format at once: browsers take the best of a format, so it has to be whole. False when
/// the picture is gone.
pub async fn insert_files(
    tx: &mut PgConnection,
    id: MediaId,
    format: Format,
    files: &[File],
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        INSERT INTO media_file (key, media_id, mime, width, bytes)
        SELECT file.key, media_id, $2, file.width, file.bytes
        FROM (SELECT media_id FROM media WHERE media_id = $1 FOR SHARE) AS media
        CROSS JOIN unnest($3::text[], $4::integer[], $5::bigint[]) AS file (key, width, bytes)
        ON CONFLICT (key) DO NOTHING
        "#,
        id as MediaId,
        format.mime(),
        &files.iter().map(|file| file.key.clone()).collect::<Vec<_>>(),
        &files.iter().map(|file| file.width).collect::<Vec<_>>(),
        &files.iter().map(|file| file.bytes).collect::<Vec<_>>(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes that nothing is left to be made of a picture.
pub async fn finish(tx: &mut PgConnection, id: MediaId) -> sqlx::Result<()> {
    sqlx::query!("UPDATE media SET master = NULL WHERE media_id = $1", id as MediaId)
        .execute(tx)
        .await?;
    Ok(())
}

/// Which pictures are wanted; what is absent does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Whose words or source hold this, as a pattern of `LIKE`.
    pub words: Option<&'a str>,
    /// That hang somewhere, or nowhere.
    pub is_used: Option<bool>,
    /// After this one, newest first.
    pub after: Option<(DateTime<Utc>, MediaId)>,
    /// This one.
    pub only: Option<MediaId>,
}

/// Pictures, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    wanted: &Wanted<'_>,
    most: i64,
) -> sqlx::Result<Vec<MediaSheet>> {
    let (at, id) = wanted.after.unzip();
    let rows = sqlx::query!(
        r#"
        SELECT media_id AS "id: MediaId", row_version, source, master IS NULL AS "is_ready!", created_at,
            any_picture.body AS "picture!: Json<Picture>", used.places AS "uses!",
            coalesce((SELECT sum(bytes) FROM media_file WHERE media_file.media_id = media.media_id), 0)::bigint
                AS "bytes!"
        FROM media
        JOIN any_picture USING (media_id)
        CROSS JOIN LATERAL (SELECT count(*) AS places FROM media_use(media_id)) AS used
        WHERE ($1::text IS NULL OR lower(alt) LIKE $1 OR lower(source) LIKE $1)
            AND ($2::boolean IS NULL OR (used.places > 0) = $2)
            AND ($3::timestamptz IS NULL OR (created_at, media_id) < ($3, $4::uuid))
            AND ($5::uuid IS NULL OR media_id = $5)
        ORDER BY created_at DESC, media_id DESC
        LIMIT $6
        "#,
        wanted.words,
        wanted.is_used,
        at,
        id as Option<MediaId>,
        wanted.only as Option<MediaId>,
        most,
    )
    .fetch_all(conn)
    .await?;
    let sheet = rows.into_iter().map(|row| MediaSheet {
        id: row.id,
        version: row.row_version,
        source: row.source,
        is_ready: row.is_ready,
        bytes: row.bytes,
        uses: row.uses,
        created_at: row.created_at,
        picture: row.picture.0,
    });
    Ok(sheet.collect())
}

/// Changes a picture's words; false when somebody else changed it since.
pub async fn update(
    tx: &mut PgConnection,
    id: MediaId,
    version: i32,
    alt: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE media SET alt = $3, row_version = row_version + 1 WHERE media_id = $1 AND row_version = $2",
        id as MediaId,
        version,
        alt,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Some of the places where a picture hangs.
pub async fn uses(conn: &mut PgConnection, id: MediaId, most: i64) -> sqlx::Result<Vec<MediaUse>> {
    sqlx::query_as!(
        MediaUse,
        r#"SELECT kind AS "kind!", name AS "name!" FROM media_use($1) ORDER BY kind, name LIMIT $2"#,
        id as MediaId,
        most,
    )
    .fetch_all(conn)
    .await
}

/// Keeps pictures from being hung or changed by others, in the order of their ids.
pub async fn lock(tx: &mut PgConnection, pictures: &[MediaId]) -> sqlx::Result<()> {
    sqlx::query!(
        "SELECT FROM media WHERE media_id = ANY($1) ORDER BY media_id FOR UPDATE",
        &pictures.iter().map(|picture| picture.0).collect::<Vec<_>>(),
    )
    .fetch_all(tx)
    .await?;
    Ok(())
}

/// Takes pictures out that hang nowhere: how many, and the names of all their files.
pub async fn delete_unused(
    tx: &mut PgConnection,
    pictures: &[MediaId],
) -> sqlx::Result<(u64, Vec<String>)> {
    lock(&mut *tx, pictures).await?;
    let ids: Vec<_> = pictures.iter().map(|picture| picture.0).collect();
    let free = sqlx::query!(
        r#"
        SELECT media_id AS "id!", coalesce((
                SELECT array_agg(key) FROM media_file WHERE media_file.media_id = media.media_id
            ), '{}') || coalesce(ARRAY[master], '{}') AS "files!: Vec<Option<String>>"
        FROM media
        WHERE media_id = ANY($1) AND NOT EXISTS (SELECT FROM media_use(media_id))
        "#,
        &ids,
    )
    .fetch_all(&mut *tx)
    .await?;
    let ids: Vec<_> = free.iter().map(|picture| picture.id).collect();
    let gone = sqlx::query!("DELETE FROM media WHERE media_id = ANY($1)", &ids).execute(tx).await?;
    let files = free.into_iter().flat_map(|picture| picture.files).flatten();
    Ok((gone.rows_affected(), files.collect()))
}
