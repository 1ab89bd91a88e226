//! The secrets of authenticators as they are kept: sealed for their owner, so that a copy of the database
//! makes no codes, and nobody's secret works as another's.

use api_types::StaffId;
use sqlx::PgConnection;

use super::store::authenticators;
use crate::{
    keys::Keyring,
    seal::{Head, Unopened},
};

const PURPOSE: &str = "staff authenticator";

/// A secret as it is kept.
pub fn seal(keys: &Keyring, staff: StaffId, secret: &[u8]) -> Vec<u8> {
    keys.seal(PURPOSE, staff.0.as_bytes(), secret)
}

/// The secret of what is kept; what cannot be opened is told in the log.
pub fn open(keys: &Keyring, staff: StaffId, kept: &[u8]) -> Result<Vec<u8>, Unopened> {
    keys.open(PURPOSE, staff.0.as_bytes(), kept).inspect_err(|why| {
        tracing::error!(staff.id = %staff, "an authenticator's secret cannot be opened: {why}");
    })
}

/// Seals what is in the clear; how many rows.
pub async fn seal_plain(tx: &mut PgConnection, keys: &Keyring) -> sqlx::Result<usize> {
    renew(tx, keys, &[]).await
}

/// Moves what was sealed by an older secret to the newest, and seals what is in the clear; how many rows.
pub async fn reseal(tx: &mut PgConnection, keys: &Keyring) -> sqlx::Result<usize> {
    let heads = keys.heads(PURPOSE);
    renew(tx, keys, heads.get(1..).unwrap_or_default()).await
}

async fn renew(tx: &mut PgConnection, keys: &Keyring, older: &[Head]) -> sqlx::Result<usize> {
    let older: Vec<_> = older.iter().map(|head| head.to_vec()).collect();
    let mut rows = authenticators::lock(&mut *tx, &older).await?;
    for row in &mut rows {
        for kept in [&mut row.code_secret, &mut row.pending_secret].into_iter().flatten() {
            if kept.len() == authenticators::PLAIN {
                *kept = seal(keys, row.staff, kept);
            } else if let Ok(secret) = open(keys, row.staff, kept) {
                *kept = seal(keys, row.staff, &secret);
            }
        }
    }
    authenticators::keep(tx, &rows).await?;
    Ok(rows.len())
}
