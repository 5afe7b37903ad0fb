//! Feeds: documents that are handed over now and worked through later (amazon.md §5).

mod document;
mod flat;
mod message;
mod report;
mod work;

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) use document::{
    Document, address_expired, create as create_document, exchange, internal_error,
    one as document, slow_down,
};
pub(super) use work::advance;

use super::call::{Answer, Call, instant, known_site, ok};
use super::error::Refusal;
use super::fault::{FEED_FATAL, FEED_FATAL_PARTIAL, FEED_STALL};
use super::state::State;
use crate::http::{empty, json as json_answer};
use crate::random::seeded_hash;

/// The feed of listings.
pub(super) const LISTINGS: &str = "JSON_LISTINGS_FEED";
/// The feed that cancels orders.
const CANCELLATIONS: &str = "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA";
/// The feed that refunds.
const REFUNDS: &str = "POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA";
/// Feeds of listings that are no more: they end FATAL (amazon.md §5).
const GONE: [&str; 9] = [
    "POST_PRODUCT_DATA",
    "POST_INVENTORY_AVAILABILITY_DATA",
    "POST_PRODUCT_PRICING_DATA",
    "POST_PRODUCT_IMAGE_DATA",
    "POST_PRODUCT_RELATIONSHIP_DATA",
    "POST_FLAT_FILE_INVLOADER_DATA",
    "POST_FLAT_FILE_LISTINGS_DATA",
    "POST_FLAT_FILE_PRICEANDQUANTITYONLY_UPDATE_DATA",
    "POST_UIEE_BOOKLOADER_DATA",
];

/// How long a feed waits in its queue.
const QUEUE_SECONDS: (u64, u64) = (5, 25);
/// How long it is worked on, and for how many messages a second more.
const WORK_SECONDS: (u64, u64) = (20, 60);
const MESSAGES_PER_SECOND: u64 = 100;
/// How long a feed takes that the fault `feed_stall` meets.
const STALL: Duration = Duration::from_secs(7 * 3_600);
/// How long feeds are told of, in days.
const FEED_DAYS: i64 = 90;
/// The most feeds that are remembered.
const FEEDS_MAX: usize = 2_000;
const SITES_MAX: usize = 25;
const PAGE_SIZE_DEFAULT: usize = 10;
const PAGE_SIZE_MAX: usize = 100;

/// One feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Feed {
    id: String,
    feed_type: String,
    sites: Vec<String>,
    document_id: String,
    status: Status,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    created: Duration,
    starts_at: Duration,
    done_at: Duration,
    fate: Fate,
    /// What it came to, while the listings that are to be told of take effect.
    pending: Option<report::Report>,
    result_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Status {
    InQueue,
    InProgress,
    Done,
    Fatal,
    Cancelled,
}

impl Status {
    const ALL: [(Self, &'static str); 5] = [
        (Self::InQueue, "IN_QUEUE"),
        (Self::InProgress, "IN_PROGRESS"),
        (Self::Done, "DONE"),
        (Self::Fatal, "FATAL"),
        (Self::Cancelled, "CANCELLED"),
    ];

    fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(status, _)| *status == self);
        found.map_or("", |(_, word)| word)
    }
}

/// How a feed is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Fate {
    Done,
    Fatal,
    FatalPartial,
}

/// Tells whether a call hands over a feed of listings, which have a limit of their own.
pub(super) fn is_of_listings(call: &Call<'_>) -> bool {
    let body: Value = serde_json::from_slice(call.request.body()).unwrap_or_default();
    body.get("feedType").and_then(Value::as_str) == Some(LISTINGS)
}

/// `POST /feeds/2021-06-30/feeds`.
pub(super) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.json()?;
    let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let feed_type = text("feedType").to_owned();
    let known = [LISTINGS, CANCELLATIONS, REFUNDS].contains(&feed_type.as_str());
    if !known && !GONE.contains(&feed_type.as_str()) {
        return Err(Refusal::param("feedType", "not known"));
    }
    let sites = body.get("marketplaceIds").and_then(Value::as_array);
    let sites: Vec<&str> = sites
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if sites.is_empty() || sites.len() > SITES_MAX {
        return Err(Refusal::param("marketplaceIds", "missing or too long"));
    }
    for site in &sites {
        known_site(site)?;
    }
    if feed_type == LISTINGS && sites.len() > 1 {
        return Err(Refusal::param(
            "marketplaceIds",
            "more than one for this feed type",
        ));
    }
    let document_id = text("inputFeedDocumentId").to_owned();
    if !state
        .documents
        .get(&document_id)
        .is_some_and(Document::is_uploaded)
    {
        return Err(Refusal::param(
            "inputFeedDocumentId",
            "not that of an uploaded document",
        ));
    }
    let sites = sites.into_iter().map(str::to_owned).collect();
    let feed = new_feed(state, feed_type, sites, document_id, call);
    let id = feed.id.clone();
    while state.feeds.len() >= FEEDS_MAX {
        state.feeds.pop_front();
    }
    state.feeds.push_back(feed);
    Ok(json_answer(StatusCode::ACCEPTED, &json!({ "feedId": id })))
}

