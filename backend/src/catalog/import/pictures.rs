//! Pictures from where the file says into the folder of pictures.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context;
use db::Db;
use futures::StreamExt;
use sha2::{Digest, Sha256};

use super::{
    Event,
    fetch::{Fetched, Fetcher},
    plan::WantedPicture,
    store::{self, Stored},
};
use crate::App;

/// Pictures that are fetched at once.
const AT_ONCE: usize = 8;

/// What came of some pictures.
#[derive(Default)]
pub struct Done {
    pub stored: u64,
    pub missing: Vec<Event>,
}

/// Knows the shop's own pictures again by their addresses, as an export writes them.
pub async fn know_our_own<'a>(
    app: &App,
    db: &Db,
    wanted: impl Iterator<Item = &'a mut WantedPicture>,
) -> anyhow::Result<()> {
    let base = own_address(app);
    let key = |url: &str| url.strip_prefix(&base).map(str::to_owned);
    let mut ours: Vec<_> =
        wanted.filter_map(|picture| Some((key(&picture.url)?, picture))).collect();
    if ours.is_empty() {
        return Ok(());
    }
    let keys: Vec<String> = ours.iter().map(|(key, _)| key.clone()).collect();
    let sources = db.read(async |conn| store::own_pictures(conn, &keys).await).await?;
    for (key, picture) in &mut ours {
        if let Some(source) = sources.get(key) {
            picture.url.clone_from(source);
        }
    }
    Ok(())
}

/// What the addresses of the shop's own pictures begin with.
pub fn own_address(app: &App) -> String {
    let mut url = app.config.public_url.clone();
    url.set_path("/api/media/");
    url.into()
}

/// Fetches those pictures that the shop does not have.
pub async fn fetch<'a>(
    app: &App,
    db: &Db,
    fetcher: &Fetcher,
    wanted: impl Iterator<Item = (&'a str, &'a WantedPicture)>,
) -> anyhow::Result<Done> {
    // Several products may show the same picture.
    let mut by_url: BTreeMap<&str, (&str, &WantedPicture)> = BTreeMap::new();
    for (handle, picture) in wanted {
        by_url.entry(&picture.url).or_insert((handle, picture));
    }
    let urls: Vec<String> = by_url.keys().map(|&url| url.to_owned()).collect();
    let known = db.read(async |conn| store::known_pictures(conn, &urls).await).await?;
    by_url.retain(|url, _| !known.iter().any(|known| known == url));
    let folder = super::media_dir(app);
    if !by_url.is_empty() {
        tokio::fs::create_dir_all(&folder)
            .await
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let mut fetching = futures::stream::iter(by_url.into_values())
        .map(
            |(handle, picture)| async move { (handle, picture, fetcher.fetch(&picture.url).await) },
        )
        .buffer_unordered(AT_ONCE);
    let mut done = Done::default();
    while let Some((handle, picture, fetched)) = fetching.next().await {
        match fetched {
            Ok(found) => {
                let kept = keep(&folder, picture, found).await?;
                let now = app.clock.now();
                db.write(async |tx| store::insert_picture(tx, &kept, now).await).await?;
                done.stored += 1;
            }
            Err(reason) => done.missing.push(Event::NoPicture {
                line: picture.line,
                handle: handle.to_owned(),
                url: picture.url.clone(),
                reason,
            }),
        }
    }
    Ok(done)
}

/// Writes the file under a name made of its content; whole or not at all.
async fn keep(folder: &Path, picture: &WantedPicture, fetched: Fetched) -> anyhow::Result<Stored> {
    // The address too: a file belongs to one picture, and two addresses may show the same.
    let digest = Sha256::new().chain_update(&fetched.bytes).chain_update(&picture.url).finalize();
    let key = format!("{}.{}", hex::encode(&digest[..16]), fetched.ending);
    let (path, part) = (folder.join(&key), folder.join(format!(".{key}.part")));
    let written = async {
        tokio::fs::write(&part, &fetched.bytes).await?;
        tokio::fs::rename(&part, &path).await
    };
    written.await.with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Stored {
        url: picture.url.clone(),
        key,
        mime: fetched.mime,
        width: fetched.width,
        height: fetched.height,
        bytes: i64::try_from(fetched.bytes.len())?,
        alt: picture.alt.clone(),
    })
}
