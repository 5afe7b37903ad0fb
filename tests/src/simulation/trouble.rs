//! Runs, and what goes wrong in them: faults of marketplaces, and the program's end at any place.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use barrow_engine::{FaultPoints, PullOptions, PullSummary, PushOptions, Stop, Summary};

use super::Checked;
use super::world::World;
use crate::shop::{ALL, AMAZON, EBAY, WALMART, site};

/// Faults that every practice marketplace knows.
const COMMON: [&str; 9] = [
    "429",
    "500",
    "503",
    "timeout",
    "lost_answer",
    "cut_body",
    "html",
    "token_expired",
    "wrong_json",
];
const OF_EBAY: [&str; 6] = [
    "invalid_grant",
    "propagation",
    "readings_late",
    "25001",
    "25025",
    "25026",
];
const OF_AMAZON: [&str; 9] = [
    "missing_pii_role",
    "reduced_data",
    "not_taken_over",
    "slow_listing",
    "suppressed",
    "feed_stall",
    "feed_fatal",
    "feed_fatal_partial",
    "pending_order",
];
const OF_NEWEGG: [&str; 9] = [
    "feed_stall",
    "feed_failed",
    "feed_cancelled",
    "feed_file_error",
    "feed_row_error",
    "in_review",
    "not_in_portal",
    "version_refused",
    "xml_error",
];
const OF_WALMART: [&str; 7] = [
    "feed_error",
    "slow_feed",
    "item_system_error",
    "item_timeout_error",
    "compliance_review",
    "prohibited",
    "escaped_cursor",
];

/// Faults that only one marketplace knows.
fn own(marketplace: &str) -> &'static [&'static str] {
    match marketplace {
        EBAY => &OF_EBAY,
        AMAZON => &OF_AMAZON,
        WALMART => &OF_WALMART,
        _ => &OF_NEWEGG,
    }
}

/// Ends the program at the nth place that it passes from now on; 0 never.
#[derive(Debug, Default)]
pub(super) struct Crashes(AtomicU32);

/// What unwinds when the program ends at a place.
struct Crash;

impl FaultPoints for Crashes {
    fn at(&self, _name: &'static str) {
        let left = self.0.load(Ordering::SeqCst);
        self.0.store(left.saturating_sub(1), Ordering::SeqCst);
        if left == 1 {
            // Unlike a panic it prints nothing.
            std::panic::resume_unwind(Box::new(Crash));
        }
    }
}

/// How a run ended.
enum End {
    Done(Box<PullSummary>, Box<Summary>),
    Crashed,
}

impl World {
    /// Switches on a fault of a marketplace for some calls.
    pub(super) fn something_goes_wrong(&mut self) {
        let Some(name) = self.chance.pick(&ALL) else {
            return;
        };
        let all: Vec<&'static str> = COMMON.iter().chain(own(name)).copied().collect();
        let Some(fault) = self.chance.pick(&all) else {
            return;
        };
        let times = u32::try_from(self.chance.between(1, 4)).unwrap_or(1);
        self.note(format!("fault {fault} of {name}, {times} times"));
        self.went_wrong.insert((name, fault));
        self.shop.fault(name, fault, times);
    }

    /// Nothing goes wrong any more.
    pub(super) fn all_goes_well(&mut self) {
        self.went_wrong.clear();
        for name in ALL {
            for fault in COMMON.iter().chain(own(name)) {
                self.shop.fault(name, fault, 0);
            }
        }
    }

    /// Looks at what is really there.
    pub(super) async fn look(&mut self) {
        for name in ALL {
            let seen = self
                .shop
                .rig
                .engine
                .observe(self.shop.account(name), &site(name), &Stop::default())
                .await;
            let seen = seen.expect("the catalogue is there");
            let problem = seen.problem.map(|problem| problem.kind);
            self.note(format!(
                "{name} observed: {} drifted, {problem:?}",
                seen.drifted
            ));
        }
    }

