//! The outbox: what merges, what waits, what is in flight, and what became of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use barrow_model::{
    AccountId, Action, ActionKind, Aspect, ChangeId, ChangeState, Clock, Currency, Endpoint,
    ListingId, ListingRef, ListingState, Marketplace, Money, Observed, ObservedState, Offer,
    OrderRef, OrderRowId, Problem, ProblemKind, Random, Settings, Site, Sku, Target,
};
use barrow_store::{
    AftersalesWish, ListingQuery, NewAccount, NewAttempt, NewListing, OpenOptions, Priority,
    ProblemQuery, Sendable, Sending, Settlement, Store, StoreError, Wish,
};
use chrono::{DateTime, Utc};

#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_305_600, 0).unwrap()
    }
}

impl Random for Still {
    fn next_u64(&self) -> u64 {
        4
    }
}

struct Shop {
    store: Store,
    account: AccountId,
    listing: ListingId,
}

fn shop() -> Shop {
    let store = Store::open_in_memory(OpenOptions {
        clock: Arc::new(Still),
        random: Arc::new(Still),
        key: None,
        page_limit: None,
    })
    .unwrap();
    let meta = barrow_store::ImportMeta {
        file_name: "a.csv".into(),
        layout: barrow_model::Layout::Plain,
        content_hash: "1".into(),
    };
    let mut staging = store.stage(meta).unwrap();
    staging.add(&[row("A")]).unwrap();
    staging.apply().unwrap();
    let (account, listing) = store
        .write(|tx| {
            let account = tx.add_account(&NewAccount {
                name: "one".into(),
                marketplace: Marketplace("test".into()),
                endpoint: Endpoint::Practice,
                settings: Settings::new(),
            })?;
            let sku = Sku::new("A").unwrap();
            let listing = tx.add_listing(&NewListing {
                account_id: account,
                site: Site("US".into()),
                channel_sku: sku.clone(),
                sku_id: tx.sku_id(&sku)?,
                pool: String::new(),
            })?;
            Ok((account, listing))
        })
        .unwrap();
    Shop {
        store,
        account,
        listing,
    }
}

fn row(sku: &str) -> barrow_model::Row {
    let text = format!(
        r#"{{"line":2,"kind":"variant","handle":"a","sku":"{sku}","sku_derived":false,
        "title":"Title","options":[],"images":{{"product":[],"variant":[]}},
        "attributes":{{}},"variant_attributes":{{}},"parts":[]}}"#
    );
    serde_json::from_str(&text).unwrap()
}

impl Shop {
    /// A change that is done, and what is warned of with it.
    fn warned(&self, kind: ActionKind, warnings: &[Problem]) {
        let id = self.wish(kind, "x", None);
        self.send(id, &format!("w{}", id.0), kind == ActionKind::Publish, 3);
        let applied = [(id, Settlement::Applied { binding: None })];
        self.store
            .write(|tx| {
                let settled = tx.settle_all(&applied)?;
                tx.note_remarks(&settled[0], warnings, false)
            })
            .unwrap();
    }

    fn problem_kinds(&self) -> Vec<ProblemKind> {
        let open = self.store.read(|db| db.listing_problems(self.listing));
        open.unwrap().iter().map(|one| one.kind).collect()
    }

    fn wish(&self, kind: ActionKind, after: &str, held: Option<ProblemKind>) -> ChangeId {
        let wish = Wish {
            listing_id: self.listing,
            kind,
            priority: Priority::Price,
            before: None,
            after: Some(after.into()),
            held: held.map(Problem::new),
            needs_preparing: false,
        };
        self.store.write(|tx| tx.queue_wish(&wish)).unwrap()
    }

    fn state(&self, id: ChangeId) -> ChangeState {
        self.store.read(|db| db.queued_change(id)).unwrap().state
    }

    fn sendable(&self, kind: ActionKind) -> Vec<ChangeId> {
        let aspects: Vec<Aspect> = kind.aspect().into_iter().collect();
        let ask = Sendable {
            account_id: self.account,
            kind,
            waits_for: &aspects,
            now: Still.now(),
            limit: 10,
        };
        let found = self.store.read(|db| db.sendable(&ask)).unwrap();
        found.into_iter().map(|change| change.id).collect()
    }

