//! Filling the index from the database.

use std::collections::BTreeSet;

use anyhow::Context;
use api_types::{Currency, ProductId};
use db::Db;
use tokio::{sync::mpsc, task::JoinSet};
use uuid::Uuid;

use super::{Index, follow::Mark, schema::Entry, store};

/// Products read at once.
const BATCH: i64 = 1_000;

/// Batches that are read at the same time.
const AT_ONCE: usize = 3;

impl Index {
    /// Fills the index with every product that can be listed, in place of what it held.
    pub async fn build(&self, db: &Db) -> anyhow::Result<()> {
        let mut mark = self.mark().await;
        let started = tokio::time::Instant::now();
        // Taken before anything is read: what changes meanwhile is followed afterwards.
        let noted = db.read(async |conn| store::oldest_running(conn).await).await?;
        let shelves = db.read(store::shelves).await.context("cannot read the categories")?;
        let currencies = shelves.currencies.clone();
        let batches =
            self.refill(db, &currencies).await.context("cannot build the search index")?;
        self.set_shelves(shelves);
        *mark = Some(Mark::at(noted));
        let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(products = self.len(), batches, took_ms, "search index built");
        Ok(())
    }

    async fn refill(&self, db: &Db, currencies: &[Currency]) -> anyhow::Result<usize> {
        let (send, mut receive) = mpsc::channel::<Vec<Entry>>(2);
        let index = self.clone();
        // Documents are made on a thread of their own while the next are read.
        let writing = tokio::task::spawn_blocking(move || index.replace(&mut receive));
        let mut reading: JoinSet<sqlx::Result<Vec<Entry>>> = JoinSet::new();
        let mut after = Some(Uuid::nil());
        loop {
            if let Some(last) = after {
                let ids =
                    db.read(async |conn| store::listed_products(conn, last, BATCH).await).await?;
                after = ids.last().map(|last| last.0);
                let (db, currencies) = (db.clone(), currencies.to_vec());
                reading.spawn(async move { read(&db, &ids, &currencies).await });
            }
            if after.is_some() && reading.len() < AT_ONCE {
                continue;
            }
            let Some(entries) = reading.join_next().await else { break };
            let entries = entries??;
            if !entries.is_empty() && send.send(entries).await.is_err() {
                break;
            }
        }
        let _ = send.send(Vec::new()).await;
        drop(send);
        Ok(writing.await??)
    }

    /// Puts what is received in place of all there is; an empty batch says that it was all.
    fn replace(&self, batches: &mut mpsc::Receiver<Vec<Entry>>) -> tantivy::Result<usize> {
        let mut change = self.change()?;
        let mut count = 0;
        change.clear()?;
        while let Some(entries) = batches.blocking_recv() {
            if entries.is_empty() {
                change.commit()?;
                break;
            }
            change.add(&entries)?;
            count += 1;
        }
        // Without an empty batch the reader has failed, and what was there stays.
        Ok(count)
    }

    /// Reads these products anew.
    pub(super) async fn refresh(&self, db: &Db, ids: BTreeSet<ProductId>) -> anyhow::Result<()> {
        let currencies = self.shelves().currencies.clone();
        let ids: Vec<_> = ids.into_iter().collect();
        let size = usize::try_from(BATCH).unwrap_or(usize::MAX);
        for ids in ids.chunks(size) {
            let entries = read(db, ids, &currencies).await?;
            let (index, ids) = (self.clone(), ids.to_vec());
            tokio::task::spawn_blocking(move || -> tantivy::Result<()> {
                let mut change = index.change()?;
                change.remove(&ids)?;
                change.add(&entries)?;
                change.commit()
            })
            .await??;
        }
        Ok(())
    }
}

async fn read(
    db: &Db,
    ids: &[ProductId],
    currencies: &[Currency],
) -> Result<Vec<Entry>, sqlx::Error> {
    db.read(async |conn| store::entries(conn, ids, currencies).await).await
}
