//! Pictures that the seller puts at eBay (ebay.md §6.8).

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem};
use super::call::Call;
use super::order::stamp;
use super::quota::too_many;
use super::state::{Body, State};
use crate::bucket::Rate;
use crate::multipart;

/// Pictures that a user may put there in five seconds (ebay.md §6.8).
const POSTS: Rate = Rate::per_window(50, 5);
/// Largest picture, in bytes (ebay.md §6.8).
const PICTURE_BYTES_MAX: usize = 12 << 20;
/// Fewest pixels of the longer side (ebay.md §6.8).
const SIDE_MIN: u32 = 500;
/// How long a picture stays that no live listing shows (ebay.md §6.8: about 30 days).
const KEPT_DAYS: i64 = 30;
/// eBay's own host of pictures.
const HOST: &str = "https://i.ebayimg.com/";

/// A picture that was put there.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Picture {
    url: String,
    until: DateTime<Utc>,
}

/// Pictures by their ids.
pub(super) type Pictures = BTreeMap<String, Picture>;

fn problem(status: u16, id: u32, message: &str) -> Problem {
    Problem::new(status, id, "API_MEDIA", message)
}

/// `POST /image/create_image_from_file`: 201, where it is, and until when.
pub(super) fn create(state: &mut State, call: &Call) -> Outcome {
    let spent = state.buckets.spend("media posts", POSTS, call.now.elapsed);
    if !spent.granted {
        return Err(too_many());
    }
    let kind = call.header("content-type").unwrap_or_default();
    let form = multipart::boundary(kind);
    let part = form.and_then(|boundary| multipart::part(&call.body, boundary, "image"));
    let Some(part) = part else {
        let message = "The request has no image.";
        return Err(problem(400, 190_203, message).into());
    };
    if part.content.len() > PICTURE_BYTES_MAX {
        let message = "The image file size is larger than the limit.";
        return Err(problem(400, 190_201, message).into());
    }
    match longest_side(part.content) {
        None => {
            let message = "The supplied image is in a format that is not supported.";
            return Err(problem(400, 190_203, message).into());
        }
        Some(side) if side < SIDE_MIN => {
            let message = "The supplied image dimensions exceed the limit.";
            return Err(problem(400, 190_202, message).into());
        }
        Some(_) => {}
    }
    let number = state.next("picture");
    let id = format!("v1|{:x}|{number}", state.seed);
    let picture = Picture {
        url: format!("{HOST}images/g/p{:x}{number:06}/s-l1600.jpg", state.seed),
        until: call.now.wall + Duration::days(KEPT_DAYS),
    };
    let body = told(&picture);
    let place = format!(
        "{}/commerce/media/v1_beta/image/{}",
        call.base,
        super::call::percent_encode(&id)
    );
    state.pictures.insert(id, picture);
    Ok(Answer::created(place, body))
}

fn told(picture: &Picture) -> Value {
    json!({ "imageUrl": picture.url, "expirationDate": stamp(picture.until) })
}

/// `GET /image/{image_id}`.
pub(super) fn get(state: &mut State, call: &Call) -> Outcome {
    let picture = state.pictures.get(call.id(0));
    let there = picture.filter(|picture| picture.until > call.now.wall);
    let there = there.ok_or_else(|| problem(404, 190_200, "The image resource was not found."))?;
    Ok(Answer::ok(told(there)))
}

/// The longer side of a picture of a form that this practice reads: PNG and JPEG. Others eBay takes
/// as well; of what is taken here the size is known.
fn longest_side(content: &[u8]) -> Option<u32> {
    let number = |at: usize, width: usize| {
        let bytes = content.get(at..at + width)?.iter();
        Some(bytes.fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte)))
    };
    if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(number(16, 4)?.max(number(20, 4)?));
    }
    if !content.starts_with(b"\xff\xd8\xff") {
        return None;
    }
    let mut at = 2;
    loop {
        if number(at, 1)? != 0xff {
            return None;
        }
        match number(at + 1, 1)? {
            0xc4 | 0xc8 | 0xcc => {}
            0xc0..=0xcf => return Some(number(at + 5, 2)?.max(number(at + 7, 2)?)),
            _ => {}
        }
        at += 2 + usize::try_from(number(at + 2, 2)?).ok()?;
    }
}

/// Pictures on eBay's own host that are not there, or not any more, among those of an item or a
/// group. A picture that was there when its listing went live stays while the listing does.
pub(super) fn gone(state: &State, holder: Option<&Body>) -> Vec<Problem> {
    let shown = holder.and_then(|holder| holder.get("imageUrls"));
    let shown = shown.and_then(Value::as_array).map(Vec::as_slice);
    let now = state.seen.map(|seen| seen.wall);
    let is_there = |url: &str| {
        let mut all = state.pictures.values();
        all.any(|picture| picture.url == url && now.is_none_or(|now| picture.until > now))
    };
    let urls = shown.unwrap_or_default().iter().filter_map(Value::as_str);
    urls.filter(|url| url.starts_with(HOST) && !is_there(url))
        .map(|url| {
            let message = "Invalid picture URL. The picture could not be loaded.";
            Problem::inventory(25015, message).with("0", url)
        })
        .collect()
}
