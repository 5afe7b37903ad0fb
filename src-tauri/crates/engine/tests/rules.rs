//! How prices and quantities are computed.

use barrow_engine::{
    PriceBase, PriceInput, PriceRule, QuantityInput, Rate, Rules, StepKind, StockRule, price,
    quantity,
};
use barrow_model::{Currency, Money, ProblemKind};
use chrono::{DateTime, Duration, Utc};
use proptest::prelude::{Strategy, any, prop_assert, prop_oneof, proptest};
use rust_decimal::Decimal;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_305_600, 0).expect("an instant")
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn rate(base: Currency, quote: Currency) -> Option<Rate> {
    let known = base == Currency::USD && quote == Currency::EUR;
    known.then(|| Rate {
        rate: Decimal::new(9, 1),
        at: now() - Duration::days(2),
    })
}

fn input(price: Option<i64>, cost: Option<i64>) -> PriceInput<'static> {
    PriceInput {
        price: price.map(usd),
        cost: cost.map(usd),
        price_override: None,
        floor_override: None,
        rates: &rate,
        now: now(),
    }
}

#[test]
// long: a table of rules and prices
fn a_price_comes_from_its_rule_step_by_step() {
    let check = |rule: PriceRule, input: PriceInput<'_>, expected: Result<&str, ProblemKind>| {
        let found = price(&rule, &input, &mut Vec::new());
        let found = found.map(|money| money.to_string());
        assert_eq!(
            found
                .as_ref()
                .map(String::as_str)
                .map_err(|problem| problem.kind),
            expected
        );
    };
    let rule = PriceRule::default;
    check(rule(), input(Some(1_999), None), Ok("19.99 USD"));
    check(
        rule(),
        input(None, Some(100)),
        Err(ProblemKind::PriceMissing),
    );
    check(
        rule(),
        input(Some(0), None),
        Err(ProblemKind::PriceNotPositive),
    );
    let over_cost = PriceRule {
        base: PriceBase::Cost,
        factor: decimal("1.5"),
        add: decimal("2"),
        ..rule()
    };
    check(
        over_cost.clone(),
        input(Some(1), Some(1_000)),
        Ok("17.00 USD"),
    );
    let fees = PriceRule {
        fee_percent: decimal("13.25"),
        ..over_cost.clone()
    };
    check(fees, input(None, Some(1_000)), Ok("19.60 USD"));
    let ending = |text: &str| PriceRule {
        ending: Some(decimal(text)),
        ..rule()
    };
    check(ending("0.99"), input(Some(1_234), None), Ok("12.99 USD"));
    check(ending("0.95"), input(Some(1_296), None), Ok("13.95 USD"));
    check(ending("0.99"), input(Some(1_299), None), Ok("12.99 USD"));
    let euros = PriceRule {
        currency: Some(Currency::EUR),
        ..rule()
    };
    check(euros.clone(), input(Some(1_000), None), Ok("9.00 EUR"));
    let stale = PriceRule {
        rate_days_max: 1,
        ..euros
    };
    check(
        stale,
        input(Some(1_000), None),
        Err(ProblemKind::RateMissing),
    );
    let floored = PriceRule {
        floor_over_cost: Some(decimal("1.2")),
        ..rule()
    };
    check(
        floored.clone(),
        input(Some(1_000), Some(1_000)),
        Ok("12.00 USD"),
    );
    let mut overridden = input(Some(1_000), Some(1_000));
    overridden.price_override = Some(usd(1_100));
    check(floored, overridden, Err(ProblemKind::PriceBelowFloor));
}

#[test]
fn rules_that_cannot_be_are_refused() {
    let check = |text: &str, fine: bool| assert_eq!(Rules::read(text).is_ok(), fine, "{text}");
    check("{}", true);
    check(
        r#"{"price":{"base":"cost","factor":"1.4","ending":"0.99"}}"#,
        true,
    );
    check(r#"{"stock":{"buffered":{"buffer":2,"cap":10}}}"#, true);
    check(r#"{"stock":{"share":{"percent":"101"}}}"#, false);
    check(r#"{"price":{"fee_percent":"100"}}"#, false);
    check(r#"{"price":{"factor":"0"}}"#, false);
    check(r#"{"prices":{}}"#, false);
}

fn stock_rules() -> impl Strategy<Value = StockRule> {
    prop_oneof![
        (any::<u32>(), any::<Option<u32>>())
            .prop_map(|(buffer, cap)| StockRule::Buffered { buffer, cap }),
        (0..=100_u32).prop_map(|percent| StockRule::Share {
            percent: Decimal::from(percent)
        }),
        any::<u32>().prop_map(|quantity| StockRule::Fixed { quantity }),
    ]
}

proptest! {
    #[test]
    fn never_over_a_quantity_is_at_most_what_is_available(
        rule in stock_rules(),
        available in any::<i32>(),
        quantity_override in any::<Option<u32>>(),
        quantity_max in any::<u32>(),
        paused in any::<bool>(),
    ) {
        let input = QuantityInput {
            available: i64::from(available),
            quantity_override,
            paused,
            quantity_max,
        };
        let found = quantity(&rule, &input, &mut Vec::new());
        prop_assert!(i64::from(found) <= i64::from(available.max(0)));
        prop_assert!(found <= quantity_max);
        prop_assert!(!paused || found == 0);
    }

    #[test]
    fn never_under_a_price_is_at_least_the_floor_and_says_so(
        base in 1..10_000_000_i64,
        factor in 1..500_i64,
        fee in 0..99_i64,
        floor in 0..10_000_000_i64,
        ending in prop_oneof![proptest::strategy::Just(None), (0..100_i64).prop_map(Some)],
    ) {
        let rule = PriceRule {
            factor: Decimal::new(factor, 2),
            fee_percent: Decimal::from(fee),
            floor: Some(Decimal::new(floor, 2)),
            ending: ending.map(|cents| Decimal::new(cents, 2)),
            ..PriceRule::default()
        };
        let mut steps = Vec::new();
        if let Ok(found) = price(&rule, &input(Some(base), None), &mut steps) {
            prop_assert!(found.minor >= floor);
            prop_assert!(found.minor > 0);
            let rounded = steps.iter().find(|step| step.kind == StepKind::Rounded);
            let raised = steps.iter().any(|step| step.kind == StepKind::RaisedToFloor);
            let before = rounded.map(|step| step.value.clone());
            prop_assert!(raised == (before != Some(found.to_string())));
        }
    }
}
