//! Where pictures are kept: a folder or S3, by one name.

use std::{
    convert::Infallible,
    fmt,
    path::{Path as Folder, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use axum::body::Bytes;
use futures::{StreamExt, stream::BoxStream};
use object_store::{
    ClientConfigKey, Error, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    memory::InMemory,
    path::Path,
    prefix::PrefixStore,
};

use crate::http::ApiError;

/// Longest that S3 may take to answer, less than a request may.
const PATIENCE: Duration = Duration::from_secs(6);

/// Where pictures are to be kept, as the settings say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder.
    Folder(PathBuf),
    /// `s3://bucket/prefix`; region, credentials and endpoint are found as by any AWS tool.
    S3 {
        /// Which bucket.
        bucket: String,
        /// What all keys begin with; may be empty.
        prefix: String,
    },
    /// The memory of this process; for tests.
    Memory,
}

impl FromStr for Place {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.strip_prefix("s3://") {
            Some(rest) => {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                let prefix = prefix.trim_matches('/').to_owned();
                Self::S3 { bucket: bucket.to_owned(), prefix }
            }
            None => Self::Folder(text.into()),
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::S3 { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
            Self::Memory => f.write_str("memory"),
        }
    }
}

/// The pictures' files. Under one key there is ever one content.
#[derive(Clone)]
pub struct Storage {
    place: Place,
    store: Arc<dyn ObjectStore>,
}

/// Why a file could not be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// There is none of that name.
    #[error("there is no such file")]
    NotFound,
    /// Where pictures are kept does not answer, or refuses.
    #[error("where pictures are kept: {0}")]
    Away(#[source] Error),
}

impl From<Error> for NotKept {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound { .. } => Self::NotFound,
            other => Self::Away(other),
        }
    }
}

impl From<NotKept> for ApiError {
    fn from(error: NotKept) -> Self {
        match error {
            NotKept::NotFound => Self::NotFound("picture"),
            NotKept::Away(_) => Self::Unavailable(Some(error.into())),
        }
    }
}

/// A file that is read as it is sent on.
pub struct Opened {
    /// How long it is, in bytes.
    pub length: u64,
    /// What is in it.
    pub content: BoxStream<'static, object_store::Result<Bytes>>,
}

impl Storage {
    /// Opens a place; a folder is made when it is not there. S3 is not asked yet.
    pub fn open(place: Place) -> anyhow::Result<Self> {
        let store: Arc<dyn ObjectStore> = match &place {
            Place::Folder(folder) => Arc::new(in_folder(folder)?),
            Place::S3 { bucket, prefix } => {
                let store = AmazonS3Builder::from_env()
                    .with_bucket_name(bucket)
                    .with_config(client(ClientConfigKey::ConnectTimeout), "2 seconds")
                    .with_config(
                        client(ClientConfigKey::Timeout),
                        format!("{} seconds", PATIENCE.as_secs()),
                    )
                    .with_retry(RetryConfig {
                        max_retries: 2,
                        retry_timeout: PATIENCE,
                        ..RetryConfig::default()
                    })
                    .build()
                    .with_context(|| format!("cannot keep pictures at {place}"))?;
                Arc::new(PrefixStore::new(store, Path::from(prefix.as_str())))
            }
            Place::Memory => Arc::new(InMemory::new()),
        };
        Ok(Self { place, store })
    }

    /// Opens a file to send it on.
    pub async fn read(&self, key: &str) -> Result<Opened, NotKept> {
        self.is_plain(key).await?;
        let found = self.store.get(&path(key)?).await?;
        Ok(Opened { length: found.meta.size, content: found.into_stream().boxed() })
    }

    /// A whole file.
    pub async fn whole(&self, key: &str) -> Result<Bytes, NotKept> {
        self.is_plain(key).await?;
        Ok(self.store.get(&path(key)?).await?.bytes().await?)
    }

    /// How long a file is; nothing when it is not there.
    pub async fn length(&self, key: &str) -> Result<Option<u64>, NotKept> {
        match self.store.head(&path(key)?).await.map_err(NotKept::from) {
            Ok(about) => Ok(Some(about.size)),
            Err(NotKept::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a file; whole or not at all.
    pub async fn keep(&self, key: &str, content: Vec<u8>) -> Result<(), NotKept> {
        self.store.put(&path(key)?, content.into()).await?;
        Ok(())
    }

    /// Lets a file go; one that is not there is gone already.
    pub async fn forget(&self, key: &str) -> Result<(), NotKept> {
        match self.store.delete(&path(key)?).await.map_err(NotKept::from) {
            Err(NotKept::NotFound) | Ok(()) => Ok(()),
            other => other,
        }
    }

    /// Refuses what stands in the folder and is no file of its own: a link may lead anywhere.
    async fn is_plain(&self, key: &str) -> Result<(), NotKept> {
        let Place::Folder(folder) = &self.place else { return Ok(()) };
        match tokio::fs::symlink_metadata(folder.join(key)).await {
            Ok(about) if about.is_file() => Ok(()),
            _ => Err(NotKept::NotFound),
        }
    }
}

fn path(key: &str) -> Result<Path, NotKept> {
    Path::parse(key).map_err(|_| NotKept::NotFound)
}

fn in_folder(folder: &Folder) -> anyhow::Result<LocalFileSystem> {
    let explain = || format!("cannot keep pictures in {}; set MEDIA_STORE", folder.display());
    std::fs::create_dir_all(folder).with_context(explain)?;
    LocalFileSystem::new_with_prefix(folder).with_context(explain)
}

/// One by one: all of them at once would undo what the environment says, `AWS_ALLOW_HTTP` for one.
fn client(key: ClientConfigKey) -> AmazonS3ConfigKey {
    AmazonS3ConfigKey::Client(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Place {
        text.parse().unwrap()
    }

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        let s3 = |bucket: &str, prefix: &str| Place::S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        };

        assert_eq!(place("/media"), Place::Folder("/media".into()));
        assert_eq!(place("s3://shop-media"), s3("shop-media", ""));
        assert_eq!(place("s3://shop/media/of/it/"), s3("shop", "media/of/it"));
        assert_eq!(place("s3://shop/media").to_string(), "s3://shop/media");
    }

    #[tokio::test]
    async fn what_is_kept_is_there_until_it_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        for place in [Place::Folder(folder.path().join("new folder")), Place::Memory] {
            let storage = Storage::open(place).unwrap();

            storage.keep("masters/a.png", b"pixels".to_vec()).await.unwrap();
            assert_eq!(storage.length("masters/a.png").await.unwrap(), Some(6));
            assert_eq!(storage.whole("masters/a.png").await.unwrap(), "pixels");
            storage.forget("masters/a.png").await.unwrap();
            storage.forget("masters/a.png").await.unwrap();

            assert_eq!(storage.length("masters/a.png").await.unwrap(), None);
            assert!(matches!(storage.read("masters/a.png").await, Err(NotKept::NotFound)));
        }
    }
}
