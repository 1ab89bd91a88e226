//! What the shop asks of a payment provider, whichever it is.

use api_types::Money;

use super::test_provider::TestProvider;

/// A payment provider: another company's system, asked over a network.
#[derive(Clone)]
pub enum Provider {
    /// Takes test cards and no money.
    Test(TestProvider),
}

/// What the provider knows of one attempt to take money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What the provider calls it.
    pub reference: String,
    /// The order it is for, as we named it when we asked.
    pub order_ref: String,
    /// How much it takes.
    pub amount: Money,
    /// How far along it is.
    pub state: IntentState,
}

/// How far along an attempt is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntentState {
    /// The shopper must confirm there.
    RequiresAction(String),
    /// The provider is still at it.
    Processing,
    /// The money is ours.
    Succeeded,
    /// It will not be; in words for the shopper.
    Failed(String),
    /// We took it back before it took money.
    Cancelled,
}

/// What to ask a provider for.
#[derive(Clone, Debug)]
pub struct NewIntent {
    /// The same key asks for the same attempt: `order:{id}:v{n}`.
    pub key: String,
    /// Our name for the order.
    pub order_ref: String,
    /// How much to take.
    pub amount: Money,
    /// What the provider's form made of the card.
    pub token: String,
    /// Where the shopper comes back to.
    pub return_url: String,
}

/// Why the provider gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It may or may not have done what was asked.
    #[error("the payment provider did not answer in time")]
    TimedOut,
    /// It does not know what was asked about.
    #[error("the payment provider does not know {0}")]
    Unknown(String),
    /// It said no to the request itself.
    #[error("the payment provider refused: {0}")]
    Refused(String),
    /// It is away.
    #[error("the payment provider cannot be reached")]
    Away(#[source] anyhow::Error),
}

/// What a provider answers.
pub type Answer<T> = Result<T, ProviderError>;

impl Provider {
    /// Its name in the database.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Test(_) => super::test_provider::CODE,
        }
    }

    /// Asks for money; asking again with the same key answers with the same attempt.
    pub async fn create(&self, new: &NewIntent) -> Answer<Intent> {
        match self {
            Self::Test(provider) => provider.create(new).await,
        }
    }

    /// What became of the attempt asked for under `key`; `None` when it never arrived.
    pub async fn find(&self, key: &str) -> Answer<Option<Intent>> {
        match self {
            Self::Test(provider) => provider.find(key).await,
        }
    }

    /// The key under which an attempt was asked for that the provider calls `reference`.
    pub async fn key_of(&self, reference: &str) -> Answer<Option<String>> {
        match self {
            Self::Test(provider) => provider.key_of(reference).await,
        }
    }

    /// Takes an attempt back unless it has ended; what became of it.
    pub async fn cancel(&self, key: &str) -> Answer<Option<Intent>> {
        match self {
            Self::Test(provider) => provider.cancel(key).await,
        }
    }

    /// Gives money back; the same refund key gives it back once.
    pub async fn refund(&self, reference: &str, amount: Money, refund_key: &str) -> Answer<()> {
        match self {
            Self::Test(provider) => provider.refund(reference, amount, refund_key).await,
        }
    }
}