    /// Pulls and pushes; the program may end in between, and buyers go on buying.
    pub(super) async fn synchronise(&mut self) -> Checked {
        let patience: u64 = self.chance.pick(&[0, 60, 1_800]).unwrap_or(0);
        let yes = self.chance.percent(40);
        match self.chance.between(0, 9) {
            0 | 1 => {
                let place = u32::try_from(self.chance.between(1, 25)).unwrap_or(1);
                self.crashes.0.store(place, Ordering::SeqCst);
                self.note(format!("will end at place {place}"));
                self.run(Duration::from_secs(patience), yes, None).await;
                self.crashes.0.store(0, Ordering::SeqCst);
                Ok(())
            }
            2 => {
                let after = Duration::from_millis(self.chance.between(1, 6_000));
                self.note(format!("will end after {after:?}"));
                self.run(Duration::from_secs(patience), yes, Some(after))
                    .await;
                Ok(())
            }
            _ => {
                let end = self.run(Duration::from_secs(patience), yes, None).await;
                match end {
                    End::Done(pulled, pushed) => self.check_run(&pulled, &pushed),
                    End::Crashed => Err("the engine panicked".to_owned()),
                }
            }
        }
    }

    /// Pulls and pushes with nothing in between.
    pub(super) async fn run_sync(&mut self, patience: Duration, yes: bool) -> Option<Summary> {
        match self.run(patience, yes, None).await {
            End::Done(_, pushed) => Some(*pushed),
            End::Crashed => None,
        }
    }

    async fn run(&mut self, patience: Duration, yes: bool, ends_after: Option<Duration>) -> End {
        for name in ALL {
            let orders = self.shop.held(name).orders.into_iter();
            self.orders_before
                .insert(name, orders.map(|order| order.order_id).collect());
        }
        let engine = Arc::clone(&self.shop.rig.engine);
        let mut running = tokio::spawn(async move {
            let pulled = engine
                .pull(&PullOptions::default())
                .await
                .map_err(|e| e.to_string())?;
            let options = PushOptions {
                accounts: Vec::new(),
                yes,
                patience,
            };
            let pushed = engine
                .push(&options)
                .await
                .map_err(|error| error.to_string())?;
            Ok::<_, String>((pulled, pushed))
        });
        let buying = self.buyers_come && self.chance.percent(30);
        if buying {
            let wait = Duration::from_millis(self.chance.between(1, 3_000));
            tokio::time::sleep(wait).await;
            self.buyer_orders();
        }
        let joined = match ends_after {
            None => (&mut running).await,
            Some(after) => match tokio::time::timeout(after, &mut running).await {
                Ok(joined) => joined,
                Err(_) => {
                    running.abort();
                    (&mut running).await
                }
            },
        };
        match joined {
            Ok(done) => {
                let (pulled, pushed) = done.expect("the catalogue is there");
                self.note_run(&pulled, &pushed);
                End::Done(Box::new(pulled), Box::new(pushed))
            }
            Err(ended) => {
                let meant =
                    ended.is_cancelled() || ended.into_panic().downcast_ref::<Crash>().is_some();
                assert!(meant, "the engine panicked");
                self.restart();
                End::Crashed
            }
        }
    }

    fn restart(&mut self) {
        self.note("the program ends and starts again".to_owned());
        self.crashes.0.store(0, Ordering::SeqCst);
        self.shop
            .rig
            .restart(Arc::clone(&self.crashes) as Arc<dyn FaultPoints>);
        if self.chance.percent(50) {
            let lost = self
                .shop
                .rig
                .engine
                .recover()
                .expect("the catalogue is there");
            self.note(format!("{lost} changes of which nobody knows"));
        }
    }

    fn note_run(&self, pulled: &PullSummary, pushed: &Summary) {
        for account in &pulled.accounts {
            let problem = account.problem.as_ref().map(|problem| problem.kind);
            self.note(format!(
                "pulled {}: {} new, {} changed, {problem:?}",
                account.account, account.orders_new, account.orders_changed
            ));
        }
        let refused: Vec<_> = pushed
            .refused
            .iter()
            .map(|told| (&told.sku, told.kind, told.problem.kind))
            .collect();
        self.note(format!(
            "pushed: {} done, {} held, {} waiting, {} unknown, refused {refused:?}, {:?}",
            pushed.done,
            pushed.held_count,
            pushed.waiting,
            pushed.unknown,
            pushed
                .problems
                .iter()
                .map(|(_, problem)| problem.kind)
                .collect::<Vec<_>>()
        ));
    }
}
