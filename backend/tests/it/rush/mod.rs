//! Eight who work in the shop and eight who buy from it, all at the same moment: afterwards stock,
//! money and the audit log agree. `OXCART_SEED` repeats a run, as far as chance allows.

mod desk;
mod tally;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use api_types::VariantId;
use axum::http::StatusCode;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::{desk::Desk, tally::Tally};
use crate::{
    admin::desk::first_location,
    journeys::journey,
    support::{Clerk, Shop},
};

/// Actions of staff in all.
const ACTIONS: u64 = 640;

/// How often they go on when chance left something out.
const ROUNDS: u64 = 5;

/// Who works: four who may do everything, and four who may do a part of it.
const STAFF: [&str; 8] =
    ["admin", "admin", "admin", "admin", "catalog", "catalog", "support", "finance"];

/// How many buy at once.
const SHOPPERS: u64 = 8;

/// Orders that are there when staff begin, so that they have something to do.
const IN_THE_MORNING: u64 = 30;

#[expect(clippy::disallowed_methods, reason = "a run of a test is repeated by its seed")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_actions_of_staff_among_shoppers_leave_stock_money_and_audit_in_agreement() {
    let seed = std::env::var("OXCART_SEED").ok().and_then(|it| it.parse().ok());
    let seed = seed.unwrap_or_else(|| rand::rng().random_range(0..u64::from(u32::MAX)));
    eprintln!("OXCART_SEED={seed}");
    let floor = Floor::open().await;
    let hours = Hours::begin(&floor.shop);

    let mut shoppers = JoinSet::new();
    for number in 0..SHOPPERS {
        let (floor, till) = (floor.clone(), Arc::clone(&hours.till));
        let chance = StdRng::seed_from_u64(seed + number);
        shoppers.spawn(async move { shop_on(&floor, &till, chance).await });
    }
    hours.until_placed(IN_THE_MORNING).await;
    let mut tally = work(&floor, seed).await;
    for round in 1..=ROUNDS {
        if tally.lacks().is_none() {
            break;
        }
        tally = Tally::sum(vec![tally, work(&floor, seed + round * 100).await]);
    }
    hours.till.is_closing.store(true, Ordering::Relaxed);
    shoppers.join_all().await;
    let placed = hours.till.placed.load(Ordering::Relaxed);
    hours.end(&floor.shop).await;

    eprintln!("{placed} orders were placed\n{tally}");
    assert!(placed > IN_THE_MORNING + 10, "only {placed} orders were placed");
    assert_eq!(tally.lacks(), None);
    tally.assert_no_answer_is_strange();
    floor.shop.assert_sound().await;
    floor.assert_all_is_written_down(&tally).await;
    floor.assert_stock_is_what_was_answered(&tally).await;
    floor.assert_money_is_what_was_answered(&tally).await;
}

/// Everybody of the staff does their part of `ACTIONS`, all at once.
async fn work(floor: &Floor, seed: u64) -> Tally {
    let mut staff = JoinSet::new();
    for (number, clerk) in (0..).zip(floor.staff.iter().cloned()) {
        let chance = StdRng::seed_from_u64(seed ^ (1_000 + number));
        let mut desk = Desk::new(floor.clone(), clerk, chance);
        staff.spawn(async move {
            while desk.tally.actions() < ACTIONS / STAFF.len() as u64 {
                desk.act().await;
            }
            desk.tally
        });
    }
    Tally::sum(staff.join_all().await)
}

/// The shop, what is sold, and who works there.
#[derive(Clone)]
struct Floor {
    shop: Arc<Shop>,
    goods: Vec<VariantId>,
    staff: Vec<Clerk>,
    /// Begins what is done by jobs in his name, so that the others' entries can be counted.
    chief: Clerk,
    places: [String; 2],
    /// Refunds that wait for a second person.
    awaiting: Arc<Mutex<Vec<String>>>,
}

impl Floor {
    async fn open() -> Self {
        let shop = Shop::open().await;
        let chief = shop.admin().await;
        let mut staff = Vec::new();
        for (number, role) in STAFF.iter().enumerate() {
            staff.push(shop.colleague(&chief, &format!("{role}{number}@shop.example"), role).await);
        }
        let mut goods = Vec::new();
        for (handle, cents, units) in [
            ("mug", 1_250, 60),
            ("bowl", 1_999, 30),
            ("vase", 8_900, 12),
            ("lamp", 24_900, 200),
            ("tea", 435, 90),
        ] {
            goods.push(shop.stock(handle, cents, units).await);
        }
        let first = first_location(&shop).await;
        let cellar = json!({ "title": "Cellar" });
        let (status, cellar) = chief.post(&shop, "/api/admin/stock/locations", &cellar).await;
        assert_eq!(status, StatusCode::CREATED, "{cellar}");
        let places = [first, cellar["id"].as_str().unwrap().to_owned()];
        for number in 0..3 {
            shop.register(&format!("customer{number}@example.com")).await;
        }
        Self { shop: Arc::new(shop), goods, staff, chief, places, awaiting: Arc::default() }
    }

