//! How many calls an application may make, and the calls that tell (ebay.md §13).

use chrono::Duration;
use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::Call;
use super::order::stamp;
use super::state::State;
use crate::Now;
use crate::bucket::Rate;

const DAY_SECONDS: u64 = 86_400;

/// Calls of one API within five seconds. eBay publishes no burst limit for these APIs and
/// ebay.md §13 advises five to ten calls at a time; ten at a time, each a fifth of a second long,
/// make this.
const BURST: Rate = Rate::evenly(250, 5);

/// An API with a quota of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    Inventory,
    Account,
    Fulfillment,
    Metadata,
    Taxonomy,
    Identity,
    Analytics,
    PostOrder,
    Returns,
    Inquiries,
    Cases,
    Disputes,
    Finances,
    Token,
    /// Key Management; eBay names no number.
    Keys,
    Media,
    Feed,
    /// eBay names no number.
    Message,
}

/// Every API that the rate calls tell about.
const TOLD: [Api; 10] = [
    Api::Inventory,
    Api::Account,
    Api::Fulfillment,
    Api::Metadata,
    Api::Taxonomy,
    Api::Identity,
    Api::Analytics,
    Api::Media,
    Api::Feed,
    Api::Message,
];

impl Api {
    /// Context, name, version and calls per application and day.
    fn parts(self) -> (&'static str, &'static str, &'static str, u32) {
        match self {
            Self::Inventory => ("sell", "inventory", "v1", 2_000_000),
            Self::Account => ("sell", "account", "v1", 25_000),
            Self::Fulfillment => ("sell", "fulfillment", "v1", 100_000),
            Self::Metadata => ("sell", "metadata", "v1", 5_000),
            Self::Taxonomy => ("commerce", "taxonomy", "v1", 5_000),
            Self::Identity => ("commerce", "identity", "v1", 5_000),
            Self::Analytics => ("developer", "analytics", "v1_beta", 5_000),
            Self::PostOrder => ("post-order", "cancellation", "v2", 5_000),
            Self::Returns => ("post-order", "return", "v2", 5_000),
            Self::Inquiries => ("post-order", "inquiry", "v2", 5_000),
            Self::Cases => ("post-order", "casemanagement", "v2", 5_000),
            Self::Disputes => ("sell", "fulfillment_dispute", "v1", 250_000),
            Self::Finances => ("sell", "finances", "v1", 15_000),
            Self::Token => ("identity", "oauth2", "v1", 50_000),
            Self::Keys => ("developer", "key_management", "v1", 100),
            Self::Feed => ("sell", "feed", "v1", 100_000),
            Self::Media => ("commerce", "media", "v1_beta", 1_000_000),
            Self::Message => ("commerce", "message", "v1", 5_000),
        }
    }

    fn daily(self) -> Rate {
        Rate::per_window(self.parts().3, DAY_SECONDS)
    }

    fn daily_name(self) -> String {
        format!("{}.{}", self.parts().0, self.parts().1)
    }

    fn burst_name(self) -> String {
        format!("{} burst", self.daily_name())
    }
}

/// Spends a call of an API; refuses it where the day's quota or the burst is exhausted.
pub(super) fn spend(state: &mut State, api: Api, now: Now) -> Result<(), Refusal> {
    // A call over the burst costs nothing of the day.
    if !state
        .buckets
        .spend(&api.burst_name(), BURST, now.elapsed)
        .granted
        || !state
            .buckets
            .spend(&api.daily_name(), api.daily(), now.elapsed)
            .granted
    {
        return Err(too_many());
    }
    Ok(())
}

/// The refusal of a call over a limit (ebay.md §12, 2001). `Retry-After` is not documented and
/// not sent.
pub(super) fn too_many() -> Refusal {
    let message = "The request limit has been reached for the resource.";
    Problem::new(429, 2001, "ACCESS", message).into()
}

/// `GET /developer/analytics/v1_beta/rate_limit/` and `/user_rate_limit/`.
pub(super) fn tell(state: &mut State, call: &Call) -> Outcome {
    let context = call.parameter("api_context");
    let name = call.parameter("api_name");
    let wanted = TOLD.into_iter().filter(|api| {
        let (its_context, its_name, ..) = api.parts();
        context.is_none_or(|text| text.eq_ignore_ascii_case(its_context))
            && name.is_none_or(|text| text.eq_ignore_ascii_case(its_name))
    });
    let limits: Vec<Value> = wanted.map(|api| tell_one(state, api, call.now)).collect();
    if limits.is_empty() {
        return Ok(Answer::empty(204));
    }
    Ok(Answer::ok(json!({ "rateLimits": limits })))
}

fn tell_one(state: &mut State, api: Api, now: Now) -> Value {
    let (context, name, version, _) = api.parts();
    let daily = (api.daily_name(), api.daily());
    let burst = (api.burst_name(), BURST);
    let rates: Vec<Value> = [daily, burst]
        .into_iter()
        .map(|(bucket, rate)| {
            let left = state.buckets.look(&bucket, rate, now.elapsed).left;
            let window = rate.window.as_secs().max(1);
            let until = window - now.elapsed.as_secs() % window;
            let reset =
                now.wall + Duration::seconds(i64::try_from(until).unwrap_or(i64::MAX / 2000));
            json!({
                "count": rate.calls.saturating_sub(left),
                "limit": rate.calls,
                "remaining": left,
                "reset": stamp(reset),
                "timeWindow": window,
            })
        })
        .collect();
    json!({
        "apiContext": context,
        "apiName": name,
        "apiVersion": version,
        "resources": [{ "name": api.daily_name(), "rates": rates }],
    })
}
