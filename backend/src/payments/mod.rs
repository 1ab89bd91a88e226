//! Taking money and giving it back (reliability.md D6).
//!
//! [`settle()`] is the only function that moves money state: the shopper's
//! return, the provider's hook and the reconciler all end there, and meeting
//! twice changes nothing.

mod admin;
mod attempt;
mod handlers;
mod provider;
mod refund;
mod settle;
mod store;
pub mod test_provider;

use api_types::{OrderStatus, PaymentMethod, PaymentStatus};
use sqlx::PgConnection;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, settings, texts};

pub use self::{
    attempt::{Paid, begin, has_open_attempt, pay, stop_open_attempt},
    handlers::{is_signed, read_hook},
    provider::{Intent, IntentState, NewIntent, Provider, ProviderError},
    refund::{refund, refund_all, return_unallocated},
    settle::{place, reconcile, settle, settle_job},
    store::{AttemptId, insert_payment, last_failure, open_attempt, refunds_of as refunds},
};

/// The method that needs no provider.
pub const BANK_TRANSFER: &str = "bank_transfer";

/// The payments' routes; those of the test provider answer 404 where it is not offered.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::take_hook))
        .routes(routes!(admin::mark_paid))
        .routes(routes!(admin::make_refund))
        .routes(routes!(admin::approve_refund))
        .routes(routes!(admin::decline_refund))
        .routes(routes!(admin::confirm_refund))
        .routes(routes!(admin::list_payment_cases))
        .merge(test_provider::routes())
}

/// Every way to pay, in order.
pub fn methods(app: &App) -> Vec<PaymentMethod> {
    let test = app.config.checkout.test_payments.then(|| PaymentMethod {
        code: test_provider::CODE.to_owned(),
        title: title(test_provider::CODE).to_owned(),
        description: texts::payment_test_about().to_owned(),
        test_cards: test_provider::CARDS
            .iter()
            .map(|(token, words)| ((*token).to_owned(), (*words).to_owned()))
            .collect(),
    });
    let transfer = PaymentMethod {
        code: BANK_TRANSFER.to_owned(),
        title: title(BANK_TRANSFER).to_owned(),
        description: texts::payment_transfer_about().to_owned(),
        test_cards: Vec::new(),
    };
    test.into_iter().chain([transfer]).collect()
}

/// The name of a method for people.
pub fn title(method: &str) -> &'static str {
    match method {
        test_provider::CODE => texts::payment_test(),
        BANK_TRANSFER => texts::payment_transfer(),
        "none" => texts::payment_none(),
        _ => texts::payment_card(),
    }
}

/// What the shopper must do to pay, while anything is to do.
pub async fn instructions(
    db: &mut PgConnection,
    method: &str,
    status: OrderStatus,
    payment: PaymentStatus,
) -> sqlx::Result<Option<String>> {
    let is_waiting = status == OrderStatus::Placed && payment == PaymentStatus::Unpaid;
    if method != BANK_TRANSFER || !is_waiting {
        return Ok(None);
    }
    let account = settings::bank_account(db).await?;
    let bic = Some(account.bic).filter(|bic| !bic.is_empty());
    let bic = bic.map(|bic| format!(", BIC {bic}")).unwrap_or_default();
    Ok(Some(format!("Transfer the total to {}, IBAN {}{bic}.", account.holder, account.iban)))
}
