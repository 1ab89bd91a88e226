//! What the shop makes its secrets from: the newest secret signs, the one before it is still believed.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::{Context, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// The fewest characters that a secret may have.
const LEAST: usize = 32;

/// By then every replica has the secret that this one has.
const EVERYWHERE: TimeDelta = TimeDelta::minutes(15);

/// The shop's secrets; all clones change together.
#[derive(Clone)]
pub struct Keyring(Arc<RwLock<Ring>>);

struct Ring {
    /// Newest first.
    secrets: Arc<[Vec<u8>]>,
    /// When somebody first asked how long the newest has been here.
    newest_since: Option<DateTime<Utc>>,
    /// Whether it is of the settings, and will be here again after a restart.
    is_lasting: bool,
}

impl Keyring {
    /// The secrets of the settings, newest first; one made for this run when none is given.
    pub fn new(
        newest: Option<&SecretString>,
        before: Option<&SecretString>,
    ) -> anyhow::Result<Self> {
        let Some(newest) = newest else {
            tracing::warn!(
                "JWT_SECRET is not set: order links, sign-ins and authenticators of staff made now are void after a restart"
            );
            return Ok(Self::of(vec![rand::random::<[u8; 32]>().to_vec()], false));
        };
        let newest = checked(newest).context("JWT_SECRET cannot be used")?;
        let before =
            before.map(checked).transpose().context("JWT_SECRET_PREVIOUS cannot be used")?;
        Ok(Self::of([newest].into_iter().chain(before).collect(), true))
    }

    fn of(secrets: Vec<Vec<u8>>, is_lasting: bool) -> Self {
        let secrets = secrets.into();
        Self(Arc::new(RwLock::new(Ring { secrets, newest_since: None, is_lasting })))
    }

    /// Puts `newest` before the secret that signed until now; the one before that is forgotten.
    pub fn rotate(&self, newest: &SecretString) -> anyhow::Result<()> {
        let newest = checked(newest)?;
        let mut ring = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if ring.secrets.first() != Some(&newest) {
            let before = ring.secrets.first().cloned();
            ring.secrets = [newest].into_iter().chain(before).collect();
            ring.newest_since = None;
        }
        Ok(())
    }

    /// Whether the newest secret is of the settings, and will be here again after a restart.
    pub fn is_lasting(&self) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).is_lasting
    }

    /// Whether what is kept may be moved to the newest secret: it outlives this process, and has been here
    /// for so long that every replica knows it.
    pub fn is_settled(&self, now: DateTime<Utc>) -> bool {
        let mut ring = self.0.write().unwrap_or_else(PoisonError::into_inner);
        ring.is_lasting && now - *ring.newest_since.get_or_insert(now) >= EVERYWHERE
    }

    /// The secrets, newest first.
    pub fn secrets(&self) -> Arc<[Vec<u8>]> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).secrets)
    }

    /// 256 bits over `parts` that only the shop can make, good for one `purpose`.
    pub fn sign(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.signatures(purpose, parts).next().unwrap_or_default()
    }

    /// The same by every secret that is still believed, newest first.
    pub fn signatures(&self, purpose: &str, parts: &[&[u8]]) -> impl Iterator<Item = [u8; 32]> {
        let made: Vec<_> = self
            .secrets()
            .iter()
            .map(|secret| mac(&mac(secret, &[purpose.as_bytes()]), parts))
            .collect();
        made.into_iter()
    }

    /// Whether `given` was made by [`Keyring::sign`]; takes the same time either way.
    pub fn is_ours(&self, purpose: &str, parts: &[&[u8]], given: &[u8]) -> bool {
        self.signatures(purpose, parts)
            .fold(Choice::from(0), |found, made| found | made.ct_eq(given))
            .into()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keyring").field(&self.secrets().len()).finish()
    }
}

fn checked(secret: &SecretString) -> anyhow::Result<Vec<u8>> {
    let secret = secret.expose_secret();
    ensure!(secret.len() >= LEAST, "it has fewer than {LEAST} characters; use a longer one");
    Ok(secret.as_bytes().to_vec())
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(letter: &str) -> SecretString {
        letter.repeat(LEAST).into()
    }

    #[test]
    fn a_signature_is_good_for_its_purpose_and_parts_only() {
        let keys = Keyring::new(Some(&secret("a")), None).unwrap();
        let made = keys.sign("order link", &[b"order", b"nonce"]);

        assert!(keys.is_ours("order link", &[b"order", b"nonce"], &made));
        assert!(!keys.is_ours("letter", &[b"order", b"nonce"], &made));
        assert!(!keys.is_ours("order link", &[b"order", b"other"], &made));
        assert!(!keys.is_ours("order link", &[b"order", b"nonce"], &made[..31]));
    }

    #[test]
    fn after_a_rotation_the_secret_before_is_believed_and_no_older_one() {
        let keys = Keyring::new(Some(&secret("a")), None).unwrap();
        let made = keys.sign("letter", &[b"x"]);

        keys.rotate(&secret("b")).unwrap();
        keys.rotate(&secret("b")).unwrap();
        assert!(keys.is_ours("letter", &[b"x"], &made));
        assert_ne!(keys.sign("letter", &[b"x"]), made);

        keys.rotate(&secret("c")).unwrap();
        assert!(!keys.is_ours("letter", &[b"x"], &made));
    }

    #[test]
    fn the_newest_secret_is_settled_when_every_replica_has_it_and_one_of_this_run_never_is() {
        let keys = Keyring::new(Some(&secret("a")), None).unwrap();
        let start = DateTime::UNIX_EPOCH;
        let after = |minutes| start + TimeDelta::minutes(minutes);

        let settled = [0, 14, 15].map(|minutes| keys.is_settled(after(minutes)));
        assert_eq!(settled, [false, false, true]);

        keys.rotate(&secret("b")).unwrap();
        let settled = [16, 30, 31].map(|minutes| keys.is_settled(after(minutes)));
        assert_eq!(settled, [false, false, true]);

        let of_this_run = Keyring::new(None, None).unwrap();
        assert_eq!([0, 60].map(|minutes| of_this_run.is_settled(after(minutes))), [false, false]);
    }

    #[test]
    fn a_short_secret_is_refused_by_its_name() {
        let short = SecretString::from("short");

        let newest = Keyring::new(Some(&short), None).unwrap_err();
        let before = Keyring::new(Some(&secret("a")), Some(&short)).unwrap_err();

        assert_eq!(newest.to_string(), "JWT_SECRET cannot be used");
        assert_eq!(before.to_string(), "JWT_SECRET_PREVIOUS cannot be used");
    }
}
