use std::time::{Duration, Instant};

use rand::seq::SliceRandom;
use serde_json::{Value, json};

use crate::support::Shop;

const ROUNDS: usize = 30;
const LOOKS: usize = 4;
/// The hash of a password takes some 15 ms.
const ALIKE: Duration = Duration::from_millis(5);

/// How long requests take for addresses that have an account, and for those that have none.
#[derive(Default, Debug)]
struct Times {
    known: Vec<Duration>,
    unknown: Vec<Duration>,
}

impl Times {
    /// Asks for both in no order, or else what keeps the machine busy by turns hits one kind only.
    async fn look(&mut self, shop: &Shop, path: &str, body: impl Fn(&str) -> Value) {
        let mut order: Vec<_> = (0..2 * ROUNDS).collect();
        order.shuffle(&mut rand::rng());
        for place in order {
            let round = place / 2;
            let (email, times) = if place % 2 == 0 {
                (format!("known{}@example.com", round % 3), &mut self.known)
            } else {
                (format!("nobody{round}@example.com"), &mut self.unknown)
            };
            times.push(time(shop, path, &body(&email)).await);
        }
    }

    /// The quick ones of both, where the rest of the machine was in nobody's way.
    fn quick(&mut self) -> (Duration, Duration) {
        self.known.sort_unstable();
        self.unknown.sort_unstable();
        let place = self.known.len() / 15;
        (self.known[place], self.unknown[place])
    }

    fn are_alike(&mut self) -> bool {
        let (known, unknown) = self.quick();
        known.abs_diff(unknown) < ALIKE
    }
}

async fn time(shop: &Shop, path: &str, body: &Value) -> Duration {
    let started = Instant::now();
    let (status, answer) = shop.post(path, body).await;
    assert!(status == 202 || status == 422, "{answer}");
    started.elapsed()
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answer_in_the_same_time() {
    let shop = Shop::open().await;
    for number in 0..3 {
        shop.register(&format!("known{number}@example.com")).await;
    }
    let wrong = |email: &str| json!({ "email": email, "password": "a wrong password" });
    let ask = |email: &str| json!({ "email": email });

    for (path, body) in [
        ("/api/auth/login", &wrong as &dyn Fn(&str) -> Value),
        ("/api/customers", &wrong),
        ("/api/auth/password/forgot", &ask),
    ] {
        let (_, known) = shop.post(path, &body("known0@example.com")).await;
        let (_, unknown) = shop.post(path, &body("nobody@example.com")).await;
        let without_id = |mut answer: Value| {
            answer.as_object_mut().map(|fields| fields.remove("request_id"));
            answer
        };
        assert_eq!(without_id(known), without_id(unknown), "{path}");

        // A machine that is busy with other tests may need another look; a password that is not
        // hashed for nobody makes the difference at every look.
        let mut times = Times::default();
        for _ in 0..LOOKS {
            times.look(&shop, path, body).await;
            if times.are_alike() {
                break;
            }
        }
        assert!(times.are_alike(), "{path}: {:?}", times.quick());
    }
}
