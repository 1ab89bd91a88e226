//! What must be read again and yet not lie open in the database: sealed by AES-256-GCM, with a key made
//! from the shop's secret for one purpose, and bound to its owner.
//!
//! A seal is a byte of its version, four that name the key, twelve that are used once, then the text
//! with its tag. `JWT_SECRET` changes; a seal is opened by the newest two, and moved to the newest.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::keys::Keyring;

const VERSION: u8 = 1;

/// The version and the name of the key.
pub type Head = [u8; 5];

const NONCE: usize = 12;

/// Why a seal was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// It is no seal, or one of a newer version.
    #[error("it is not sealed in a way that is known here")]
    Unknown,
    /// The secret that it was sealed with is gone.
    #[error(
        "it was sealed with a JWT_SECRET that is not here any more; bring it back as JWT_SECRET_PREVIOUS"
    )]
    KeyGone,
    /// It was sealed for somebody else, or changed.
    #[error("it was sealed for somebody else, or altered")]
    Altered,
}

impl Keyring {
    /// Seals `text` for its `owner`, with the newest secret.
    pub fn seal(&self, purpose: &str, owner: &[u8], text: &[u8]) -> Vec<u8> {
        let (head, cipher) = self.ciphers(purpose).swap_remove(0);
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload { msg: text, aad: &bound_to(head, owner) };
        let Ok(sealed) = cipher.encrypt(&nonce.into(), payload) else {
            unreachable!("a text of less than 64 GiB can be sealed")
        };
        [&head[..], &nonce, &sealed].concat()
    }

    /// Opens what was sealed for `owner` by a secret that is here still.
    pub fn open(&self, purpose: &str, owner: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unopened> {
        let (head, rest) = sealed.split_first_chunk().ok_or(Unopened::Unknown)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(Unopened::Unknown)?;
        if head[0] != VERSION {
            return Err(Unopened::Unknown);
        }
        let ciphers = self.ciphers(purpose);
        let (_, cipher) = ciphers.iter().find(|(name, _)| name == head).ok_or(Unopened::KeyGone)?;
        let payload = Payload { msg: sealed, aad: &bound_to(*head, owner) };
        cipher.decrypt(&(*nonce).into(), payload).map_err(|_| Unopened::Altered)
    }

    /// How seals begin that this keyring can open, the newest first.
    pub fn heads(&self, purpose: &str) -> Vec<Head> {
        self.ciphers(purpose).into_iter().map(|(head, _)| head).collect()
    }

    fn ciphers(&self, purpose: &str) -> Vec<(Head, Aes256Gcm)> {
        self.secrets().iter().map(|secret| cipher(secret, purpose)).collect()
    }
}

fn cipher(secret: &[u8], purpose: &str) -> (Head, Aes256Gcm) {
    let mut made = [0; 36];
    let label = [b"oxcart seal ", purpose.as_bytes()];
    let is_made = Hkdf::<Sha256>::new(None, secret).expand_multi_info(&label, &mut made);
    let (Ok(()), Some((key, name))) = (is_made, made.split_first_chunk::<32>()) else {
        unreachable!("HKDF makes 36 bytes")
    };
    let mut head = [VERSION; 5];
    head[1..].copy_from_slice(name);
    (head, Aes256Gcm::new(&(*key).into()))
}

fn bound_to(head: Head, owner: &[u8]) -> Vec<u8> {
    [&head[..], owner].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(letter: &str) -> Keyring {
        Keyring::new(Some(&letter.repeat(32).into()), None).unwrap()
    }

    #[test]
    fn a_seal_opens_for_its_owner_and_purpose_only() {
        let keys = keys("a");
        let sealed = keys.seal("codes", b"ann", b"open sesame");

        assert_eq!(keys.open("codes", b"ann", &sealed).unwrap(), b"open sesame");
        assert_eq!(keys.open("codes", b"bob", &sealed), Err(Unopened::Altered));
        assert_eq!(keys.open("letters", b"ann", &sealed), Err(Unopened::KeyGone));
        assert!(!sealed.windows(4).any(|part| part == b"open"));
        assert_ne!(keys.seal("codes", b"ann", b"open sesame"), sealed, "a nonce was used twice");
    }

    #[test]
    fn whatever_byte_is_changed_it_does_not_open() {
        let keys = keys("a");
        let sealed = keys.seal("codes", b"ann", b"open sesame");

        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            let refused = match place {
                0 => Unopened::Unknown,
                1..=4 => Unopened::KeyGone,
                _ => Unopened::Altered,
            };
            assert_eq!(keys.open("codes", b"ann", &changed), Err(refused), "byte {place}");
        }
        for length in 0..sealed.len() {
            assert!(keys.open("codes", b"ann", &sealed[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn the_two_newest_secrets_open_and_the_newest_seals() {
        let keys = keys("a");
        let first = keys.seal("codes", b"ann", b"x");
        keys.rotate(&"b".repeat(32).into()).unwrap();
        let second = keys.seal("codes", b"ann", b"x");

        assert!(second.starts_with(&keys.heads("codes")[0]));
        assert!(first.starts_with(&keys.heads("codes")[1]));
        assert_eq!(keys.open("codes", b"ann", &first).unwrap(), b"x");

        keys.rotate(&"c".repeat(32).into()).unwrap();
        assert_eq!(keys.open("codes", b"ann", &first), Err(Unopened::KeyGone));
        assert_eq!(keys.open("codes", b"ann", &second).unwrap(), b"x");
    }
}
