//! What an adapter says of itself and of the account.

use std::collections::BTreeSet;
use std::time::Duration;

use barrow_market::{CheckState, ErrorKind, Fate, SettingKind, check_batch};
use barrow_model::{Action, ActionKind, Delivery, Money, Offer, Problem, ProblemKind, Settings};

use super::Suite;
use super::bench::{Bench, Wiring};

/// A role is there exactly where a lane carries its kinds, and lanes are what they must be.
pub async fn roles_match_capability(suite: &Suite) {
    let bench = suite.bench().await;
    let capability = bench.adapter.capability();
    let kinds = || capability.lanes.iter().flat_map(|lane| lane.kinds);
    let listings = kinds().any(|kind| !kind.is_aftersales());
    let aftersales = kinds().any(|kind| kind.is_aftersales());
    assert_eq!(bench.adapter.listings().is_some(), listings);
    assert_eq!(bench.adapter.aftersales().is_some(), aftersales);
    let reads_orders = !capability.order_history.is_zero();
    assert_eq!(bench.adapter.orders().is_some(), reads_orders);
    let acknowledges = capability.offers(ActionKind::Acknowledge);
    assert_eq!(capability.acknowledges_orders, acknowledges);
    let names: BTreeSet<&str> = capability.lanes.iter().map(|lane| lane.name).collect();
    assert_eq!(names.len(), capability.lanes.len(), "names are unique");
    for lane in capability.lanes {
        let name = lane.name;
        assert!(!lane.kinds.is_empty(), "{name} carries something");
        assert!(lane.changes_max > 0 && lane.calls_per_batch > 0, "{name}");
        assert!(lane.rate.calls > 0 && lane.rate.burst > 0, "{name}");
        let of_orders = lane
            .kinds
            .iter()
            .filter(|kind| kind.is_aftersales())
            .count();
        let mixed = of_orders > 0 && of_orders < lane.kinds.len();
        assert!(!mixed, "{name} belongs to one role");
        // A call may be taken in at once and show its result later; a feed always does.
        let at_once = lane.latency == Duration::ZERO;
        assert!(!at_once || lane.delivery == Delivery::Call, "{name}");
        let harmless = lane.kinds.iter().all(|kind| kind.is_repeatable());
        let feed = lane.delivery == Delivery::Feed;
        assert!(
            !(feed && lane.repeatable),
            "{name}: a feed sent twice is two feeds"
        );
        assert!(harmless || !feed || !lane.repeatable, "{name}");
    }
    if let Some(orders) = bench.adapter.orders() {
        let streams: BTreeSet<_> = orders.streams().iter().map(|stream| stream.id).collect();
        assert_eq!(
            streams.len(),
            orders.streams().len(),
            "streams have names of their own"
        );
        assert!(!streams.is_empty() && capability.fetch_orders_max > 0);
    }
    assert!(bench.take_calls().is_empty(), "nobody is called for it");
}

/// What the capability does not allow is refused, and nothing of it is sent.
pub async fn what_is_not_offered_is_refused_unsent(suite: &Suite) {
    let bench = suite.bench().await;
    let capability = bench.adapter.capability();
    let offer = Box::new((suite.subject.offer)(1));
    let listing = bench.listing("HP-1");
    let actions = [
        Action::Publish(offer.clone()),
        Action::Revise(offer.clone()),
        Action::SetPrice(offer.price),
        Action::SetQuantity(1),
        Action::End,
        Action::Acknowledge,
    ];
    for lane in capability.lanes {
        for action in &actions {
            let kind = action.kind();
            let change = bench.change(&listing, action.clone());
            let (kept, refused) = check_batch(capability, bench.batch(lane, vec![change]));
            let carried = lane.kinds.contains(&kind);
            assert_eq!(
                kept.changes.len(),
                usize::from(carried),
                "{kind:?} on {}",
                lane.name
            );
            for outcome in refused {
                assert_eq!(problem_of(outcome.fate), ProblemKind::Unsupported);
            }
        }
    }
    for kind in ActionKind::ALL {
        assert_eq!(
            capability.offers(kind),
            !bench.lanes(kind).is_empty(),
            "{kind:?}"
        );
    }
    let refused = |sku: &str, action: Action| {
        let change = bench.change(&bench.listing(sku), action.clone());
        let lane = bench.lane(action.kind());
        let (kept, mut refused) = check_batch(capability, bench.batch(lane, vec![change]));
        assert!(kept.changes.is_empty(), "{action:?}");
        problem_of(refused.remove(0).fate)
    };
    let long = "x".repeat(capability.sku_chars_max + 1);
    assert_eq!(
        refused(&long, Action::SetQuantity(1)),
        ProblemKind::SkuInvalid
    );
    if capability.sku_signs.is_some() {
        let kind = refused("HP 1", Action::Publish(offer.clone()));
        assert_eq!(kind, ProblemKind::SkuInvalid);
    }
    let free = Action::SetPrice(Money::zero(offer.price.currency));
    assert_eq!(refused("HP-1", free), ProblemKind::PriceNotPositive);
    if let Some(too_many) = capability.quantity_max.checked_add(1) {
        let kind = refused("HP-1", Action::SetQuantity(too_many));
        assert_eq!(kind, ProblemKind::QuantityRefused);
    }
    assert!(bench.take_calls().is_empty());
}

