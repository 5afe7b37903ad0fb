//! An account's rules: how its prices and quantities come from the catalogue, and how far a run may
//! go without a yes. Kept as JSON with the account; what is left out has the value stated here.

use std::fmt;

use barrow_model::{Condition, Currency, Money, Problem, ProblemKind, Rounding};
use chrono::{DateTime, Duration, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::explain::{Step, StepKind};

/// Rules of one account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Prices.
    pub price: PriceRule,
    /// Quantities.
    pub stock: StockRule,
    /// Limits of what is done without a yes.
    pub safety: SafetyRule,
    /// The condition of goods that state none.
    pub condition: DefaultCondition,
}

/// The condition of goods that state none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DefaultCondition(pub Condition);

impl Default for DefaultCondition {
    fn default() -> Self {
        Self(Condition::New)
    }
}

/// How a price is computed: base, converted, × factor, + amount, raised so that it is left after
/// the marketplace's fee, rounded, and never below the floor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PriceRule {
    /// What it starts from.
    pub base: PriceBase,
    /// The currency of the prices there; none keeps the base's.
    pub currency: Option<Currency>,
    /// Days after which an exchange rate is too old to be used.
    pub rate_days_max: u32,
    /// Times this.
    pub factor: Decimal,
    /// Plus this, in the prices' currency.
    pub add: Decimal,
    /// What the marketplace keeps of the price, in percent, to be laid on top; below 100.
    pub fee_percent: Decimal,
    /// The part after the point that prices end in, such as 0.99: rounded up to the next one.
    pub ending: Option<Decimal>,
    /// The lowest price, in the prices' currency.
    pub floor: Option<Decimal>,
    /// The lowest price, as a multiple of the cost.
    pub floor_over_cost: Option<Decimal>,
}

impl Default for PriceRule {
    fn default() -> Self {
        Self {
            base: PriceBase::Price,
            currency: None,
            rate_days_max: 7,
            factor: Decimal::ONE,
            add: Decimal::ZERO,
            fee_percent: Decimal::ZERO,
            ending: None,
            floor: None,
            floor_over_cost: None,
        }
    }
}

/// What a price starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceBase {
    /// The catalogue's price.
    Price,
    /// What one unit costs.
    Cost,
}

/// How a quantity is computed. Always at most what is available.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StockRule {
    /// Available less a buffer, at most a cap.
    Buffered {
        /// Units kept back.
        #[serde(default)]
        buffer: u32,
        /// Units offered at most.
        #[serde(default)]
        cap: Option<u32>,
    },
    /// A share of what is available, rounded down.
    Share {
        /// Percent, 0 to 100.
        percent: Decimal,
    },
    /// A fixed number.
    Fixed {
        /// Units.
        quantity: u32,
    },
}

impl Default for StockRule {
    fn default() -> Self {
        Self::Buffered {
            buffer: 0,
            cap: None,
        }
    }
}

/// How far a run may go without a yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SafetyRule {
    /// A price may rise by so many percent.
    pub price_up_percent_max: Decimal,
    /// A price may fall by so many percent.
    pub price_down_percent_max: Decimal,
    /// So many listings may run empty or end, whatever their share.
    pub listings_max: u32,
    /// So many percent of the live listings may run empty or end.
    pub share_percent_max: u32,
}

impl Default for SafetyRule {
    fn default() -> Self {
        Self {
            price_up_percent_max: Decimal::from(30),
            price_down_percent_max: Decimal::from(20),
            listings_max: 10,
            share_percent_max: 20,
        }
    }
}

/// An exchange rate as rules use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Units of the target for one of the base.
    pub rate: Decimal,
    /// Since when it holds.
    pub at: DateTime<Utc>,
}

/// Why rules cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// Not in the form of rules.
    #[error("they are not in the form of rules: {0}")]
    Form(String),
    /// A number that no rule can have.
    #[error("{0} is out of range")]
    Range(&'static str),
}

impl Rules {
    /// Reads and checks rules.
    pub fn read(text: &str) -> Result<Self, RulesError> {
        let rules: Self =
            serde_json::from_str(text).map_err(|error| RulesError::Form(error.to_string()))?;
        rules.check()?;
        Ok(rules)
    }