    fn begin(&self, id: ChangeId, fingerprint: &str) -> Result<(), StoreError> {
        let sending = Sending {
            change: barrow_model::Change {
                id,
                target: Target::Listing(ListingRef {
                    id: self.listing,
                    site: Site("US".into()),
                    sku: Sku::new("A").unwrap(),
                    binding: barrow_model::Binding::default(),
                    pool: String::new(),
                }),
                action: Action::SetQuantity(3),
            },
            value: Some("3".into()),
            price: None,
            quantity: Some(3),
            content: None,
        };
        self.store.write_durably(|tx| {
            tx.begin_attempt(&NewAttempt {
                account_id: self.account,
                lane: "offers",
                fingerprint,
                sendings: &[sending],
            })?;
            Ok(())
        })
    }

    fn settle(&self, id: ChangeId, settlement: &Settlement) {
        self.store.write(|tx| tx.settle(id, settlement)).unwrap();
    }
}

#[test]
fn newer_wishes_merge_and_a_yes_holds_for_its_value() {
    let shop = shop();
    let first = shop.wish(ActionKind::SetPrice, "10", None);
    assert_eq!(shop.wish(ActionKind::SetPrice, "11", None), first);
    let far = Some(ProblemKind::PriceMovesFar);
    shop.wish(ActionKind::SetPrice, "20", far);
    assert_eq!(shop.state(first), ChangeState::Held);
    shop.store
        .write(|tx| tx.approve_held(shop.account))
        .unwrap();
    shop.wish(ActionKind::SetPrice, "20", far);
    assert_eq!(
        shop.state(first),
        ChangeState::Waiting,
        "yes was said to 20"
    );
    shop.wish(ActionKind::SetPrice, "30", far);
    assert_eq!(shop.state(first), ChangeState::Held, "not to 30");
    shop.store
        .write(|tx| tx.drop_unsent(shop.listing, &[ActionKind::SetQuantity]))
        .unwrap();
    assert_eq!(shop.state(first), ChangeState::Dropped);
    assert_ne!(shop.wish(ActionKind::SetPrice, "10", None), first);
}

#[test]
fn one_at_a_time_a_newer_one_waits_for_the_answer() {
    let shop = shop();
    let first = shop.wish(ActionKind::SetQuantity, "3", None);
    assert_eq!(shop.sendable(ActionKind::SetQuantity), [first]);
    shop.begin(first, "f1").unwrap();
    let second = shop.wish(ActionKind::SetQuantity, "2", None);
    assert_ne!(second, first);
    assert_eq!(shop.sendable(ActionKind::SetQuantity), []);
    let price = shop.wish(ActionKind::SetPrice, "9", None);
    assert_eq!(
        shop.sendable(ActionKind::SetPrice),
        [price],
        "another aspect"
    );
    shop.settle(first, &Settlement::Applied { binding: None });
    assert_eq!(shop.sendable(ActionKind::SetQuantity), [second]);
    let standing = shop
        .store
        .read(|db| db.listing(shop.listing))
        .unwrap()
        .standing;
    assert_eq!(standing.expected_quantity, Some(3));
    assert!(shop.begin(first, "f2").is_err(), "it is done already");
}

#[test]
fn what_did_not_happen_gives_way_to_a_newer_wish() {
    let shop = shop();
    let first = shop.wish(ActionKind::SetQuantity, "3", None);
    shop.begin(first, "f1").unwrap();
    let second = shop.wish(ActionKind::SetQuantity, "2", None);
    let again = Settlement::Again {
        due: Still.now(),
        problem: None,
        counts: true,
        uncertain: true,
    };
    shop.settle(first, &again);
    assert_eq!(shop.state(first), ChangeState::Dropped);
    assert_eq!(shop.sendable(ActionKind::SetQuantity), [second]);
}

#[test]
fn a_value_that_is_put_off_delays_no_other_value() {
    let check = |newer: &str, goes: bool| {
        let shop = shop();
        let first = shop.wish(ActionKind::SetQuantity, "3", None);
        shop.begin(first, "f1").unwrap();
        let second = shop.wish(ActionKind::SetQuantity, newer, None);
        let tomorrow = Settlement::Again {
            due: Still.now() + chrono::Duration::days(1),
            problem: Some(Problem::new(ProblemKind::ListingLocked)),
            counts: true,
            uncertain: false,
        };
        shop.settle(first, &tomorrow);
        assert_eq!(shop.state(first), ChangeState::Dropped);
        let sendable = shop.sendable(ActionKind::SetQuantity);
        assert_eq!(sendable == [second], goes, "{newer}");
    };
    check("0", true);
    check("3", false);
}