fn problem_of(fate: Fate) -> ProblemKind {
    match fate {
        Fate::Refused { problem, .. } => problem.kind,
        other => panic!("it is refused, not {other:?}"),
    }
}

/// The keys that the account cannot work without, and the one that a consent yields.
fn required_secrets(bench: &Bench) -> Vec<&'static str> {
    let yielded = yielded(bench);
    let parts_less = (bench.subject.connector)(bench.parts());
    let fields = parts_less.info().fields.iter();
    fields
        .filter(|field| field.required || Some(field.key) == yielded)
        .filter(|field| field.kind == SettingKind::Secret)
        .map(|field| field.key)
        .collect()
}

fn yielded(bench: &Bench) -> Option<&'static str> {
    let info = (bench.subject.connector)(bench.parts()).info();
    info.consent.map(|consent| consent.yields)
}

/// Keys that the marketplace refuses are told as such.
pub async fn check_tells_wrong_keys(suite: &Suite) {
    let bench = suite.bench().await;
    let keys = required_secrets(&bench);
    assert!(!keys.is_empty(), "a marketplace has keys");
    for key in keys {
        let mut wiring = Wiring::default();
        wiring
            .secrets
            .insert(key.to_owned(), Some("not-this-one".to_owned()));
        let adapter = bench.connect(&wiring).expect("connecting calls nobody");
        let error = adapter
            .core()
            .check()
            .await
            .expect_err("a wrong key opens nothing");
        let told = matches!(
            error.kind,
            ErrorKind::Unauthorized | ErrorKind::ConsentEnded
        );
        assert!(told, "{key}: {error}");
        let kind = error.to_problem().kind;
        let words = [ProblemKind::CredentialsRefused, ProblemKind::ConsentEnded];
        assert!(words.contains(&kind), "{key}: {kind}");
    }
}

/// A key that the seller has not given is named.
pub async fn check_tells_missing_keys(suite: &Suite) {
    let bench = suite.bench().await;
    for key in required_secrets(&bench) {
        let mut wiring = Wiring::default();
        wiring.secrets.insert(key.to_owned(), None);
        let adapter = bench.connect(&wiring).expect("connecting calls nobody");
        let error = adapter
            .core()
            .check()
            .await
            .expect_err("without a key nothing opens");
        assert_eq!(error.kind, ErrorKind::Config, "{key}");
        let problem = error.to_problem();
        if yielded(&bench) == Some(key) {
            assert_eq!(problem.kind, ProblemKind::ConsentMissing, "{key}");
            continue;
        }
        assert_eq!(problem.kind, ProblemKind::SettingMissing, "{key}");
        assert_eq!(problem.params.get("setting").map(String::as_str), Some(key));
    }
}

/// With good keys each part is listed, and what is not in order says what is missing.
pub async fn check_names_what_is_missing(suite: &Suite) {
    let bench = suite.bench().await;
    let before = bench.held();
    let check = bench
        .adapter
        .core()
        .check()
        .await
        .expect("the keys are good");
    assert!(check.sites.contains(&bench.site()), "{check:?}");
    assert!(!check.items.is_empty(), "the parts are listed");
    for item in &check.items {
        let good = item.state == CheckState::Good;
        assert_eq!(item.problem.is_none(), good, "{item:?}");
    }
    let missing = check
        .items
        .iter()
        .filter(|item| item.state == CheckState::Missing);
    assert_eq!(missing.count(), 0, "a practice account can sell: {check:?}");
    let names: BTreeSet<&String> = check.items.iter().map(|item| &item.name).collect();
    assert_eq!(names.len(), check.items.len(), "each part once");
    let after = bench.held();
    assert_eq!(
        (before.listings, before.orders),
        (after.listings, after.orders)
    );
}

/// What is offered as a choice can be the account's default, and a publish takes it.
pub async fn choices_fill_defaults(suite: &Suite) {
    let bench = suite.bench().await;
    let info = (suite.subject.connector)(bench.parts()).info();
    let wanted: BTreeSet<&str> = info
        .fields
        .iter()
        .filter(|field| field.kind == SettingKind::Default)
        .map(|field| field.key)
        .collect();
    let choices = bench.adapter.core().choices(&bench.site()).await;
    let choices = choices.expect("choices can be read");
    let given: BTreeSet<&str> = choices.iter().map(|offered| offered.key.as_str()).collect();
    assert_eq!(given, wanted, "choices for every default setting");
    let several = choices.iter().map(|offered| offered.choices.len()).max();
    for nth in 0..several.unwrap_or(0).min(2) {
        let mut settings = Settings::new();
        for offered in &choices {
            let choice = offered.choices.get(nth).or(offered.choices.first());
            let choice = choice.unwrap_or_else(|| panic!("{} has a choice", offered.key));
            assert!(
                !choice.value.is_empty() && !choice.label.is_empty(),
                "{choice:?}"
            );
            settings.insert(offered.key.clone(), choice.value.clone());
        }
        let mut bench = suite.bench().await;
        let wiring = Wiring {
            settings: settings.clone(),
            ..Wiring::default()
        };
        bench.adapter = bench.connect(&wiring).expect("choices are settings");
        *bench.defaults.lock().expect("held for moments") = Some(settings);
        let listings = bench.publish(&[1], 5).await;
        assert_eq!(bench.held_of(&listings[0].sku)[0].state, "live");
    }
}

