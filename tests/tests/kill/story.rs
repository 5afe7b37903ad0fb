//! What a seller does, command by command, each a process of its own; and how it is disturbed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use barrow_tests::lamps::lamps;
use barrow_tests::process::{Practice, Ran, Seller, Served};
use serde_json::Value;
use tempfile::TempDir;

use crate::stand::Stand;

/// More than one batch of eBay's bulk calls, which take 25.
const PRODUCTS: u32 = 30;

/// Products that get another price and another quantity.
const EDITED: u32 = 10;

/// What takes a marketplace an hour takes it two seconds.
const PRACTICE: Practice<'static> = Practice {
    seed: 5,
    speed: 2_000,
    kill_at: None,
};

/// Times that a push goes on with what waits before it is said to be stuck.
const RUNS_MAX: u32 = 5;

/// Longest time in which a process ends that passes its place: a slow machine has time.
const KILL_WAIT: Duration = Duration::from_secs(240);

/// Downloads until every order is paid.
const PULLS_MAX: u32 = 100;
const PAYMENT_PAUSE: Duration = Duration::from_millis(100);

const EBAY: &str = "my-ebay";
const AMAZON: &str = "my-amazon";
const WALMART: &str = "my-walmart";
const NEWEGG: &str = "my-newegg";

/// The seller's accounts, and where they are.
const ACCOUNTS: [(&str, &str); 4] = [
    ("ebay", EBAY),
    ("amazon", AMAZON),
    ("walmart", WALMART),
    ("newegg", NEWEGG),
];

/// What a buyer orders.
struct Sale {
    name: &'static str,
    marketplace: &'static str,
    account: &'static str,
    lines: &'static [(&'static str, u32)],
}

const SALES: [Sale; 6] = [
    Sale {
        name: "letter",
        marketplace: "ebay",
        account: EBAY,
        lines: &[("K-001", 2)],
    },
    Sale {
        name: "bundle",
        marketplace: "ebay",
        account: EBAY,
        lines: &[("K-002", 1), ("K-003", 1)],
    },
    Sale {
        name: "parcel",
        marketplace: "walmart",
        account: WALMART,
        lines: &[("K-001", 1)],
    },
    Sale {
        name: "broken",
        marketplace: "walmart",
        account: WALMART,
        lines: &[("K-004", 3)],
    },
    Sale {
        name: "box",
        marketplace: "amazon",
        account: AMAZON,
        lines: &[("K-001", 1), ("K-005", 2)],
    },
    Sale {
        name: "crate",
        marketplace: "newegg",
        account: NEWEGG,
        lines: &[("K-001", 1), ("K-006", 1)],
    },
];

/// A step of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The catalogue comes in.
    Import,
    /// Everything is to be sold on every account.
    List,
    /// It is.
    Publish,
    /// Other prices and quantities come in.
    Edit,
    /// They go out.
    Update,
    /// Buyers order on every marketplace, some of it the same goods.
    Sell,
    /// The orders come in.
    Pull,
    /// All but one of them are packed.
    Pack,
    /// The marketplaces are told, and what is sold is taken off the others.
    Tell,
    /// The orders come in as they stand since.
    Confirm,
    /// A buyer gets some money back.
    Appease,
    /// The marketplace is told, and what was not sold after all is for sale again.
    Settle,
    /// The refund comes in with its order.
    Close,
    /// What is really there is looked at.
    Look,
    /// There is nothing left to do.
    Rest,
}

const STORY: [Step; 15] = [
    Step::Import,
    Step::List,
    Step::Publish,
    Step::Edit,
    Step::Update,
    Step::Sell,
    Step::Pull,
    Step::Pack,
    Step::Tell,
    Step::Confirm,
    Step::Appease,
    Step::Settle,
    Step::Close,
    Step::Look,
    Step::Rest,
];