#[test]
fn unknown_is_not_failed_after_a_restart_what_left_is_looked_up() {
    let shop = shop();
    let id = shop.wish(ActionKind::SetQuantity, "3", None);
    shop.begin(id, "f1").unwrap();
    let lost = shop.store.write(|tx| tx.recover_attempts()).unwrap();
    assert_eq!((lost, shop.state(id)), (1, ChangeState::Unknown));
    assert_eq!(shop.sendable(ActionKind::SetQuantity), []);
    let open = shop
        .store
        .read(|db| db.lookups_due(shop.account, Still.now(), 10))
        .unwrap();
    let open = shop.store.read(|db| db.open_batch(&open[0])).unwrap();
    assert_eq!(open.fingerprint, "f1");
    assert_eq!(
        open.changes[0].action,
        Action::SetQuantity(3),
        "as it was sent"
    );
    shop.settle(id, &Settlement::Applied { binding: None });
    shop.settle(id, &Settlement::Unknown { due: Still.now() });
    assert_eq!(
        shop.state(id),
        ChangeState::Applied,
        "an answer may come twice"
    );
    let open = shop
        .store
        .read(|db| db.lookups_due(shop.account, Still.now(), 10))
        .unwrap();
    assert_eq!(open, []);
}

#[test]
fn refusals_open_problems_and_retrying_clears_the_way() {
    let shop = shop();
    let id = shop.wish(ActionKind::Publish, "x", None);
    let problem = Problem::new(ProblemKind::Prohibited);
    shop.store
        .write(|tx| tx.refuse_unsent(id, None, Some("hash"), &problem))
        .unwrap();
    let query = ProblemQuery {
        account_id: Some(shop.account),
        kind: Some(ProblemKind::Prohibited),
        after: 0,
        limit: 10,
    };
    let open = shop.store.read(|db| db.problems(&query)).unwrap();
    assert_eq!(open[0].channel_sku.as_deref(), Some("A"));
    let refused = ListingQuery {
        account_id: Some(shop.account),
        state: Some(ListingState::Refused),
        sku_id: None,
        after: None,
        limit: 10,
    };
    let listings = shop.store.read(|db| db.listings_page(&refused)).unwrap();
    assert_eq!(
        listings[0].standing.refused.content.as_deref(),
        Some("hash")
    );
    shop.store
        .write(|tx| tx.retry_listing(shop.listing))
        .unwrap();
    let row = shop.store.read(|db| db.listing(shop.listing)).unwrap();
    assert_eq!(row.listing.state, ListingState::New);
    assert_eq!(row.standing.refused.content, None);
}

#[test]
fn changes_of_an_order_never_merge_and_keep_their_order() {
    let shop = shop();
    let wish = |order: i64, action: Action, deadline: i64| AftersalesWish {
        account_id: shop.account,
        order: OrderRef {
            id: OrderRowId(order),
            order_id: format!("O{order}"),
            site: Site("US".into()),
            placed_at: Still.now(),
        },
        action,
        value: None,
        deadline: DateTime::from_timestamp(deadline, 0),
    };
    let queue = |wish| shop.store.write(|tx| tx.queue_aftersales(&wish)).unwrap();
    let late = queue(wish(1, Action::Acknowledge, 2_000));
    let again = queue(wish(1, Action::Acknowledge, 2_000));
    let soon = queue(wish(2, Action::Acknowledge, 1_000));
    assert_ne!(late, again);
    assert_eq!(shop.sendable(ActionKind::Acknowledge), [soon, late]);
    let listing = shop
        .store
        .write(|tx| tx.queue_aftersales(&wish(3, Action::End, 1)));
    assert!(listing.is_err());
}

fn offer(price: Money, quantity: u32) -> Box<Offer> {
    let content = serde_json::json!({
        "title": "Title", "description": "", "brand": null, "gtin": null, "mpn": null,
        "asin": null, "condition": "new", "category_path": [], "category": null,
        "attributes": {}, "options": [], "images": [], "weight": null, "dimensions": null,
        "compare_at": null, "family": null,
    });
    Box::new(Offer {
        content: serde_json::from_value(content).unwrap(),
        price,
        quantity,
        settings: Settings::new(),
    })
}

