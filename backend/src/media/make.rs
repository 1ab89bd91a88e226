//! Pictures that come, and their files that are made once, in the background, and kept.

use std::time::Duration;

use anyhow::Context;
use api_types::MediaId;
use axum::body::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use tokio::{sync::Semaphore, time::timeout};

use super::{
    clean::{Clean, Unfit},
    sizes::{self, Format},
    storage::{NotKept, Storage},
    store::{self, File, New},
};
use crate::{App, http::ApiError, jobs};

/// The job that makes the files that are quick to make.
pub const WEBP: &str = "media.webp";
/// The job that makes the smaller ones.
pub const AVIF: &str = "media.avif";
/// The job that lets files go.
pub const FORGET: &str = "media.forget";

/// One stranger's file is read at a time: it may take 200 MB.
static ROOM: Semaphore = Semaphore::const_new(1);

/// Longest wait for that room.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// It is not fit to be shown.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// Others are being read, for longer than anybody waits.
    #[error("too many pictures come at once")]
    Busy,
    /// It could not be kept.
    #[error(transparent)]
    NotKept(#[from] NotKept),
    /// It could not be written.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// Clean pixels that are kept as a file, and known to nobody yet.
#[derive(Debug)]
pub struct Taken {
    /// The picture that they will be.
    id: MediaId,
    /// The name of the file.
    master: String,
    /// Width and height.
    size: (i32, i32),
}

impl Taken {
    /// The picture that they will be.
    pub fn id(&self) -> MediaId {
        self.id
    }
}

/// Reads a stranger's file, said to be of that media type, and keeps its pixels.
pub async fn take(storage: &Storage, file: Bytes, said: Option<String>) -> Result<Taken, NotTaken> {
    let room = timeout(PATIENCE, ROOM.acquire()).await.map_err(|_| NotTaken::Busy)?;
    let room = room.map_err(|_| NotTaken::Busy)?;
    let read = tokio::task::spawn_blocking(move || {
        // Held to the end, whoever still waits for it.
        let _room = room;
        let clean = Clean::read(&file, said.as_deref())?;
        let (width, height) = clean.0.dimensions();
        let size = (i32::try_from(width).ok(), i32::try_from(height).ok());
        let master = clean.master().context("the pixels could not be written")?;
        Ok::<_, NotTaken>((master, size.0.zip(size.1).ok_or(Unfit::TooManyPixels)?))
    });
    let (master, size) = read.await.unwrap_or_else(|panic| {
        tracing::error!("a reader of pictures panicked: {panic}");
        Err(Unfit::Broken.into())
    })?;
    let id = MediaId::new();
    let key = format!("masters/{}.png", name(&master, id));
    storage.keep(&key, master).await?;
    Ok(Taken { id, master: key, size })
}

/// The name of a file: by its content, and by whose it is, so that it is of one picture only and never comes again.
fn name(content: &[u8], of: MediaId) -> String {
    let digest = Sha256::new().chain_update(of.0).chain_update(content).finalize();
    hex::encode(&digest[..16])
}

/// Writes a picture down, and what is to be made of it. When one of that source is there already it stays, and what
/// was kept of this one is let go.
pub async fn note(
    tx: &mut PgConnection,
    taken: &Taken,
    (source, alt): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let id = taken.id;
    let new = New { id, source, alt, size: taken.size, master: &taken.master };
    if !store::insert(&mut *tx, &new, now).await? {
        forget_later(tx, vec![taken.master.clone()], now).await?;
        return Ok(false);
    }
    jobs::enqueue_one(tx, WEBP, format!("{WEBP}:{id}"), json!(Which { id }), now).await?;
    Ok(true)
}

/// Which picture a job is about.
#[derive(Serialize, Deserialize)]
struct Which {
    id: MediaId,
}

/// Makes all files of one format of a picture, and has the next format made.
pub async fn make(app: &App, payload: &Value, format: Format) -> anyhow::Result<()> {
    let Which { id } = Which::deserialize(payload)?;
    let waiting = app.db.read(async |conn| store::waiting(conn, id, format).await).await?;
    let Some(waiting) = waiting else { return Ok(()) };
    if !waiting.is_made {
        let files = written(app, (id, &waiting.master), format).await?;
        let is_there =
            app.db.write(async |tx| store::insert_files(tx, id, format, &files).await).await?;
        if !is_there {
            // It was taken away meanwhile.
            for file in &files {
                app.media.forget(&file.key).await?;
            }
            return Ok(());
        }
    }
    let now = app.clock.now();
    match format {
        Format::Webp => {
            let next = json!(Which { id });
            app.db
                .write(async |tx| {
                    jobs::enqueue_one(tx, AVIF, format!("{AVIF}:{id}"), next.clone(), now).await
                })
                .await?;
        }
        Format::Avif => {
            app.media.forget(&waiting.master).await?;
            app.db.write(async |tx| store::finish(tx, id).await).await?;
        }
    }
    Ok(())
}

/// Makes the files and keeps them.
async fn written(
    app: &App,
    (id, master): (MediaId, &str),
    format: Format,
) -> anyhow::Result<Vec<File>> {
    let master = app.media.whole(master).await?;
    let made = tokio::task::spawn_blocking(move || files(&master, format)).await??;
    let mut files = Vec::with_capacity(made.len());
    for (width, content) in made {
        let key = format!("{}-{width}.{}", name(&content, id), format.ending());
        let (width, bytes) = (i32::try_from(width)?, i64::try_from(content.len())?);
        app.media.keep(&key, content).await?;
        files.push(File { key, width, bytes });
    }
    Ok(files)
}

/// The files of one format, by their width, small to large.
fn files(master: &[u8], format: Format) -> anyhow::Result<Vec<(u32, Vec<u8>)>> {
    let Clean(pixels) = Clean::of_master(master).context("the kept pixels cannot be read")?;
    let own = pixels.width();
    let file = |width| {
        let smaller = if width == own { None } else { Some(sizes::scaled(&pixels, width)?) };
        Ok((width, format.write(smaller.as_ref().unwrap_or(&pixels))?))
    };
    sizes::widths(own).into_iter().map(file).collect()
}

/// Has files let go, once what is told here has come to pass.
pub async fn forget_later(
    tx: &mut PgConnection,
    keys: Vec<String>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(first) = keys.first().cloned() else { return Ok(()) };
    jobs::enqueue_one(tx, FORGET, format!("{FORGET}:{first}"), json!(Keys { keys }), now).await
}

/// Which files a job is about.
#[derive(Serialize, Deserialize)]
struct Keys {
    keys: Vec<String>,
}

/// Lets files go that belong to no picture any more.
pub async fn forget(app: &App, payload: &Value) -> anyhow::Result<()> {
    for key in Keys::deserialize(payload)?.keys {
        app.media.forget(&key).await?;
    }
    Ok(())
}

impl From<NotTaken> for ApiError {
    fn from(error: NotTaken) -> Self {
        match error {
            NotTaken::Unfit(unfit) => Self::field("/file", unfit.code(), sentence(unfit)),
            NotTaken::Busy => Self::Unavailable(None),
            NotTaken::NotKept(error) => error.into(),
            NotTaken::Failed(error) => Self::Internal(error),
        }
    }
}

fn sentence(unfit: Unfit) -> String {
    let text = unfit.to_string();
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
        .unwrap_or(text)
}
