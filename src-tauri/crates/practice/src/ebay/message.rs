//! What members write to the seller, and what he answers (ebay.md §9). Conversations with eBay
//! itself are none.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::account::username;
use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::{Call, text};
use super::fault::BUYER_WRITES;
use super::finances::page_of;
use super::order::stamp;
use super::sale::wall_at;
use super::state::{Seen, State};
use crate::Now;
use crate::random::Random;

/// How long after he bought, or was answered, a buyer writes.
const WRITES: Duration = Duration::from_secs(300);
/// Of a hundred buyers who come by themselves so many write.
const WRITERS: u64 = 5;
/// Conversations or messages of a page.
const ROWS: usize = 25;
const ROWS_MAX: usize = 50;
/// Longest text (355013).
const TEXT_CHARS_MAX: usize = 2_000;
/// Most files of a message (355010).
const MEDIA_MAX: usize = 5;
/// Conversations that are kept; a long-running practice begins no more.
const CONVERSATIONS_MAX: usize = 10_000;
/// The only reference that there is.
const LISTING: &str = "LISTING";

const FIRST_WORDS: &[&str] = &[
    "Hello, could you tell me when my parcel leaves? I will be away from Friday on.",
    "Hi! Is the colour the same as in the first picture?",
    "Good morning, could you put a gift note into the box, please?",
    "Which size is it in centimetres? I measured 20 & a bit here.",
];

const MORE_WORDS: &[&str] = &[
    "Thank you for the quick answer!",
    "That helps, thanks. One more thing: does it come with a manual?",
];

/// How a conversation is put away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Shelf {
    Active,
    Archive,
    Delete,
}

impl Shelf {
    fn code(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Archive => "ARCHIVE",
            Self::Delete => "DELETE",
        }
    }

    fn of(code: &str) -> Option<Self> {
        let all = [Self::Active, Self::Archive, Self::Delete];
        all.into_iter().find(|shelf| shelf.code() == code)
    }
}

/// A conversation with a member.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Conversation {
    id: String,
    /// The other's login name.
    buyer: String,
    /// The listing that it is about.
    listing: Option<String>,
    title: String,
    shelf: Shelf,
    /// What the buyer will write, and when, in elapsed time.
    coming: Option<(Duration, String)>,
    /// Oldest first; none before the first is written.
    messages: Vec<Written>,
}

/// A message.
#[derive(Clone, Serialize, Deserialize)]
struct Written {
    id: String,
    by_seller: bool,
    text: String,
    at: DateTime<Utc>,
    /// Whether whom it is for has read it.
    read: bool,
    media: Vec<Value>,
}

impl Conversation {
    fn unread(&self) -> usize {
        let unread = |one: &&Written| !one.by_seller && !one.read;
        self.messages.iter().filter(unread).count()
    }
}

/// Lets the buyer of an order that has just been placed write some minutes later: seldom by
/// himself, surely where the fault of that name is switched on.
pub(super) fn follow(state: &mut State, order_id: &str, at: Seen, by_itself: bool) {
    let mut random = Random::named(state.seed, &format!("ebay message {order_id}"));
    let writes = match by_itself {
        true => random.chance(WRITERS),
        false => state.faults.meets(BUYER_WRITES, "placeOrder"),
    };
    if !writes || state.conversations.len() >= CONVERSATIONS_MAX {
        return;
    }
    let Some(order) = state.order(order_id) else {
        return;
    };
    let Some(line) = order.lines.first() else {
        return;
    };
    let (buyer, listing) = (order.buyer.username.clone(), line.listing.clone());
    let title = line.title.clone();
    let words = random.pick(FIRST_WORDS).copied().unwrap_or_default();
    let mut conversation = begun(state, buyer, Some(listing), title);
    conversation.coming = Some((at.elapsed + WRITES, words.to_owned()));
    state.conversations.push(conversation);
}

fn begun(state: &mut State, buyer: String, listing: Option<String>, title: String) -> Conversation {
    let number = state.next("conversation");
    Conversation {
        id: format!("{}", 6_200_000_000 + state.seed % 997 * 10_000 + number),
        buyer,
        listing,
        title,
        shelf: Shelf::Active,
        coming: None,
        messages: Vec::new(),
    }
}