impl Shop {
    fn send(&self, id: ChangeId, fingerprint: &str, publishes: bool, quantity: u32) {
        let price = Money::new(1_000 + i64::from(quantity), Currency::USD);
        let offer = offer(price, quantity);
        let sending = Sending {
            change: barrow_model::Change {
                id,
                target: Target::Listing(ListingRef {
                    id: self.listing,
                    site: Site("US".into()),
                    sku: Sku::new("A").unwrap(),
                    binding: barrow_model::Binding::default(),
                    pool: String::new(),
                }),
                action: if publishes {
                    Action::Publish(offer)
                } else {
                    Action::Revise(offer)
                },
            },
            value: None,
            price: Some(price),
            quantity: Some(quantity),
            content: Some(format!("hash of {quantity}")),
        };
        let attempt = NewAttempt {
            account_id: self.account,
            lane: "feed",
            fingerprint,
            sendings: &[sending],
        };
        self.store
            .write_durably(|tx| tx.begin_attempt(&attempt))
            .unwrap();
    }

    fn standing(&self) -> barrow_store::Standing {
        let listing = self.store.read(|db| db.listing(self.listing)).unwrap();
        listing.standing
    }
}

#[test]
fn converge_values_that_differ_between_the_steps_of_a_publish_are_not_certain() {
    let check = |quantities: [u32; 2], certain: bool| {
        let shop = shop();
        let id = shop.wish(ActionKind::Publish, "x", None);
        shop.send(id, "f1", true, quantities[0]);
        let binding = barrow_model::Binding::default();
        shop.settle(id, &Settlement::Advanced { binding });
        shop.send(id, "f2", true, quantities[1]);
        shop.settle(id, &Settlement::Applied { binding: None });
        let standing = shop.standing();
        assert_eq!(standing.acknowledged.price.is_some(), certain);
        assert_eq!(standing.expected_quantity.is_some(), certain);
        let first = format!("hash of {}", quantities[0]);
        assert_eq!(standing.acknowledged.content, Some(first));
    };
    check([3, 3], true);
    check([3, 2], false);
}

#[test]
fn converge_a_quantity_that_was_set_while_a_revise_travelled_is_not_certain() {
    let shop = shop();
    let id = shop.wish(ActionKind::Publish, "x", None);
    shop.send(id, "f1", true, 3);
    shop.settle(id, &Settlement::Applied { binding: None });
    let revise = shop.wish(ActionKind::Revise, "y", None);
    shop.send(revise, "f2", false, 3);
    shop.settle(revise, &Settlement::Applied { binding: None });
    assert_eq!(shop.standing().expected_quantity, Some(3), "as it was");
    let revise = shop.wish(ActionKind::Revise, "z", None);
    shop.send(revise, "f3", false, 5);
    shop.settle(revise, &Settlement::Applied { binding: None });
    assert_eq!(shop.standing().expected_quantity, None, "3 or 5");
}

#[test]
fn old_receipts_go_and_what_is_open_stays() {
    let shop = shop();
    let done = shop.wish(ActionKind::SetQuantity, "3", None);
    shop.begin(done, "f1").unwrap();
    shop.settle(done, &Settlement::Applied { binding: None });
    let open = shop.wish(ActionKind::SetPrice, "9", None);
    let prune = |before| shop.store.write(|tx| tx.prune_receipts(before)).unwrap();
    assert_eq!(prune(Still.now()), 0, "not older than that");
    assert_eq!(prune(Still.now() + chrono::Duration::days(1)), 1);
    let find = |id| shop.store.read(|db| db.find_change(id)).unwrap();
    assert_eq!(find(done), None);
    assert!(find(open).is_some());
    shop.settle(done, &Settlement::Unknown { due: Still.now() });
    assert_eq!(find(done), None, "an answer for what is gone is no error");
}