    /// Every accepted change has its entry by whoever made it, and no other change has one.
    async fn assert_all_is_written_down(&self, tally: &Tally) {
        let staff: Vec<String> = self.staff.iter().map(|clerk| clerk.id.clone()).collect();
        let written: Vec<(String, String, i64)> = self
            .shop
            .sql(async |tx| {
                sqlx::query_as(
                    "SELECT actor, action, count(*) FROM audit_log
                     WHERE actor = ANY($1) AND action NOT LIKE 'staff.%' GROUP BY 1, 2",
                )
                .bind(staff)
                .fetch_all(tx)
                .await
            })
            .await;
        let written = written.into_iter().map(|(actor, action, count)| ((actor, action), count));
        assert_eq!(written.collect::<std::collections::BTreeMap<_, _>>(), tally.entries);
    }

    /// The units that staff were told to have come and gone are those in the books.
    async fn assert_stock_is_what_was_answered(&self, tally: &Tally) {
        let booked = self
            .shop
            .number(
                "SELECT coalesce(sum(delta_on_hand), 0)::bigint FROM stock_movement
                 WHERE actor IN (SELECT DISTINCT actor FROM audit_log WHERE action = 'stock.adjusted')
                   AND kind IN ('receive', 'adjust', 'count')",
            )
            .await;
        assert_eq!(booked, tally.units);
        let apart = "SELECT count(*) FROM (
            SELECT variant_id FROM stock_level GROUP BY variant_id
            HAVING sum(on_hand) < 0 OR sum(reserved) < 0) AS strange";
        assert_eq!(self.shop.number(apart).await, 0);
    }

    /// The refunds that staff were told of are those in the books, and no order gave more than it got.
    async fn assert_money_is_what_was_answered(&self, tally: &Tally) {
        let made = "SELECT count(*) FROM audit_log WHERE action = 'refund.made'";
        assert_eq!(self.shop.number(made).await, i64::try_from(tally.refunds.len()).unwrap());
        for path in tally.refunds.values() {
            let (status, order) = self.chief.get(&self.shop, path).await;
            assert_eq!(status, StatusCode::OK, "{order}");
            let amount = |name: &str| order["order"][name]["amount"].as_i64().unwrap();
            assert!(amount("refunded") <= amount("paid"), "{order}");
        }
    }
}

/// The background work, and a clock that goes on, until the shop closes.
struct Hours {
    stop: CancellationToken,
    till: Arc<Till>,
    work: JoinSet<()>,
}

/// Where shoppers pay.
#[derive(Default)]
struct Till {
    is_closing: AtomicBool,
    placed: AtomicU64,
}

impl Hours {
    fn begin(shop: &Shop) -> Self {
        let (stop, mut work) = (CancellationToken::new(), JoinSet::new());
        work.spawn(backend::worker::run(shop.app.clone(), stop.clone()));
        let (clock, ticking) = (shop.clock.clone(), stop.clone());
        work.spawn(async move {
            while !ticking.is_cancelled() {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                clock.advance(chrono::TimeDelta::seconds(1));
            }
        });
        Self { stop, till: Arc::default(), work }
    }

    /// Waits for so many orders.
    async fn until_placed(&self, orders: u64) {
        let begun = std::time::Instant::now();
        while self.till.placed.load(Ordering::Relaxed) < orders {
            assert!(begun.elapsed().as_secs() < 120, "the shoppers do not buy");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Stops, and lets what is under way come to its end.
    async fn end(self, shop: &Shop) {
        self.stop.cancel();
        self.work.join_all().await;
        while backend::catalog::import::work(&shop.app).await.unwrap() {}
        shop.wait(30).await;
        shop.wait(601).await;
    }
}

/// One who buys, again and again, until the shop closes.
async fn shop_on(floor: &Floor, till: &Till, mut chance: StdRng) {
    while !till.is_closing.load(Ordering::Relaxed) {
        let placed = if chance.random_bool(0.2) {
            promise(floor, &mut chance).await
        } else {
            journey(&floor.shop, &floor.goods, StdRng::seed_from_u64(chance.random())).await
        };
        till.placed.fetch_add(placed, Ordering::Relaxed);
    }
}

/// Buys something for which a transfer is to come.
async fn promise(floor: &Floor, chance: &mut StdRng) -> u64 {
    let shop = &floor.shop;
    let shopper = shop.shopper().await;
    shopper.add(shop, *floor.goods.choose(chance).unwrap(), 1).await;
    shopper.settle_in(shop).await;
    let total = shopper.look(shop).await["totals"]["total"].clone();
    let by_transfer = json!({ "method": "bank_transfer" });
    let (status, answer) = shopper.buy_for(shop, &total, &by_transfer, "promising").await;
    assert!(!status.is_server_error() || status == StatusCode::SERVICE_UNAVAILABLE, "{answer}");
    u64::from(status == StatusCode::OK)
}