impl Step {
    /// The command that may be disturbed; none for a step that is several, or the buyers'.
    pub(crate) fn command(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Import => Some(&["import", "products.csv"]),
            Self::Edit => Some(&["import", "changes.csv"]),
            Self::Publish | Self::Update | Self::Tell | Self::Settle | Self::Rest => {
                Some(&["push", "--yes"])
            }
            Self::Pull | Self::Confirm | Self::Close => Some(&["pull"]),
            Self::Look => Some(&["listing", "adopt", EBAY]),
            Self::List | Self::Sell | Self::Pack | Self::Appease => None,
        }
    }
}

/// What is ended in the middle of a step.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Disturbance {
    /// The program, at these places one after the other.
    Program(&'static [&'static str]),
    /// The practice marketplaces, at this place; they are served again at once.
    Marketplaces(&'static str),
}

/// A seller, the marketplaces, and what happened so far.
pub(crate) struct Story {
    seller: Seller,
    /// Where the marketplaces keep what they hold.
    practice: TempDir,
    served: Served,
    /// Orders by the name that the story has for them: the account and the order's id.
    orders: BTreeMap<&'static str, (&'static str, String)>,
}

impl Story {
    /// A seller with an account at each marketplace.
    pub(crate) fn new() -> Self {
        let (seller, practice) = (
            Seller::open(),
            TempDir::new().expect("a folder can be made"),
        );
        let served = Served::start(practice.path(), PRACTICE);
        for (marketplace, account) in ACCOUNTS {
            add_account(
                &seller,
                served.marketplace(marketplace),
                marketplace,
                account,
            );
        }
        fs::write(seller.path().join("products.csv"), lamps(PRODUCTS))
            .expect("a file can be written");
        fs::write(seller.path().join("changes.csv"), changes()).expect("a file can be written");
        Self {
            seller,
            practice,
            served,
            orders: BTreeMap::new(),
        }
    }

