//! What every handler may ask for.

use std::sync::Arc;

use api_types::ShopConfig;
use axum::extract::FromRef;

use crate::{
    api::{Api, Error},
    assets::Assets,
    config::Config,
    keys::Keys,
    page_cache::PageCache,
    shop::Shop,
};

pub use crate::page::{Kind, Page};

/// The storefront's shared parts.
#[derive(Clone)]
pub struct App {
    /// Settings.
    pub config: Arc<Config>,
    /// The backend.
    pub api: Api,
    /// The shop's name, countries and categories.
    pub shop: Shop,
    /// Style sheet, scripts, fonts.
    pub assets: Assets,
    /// What signs form tokens and notices.
    pub keys: Keys,
    /// Finished public pages.
    pub pages: PageCache,
}

impl FromRef<App> for Keys {
    fn from_ref(app: &App) -> Self {
        app.keys.clone()
    }
}

impl App {
    /// Everything that the settings describe.
    pub fn new(config: Config) -> anyhow::Result<Self> {
        Ok(Self {
            api: Api::new(&config.backend_url)?,
            shop: Shop::default(),
            assets: Assets::read(config.site_dir.clone()),
            keys: Keys::new(&config)?,
            pages: PageCache::new(&config),
            config: Arc::new(config),
        })
    }

    /// The shop's settings as last heard.
    pub async fn shop_config(&self) -> Result<Arc<ShopConfig>, Error> {
        self.shop.config(&self.api).await
    }
}
