//! Rate limits.

use std::time::Duration;

use barrow_market::{ErrorKind, Lane, Result};
use barrow_model::{Action, ActionKind, Money};

use super::Suite;
use super::bench::Bench;

/// Sends beyond a lane's burst, at most; more bursts are of the same kind.
const SENDS_MAX: u32 = 260;
/// A wait that a call takes in place; a longer one is told instead.
const WAIT_MAX: Duration = Duration::from_secs(5);

async fn set_price(bench: &Bench, lane: &'static Lane, minor: i64) -> Result<()> {
    let currency = (bench.subject.offer)(1).price.currency;
    let listing = bench.listing("HP-1");
    let change = bench.change(&listing, Action::SetPrice(Money::new(minor, currency)));
    bench
        .submit(lane, &bench.batch(lane, vec![change]))
        .await
        .map(drop)
}

/// No call is made while a limit is known to be used up; the error says until when.
pub async fn limits_are_kept(suite: &Suite) {
    let mut bench = suite.bench().await;
    bench.publish(&[1], 5).await;
    for lane in bench.lanes(ActionKind::SetPrice) {
        let sends = lane.rate.burst.saturating_add(5).min(SENDS_MAX);
        let mut refused = 0;
        for minor in 1..=i64::from(sends) {
            bench.take_calls();
            let began = bench.now();
            let Err(error) = set_price(&bench, lane, minor).await else {
                continue;
            };
            refused += 1;
            assert_eq!(error.kind, ErrorKind::RateLimited, "{}: {error}", lane.name);
            let until = error.not_before.expect("it says until when");
            assert!(until > bench.now(), "which is still to come");
            assert!(bench.take_calls().is_empty(), "nothing was sent");
            assert_eq!(bench.now(), began, "nothing was waited for in vain");
            // The use of limits is remembered over a restart.
            bench.restart();
            let again = set_price(&bench, lane, minor).await;
            assert!(again.is_err_and(|error| error.kind == ErrorKind::RateLimited));
            bench.pass_until(until);
            set_price(&bench, lane, minor)
                .await
                .expect("then it may be sent");
        }
        let slow = lane.rate.per / lane.rate.calls > WAIT_MAX && sends > lane.rate.burst;
        assert_eq!(
            refused > 0,
            slow,
            "{} was refused {refused} times",
            lane.name
        );
        bench.pass(Duration::from_secs(24 * 60 * 60));
    }
    assert_eq!(bench.held().limit_violations, 0, "no limit was run over");
}

/// Where the marketplace says that it is too much for now, nothing is sent until it may be.
pub async fn a_refusal_for_now_is_heeded(suite: &Suite) {
    let bench = suite.bench().await;
    bench.publish(&[1], 5).await;
    for lane in bench.lanes(ActionKind::SetPrice) {
        bench.fault("429", 1);
        let before = bench.held();
        let error = set_price(&bench, lane, 1_500)
            .await
            .expect_err("it is refused for now");
        assert_eq!(error.kind, ErrorKind::RateLimited, "{}: {error}", lane.name);
        let until = error.not_before.expect("it says until when");
        assert!(until > bench.now());
        assert_eq!(
            bench.held().listings,
            before.listings,
            "a refused call has no effect"
        );
        bench.take_calls();
        // What is known of the limit itself may ask for more patience than the refusal did.
        let mut patience = 0;
        while let Err(error) = set_price(&bench, lane, 1_500).await {
            assert_eq!(error.kind, ErrorKind::RateLimited, "{}: {error}", lane.name);
            assert!(bench.take_calls().is_empty(), "nothing is sent before");
            bench.pass_until(error.not_before.expect("it says until when"));
            patience += 1;
            assert!(patience < 3, "what was told was true");
        }
        assert!(bench.now() >= until, "a wait is not cut short");
        bench.pass(Duration::from_secs(24 * 60 * 60));
    }
    assert_eq!(bench.held().limit_violations, 0);
}