    /// Tells the story, disturbed in one step, and returns what everything came to.
    pub(crate) fn run(mut self, disturbed: Option<(Step, Disturbance)>) -> Stand {
        for step in STORY {
            match disturbed {
                Some((place, disturbance)) if place == step => self.disturb(step, disturbance),
                _ => {}
            }
            self.take(step);
        }
        Stand::of(&self.seller, &self.served.state(), &self.orders)
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::List => {
                for (_, account) in ACCOUNTS {
                    self.seller
                        .run(&["listing", "add", account, "--all"])
                        .done();
                }
            }
            Step::Sell => self.sell(),
            Step::Pack => self.pack(),
            Step::Appease => {
                let order = self.order("parcel");
                let refund = [
                    "refund",
                    &order,
                    "--amount",
                    "5.00",
                    "--reason",
                    "adjustment",
                ];
                self.seller.run(&refund).done();
            }
            Step::Publish | Step::Update | Step::Tell | Step::Settle => self.push(),
            Step::Look => {
                // Newegg has no list of what is there.
                for account in [EBAY, AMAZON, WALMART] {
                    let seen = self.seller.run(&["listing", "adopt", account]).done();
                    assert_eq!(seen["seen"], PRODUCTS, "{seen}");
                    assert_eq!(seen["drifted"], 0, "{seen}");
                }
            }
            Step::Rest => {
                let pushed = self.command(step).done();
                assert_eq!(pushed["done"], 0, "something was left to do: {pushed}");
            }
            Step::Import | Step::Edit | Step::Confirm | Step::Close => {
                self.command(step).done();
            }
            Step::Pull => self.pull(),
        }
    }

    /// Downloads until every order is there and paid: some marketplaces give it before.
    fn pull(&self) {
        for _ in 0..PULLS_MAX {
            self.command(Step::Pull).done();
            let orders = self.seller.run(&["orders"]).done();
            let orders = orders["orders"].as_array().cloned().unwrap_or_default();
            let paid = orders.iter().filter(|order| order["state"] == "to_ship");
            if paid.count() == SALES.len() {
                return;
            }
            thread::sleep(PAYMENT_PAUSE);
        }
        panic!("an order is never paid");
    }

    fn command(&self, step: Step) -> Ran {
        self.seller.run(&self.arguments(step))
    }

    fn arguments(&self, step: Step) -> Vec<String> {
        let words = step
            .command()
            .unwrap_or_else(|| panic!("{step:?} is no single command"));
        let full = |word: &&str| match word.ends_with(".csv") {
            true => self.seller.path().join(word).display().to_string(),
            false => (*word).to_owned(),
        };
        words.iter().map(full).collect()
    }

    /// Pushes until nothing waits. What was lost is looked up first, which may take a second run.
    fn push(&self) {
        let mut pushed = Value::Null;
        for _ in 0..RUNS_MAX {
            let ran = self.command(Step::Publish);
            pushed = ran.document();
            if ran.status.success() {
                return;
            }
            let refused = pushed["refused"]
                .as_array()
                .is_none_or(|refused| !refused.is_empty());
            assert!(!refused && pushed["held_count"] == 0, "{ran:#?}");
        }
        panic!("something waits for ever: {pushed}");
    }

    fn disturb(&mut self, step: Step, disturbance: Disturbance) {
        match disturbance {
            Disturbance::Program(places) => {
                for place in places {
                    let ran = self.seller.run_until(place, &self.arguments(step));
                    assert!(ran.was_killed(), "{place} was not passed: {ran:#?}");
                }
            }
            Disturbance::Marketplaces(place) => self.disturb_marketplaces(step, place),
        }
    }

    /// Serves the marketplaces so that they end at a place, runs the step meanwhile, and serves
    /// them again as soon as they are gone.
    fn disturb_marketplaces(&mut self, step: Step, place: &'static str) {
        let folder = self.practice.path().to_owned();
        let failing = Practice {
            kill_at: Some(place),
            ..PRACTICE
        };
        self.served.stop();
        let mut dying = Served::start_again(&folder, failing, &self.served);
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let killed = dying.wait_killed();
            let again = Served::start_again(&folder, PRACTICE, &dying);
            // Nobody listens any more if the test has failed.
            let _ = sender.send((killed, again));
        });
        self.command(step);
        let Ok((killed, again)) = receiver.recv_timeout(KILL_WAIT) else {
            panic!("{place} was not passed");
        };
        assert!(killed, "{place}: the marketplaces ended otherwise");
        self.served = again;
    }

    fn sell(&mut self) {
        for sale in &SALES {
            let id = self.served.order(sale.marketplace, sale.lines);
            self.orders.insert(sale.name, (sale.account, id));
        }
    }

    fn pack(&self) {
        for (name, tracking) in [
            ("letter", "9400111899223001"),
            ("bundle", "9400111899223002"),
            ("parcel", "1Z5338FF"),
            ("box", "9400111899223003"),
            ("crate", "9400111899223004"),
        ] {
            let order = self.order(name);
            let carrier = if name == "parcel" { "UPS" } else { "USPS" };
            let ship = ["ship", &order, "--carrier", carrier, "--tracking", tracking];
            self.seller.run(&ship).done();
        }
        let order = self.order("broken");
        self.seller
            .run(&["cancel", &order, "--reason", "out_of_stock"])
            .done();
    }

    /// `ACCOUNT/ID` of an order of the story.
    fn order(&self, name: &str) -> String {
        let (account, id) = &self.orders[name];
        format!("{account}/{id}")
    }
}

fn add_account(seller: &Seller, connection: &Value, marketplace: &str, name: &str) {
    let pairs = |part: &str| {
        let values = connection[part].as_object().into_iter().flatten();
        values.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
    };
    let endpoint = connection["endpoint"].as_str().unwrap_or_default();
    let mut arguments: Vec<String> = ["account", "add", marketplace, name, "--endpoint", endpoint]
        .map(str::to_owned)
        .into();
    for setting in pairs("settings") {
        arguments.extend(["--set".to_owned(), setting]);
    }
    let keys: Vec<String> = pairs("secrets").collect();
    seller.run_with(&arguments, &keys.join("\n")).done();
}

/// Some prices go up, and quantities up or down.
fn changes() -> String {
    let mut text = "sku,price,quantity\n".to_owned();
    for number in 1..=EDITED {
        let _ = writeln!(text, "K-{number:03},{}.50,{}", 21 + number, 9 + number % 3);
    }
    text
}
