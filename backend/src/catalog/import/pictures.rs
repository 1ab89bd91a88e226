//! Pictures from where the file says. Those that cannot be had now are asked for again later, by a job; their products
//! stay as they are meanwhile.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, bail};
use api_types::{MediaId, ProductId};
use db::Db;
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    fetch::{Fetcher, Missing},
    plan::WantedPicture,
    store::{
        self,
        pictures::{self as rows, Came},
    },
};
use crate::{
    App,
    jobs::{self, NewJob},
    media::{self, NotTaken, Taken},
};

/// Pictures that are fetched at once.
const AT_ONCE: usize = 8;

/// The job that asks for a picture again.
pub const FETCH: &str = "media.fetch";

/// A product and the pictures that it is to have.
pub struct Hanging {
    /// Which one.
    pub product: ProductId,
    /// Its name in addresses.
    pub handle: String,
    /// In order.
    pub pictures: Vec<WantedPicture>,
}

/// What came of some pictures.
#[derive(Default)]
pub struct Fetched {
    /// Those that are there now, by their addresses.
    pub there: HashMap<String, Taken>,
    /// Those that are not, with the reason.
    pub missing: HashMap<String, Missing>,
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

/// Fetches those pictures that the shop does not have, each once.
pub async fn fetch(
    app: &App,
    db: &Db,
    fetcher: &Fetcher,
    hanging: &[Hanging],
) -> anyhow::Result<Fetched> {
    let all = hanging.iter().flat_map(|product| &product.pictures);
    let mut urls: Vec<String> = all.map(|picture| picture.url.clone()).collect();
    urls.sort_unstable();
    urls.dedup();
    let known = db.read(async |conn| store::known_pictures(conn, &urls).await).await?;
    urls.retain(|url| !known.contains(url));
    let mut fetching = futures::stream::iter(urls)
        .map(|url| async move {
            let came = one(app, fetcher, &url).await;
            (url, came)
        })
        .buffer_unordered(AT_ONCE);
    let mut done = Fetched::default();
    while let Some((url, came)) = fetching.next().await {
        match came? {
            Ok(taken) => drop(done.there.insert(url, taken)),
            Err(missing) => drop(done.missing.insert(url, missing)),
        }
    }
    Ok(done)
}

/// Fetches a picture and keeps its pixels; the outer error is ours.
async fn one(app: &App, fetcher: &Fetcher, url: &str) -> anyhow::Result<Result<Taken, Missing>> {
    let file = match fetcher.fetch(url).await {
        Ok(file) => file,
        Err(missing) => return Ok(Err(missing)),
    };
    match media::take(&app.media, file.into(), None).await {
        Ok(taken) => Ok(Ok(taken)),
        Err(NotTaken::Unfit(unfit)) => Ok(Err(Missing::for_good(unfit.to_string()))),
        Err(busy @ NotTaken::Busy) => Ok(Err(Missing::for_now(busy.to_string()))),
        Err(error) => Err(error).context("a picture could not be kept"),
    }
}

/// Leaves out products that have no picture and get none: of most catalogues whose pictures are not fetched, all.
pub async fn with_any(
    db: &Db,
    mut hanging: Vec<Hanging>,
    fetched: &Fetched,
) -> sqlx::Result<Vec<Hanging>> {
    let products: Vec<_> = hanging.iter().map(|it| it.product.0).collect();
    let urls: Vec<_> =
        hanging.iter().flat_map(|it| it.pictures.iter().map(|one| one.url.clone())).collect();
    let (has_some, known) = db
        .read(async |conn| {
            let has_some = store::with_pictures(&mut *conn, &products).await?;
            Ok::<_, sqlx::Error>((has_some, store::known_pictures(conn, &urls).await?))
        })
        .await?;
    let known: BTreeSet<_> = known.into_iter().collect();
    let is_told = |url: &String| {
        known.contains(url) || fetched.there.contains_key(url) || fetched.missing.contains_key(url)
    };
    hanging.retain(|it| {
        has_some.contains(&it.product.0) || it.pictures.iter().any(|one| is_told(&one.url))
    });
    Ok(hanging)
}

/// Writes down what came, hangs all pictures that are there, and has the others asked for again.
pub async fn hang(
    app: &App,
    db: &Db,
    run: Uuid,
    (hanging, fetched): (&[Hanging], &Fetched),
) -> sqlx::Result<()> {
    let now = app.clock.now();
    let products: Vec<_> = hanging.iter().map(|product| product.product.0).collect();
    let came = came(run, hanging, fetched);
    let again: Vec<NewJob> = came
        .iter()
        .filter(|came| came.state == "waiting")
        .map(|came| NewJob {
            kind: FETCH,
            payload: json!(Errand { run, url: came.url.to_owned() }),
            dedupe_key: came.job.clone(),
            run_at: now + PAUSE,
        })
        .collect();
    db.write(async |tx| {
        rows::remember(&mut *tx, run, &products).await?;
        rows::supersede(&mut *tx, run, &products).await?;
        for (url, taken) in &fetched.there {
            let alt = hanging.iter().flat_map(|it| &it.pictures).find(|it| it.url == *url);
            let alt = alt.map_or("", |picture| picture.alt.as_str());
            media::note(&mut *tx, taken, (url, alt), now).await?;
        }
        for products in each_once(hanging) {
            store::link_pictures(&mut *tx, &products).await?;
        }
        rows::keep(&mut *tx, run, &came).await?;
        rows::note_hung(&mut *tx, run, &products).await?;
        jobs::enqueue(tx, &again, now).await
    })
    .await
}

/// The same in rounds, in which each product is once: one whose rows stand apart in the file comes again.
fn each_once(hanging: &[Hanging]) -> Vec<Vec<&Hanging>> {
    let mut seen: BTreeMap<ProductId, usize> = BTreeMap::new();
    let mut rounds: Vec<Vec<&Hanging>> = Vec::new();
    for product in hanging {
        let times = seen.entry(product.product).or_default();
        if *times == rounds.len() {
            rounds.push(Vec::new());
        }
        rounds[*times].push(product);
        *times += 1;
    }
    rounds
}

/// The first pause before a picture is asked for again.
const PAUSE: chrono::TimeDelta = chrono::TimeDelta::seconds(30);

/// What came of every picture that had to be fetched, for each product that wants it; of a product whose rows stand
/// apart, as the last of them want it.
fn came<'a>(run: Uuid, hanging: &'a [Hanging], fetched: &'a Fetched) -> Vec<Came<'a>> {
    let all = hanging
        .iter()
        .flat_map(|product| product.pictures.iter().map(move |picture| (product, picture)));
    all.filter_map(|(product, picture)| {
        let taken = fetched.there.get(&picture.url);
        let missing = fetched.missing.get(&picture.url);
        let state = match (taken, missing) {
            (Some(_), _) => "fetched",
            (None, Some(missing)) if missing.is_final => "missing",
            (None, Some(_)) => "waiting",
            (None, None) => return None,
        };
        let came = Came {
            product_id: product.product.0,
            handle: &product.handle,
            url: &picture.url,
            line: picture.line,
            position: picture.position,
            alt: &picture.alt,
            shows: picture.shows.as_deref(),
            state,
            reason: missing.map(|missing| missing.reason.as_str()),
            job: errand_key(run, &picture.url),
            media_id: taken.map(|taken| taken.id().0),
        };
        Some(((product.product, picture.url.as_str()), came))
    })
    .collect::<BTreeMap<_, _>>()
    .into_values()
    .collect()
}

/// Which picture a job asks for.
#[derive(Serialize, Deserialize)]
struct Errand {
    run: Uuid,
    url: String,
}

/// The key of the job for a picture of an import; addresses may be longer than a key.
fn errand_key(run: Uuid, url: &str) -> String {
    let digest = Sha256::digest(url);
    format!("{FETCH}:{}:{}", run.simple(), hex::encode(&digest[..16]))
}

/// Asks for a picture again that could not be had, and hangs it where it is still wanted.
pub async fn fetch_again(app: &App, payload: &Value) -> anyhow::Result<()> {
    let Errand { run, url } = Errand::deserialize(payload)?;
    let wanted = app.db.read(async |conn| rows::waiting(conn, run, &url).await).await?;
    let Some(first) = wanted.first() else { return Ok(()) };
    let urls = [url.clone()];
    let known = app.db.read(async |conn| store::known_pictures(conn, &urls).await).await?;
    let taken = if known.is_empty() {
        let fetcher = Fetcher::new(app.config.catalog.picture_reach, None)?;
        match one(app, &fetcher, &url).await? {
            Ok(taken) => Some(taken),
            Err(missing) => return put_off(app, (run, &url), missing).await,
        }
    } else {
        None
    };
    let now = app.clock.now();
    let alt = first.alt.as_str();
    app.db
        .write(async |tx| {
            let mut made = None;
            if let Some(taken) = &taken
                && media::note(&mut *tx, taken, (&url, alt), now).await?
            {
                made = Some(taken.id());
            }
            hang_late(tx, (run, &url), made).await
        })
        .await?;
    Ok(())
}

async fn hang_late(
    tx: &mut PgConnection,
    (run, url): (Uuid, &str),
    made: Option<MediaId>,
) -> sqlx::Result<()> {
    let products = rows::lock_waiting(&mut *tx, run, url).await?;
    rows::remember(&mut *tx, run, &products).await?;
    rows::hang_late(&mut *tx, run, url).await?;
    rows::note_hung(&mut *tx, run, &products).await?;
    rows::arrived(tx, (run, url), made).await
}

/// Notes why a picture is still not there; an error has the job come again.
async fn put_off(app: &App, (run, url): (Uuid, &str), missing: Missing) -> anyhow::Result<()> {
    let Missing { reason, is_final } = missing;
    app.db.write(async |tx| rows::put_off(tx, (run, url), (&reason, is_final)).await).await?;
    if is_final {
        return Ok(());
    }
    bail!("{url}: {reason}")
}