fn new_feed(
    state: &mut State,
    feed_type: String,
    sites: Vec<String>,
    document_id: String,
    call: &Call<'_>,
) -> Feed {
    let operation = "createFeed";
    let fate = if state.faults.meets(FEED_FATAL, operation) {
        Fate::Fatal
    } else if state.faults.meets(FEED_FATAL_PARTIAL, operation) {
        Fate::FatalPartial
    } else {
        Fate::Done
    };
    let starts_at = call.now.elapsed + state.delay(QUEUE_SECONDS);
    let messages = state
        .documents
        .get(&document_id)
        .map_or(0, Document::messages);
    let more = Duration::from_secs(messages / MESSAGES_PER_SECOND);
    let takes = if state.faults.meets(FEED_STALL, operation) {
        STALL
    } else {
        state.delay(WORK_SECONDS) + more
    };
    Feed {
        id: format!("{}{}", state.ids.digits(6), state.ids.digits(6)),
        feed_type,
        sites,
        document_id,
        status: Status::InQueue,
        created_at: call.now.wall,
        started_at: None,
        ended_at: None,
        created: call.now.elapsed,
        starts_at,
        done_at: starts_at + takes,
        fate,
        pending: None,
        result_id: None,
    }
}

fn shown(feed: &Feed) -> Value {
    let mut shown = json!({
        "feedId": feed.id,
        "feedType": feed.feed_type,
        "marketplaceIds": feed.sites,
        "createdTime": instant(feed.created_at),
        "processingStatus": feed.status.word(),
    });
    let times = [
        ("processingStartTime", feed.started_at),
        ("processingEndTime", feed.ended_at),
    ];
    for (name, at) in times {
        if let Some(at) = at {
            shown[name] = Value::from(instant(at));
        }
    }
    if let Some(id) = &feed.result_id {
        shown["resultFeedDocumentId"] = Value::from(id.as_str());
    }
    shown
}

fn is_told(feed: &Feed, call: &Call<'_>) -> bool {
    feed.created_at + chrono::Duration::days(FEED_DAYS) > call.now.wall
}

/// `GET /feeds/2021-06-30/feeds/{feedId}`.
pub(super) fn one(state: &mut State, call: &Call<'_>) -> Answer {
    let feed = state.feeds.iter().find(|feed| feed.id == call.segment(3));
    let feed = feed.filter(|feed| is_told(feed, call));
    ok(&shown(feed.ok_or_else(no_feed)?))
}

fn no_feed() -> Refusal {
    Refusal::not_found("The feed is not found.")
}

/// `DELETE /feeds/2021-06-30/feeds/{feedId}`: only while it waits.
pub(super) fn cancel(state: &mut State, call: &Call<'_>) -> Answer {
    let feed = state
        .feeds
        .iter_mut()
        .find(|feed| feed.id == call.segment(3));
    let feed = feed.ok_or_else(no_feed)?;
    if feed.status != Status::InQueue {
        return Err(Refusal::invalid("The feed is no longer in its queue."));
    }
    feed.status = Status::Cancelled;
    feed.ended_at = Some(call.now.wall);
    Ok(empty(StatusCode::OK))
}

/// `GET /feeds/2021-06-30/feeds`: newest first. The next page is asked for with its token alone.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let question = match call.query.get("nextToken") {
        Some(_) if call.query.pairs().count() > 1 => {
            return Err(Refusal::param("nextToken", "to be sent alone"));
        }
        Some(token) => Question::of_token(state, token)?,
        None => Question::read(call)?,
    };
    let matching: Vec<&Feed> = state
        .feeds
        .iter()
        .rev()
        .filter(|feed| is_told(feed, call) && question.takes(feed))
        .collect();
    let page = matching.iter().skip(question.passed).take(question.size);
    let mut body = json!({ "feeds": page.map(|feed| shown(feed)).collect::<Vec<_>>() });
    if question.passed + question.size < matching.len() {
        let next = Question {
            passed: question.passed + question.size,
            ..question
        };
        body["nextToken"] = Value::from(next.token(state.seed));
    }
    ok(&body)
}

/// What is asked of the list of feeds; a token carries it on.
#[derive(Debug, Serialize, Deserialize)]
struct Question {
    types: Vec<String>,
    sites: Vec<String>,
    statuses: Vec<String>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    size: usize,
    passed: usize,
}

impl Question {
    fn read(call: &Call<'_>) -> Result<Self, Refusal> {
        let words = |name: &str| {
            let words = call.list(name, 10)?;
            Ok::<_, Refusal>(words.into_iter().map(str::to_owned).collect::<Vec<_>>())
        };
        let types = words("feedTypes")?;
        if types.is_empty() {
            return Err(Refusal::param("feedTypes", "missing"));
        }
        let known: Vec<&str> = Status::ALL.iter().map(|(_, word)| *word).collect();
        call.words("processingStatuses", &known)?;
        Ok(Self {
            types,
            sites: words("marketplaceIds")?,
            statuses: words("processingStatuses")?,
            since: call.time("createdSince")?,
            until: call.time("createdUntil")?,
            size: call.number("pageSize", PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX)?,
            passed: 0,
        })
    }

    fn of_token(state: &State, token: &str) -> Result<Self, Refusal> {
        let read = token.split_once('.').and_then(|(signature, text)| {
            let signed = format!("{:016x}", seeded_hash(state.seed, text));
            (signed == signature).then(|| serde_json::from_str(text).ok())?
        });
        read.ok_or_else(|| Refusal::param("nextToken", "not valid"))
    }

    fn token(&self, seed: u64) -> String {
        // Its parts are texts and numbers, which serialise.
        let text = serde_json::to_string(self).unwrap_or_default();
        format!("{:016x}.{text}", seeded_hash(seed, &text))
    }

    fn takes(&self, feed: &Feed) -> bool {
        let statuses = &self.statuses;
        self.types.contains(&feed.feed_type)
            && (self.sites.is_empty() || feed.sites.iter().any(|site| self.sites.contains(site)))
            && (statuses.is_empty() || statuses.iter().any(|word| word == feed.status.word()))
            && self.since.is_none_or(|since| since <= feed.created_at)
            && self.until.is_none_or(|until| feed.created_at <= until)
    }
}
