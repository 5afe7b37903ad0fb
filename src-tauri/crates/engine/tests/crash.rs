//! What holds when the program ends anywhere: at every place between a write and a sending, with
//! answers lost before and after.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod shop;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use barrow_engine::{FaultPoints, NoFaults};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use shop::capability::{CALLS, FEEDS};
use shop::market::{Fault, Market};
use shop::{Shop, options, usd};

/// Stops the program at the n-th passing of any place.
struct StopAt {
    left: AtomicU32,
}

impl FaultPoints for StopAt {
    fn at(&self, name: &'static str) {
        let before = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                Some(left.saturating_sub(1))
            });
        if before == Ok(1) {
            // A panic without its message unwinds the run as a kill would end it.
            std::panic::resume_unwind(Box::new(name));
        }
    }
}

const SKUS: [&str; 4] = ["A", "B", "C", "D"];

struct World {
    shop: Shop,
    market: Arc<Market>,
    dice: ChaCha8Rng,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut shop = Shop::new();
        let capability = if dice.next_u32() % 2 == 0 {
            CALLS
        } else {
            FEEDS
        };
        let market = Market::new(capability, &shop.clock);
        let account = shop.account("one", market.clone());
        for name in SKUS {
            shop.variant(name, Some(usd(1_000)), Some(5));
            shop.list(account, name);
        }
        Self { shop, market, dice }
    }

    /// Changes something in the catalogue, and makes a call or two go wrong.
    fn stir(&mut self) {
        let name = SKUS[self.dice.next_u32() as usize % SKUS.len()];
        let price = 1_000 + i64::from(self.dice.next_u32() % 100);
        let quantity = i64::from(self.dice.next_u32() % 9);
        self.shop.variant(name, Some(usd(price)), Some(quantity));
        for _ in 0..self.dice.next_u32() % 3 {
            self.market.fail(match self.dice.next_u32() % 5 {
                0 => Fault::LoseAnswer,
                1 => Fault::LoseRequest,
                2 => Fault::Limit(90),
                3 => Fault::Unreachable,
                _ => Fault::Later,
            });
        }
    }

    /// Pushes until the program ends by itself or is stopped. Returns whether it was stopped.
    async fn push_until_stopped(&mut self) -> bool {
        let left = AtomicU32::new(self.dice.next_u32() % 12 + 1);
        self.shop.restart(Arc::new(StopAt { left }));
        let engine = self.shop.engine.clone();
        let run = tokio::spawn(async move { engine.push(&options(true, 900)).await });
        match run.await {
            Ok(summary) => {
                summary.unwrap();
                false
            }
            Err(end) => {
                // What was under way ends with the program.
                self.market.forget_flights();
                assert!(end.is_panic());
                true
            }
        }
    }

    /// Converge: observed is wanted, and the outbox is empty.
    async fn check(&mut self, seed: u64) {
        self.market.state().faults.clear();
        self.shop.restart(Arc::new(NoFaults));
        let summary = self.shop.push_with(true).await;
        assert_eq!((summary.waiting, summary.unknown), (0, 0), "seed {seed}");
        assert_eq!(summary.refused, [], "seed {seed}");
        for name in SKUS {
            let id = self.shop.sku_id(name);
            let (item, stock) = self
                .shop
                .store
                .read(|db| Ok((db.item(id)?, db.stock(id)?)))
                .unwrap();
            let barrow_store::Item::Variant(variant) = item else {
                unreachable!("only variants are imported");
            };
            let available = u32::try_from(stock.available()).unwrap();
            let there = self.market.live(name);
            let wanted = (variant.price.unwrap().minor, available);
            match there {
                Some(there) => assert_eq!(there, wanted, "{name}, seed {seed}"),
                None => assert_eq!(available, 0, "{name} is not there, seed {seed}"),
            }
            if let Some(there) = self.market.state().there.get(name) {
                assert!(there.published <= 1, "{name} twice, seed {seed}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn converge_whatever_is_lost_and_wherever_the_program_ends() {
    let mut stops = 0;
    for seed in 0..24 {
        let mut world = World::new(seed);
        for _ in 0..6 {
            world.stir();
            stops += u32::from(world.push_until_stopped().await);
        }
        world.check(seed).await;
    }
    assert!(stops > 40, "the program was stopped {stops} times");
}

#[tokio::test(start_paused = true)]
async fn never_over_nothing_is_ever_sent_that_is_not_there() {
    for seed in 100..110 {
        let mut world = World::new(seed);
        let mut most = 5;
        for _ in 0..6 {
            world.stir();
            for name in SKUS {
                let id = world.shop.sku_id(name);
                let stock = world.shop.store.read(|db| db.stock(id)).unwrap();
                most = most.max(u32::try_from(stock.available()).unwrap());
            }
            world.push_until_stopped().await;
            for (name, sent) in &world.market.state().most {
                assert!(*sent <= most, "{name}: {sent} of {most}, seed {seed}");
            }
        }
    }
}
