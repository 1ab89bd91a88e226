//! What the shop is called and where it sells, kept for a few seconds.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use api_types::{Country, ShopConfig};
use tokio::sync::Mutex;

use crate::api::{Api, Error};

/// How long the settings of the shop are believed.
const FRESH: Duration = Duration::from_secs(4);
/// How soon the backend is asked again after it failed to say.
const AGAIN: Duration = Duration::from_secs(2);

/// The shop's settings as last heard; the last good ones stay when the backend is away.
#[derive(Clone, Default)]
pub struct Shop(Arc<Mutex<Option<Heard>>>);

#[derive(Clone)]
struct Heard {
    config: Arc<ShopConfig>,
    ask_again: Instant,
}

impl Shop {
    /// The settings; an error only when the backend never said them.
    pub async fn config(&self, api: &Api) -> Result<Arc<ShopConfig>, Error> {
        let mut heard = self.0.lock().await;
        if let Some(known) = heard.as_ref().filter(|known| known.ask_again > Instant::now()) {
            return Ok(Arc::clone(&known.config));
        }
        match api.config().await {
            Ok(config) => {
                let config = Arc::new(config);
                let ask_again = Instant::now() + FRESH;
                *heard = Some(Heard { config: Arc::clone(&config), ask_again });
                Ok(config)
            }
            Err(error) => {
                let known = heard.as_mut().ok_or(error)?;
                known.ask_again = Instant::now() + AGAIN;
                Ok(Arc::clone(&known.config))
            }
        }
    }
}

/// The country of that code among all that the shop delivers to.
pub fn country<'a>(shop: &'a ShopConfig, code: &str) -> Option<&'a Country> {
    countries(shop).find(|country| country.code == code)
}

/// All countries that the shop delivers to.
pub fn countries(shop: &ShopConfig) -> impl Iterator<Item = &Country> {
    shop.regions.iter().flat_map(|region| &region.countries)
}
