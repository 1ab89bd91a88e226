//! Passwords: which are taken, and how they are kept (Argon2id, a few at a time).

use std::sync::Arc;

use api_types::FieldError;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::http::{ApiError, Result};

/// Fewest and most characters.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// Fewer guesses than this, and everybody's list of common passwords has it.
const FEWEST_GUESSES: u64 = 100_000;

/// As much of a password as is held against the lists: what is longer is not on them.
const LOOKED_AT: usize = 64;

/// How many may wait for their turn before the rest are asked to come again.
const QUEUE: usize = 64;

/// Memory in KiB, passes, lanes: about 30 ms of one core.
const COST: (u32, u32, u32) = (19_456, 2, 1);

/// What a password and the one kept came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the one.
    Right,
    /// It is the one, and was kept at a lower cost than today's: keep it anew.
    RightButCheap,
    /// It is not, or none is kept.
    Wrong,
}

/// Hashes and compares, half the machine's cores at a time, so that a flood of sign-ins leaves
/// the other half to those who shop.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    /// Kept for nobody: an account that is not there takes as long as one that is.
    nobodys: Arc<str>,
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Passwords {
    /// The way that passwords are kept today.
    pub fn new() -> anyhow::Result<Self> {
        let (memory, passes, lanes) = COST;
        let params = Params::new(memory, passes, lanes, None)
            .map_err(|error| anyhow::anyhow!("Argon2 does not take its cost: {error}"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobodys = hash(&argon2, "nobody's password")?;
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let turns = (cores / 2).max(1);
        Ok(Self {
            argon2,
            nobodys: nobodys.into(),
            turns: Arc::new(Semaphore::new(turns)),
            queue: Arc::new(Semaphore::new(turns + QUEUE)),
        })
    }

    /// The form in which a password is kept.
    pub async fn kept(&self, password: String) -> Result<String> {
        let argon2 = self.argon2.clone();
        self.in_turn(move || hash(&argon2, &password)).await?.map_err(ApiError::Internal)
    }

    /// Compares a password with the one kept; takes as long when none is.
    pub async fn compare(&self, password: String, kept: Option<&str>) -> Result<Verdict> {
        let (argon2, is_known) = (self.argon2.clone(), kept.is_some());
        let kept = kept.unwrap_or(&self.nobodys).to_owned();
        let verdict = self
            .in_turn(move || {
                let Ok(parsed) = PasswordHash::new(&kept) else { return Verdict::Wrong };
                if argon2.verify_password(password.as_bytes(), &parsed).is_err() {
                    return Verdict::Wrong;
                }
                let is_dear = Params::try_from(&parsed).is_ok_and(|params| is_dear(&params));
                if is_dear { Verdict::Right } else { Verdict::RightButCheap }
            })
            .await?;
        Ok(if is_known { verdict } else { Verdict::Wrong })
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let Ok(_place) = self.queue.clone().try_acquire_owned() else {
            metrics::counter!("oxcart_passwords_shed_total").increment(1);
            return Err(ApiError::Unavailable(None));
        };
        let turn = self.turns.clone().acquire_owned().await.map_err(anyhow::Error::from)?;
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        })
        .await
        .map_err(|panic| ApiError::Internal(panic.into()))
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> anyhow::Result<String> {
    argon2
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| anyhow::anyhow!("a password could not be hashed: {error}"))
}

fn is_dear(params: &Params) -> bool {
    let (memory, passes, lanes) = COST;
    params.m_cost() >= memory && params.t_cost() >= passes && params.p_cost() >= lanes
}

/// Refuses a password that is too short, too long, or one of those that everybody tries first:
/// common ones, and ones made of what is known of the customer.
pub fn check(password: &str, known: &[&str]) -> Result<()> {
    let refuse = |code: &str, message: &str| {
        Err(ApiError::Invalid(vec![FieldError {
            pointer: "/password".to_owned(),
            code: code.to_owned(),
            message: message.to_owned(),
        }]))
    };
    let length = password.chars().count();
    if !LENGTH.contains(&length) {
        return refuse("length", "Use 8 to 128 characters, of any kind.");
    }
    let start: String = password.chars().take(LOOKED_AT).collect();
    let parts =
        known.iter().flat_map(|text| text.split(['@', '.', ' '])).filter(|part| part.len() > 2);
    let known: Vec<&str> = known.iter().copied().chain(parts).chain(["oxcart"]).collect();
    if zxcvbn::zxcvbn(&start, &known).guesses() < FEWEST_GUESSES {
        return refuse(
            "common",
            "That is among the first that a thief would try. Use something longer or less common.",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_composition_is_taken_and_what_everybody_uses_is_not() {
        let long = "pâte à choux ".repeat(9);
        for good in ["correct horse battery", "mjölk & kanelbulle", "zq7!Lw0p", long.as_str()] {
            assert!(check(good, &["ann@example.com"]).is_ok(), "{good}");
        }
        for bad in [
            "short",
            "password",
            "12345678",
            "qwertyuiop",
            "iloveyou",
            "Password1",
            "aaaaaaaa",
            "ann@example.com",
            "annweber",
            "oxcart12",
            "",
        ] {
            assert!(check(bad, &["ann@example.com", "Ann Weber", "annweber"]).is_err(), "{bad}");
        }
        assert!(check(&"x1?".repeat(43), &[]).is_err());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn half_of_the_cores_hash_and_those_behind_a_full_queue_are_sent_away() {
        use std::sync::atomic::{AtomicUsize, Ordering};

        let passwords = Passwords::new().unwrap();
        let turns = passwords.turns.available_permits();
        let most = Arc::new(AtomicUsize::new(0));
        let hash = {
            let (now, most) = (Arc::new(AtomicUsize::new(0)), most.clone());
            move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(5));
                now.fetch_sub(1, Ordering::SeqCst);
            }
        };
        let work = || {
            let (passwords, hash) = (passwords.clone(), hash.clone());
            tokio::spawn(async move { passwords.in_turn(hash).await.is_ok() })
        };

        let all: Vec<_> = (0..turns + QUEUE + 50).map(|_| work()).collect();
        let mut done = 0;
        for one in all {
            done += usize::from(one.await.unwrap());
        }

        assert!(done >= turns + QUEUE, "{done}: whoever finds a place is served");
        assert!(done < turns + QUEUE + 50, "{done}: the queue has no end");
        let cores = std::thread::available_parallelism().unwrap().get();
        assert!(most.load(Ordering::SeqCst) <= (cores / 2).max(1), "others find no core");
    }

    #[tokio::test]
    async fn a_password_is_told_from_its_first_72_bytes() {
        let passwords = Passwords::new().unwrap();
        let long = "long ".repeat(20);
        let kept = passwords.kept(format!("{long}a")).await.unwrap();

        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_eq!(
            passwords.compare(format!("{long}a"), Some(&kept)).await.unwrap(),
            Verdict::Right
        );
        assert_eq!(
            passwords.compare(format!("{long}b"), Some(&kept)).await.unwrap(),
            Verdict::Wrong
        );
    }

    #[tokio::test]
    async fn what_was_kept_cheaply_is_kept_anew_and_nobody_has_a_password() {
        let passwords = Passwords::new().unwrap();
        let cheap = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8_192, 1, 1, None).unwrap(),
        );
        let kept = hash(&cheap, "mjölk & kanelbulle").unwrap();

        let verdict =
            passwords.compare("mjölk & kanelbulle".to_owned(), Some(&kept)).await.unwrap();

        assert_eq!(verdict, Verdict::RightButCheap);
        let nobody = passwords.compare("nobody's password".to_owned(), None).await.unwrap();
        assert_eq!(nobody, Verdict::Wrong);
    }
}
