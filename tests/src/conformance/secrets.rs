//! Neither errors, outcomes, `Debug` texts nor logs hold a secret or a buyer's data.

use std::collections::BTreeSet;
use std::fmt::{self, Debug, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use barrow_model::{ActionKind, Order};
use barrow_practice::faults::COMMON;
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::Suite;
use super::bench::{Bench, Wiring};
use super::deeds::Deed;
use super::tap::Call;

/// A text shorter than this says nothing of anybody.
const TELLING_CHARS_MIN: usize = 4;

/// Everything that is logged, by whatever part.
#[derive(Default)]
struct Log(Mutex<String>);

impl Log {
    /// The log of this process.
    fn listen() -> Arc<Log> {
        static LOG: OnceLock<Arc<Log>> = OnceLock::new();
        let log = LOG.get_or_init(|| {
            let log = Arc::new(Log::default());
            let listener = Listener(Arc::clone(&log));
            tracing::subscriber::set_global_default(listener).expect("nobody else listens");
            log
        });
        Arc::clone(log)
    }

    fn text(&self) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

struct Listener(Arc<Log>);

impl Listener {
    fn write(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Written)) {
        let mut written = Written(metadata.target().to_owned());
        record(&mut written);
        let mut log = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.push_str(&written.0);
        log.push('\n');
    }
}

struct Written(String);

impl Visit for Written {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a text cannot fail.
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.write(span.metadata(), |written| span.record(written));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut written = Written(String::new());
        values.record(&mut written);
        let mut log = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.push_str(&written.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.write(event.metadata(), |written| event.record(written));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// What must not be told.
#[derive(Default)]
struct Untold(BTreeSet<String>);

impl Untold {
    fn add(&mut self, text: Option<&str>) {
        let text = text.map(str::trim).unwrap_or_default();
        if text.chars().count() >= TELLING_CHARS_MIN {
            self.0.insert(text.to_owned());
        }
    }

    /// Keys, and all that went over the line as proof of them.
    fn add_line(&mut self, calls: &[Call]) {
        for call in calls {
            for (name, value) in &call.headers {
                let name = name.as_str();
                let proof = name == "authorization" || name.contains("token");
                let value = value.to_str().ok().filter(|_| proof);
                self.add(value.and_then(|value| value.rsplit(' ').next()));
            }
            // An address that opens a document to whoever has it.
            let answer = call.answer.as_ref().map(|(_, _, body)| body);
            let answer: Option<Value> = answer.and_then(|body| serde_json::from_slice(body).ok());
            let address = answer.as_ref().and_then(|answer| answer["url"].as_str());
            self.add(address.and_then(|address| Some(address.split_once('?')?.1)));
        }
    }

    fn add_buyer(&mut self, order: &Order) {
        if let Some(buyer) = &order.buyer {
            for part in [&buyer.name, &buyer.email, &buyer.username, &buyer.tax_id] {
                self.add(part.as_deref());
            }
        }
        if let Some(to) = &order.ship_to {
            for part in [&to.name, &to.line1, &to.line2, &to.phone, &to.company] {
                self.add(part.as_deref());
            }
        }
    }
}

/// All texts that were given, in one.
#[derive(Default)]
struct Said(String);

impl Said {
    fn add(&mut self, what: &str, value: &dyn Debug) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.0, "{what}: {value:?}\n{what}: {value:#?}");
    }

    fn add_result<T: Debug>(&mut self, what: &str, result: &barrow_market::Result<T>) {
        match result {
            Ok(value) => self.add(what, value),
            Err(error) => {
                self.add(what, error);
                self.add(what, &error.to_problem());
                let _ = writeln!(self.0, "{what}: {error}\n{what}: {}", error.to_problem());
            }
        }
    }
}

/// A day of selling with every fault in the way, and nobody says what must not be told.
pub async fn secrets_stay_secret(suite: &Suite) {
    let log = Log::listen();
    let mut bench = suite.bench().await;
    let mut said = Said::default();
    let mut untold = Untold::default();
    let known = bench
        .marketplaces
        .connection(suite.subject.name)
        .expect("it is practised");
    for secret in known.secrets.values() {
        untold.add(Some(secret));
    }
    let mut number = 0;
    for fault in COMMON.into_iter().map(Some).chain([None]) {
        for kind in ActionKind::ALL {
            for lane in bench.lanes(kind) {
                number += 1;
                let deed = Deed::new(&bench, kind, number).await;
                bench.restart();
                if let Some(fault) = fault {
                    bench.fault(fault, 9);
                }
                let batch = bench.batch(lane, vec![deed.change]);
                said.add_result("submit", &bench.submit(lane, &batch).await);
                said.add_result("look_up", &bench.look_up(lane, &batch).await);
                if let Some(fault) = fault {
                    bench.fault(fault, 0);
                }
                bench.pass_settled();
                untold.add_line(&bench.take_calls());
            }
        }
        if let Some(fault) = fault {
            bench.fault(fault, 9);
        }
        read_everything(&bench, &mut said).await;
        if let Some(fault) = fault {
            bench.fault(fault, 0);
        }
        bench.pass(Duration::from_secs(60 * 60));
    }
    wrong_keys(&bench, &known.secrets, &mut said, &mut untold).await;
    let mut cursors = bench.cursors();
    for cursor in cursors.values_mut() {
        // All that was ever ordered here.
        said.add("cursor", cursor);
    }
    for placed in bench.held().orders {
        untold.add_buyer(&bench.fetch(&placed.order_id).await);
    }
    untold.add_line(&bench.take_calls());
    assert!(untold.0.len() > 20, "there was something to keep secret");
    let log = log.text();
    assert!(
        log.contains("answered") && log.contains("failed"),
        "calls are logged"
    );
    for secret in &untold.0 {
        assert!(
            !said.0.contains(secret.as_str()),
            "said: {secret}\n{}",
            around(&said.0, secret)
        );
        assert!(
            !log.contains(secret.as_str()),
            "logged: {secret}\n{}",
            around(&log, secret)
        );
    }
}

/// The lines in which a text stands.
fn around(text: &str, found: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| line.contains(found))
        .take(3)
        .collect();
    lines.join("\n")
}

async fn read_everything(bench: &Bench, said: &mut Said) {
    let core = bench.adapter.core();
    said.add_result("check", &core.check().await);
    said.add_result("choices", &core.choices(&bench.site()).await);
    if let Some(listings) = bench.adapter.listings() {
        said.add_result("observe", &listings.observe(&bench.site(), None).await);
    }
    let ids: Vec<String> = bench
        .held()
        .orders
        .iter()
        .map(|one| one.order_id.clone())
        .collect();
    let Some(orders) = bench.adapter.orders() else {
        return;
    };
    let cursors = bench.cursors();
    for stream in orders.streams() {
        let page = orders.pull(stream.id, &cursors[&stream.id], &ids).await;
        said.add_result("pull", &page);
    }
    let some = &ids[..ids.len().min(2)];
    said.add_result("fetch", &orders.fetch(some).await);
}

async fn wrong_keys(
    bench: &Bench,
    secrets: &std::collections::BTreeMap<String, String>,
    said: &mut Said,
    untold: &mut Untold,
) {
    for key in secrets.keys() {
        let wrong = format!("wrong-{key}-4711");
        untold.add(Some(&wrong));
        let mut wiring = Wiring::default();
        wiring.secrets.insert(key.clone(), Some(wrong));
        let adapter = bench.connect(&wiring).expect("connecting calls nobody");
        said.add_result("check", &adapter.core().check().await);
    }
}