#[test]
fn what_is_warned_of_is_done_and_stays_with_its_receipt() {
    let shop = shop();
    let problems = || {
        shop.store
            .read(|db| db.listing_problems(shop.listing))
            .unwrap()
    };
    let kinds = || problems().iter().map(|one| one.kind).collect::<Vec<_>>();
    let warned = |id: ChangeId, fingerprint: &str, warnings: &[ProblemKind], lowered: bool| {
        shop.send(id, fingerprint, fingerprint == "f1", 3);
        let warnings: Vec<Problem> = warnings.iter().copied().map(Problem::new).collect();
        let applied = [(id, Settlement::Applied { binding: None })];
        shop.store
            .write(|tx| {
                let settled = tx.settle_all(&applied)?;
                settled
                    .iter()
                    .try_for_each(|queued| tx.note_remarks(queued, &warnings, lowered))
            })
            .unwrap();
        let told = shop.store.read(|db| db.queued_change(id)).unwrap();
        assert_eq!(told.state, ChangeState::Applied);
        told.problem.map(|problem| problem.kind)
    };
    let id = shop.wish(ActionKind::Publish, "x", None);
    let told = warned(
        id,
        "f1",
        &[ProblemKind::Remark, ProblemKind::ListingOnHold],
        false,
    );
    assert_eq!(told, Some(ProblemKind::ListingOnHold));
    assert_eq!(kinds(), [ProblemKind::ListingOnHold]);
    assert_eq!(shop.standing().expected_quantity, Some(3));

    let id = shop.wish(ActionKind::Revise, "y", None);
    assert_eq!(
        warned(id, "f2", &[ProblemKind::Remark], false),
        Some(ProblemKind::Remark)
    );
    assert_eq!(kinds(), [], "what it was warned of is mended");

    let id = shop.wish(ActionKind::Revise, "z", None);
    assert_eq!(warned(id, "f3", &[], true), None);
    assert_eq!(shop.standing().expected_quantity, None, "fewer went out");
}

#[test]
fn a_warning_goes_when_an_answer_of_its_kind_is_quiet() {
    let shop = shop();
    let kinds = || shop.problem_kinds();
    let hold = [Problem::new(ProblemKind::ListingOnHold)];
    let dropped = [Problem::new(ProblemKind::OptionsDropped)];
    shop.warned(ActionKind::Publish, &hold);
    shop.warned(ActionKind::SetPrice, &dropped);
    let both = [ProblemKind::ListingOnHold, ProblemKind::OptionsDropped];
    assert_eq!(kinds(), both);
    shop.warned(ActionKind::SetQuantity, &[]);
    assert_eq!(kinds(), both[..1], "a quiet quantity takes back no more");
    shop.warned(ActionKind::SetPrice, &hold);
    assert_eq!(kinds(), both[..1], "and nothing is told twice");
    shop.warned(ActionKind::SetPrice, &dropped);
    shop.warned(ActionKind::Revise, &[]);
    assert_eq!(kinds(), [], "a content says all anew");
}

#[test]
fn a_listing_that_is_seen_for_sale_is_not_kept_back() {
    let shop = shop();
    let seen = |state: ObservedState, problems: Vec<Problem>, minutes: i64| {
        let observed = Observed {
            site: Site("US".into()),
            sku: Sku::new("A").unwrap(),
            binding: barrow_model::Binding::default(),
            title: None,
            gtin: None,
            price: None,
            quantity: Some(3),
            fulfilled_by: barrow_model::FulfilledBy::Seller,
            state,
            problems,
            details: None,
        };
        let at = Still.now() + chrono::Duration::minutes(minutes);
        let store = &shop.store;
        store
            .write(|tx| tx.store_observed(shop.listing, &observed, at))
            .unwrap();
        shop.problem_kinds()
    };
    let hold = Problem::new(ProblemKind::ListingOnHold);
    let dropped = Problem::new(ProblemKind::OptionsDropped);
    shop.warned(ActionKind::Publish, std::slice::from_ref(&hold));
    let held = [ProblemKind::ListingOnHold];
    assert_eq!(seen(ObservedState::Live, Vec::new(), -1), held, "before it");
    assert_eq!(seen(ObservedState::Blocked, Vec::new(), 1), held);
    assert_eq!(seen(ObservedState::Live, vec![hold.clone()], 1), held);
    assert_eq!(seen(ObservedState::Live, Vec::new(), 1), []);
    shop.warned(ActionKind::SetPrice, &[hold]);
    assert_eq!(seen(ObservedState::OutOfStock, Vec::new(), 1), []);
    shop.warned(ActionKind::Revise, &[dropped]);
    let stays = [ProblemKind::OptionsDropped];
    assert_eq!(seen(ObservedState::Live, Vec::new(), 1), stays);
}
