//! What is told of feeds: their status and their reports (newegg.md §5).

use serde_json::{Map, Value, json};

use super::super::call::{Answer, Call, Shown, rows, text, texts};
use super::super::dates;
use super::super::error::Refusal;
use super::super::state::State;
use super::{Feed, RowResult};

/// The most feeds of one status call.
const COUNT_MAX: usize = 100;

pub(super) fn response_row(feed: &Feed) -> Value {
    json!({
        "RequestId": feed.id,
        "RequestType": feed.kind.request_type(),
        "RequestDate": dates::slashed(feed.sent_at),
        "RequestStatus": feed.status.word(),
    })
}

/// `PUT datafeedmgmt/feeds/status`: by id, or the newest that fit the filters.
pub(in crate::newegg) fn status(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.framed("GetFeedStatusRequest")?;
    let asked = body.get("GetRequestStatus");
    let asked = asked.ok_or_else(|| Refusal::general("GetRequestStatus is missing."))?;
    let count = text(asked, "MaxCount").map_or(Ok(COUNT_MAX), |text| text.parse());
    let count = count.ok().filter(|count| (1..=COUNT_MAX).contains(count));
    let count = count.ok_or_else(|| Refusal::general("MaxCount must be 1 to 100."))?;
    let ids = texts(&rows(asked, "RequestIDList", "RequestID"));
    let found: Vec<&Feed> = if ids.is_empty() {
        filtered(state, asked)?.into_iter().take(count).collect()
    } else {
        let known = state.feeds.iter().filter(|feed| ids.contains(&feed.id));
        known.take(count).collect()
    };
    if found.is_empty() && !ids.is_empty() {
        return Err(Refusal::bad("DF006", "The RequestID is not valid."));
    }
    let shown = found.into_iter().map(response_row).collect();
    let body = json!({ "ResponseList": call.shape.list("ResponseInfo", shown) });
    Ok(Shown::framed("GetFeedStatusResponse", body))
}

fn filtered<'a>(state: &'a State, asked: &Value) -> Result<Vec<&'a Feed>, Refusal> {
    let date = |name: &str| match text(asked, name) {
        None => Ok(None),
        Some(text) => dates::read(&text)
            .map(Some)
            .ok_or_else(|| Refusal::general(format!("{name} is not a date."))),
    };
    let (from, to) = (date("RequestDateFrom")?, date("RequestDateTo")?);
    let status = text(asked, "RequestStatus").filter(|word| word != "ALL");
    let request_type = text(asked, "RequestType").filter(|word| word != "ALL");
    let fits = |feed: &&Feed| {
        status
            .as_deref()
            .is_none_or(|word| word == feed.status.word())
            && request_type
                .as_deref()
                .is_none_or(|word| word == feed.kind.request_type())
            && from.is_none_or(|from| feed.sent_at >= from)
            && to.is_none_or(|to| feed.sent_at <= to)
    };
    Ok(state.feeds.iter().rev().filter(fits).collect())
}

/// `GET datafeedmgmt/feeds/result/{RequestId}`.
pub(in crate::newegg) fn result(state: &mut State, call: &Call<'_>) -> Answer {
    let feed = state.feeds.iter().find(|feed| feed.id == call.last());
    let feed = feed.ok_or_else(|| Refusal::bad("DF006", "The RequestID is not valid."))?;
    if !feed.status.is_over() {
        let text = "The request is not finished yet. Try again later.";
        return Err(Refusal::bad("DF007", text));
    }
    let shape = call.shape;
    let failed = feed.results.iter().filter(|result| result.failed).count();
    let stamp = dates::iso(feed.done_wall.unwrap_or(feed.sent_at));
    let mut report = json!({
        "OriginalMessageName": format!("{}.json", feed.id),
        "OriginalMessageType": feed.kind.message_type(),
        "ProcessedStamp": stamp,
        "StatusCode": feed.status_code,
        "ProcessingSummary": {
            "ProcessedCount": shape.count(feed.processed),
            "SuccessCount": shape.count(feed.processed - failed),
            "WithErrorCount": shape.count(failed),
        },
    });
    if !feed.results.is_empty() {
        let results = feed
            .results
            .iter()
            .map(|result| row(result, call))
            .collect();
        report["Result"] = shape.several(results);
    }
    let body = json!({
        "Header": { "DocumentVersion": "1.0" },
        "MessageType": "ProcessingReport",
        "Message": { "ProcessingReport": report },
    });
    let root = "NeweggEnvelope";
    let body = if shape.xml {
        body
    } else {
        json!({ root: body })
    };
    Ok(Shown::Flat { root, body })
}

/// The name that reports in XML give a manufacturer's part number (`ProcessingReport.xsd`).
const XML_PART_NUMBER: &str = "ManufacturePartNumber";

fn row(result: &RowResult, call: &Call<'_>) -> Value {
    let mut info = Map::new();
    for (name, value) in &result.info {
        let xml_name = call.shape.xml && name == "ManufacturerPartNumberOrISBN";
        let name = if xml_name { XML_PART_NUMBER } else { name };
        info.insert(name.to_owned(), json!(value));
    }
    let lines = result.lines.iter().map(|line| json!(line)).collect();
    json!({
        "AdditionalInfo": info,
        "ErrorList": call.shape.nested("ErrorDescription", lines),
    })
}