/// Makes an offer one that a marketplace would refuse.
type Spoil<'a> = &'a dyn Fn(&mut Offer);

/// What the marketplace would refuse is told without asking it.
pub async fn validate_is_told_before_sending(suite: &Suite) {
    let bench = suite.bench().await;
    let mut right = (suite.subject.offer)(1);
    right.settings = bench.defaults().await;
    let rules = super::advice::complete(&bench, &mut right).await;
    bench.take_calls();
    let validate = |offer: &Offer| -> Vec<Problem> {
        bench
            .adapter
            .core()
            .validate(&bench.site(), offer, Some(&rules))
    };
    let long = "word ".repeat(bench.adapter.capability().title_chars_max);
    let spoilt: [(Spoil<'_>, ProblemKind); 4] = [
        (
            &|offer| offer.content.title.clear(),
            ProblemKind::TitleMissing,
        ),
        (
            &|offer| offer.content.title.clone_from(&long),
            ProblemKind::TextTooLong,
        ),
        (
            &|offer| offer.price.minor = 0,
            ProblemKind::PriceNotPositive,
        ),
        (
            &|offer| offer.content.images.clear(),
            ProblemKind::ImageMissing,
        ),
    ];
    let mut untold = Vec::new();
    for (spoil, kind) in spoilt {
        let mut offer = right.clone();
        spoil(&mut offer);
        let kinds: Vec<ProblemKind> = validate(&offer).iter().map(|found| found.kind).collect();
        // Title and pictures may be those of the marketplace's own page.
        let of_page = suite.subject.on_pages && kind != ProblemKind::PriceNotPositive;
        if of_page && kinds.is_empty() {
            untold.push(spoil);
        } else {
            assert!(kinds.contains(&kind), "{kind} is among {kinds:?}");
        }
    }
    for rule in rules.attributes.iter().filter(|rule| rule.required) {
        let mut offer = right.clone();
        offer.content.attributes.remove(&rule.name);
        offer.content.brand = None;
        let named = validate(&offer).into_iter().any(|problem| {
            problem.kind == ProblemKind::BrandMissing
                || problem.params.get("attribute") == Some(&rule.name)
        });
        let known_otherwise = offer.content.title.len() > 1 && validate(&offer).is_empty();
        assert!(named || known_otherwise, "{} is demanded", rule.name);
    }
    assert!(bench.take_calls().is_empty(), "nobody is called for it");
    for (number, spoil) in (20..).zip(untold) {
        let mut offer = bench.offer(number).await;
        spoil(&mut offer);
        let listing = bench.listing(&format!("HP-{number}"));
        let change = bench.change(&listing, Action::Publish(Box::new(offer)));
        // What is not told is not refused either.
        bench.apply(bench.lane(ActionKind::Publish), change).await;
    }
}

/// Where nobody listens, that is told, and that it may pass.
pub async fn a_closed_port_is_told_as_unreachable(suite: &Suite) {
    let bench = suite.bench().await;
    // The port is free the moment that its listener is gone.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let closed = listener
        .local_addr()
        .expect("a bound listener has an address");
    drop(listener);
    let error = check_at(&bench, format!("http://{closed}")).await;
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
    assert_ne!(error.status, barrow_market::Status::Permanent);
    assert_eq!(error.to_problem().kind, ProblemKind::Unreachable);
}

/// An address that speaks no TLS is told as such, and nothing is sent to it in the clear.
pub async fn a_connection_that_is_not_safe_is_told(suite: &Suite) {
    let bench = suite.bench().await;
    let error = check_at(&bench, bench.address().replace("http:", "https:")).await;
    assert_eq!(error.kind, ErrorKind::Tls, "{error}");
    assert_eq!(error.to_problem().kind, ProblemKind::TlsFailed);
    assert!(bench.held().calls.is_empty());
}

async fn check_at(bench: &Bench, address: String) -> barrow_market::Error {
    let wiring = Wiring {
        endpoint: Some(address),
        ..Wiring::default()
    };
    let adapter = bench.connect(&wiring).expect("connecting calls nobody");
    adapter
        .core()
        .check()
        .await
        .expect_err("nobody answers there")
}