    /// Checks that every number is one that a rule can have.
    pub fn check(&self) -> Result<(), RulesError> {
        let price = &self.price;
        let hundred = Decimal::ONE_HUNDRED;
        let not_negative = |number: Option<Decimal>| number.is_none_or(|n| n >= Decimal::ZERO);
        let ranges = [
            ("factor", price.factor > Decimal::ZERO),
            (
                "fee_percent",
                price.fee_percent >= Decimal::ZERO && price.fee_percent < hundred,
            ),
            (
                "ending",
                price
                    .ending
                    .is_none_or(|e| e >= Decimal::ZERO && e < Decimal::ONE),
            ),
            ("floor", not_negative(price.floor)),
            ("floor_over_cost", not_negative(price.floor_over_cost)),
            (
                "percent",
                !matches!(&self.stock, StockRule::Share { percent }
                    if *percent < Decimal::ZERO || *percent > hundred),
            ),
        ];
        match ranges.iter().find(|(_, holds)| !holds) {
            Some((name, _)) => Err(RulesError::Range(name)),
            None => Ok(()),
        }
    }
}

/// Finds the exchange rate between a base and a target.
pub type RateLookup<'a> = &'a dyn Fn(Currency, Currency) -> Option<Rate>;

/// What a price is computed from.
#[derive(Clone, Copy)]
pub struct PriceInput<'a> {
    /// The catalogue's price.
    pub price: Option<Money>,
    /// What one unit costs.
    pub cost: Option<Money>,
    /// The seller's price for this listing.
    pub price_override: Option<Money>,
    /// The seller's floor for this listing.
    pub floor_override: Option<Money>,
    /// Exchange rates by their base and target.
    pub rates: RateLookup<'a>,
    /// The present.
    pub now: DateTime<Utc>,
}

impl fmt::Debug for PriceInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PriceInput")
            .field("price", &self.price)
            .field("cost", &self.cost)
            .field("price_override", &self.price_override)
            .field("floor_override", &self.floor_override)
            .finish_non_exhaustive()
    }
}

/// Computes a price and writes down each step. An error says why nothing may be sent.
pub fn price(
    rule: &PriceRule,
    input: &PriceInput<'_>,
    steps: &mut Vec<Step>,
) -> Result<Money, Problem> {
    let chosen = match input.price_override {
        Some(price) => {
            steps.push(Step::new(StepKind::PriceOverride, price));
            price
        }
        None => from_rule(rule, input, steps)?,
    };
    if chosen.minor <= 0 {
        let problem = Problem::new(ProblemKind::PriceNotPositive).field("price");
        return Err(problem.param("price", chosen));
    }
    let Some(floor) = floor(rule, input, chosen.currency, steps)? else {
        return Ok(chosen);
    };
    if chosen.minor >= floor.minor {
        return Ok(chosen);
    }
    if input.price_override.is_some() {
        let problem = Problem::new(ProblemKind::PriceBelowFloor).field("price");
        return Err(problem.param("price", chosen).param("floor", floor));
    }
    steps.push(Step::new(StepKind::RaisedToFloor, floor));
    Ok(floor)
}

fn from_rule(
    rule: &PriceRule,
    input: &PriceInput<'_>,
    steps: &mut Vec<Step>,
) -> Result<Money, Problem> {
    let (base, kind, field) = match rule.base {
        PriceBase::Price => (input.price, StepKind::BasePrice, "price"),
        PriceBase::Cost => (input.cost, StepKind::BaseCost, "cost"),
    };
    let base = base.ok_or_else(|| Problem::new(ProblemKind::PriceMissing).field(field))?;
    steps.push(Step::new(kind, base));
    let currency = rule.currency.unwrap_or(base.currency);
    let too_large = || Problem::new(ProblemKind::PriceRefused).field("price");
    let mut amount = converted(rule, base, currency, input, steps)?;
    if rule.factor != Decimal::ONE {
        amount = amount.checked_mul(rule.factor).ok_or_else(too_large)?;
        steps.push(Step::new(StepKind::Times, rule.factor));
    }
    if !rule.add.is_zero() {
        amount = amount.checked_add(rule.add).ok_or_else(too_large)?;
        steps.push(Step::new(StepKind::Plus, rule.add));
    }
    if !rule.fee_percent.is_zero() {
        let left = (Decimal::ONE_HUNDRED - rule.fee_percent) / Decimal::ONE_HUNDRED;
        amount = amount.checked_div(left).ok_or_else(too_large)?;
        steps.push(Step::new(StepKind::Fees, rule.fee_percent));
    }
    let rounded = rounded(rule, amount, currency).ok_or_else(too_large)?;
    steps.push(Step::new(StepKind::Rounded, rounded));
    Ok(rounded)
}