fn written(state: &mut State, text: &str, by_seller: bool, at: DateTime<Utc>) -> Written {
    let number = state.next("message");
    Written {
        id: format!("{}", 7_300_000_000 + state.seed % 997 * 100_000 + number),
        by_seller,
        text: text.to_owned(),
        at,
        read: false,
        media: Vec::new(),
    }
}

/// Lets what is due be written.
pub(super) fn advance(state: &mut State, now: Now) {
    let seen = state.seen;
    for place in 0..state.conversations.len() {
        let coming = state.conversations[place].coming.as_ref();
        let Some((due, text)) = coming.filter(|(due, _)| *due <= now.elapsed).cloned() else {
            continue;
        };
        let message = written(state, &text, false, wall_at(seen, now, due));
        let conversation = &mut state.conversations[place];
        conversation.coming = None;
        conversation.messages.push(message);
    }
}

fn refused(id: u32, message: &str) -> Refusal {
    Problem::new(400, id, "API_MESSAGE", message).into()
}

/// Where a page begins and how long it is: the offset is a multiple of the limit (355008).
fn place(call: &Call) -> Result<(usize, usize), Refusal> {
    let limit = match call.parameter("limit").map(str::parse::<usize>) {
        None => ROWS,
        Some(Ok(limit)) if (1..=ROWS_MAX).contains(&limit) => limit,
        Some(_) => return Err(refused(355_009, "Invalid limit.")),
    };
    match call.parameter("offset").map(str::parse::<usize>) {
        None => Ok((0, limit)),
        Some(Ok(offset)) if offset.is_multiple_of(limit) => Ok((offset, limit)),
        Some(_) => Err(refused(355_008, "Invalid offset.")),
    }
}

/// Whether the conversations with members are meant.
fn is_of_members(kind: Option<&str>) -> Result<bool, Refusal> {
    match kind {
        Some("FROM_MEMBERS") => Ok(true),
        Some("FROM_EBAY") => Ok(false),
        Some(_) => Err(refused(355_002, "Invalid conversation_type value.")),
        None => Err(refused(
            355_017,
            "The required conversation_type query parameter is missing.",
        )),
    }
}

fn instant(call: &Call, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
    let Some(text) = call.parameter(name) else {
        return Ok(None);
    };
    let read = DateTime::parse_from_rfc3339(text);
    let read = read.map_err(|_| refused(355_005, "Invalid date format."))?;
    Ok(Some(read.with_timezone(&Utc)))
}

/// What a search asks for.
struct Wanted {
    status: Option<String>,
    listing: Option<String>,
    buyer: Option<String>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

impl Wanted {
    fn read(state: &State, call: &Call) -> Result<Self, Refusal> {
        let status = call.parameter("conversation_status").map(str::to_owned);
        let known =
            |code: &String| Shelf::of(code).is_some() || matches!(code.as_str(), "READ" | "UNREAD");
        if status.as_ref().is_some_and(|code| !known(code)) {
            return Err(refused(355_001, "Invalid conversation_status value."));
        }
        let kind = call.parameter("reference_type");
        if kind.is_some_and(|kind| kind != LISTING) {
            return Err(refused(355_003, "Invalid reference_type value."));
        }
        let listing = call.parameter("reference_id").map(str::to_owned);
        match &listing {
            Some(_) if kind.is_none() => {
                return Err(refused(
                    355_022,
                    "The parameter reference_type is required.",
                ));
            }
            Some(id) if id.parse::<u64>().is_err() => {
                return Err(refused(355_016, "Invalid reference_id."));
            }
            _ => {}
        }
        let buyer = call.parameter("other_party_username").map(str::to_owned);
        if buyer.as_ref().is_some_and(|name| !is_member(state, name)) {
            return Err(refused(355_006, "Invalid other_party_username value."));
        }
        let (from, to) = (instant(call, "start_time")?, instant(call, "end_time")?);
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            return Err(refused(355_004, "start_time must be before end_time."));
        }
        Ok(Self {
            status,
            listing,
            buyer,
            from,
            to,
        })
    }

    fn takes(&self, one: &Conversation, last: &Written) -> bool {
        let of_status = match self.status.as_deref() {
            None => one.shelf != Shelf::Delete,
            Some("READ") => one.unread() == 0,
            Some("UNREAD") => one.unread() > 0,
            Some(code) => one.shelf.code() == code,
        };
        let of_listing = self.listing.is_none() || self.listing == one.listing;
        let of_buyer = self.buyer.as_ref().is_none_or(|name| *name == one.buyer);
        let in_time =
            self.from.is_none_or(|from| last.at >= from) && self.to.is_none_or(|to| last.at < to);
        of_status && of_listing && of_buyer && in_time
    }
}

