//! Feeds wait, are worked through and end (amazon.md §5).

use std::collections::{BTreeMap, BTreeSet};

use super::super::listing::{Sequence, advance as apply, submit};
use super::super::order::bought_since;
use super::super::site::{Site, find};
use super::super::state::State;
use super::document::{keep_result, take};
use super::message::{self, Content};
use super::report::{Report, Row};
use super::{CANCELLATIONS, Fate, Feed, LISTINGS, REFUNDS, Status, flat};
use crate::marketplace::Now;

/// Starts and ends feeds whose time has come, in the order in which they end.
pub(in crate::amazon) fn advance(state: &mut State, now: Now) {
    for feed in &mut state.feeds {
        if feed.status == Status::InQueue && feed.starts_at <= now.elapsed {
            feed.status = Status::InProgress;
            feed.started_at = Some(now.wall);
        }
    }
    loop {
        let due = state
            .feeds
            .iter()
            .enumerate()
            .filter(|(_, feed)| feed.status == Status::InProgress && feed.done_at <= now.elapsed)
            .min_by_key(|(_, feed)| feed.done_at)
            .map(|(index, _)| index);
        let Some(index) = due else { break };
        let Some(mut feed) = state.feeds.get(index).cloned() else {
            break;
        };
        // However late anyone looks, it happened when it was due, after what was due before it.
        let then = Now {
            elapsed: feed.done_at,
            ..now
        };
        apply(state, then);
        work(state, &mut feed, then);
        if let Some(place) = state.feeds.get_mut(index) {
            *place = feed;
        }
    }
}

fn work(state: &mut State, feed: &mut Feed, now: Now) {
    if let Some(report) = feed.pending.take() {
        return end(state, feed, Status::Done, Some(&report), now);
    }
    let text = take(state, &feed.document_id).unwrap_or_default();
    match (feed.fate, feed.feed_type.as_str()) {
        (Fate::Fatal, _) => end(state, feed, Status::Fatal, None, now),
        (fate, LISTINGS) => listings(state, feed, &text, fate, now),
        (fate, CANCELLATIONS | REFUNDS) => {
            let refunds = feed.feed_type == REFUNDS;
            let text = flat::work(state, &text, refunds, now);
            let content_type = "text/tab-separated-values; charset=UTF-8";
            feed.result_id = Some(keep_result(state, content_type, text, now.wall));
            let status = if fate == Fate::Done {
                Status::Done
            } else {
                Status::Fatal
            };
            finish(feed, status, now);
        }
        _ => {
            let mut report = Report::new(&state.keys.seller_id, &feed.id);
            report.refuse(Row::of_feed("This feed type is no longer taken."));
            end(state, feed, Status::Fatal, Some(&report), now);
        }
    }
}

fn finish(feed: &mut Feed, status: Status, now: Now) {
    feed.status = status;
    feed.ended_at = Some(now.wall);
}

fn end(state: &mut State, feed: &mut Feed, status: Status, report: Option<&Report>, now: Now) {
    if let Some(report) = report {
        let site = feed.sites.first().and_then(|id| find(id));
        let text = report.text(state, site);
        let content_type = "application/json; charset=UTF-8";
        feed.result_id = Some(keep_result(state, content_type, text, now.wall));
    }
    finish(feed, status, now);
}

fn listings(state: &mut State, feed: &mut Feed, text: &str, fate: Fate, now: Now) {
    let mut report = Report::new(&state.keys.seller_id, &feed.id);
    let site = feed.sites.first().and_then(|id| find(id));
    let read = message::read(text, &state.keys.seller_id);
    let (content, site) = match (read, site) {
        (Ok(content), Some(site)) => (content, site),
        (Err(text), _) => {
            report.refuse(Row::of_feed(&text));
            return end(state, feed, Status::Fatal, Some(&report), now);
        }
        (_, None) => return end(state, feed, Status::Fatal, None, now),
    };
    report.included.clone_from(&content.included);
    let bought = bought_since(state, feed.created);
    let last_due = messages(state, &mut report, &content, site, &bought, fate, now);
    match (fate, last_due) {
        (Fate::FatalPartial, _) => {
            report.refuse(Row::of_feed("The feed could not be processed to its end."));
            end(state, feed, Status::Fatal, Some(&report), now);
        }
        // The listings are told of once everything has taken effect.
        (_, Some(due)) if !content.included.is_empty() => {
            feed.done_at = due;
            feed.pending = Some(report);
        }
        _ => end(state, feed, Status::Done, Some(&report), now),
    }
}

/// Works through the messages; returns when the last of them takes effect.
fn messages(
    state: &mut State,
    report: &mut Report,
    content: &Content,
    site: &'static Site,
    bought: &BTreeMap<String, u64>,
    fate: Fate,
    now: Now,
) -> Option<std::time::Duration> {
    let count = if fate == Fate::FatalPartial {
        content.messages.len() / 2
    } else {
        content.messages.len()
    };
    let mut seen = BTreeSet::new();
    let mut last = None;
    for message in content.messages.iter().take(count) {
        report.processed += 1;
        let head = message::head(message);
        let repeated = head.id.is_some_and(|id| !seen.insert(id));
        let wanted = if repeated {
            Err("The messageId is in the feed more than once.".to_owned())
        } else {
            message::wanted(message, site)
        };
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(text) => {
                report.reject(vec![Row::of_message(&head, &text)]);
                continue;
            }
        };
        let sku = wanted.sku.to_owned();
        let sold = bought.get(&sku).copied().unwrap_or(0);
        let submitted = submit(state, wanted, Sequence::AsItComes { sold }, now);
        let issues = submitted.issues.iter();
        let rows: Vec<Row> = issues.map(|issue| Row::of_issue(&head, issue)).collect();
        if let Some(due) = submitted.due {
            last = last.max(Some(due));
            report.accept(sku, rows);
        } else {
            report.reject(rows);
        }
    }
    last
}