fn converted(
    rule: &PriceRule,
    amount: Money,
    currency: Currency,
    input: &PriceInput<'_>,
    steps: &mut Vec<Step>,
) -> Result<Decimal, Problem> {
    if amount.currency == currency {
        return Ok(amount.to_decimal());
    }
    let missing = || {
        Problem::new(ProblemKind::RateMissing)
            .field("price")
            .param("from", amount.currency)
            .param("to", currency)
    };
    let rate = (input.rates)(amount.currency, currency).ok_or_else(missing)?;
    if input.now - rate.at > Duration::days(i64::from(rule.rate_days_max)) {
        return Err(missing());
    }
    let value = amount
        .to_decimal()
        .checked_mul(rate.rate)
        .ok_or_else(missing)?;
    steps.push(Step::new(
        StepKind::Converted,
        format!("{} {currency} ({})", rate.rate, rate.at.date_naive()),
    ));
    Ok(value)
}

fn rounded(rule: &PriceRule, amount: Decimal, currency: Currency) -> Option<Money> {
    round_price(amount, rule.ending, currency)
}

/// A price of an exact amount. Half a minor unit goes away from zero; with an ending, such as 0.99,
/// it is the next price up that ends so. None where there is no such price.
pub fn round_price(amount: Decimal, ending: Option<Decimal>, currency: Currency) -> Option<Money> {
    let ending = ending.filter(|ending| ending.normalize().scale() <= currency.decimals());
    let Some(ending) = ending else {
        return Money::from_decimal(amount, currency, Rounding::HalfUp).ok();
    };
    let same = amount.floor().checked_add(ending)?;
    let next = if same >= amount {
        same
    } else {
        same.checked_add(Decimal::ONE)?
    };
    Money::from_decimal(next, currency, Rounding::Up).ok()
}

/// The highest of the floors, in the price's currency.
fn floor(
    rule: &PriceRule,
    input: &PriceInput<'_>,
    currency: Currency,
    steps: &mut Vec<Step>,
) -> Result<Option<Money>, Problem> {
    let mut floors = Vec::new();
    if let Some(floor) = input.floor_override {
        floors.push(converted(rule, floor, currency, input, &mut Vec::new())?);
    }
    floors.extend(rule.floor);
    if let (Some(times), Some(cost)) = (rule.floor_over_cost, input.cost) {
        let cost = converted(rule, cost, currency, input, &mut Vec::new())?;
        floors.extend(cost.checked_mul(times));
    }
    let Some(highest) = floors.into_iter().max() else {
        return Ok(None);
    };
    let floor = Money::from_decimal(highest, currency, Rounding::Up)
        .map_err(|_| Problem::new(ProblemKind::PriceRefused).field("floor"))?;
    steps.push(Step::new(StepKind::Floor, floor));
    Ok(Some(floor))
}

/// What a quantity is computed from.
#[derive(Clone, Copy, Debug)]
pub struct QuantityInput {
    /// Units that can be sold.
    pub available: i64,
    /// The seller's number for this listing.
    pub quantity_override: Option<u32>,
    /// Whether the listing is paused or ending.
    pub paused: bool,
    /// What the marketplace can hold.
    pub quantity_max: u32,
}

/// Computes a quantity and writes down each step.
pub fn quantity(rule: &StockRule, input: &QuantityInput, steps: &mut Vec<Step>) -> u32 {
    let available = u32::try_from(input.available.max(0)).unwrap_or(u32::MAX);
    steps.push(Step::new(StepKind::Available, available));
    if input.paused {
        steps.push(Step::new(StepKind::Paused, 0));
        return 0;
    }
    let ruled = match (input.quantity_override, rule) {
        (Some(quantity), _) => {
            steps.push(Step::new(StepKind::QuantityOverride, quantity));
            quantity
        }
        (None, StockRule::Buffered { buffer, cap }) => {
            if *buffer > 0 {
                steps.push(Step::new(StepKind::Buffer, buffer));
            }
            let left = available.saturating_sub(*buffer);
            match cap {
                Some(cap) if *cap < left => {
                    steps.push(Step::new(StepKind::Cap, cap));
                    *cap
                }
                _ => left,
            }
        }
        (None, StockRule::Share { percent }) => {
            steps.push(Step::new(StepKind::Share, percent));
            share(available, *percent)
        }
        (None, StockRule::Fixed { quantity }) => {
            steps.push(Step::new(StepKind::Fixed, quantity));
            *quantity
        }
    };
    let sellable = ruled.min(available);
    if sellable < ruled {
        steps.push(Step::new(StepKind::AtMostAvailable, sellable));
    }
    let taken = sellable.min(input.quantity_max);
    if taken < sellable {
        steps.push(Step::new(StepKind::MarketplaceMaximum, taken));
    }
    taken
}

fn share(available: u32, percent: Decimal) -> u32 {
    let part = Decimal::from(available) * percent / Decimal::ONE_HUNDRED;
    // At most 100 percent of a u32.
    u32::try_from(part.floor()).unwrap_or(0)
}