/// Whether somebody of this name has bought or written.
fn is_member(state: &State, name: &str) -> bool {
    let bought = state.orders.iter().any(|it| it.buyer.username == name);
    bought || state.conversations.iter().any(|it| it.buyer == name)
}

fn shown(state: &State, one: &Conversation, written: &Written) -> Value {
    let (seller, buyer) = (username(state), one.buyer.clone());
    let (from, to) = match written.by_seller {
        true => (seller, buyer),
        false => (buyer, seller),
    };
    json!({
        "messageId": written.id,
        "messageBody": written.text,
        "senderUsername": from,
        "recipientUsername": to,
        "subject": one.title,
        "createdDate": stamp(written.at),
        "readStatus": written.read,
        "messageMedia": written.media,
    })
}

/// `GET /conversation`, what was written last first.
pub(super) fn list(state: &mut State, call: &Call) -> Outcome {
    let of_members = is_of_members(call.parameter("conversation_type"))?;
    let (offset, limit) = place(call)?;
    let wanted = Wanted::read(state, call)?;
    let mut found: Vec<(&Conversation, &Written)> = state
        .conversations
        .iter()
        .filter_map(|one| Some((one, one.messages.last()?)))
        .filter(|(one, last)| of_members && wanted.takes(one, last))
        .collect();
    found.sort_by(|(_, one), (_, other)| other.at.cmp(&one.at).then(other.id.cmp(&one.id)));
    let rows = found.into_iter().map(|(one, last)| {
        let mut row = json!({
            "conversationId": one.id,
            "conversationTitle": one.title,
            "conversationStatus": one.shelf.code(),
            "conversationType": "FROM_MEMBERS",
            "createdDate": one.messages.first().map(|first| stamp(first.at)),
            "latestMessage": shown(state, one, last),
            "unreadCount": one.unread(),
        });
        if let Some(listing) = &one.listing {
            row["referenceId"] = json!(listing);
            row["referenceType"] = json!(LISTING);
        }
        row
    });
    let rows = rows.collect();
    Ok(page_of(call, "conversations", rows, offset, limit))
}

/// The place of a conversation in which something was written.
fn find(state: &State, id: &str) -> Result<usize, Refusal> {
    let mut all = state.conversations.iter();
    let place = all.position(|one| one.id == id && !one.messages.is_empty());
    place.ok_or_else(|| refused(355_007, "Invalid or unrecognized conversation_id value."))
}

/// `GET /conversation/{conversation_id}`, newest first.
pub(super) fn get(state: &mut State, call: &Call) -> Outcome {
    is_of_members(call.parameter("conversation_type"))?;
    let (offset, limit) = place(call)?;
    let one = &state.conversations[find(state, call.id(0))?];
    let rows = one.messages.iter().rev();
    let rows = rows.map(|written| shown(state, one, written)).collect();
    let mut answer = page_of(call, "messages", rows, offset, limit);
    if let Some(body) = &mut answer.body {
        body["conversationTitle"] = json!(one.title);
        body["conversationStatus"] = json!(one.shelf.code());
        body["conversationType"] = json!("FROM_MEMBERS");
    }
    Ok(answer)
}

/// The files of a message that is sent.
fn media_of(body: &Map<String, Value>) -> Result<Vec<Value>, Refusal> {
    let media = body.get("messageMedia").and_then(Value::as_array);
    let media = media.cloned().unwrap_or_default();
    if media.len() > MEDIA_MAX {
        return Err(refused(355_010, "Too many media."));
    }
    for one in &media {
        let part = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
        if ["mediaName", "mediaType", "mediaUrl"]
            .iter()
            .any(|name| part(name).is_empty())
        {
            return Err(refused(
                355_012,
                "All fields under messageMedia are required.",
            ));
        }
        if !["IMAGE", "PDF", "DOC", "TXT"].contains(&part("mediaType")) {
            return Err(refused(355_011, "Invalid mediaType value."));
        }
        if !part("mediaUrl").starts_with("https://") {
            return Err(refused(355_014, "Invalid mediaUrl."));
        }
    }
    Ok(media)
}

/// The listing that a message which is sent is about.
fn reference_of(state: &State, body: &Map<String, Value>) -> Result<Option<String>, Refusal> {
    let Some(reference) = body.get("reference").and_then(Value::as_object) else {
        return Ok(None);
    };
    let (kind, id) = (
        text(reference, "referenceType"),
        text(reference, "referenceId"),
    );
    let (Some(kind), Some(id)) = (kind, id) else {
        return Err(refused(355_021, "All fields under reference are required."));
    };
    if kind != LISTING {
        return Err(refused(355_003, "Invalid referenceType value."));
    }
    if id.parse::<u64>().is_err() {
        return Err(refused(355_016, "Invalid referenceId."));
    }
    if !state.listings.contains_key(id) {
        return Err(refused(
            355_020,
            "No listing can be found by this referenceId.",
        ));
    }
    Ok(Some(id.to_owned()))
}

/// The place of the conversation into which is written: the one that is named, or the one with a
/// member about a listing, which is begun where there is none.
fn meant(
    state: &mut State,
    body: &Map<String, Value>,
    listing: Option<String>,
) -> Result<usize, Refusal> {
    let named = |name: &str| text(body, name).filter(|text| !text.is_empty());
    if let Some(id) = named("conversationId") {
        return find(state, id);
    }
    let Some(name) = named("otherPartyUsername") else {
        let message = "conversationId and otherPartyUsername cannot both be empty.";
        return Err(refused(355_018, message));
    };
    if !is_member(state, name) {
        return Err(refused(355_006, "Invalid otherPartyUsername value."));
    }
    let mut all = state.conversations.iter();
    if let Some(known) = all.position(|one| one.buyer == name && one.listing == listing) {
        return Ok(known);
    }
    let one = begun(state, name.to_owned(), listing, String::new());
    state.conversations.push(one);
    Ok(state.conversations.len() - 1)
}

/// `POST /send_message`. Sent twice it stands there twice.
pub(super) fn send(state: &mut State, call: &Call) -> Outcome {
    let body = call.object()?;
    let words = text(&body, "messageText").unwrap_or_default();
    let media = media_of(&body)?;
    if words.trim().is_empty() && media.is_empty() {
        return Err(refused(355_015, "Please pass message text or media."));
    }
    if words.chars().count() > TEXT_CHARS_MAX {
        return Err(refused(355_013, "The messageText string is too long."));
    }
    let listing = reference_of(state, &body)?;
    let place = meant(state, &body, listing)?;
    let mut message = written(state, words, true, call.now.wall);
    message.media = media;
    if state.faults.meets(BUYER_WRITES, "sendMessage") {
        let mut random = Random::named(state.seed, &format!("ebay more {}", message.id));
        let more = random.pick(MORE_WORDS).copied().unwrap_or_default();
        let due = call.now.elapsed + WRITES;
        state.conversations[place].coming = Some((due, more.to_owned()));
    }
    state.conversations[place].messages.push(message.clone());
    let one = &state.conversations[place];
    let mut answer = shown(state, one, &message);
    // Here, and here alone, the names have a capital N (ebay.md §9).
    if let Some(answer) = answer.as_object_mut() {
        for (read, sent) in [
            ("senderUsername", "senderUserName"),
            ("recipientUsername", "recipientUserName"),
        ] {
            if let Some(name) = answer.remove(read) {
                answer.insert(sent.to_owned(), name);
            }
        }
    }
    Ok(Answer::json(201, answer))
}

/// `POST /update_conversation`: read or not, else where it is put away.
pub(super) fn update(state: &mut State, call: &Call) -> Outcome {
    let body = call.object()?;
    let place = find(state, text(&body, "conversationId").unwrap_or_default())?;
    if text(&body, "conversationType") != Some("FROM_MEMBERS") {
        return Err(refused(355_002, "Invalid conversationType value."));
    }
    let conversation = &mut state.conversations[place];
    if let Some(read) = body.get("read").and_then(Value::as_bool) {
        let theirs = conversation.messages.iter_mut();
        for message in theirs.filter(|one| !one.by_seller) {
            message.read = read;
        }
        return Ok(Answer::empty(204));
    }
    let shelf = text(&body, "conversationStatus").and_then(Shelf::of);
    let shelf = shelf.ok_or_else(|| refused(355_001, "Invalid conversationStatus value."))?;
    conversation.shelf = shelf;
    Ok(Answer::empty(204))
}
