//! Inventory items (ebay.md §6.1, §6.2).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, problem_list};
use super::call::{Call, text};
use super::check::{item_problems, sku_problem};
use super::listing::{may_run_out, remove_offer, revise_sku};
use super::site::{body_locale, is_locale};
use super::state::{Body, Item, State};
use crate::Now;

/// Entries of one bulk call (ebay.md §6.1).
pub(super) const BULK_ENTRIES_MAX: usize = 25;
const PAGE_ROWS: usize = 25;
const PAGE_ROWS_MAX: usize = 200;
/// Items that a seller may keep.
const ITEMS_MAX: usize = 2_000_000;

/// Conditions that take no description of their own (ebay.md §6.2).
const WITHOUT_DESCRIPTION: &[&str] = &["NEW", "LIKE_NEW", "NEW_OTHER", "NEW_WITH_DEFECTS"];

/// What became of a write.
struct Written {
    created: bool,
    warnings: Vec<Problem>,
}

/// `PUT /inventory_item/{sku}`: replaces the whole record; what is left out is gone.
pub(super) fn put(state: &mut State, call: &Call) -> Outcome {
    let sku = call.id(0).to_owned();
    if let Some(problem) = sku_problem(&sku) {
        return Err(problem.into());
    }
    let locale = body_locale(call.header("content-language").unwrap_or_default());
    let written = write(state, &sku, locale, call.object()?, call.now)?;
    let mut body = json!({});
    if !written.warnings.is_empty() {
        body["warnings"] = problem_list(&written.warnings);
    }
    Ok(match (written.created, written.warnings.is_empty()) {
        (true, _) => Answer::json(201, body),
        (false, false) => Answer::ok(body),
        (false, true) => Answer::empty(204),
    })
}

fn write(
    state: &mut State,
    sku: &str,
    locale: String,
    mut body: Body,
    now: Now,
) -> Result<Written, Vec<Problem>> {
    let problems = item_problems(&body);
    if !problems.is_empty() {
        return Err(problems);
    }
    for own in ["sku", "locale", "groupIds", "inventoryItemGroupKeys"] {
        body.shift_remove(own);
    }
    let mut warnings = Vec::new();
    let condition = text(&body, "condition").unwrap_or_default();
    let described = text(&body, "conditionDescription").is_some_and(|it| !it.is_empty());
    if described && WITHOUT_DESCRIPTION.contains(&condition) {
        body.shift_remove("conditionDescription");
        let message = "Invalid listing options removed. conditionDescription is not applicable \
                       for the condition.";
        warnings.push(Problem::inventory(25401, message));
    }
    let groups = state.items.get(sku).map(|item| item.groups.clone());
    let created = groups.is_none();
    if created && state.items.len() >= ITEMS_MAX {
        return Err(vec![Problem::inventory(
            25002,
            "A user error has occurred. Too many items.",
        )]);
    }
    let item = Item {
        locale,
        body,
        groups: groups.unwrap_or_default(),
    };
    if item.quantity() == Some(0) && !may_run_out(state, sku) {
        return Err(vec![Problem::inventory(
            25004,
            "Invalid quantity. It must be at least 1.",
        )]);
    }
    revise_sku(state, sku, now).map_err(|problem| vec![problem])?;
    state.items.insert(sku.to_owned(), item);
    state.settle_sku(sku);
    Ok(Written { created, warnings })
}

/// `POST /bulk_create_or_replace_inventory_item`: up to 25, each with `sku` and `locale`.
pub(super) fn bulk_put(state: &mut State, call: &Call) -> Outcome {
    let requests = call.requests()?;
    if requests.len() > BULK_ENTRIES_MAX {
        let message = format!(
            "The number of InventoryItems in the request cannot exceed {BULK_ENTRIES_MAX}."
        );
        return Err(Problem::inventory(25727, &message).into());
    }
    let complete = |body: &Body| {
        let locale = text(body, "locale").map(|locale| locale.replace('_', "-"));
        text(body, "sku").is_some_and(|sku| !sku.is_empty())
            && locale.is_some_and(|locale| is_locale(&locale))
    };
    if requests.is_empty() || !requests.iter().all(complete) {
        let message = "Valid SKU and locale information are required for all the InventoryItems \
                       in the request.";
        return Err(Problem::inventory(25733, message).into());
    }
    if !are_distinct(requests.iter().filter_map(|body| text(body, "sku"))) {
        let message = "InventoryItems should be unique in the request.";
        return Err(Problem::inventory(25728, message).into());
    }
    let responses = requests
        .into_iter()
        .map(|body| {
            let sku = text(&body, "sku").unwrap_or_default().to_owned();
            let locale = text(&body, "locale").unwrap_or_default().replace('-', "_");
            let outcome = match sku_problem(&sku) {
                Some(problem) => Err(vec![problem]),
                None => write(state, &sku, locale.clone(), body, call.now),
            };
            let mut entry = json!({ "sku": sku, "locale": locale });
            match outcome {
                Ok(written) => {
                    entry["statusCode"] = json!(if written.created { 201 } else { 200 });
                    entry["warnings"] = problem_list(&written.warnings);
                    entry["errors"] = json!([]);
                }
                Err(problems) => set_errors(&mut entry, &problems),
            }
            entry
        })
        .collect();
    Ok(bulk_answer(responses))
}

/// Writes the errors of one entry of a bulk answer.
pub(super) fn set_errors(entry: &mut Value, problems: &[Problem]) {
    entry["statusCode"] = json!(problems.first().map_or(500, |problem| problem.status));
    entry["warnings"] = json!([]);
    entry["errors"] = problem_list(problems);
}

/// A bulk answer: 200 where every entry went well, else 207 (ebay.md §6.1).
pub(super) fn bulk_answer(responses: Vec<Value>) -> Answer {
    let good = |entry: &Value| {
        entry["statusCode"]
            .as_u64()
            .is_some_and(|status| status < 300)
    };
    let status = if responses.iter().all(good) { 200 } else { 207 };
    Answer::json(status, json!({ "responses": responses }))
}

/// Whether no text comes twice.
pub(super) fn are_distinct<'a>(texts: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    let mut texts = texts;
    texts.all(|text| seen.insert(text))
}

fn shown(sku: &str, item: &Item) -> Value {
    let mut body = item.body.clone();
    body.insert("sku".to_owned(), json!(sku));
    body.insert("locale".to_owned(), json!(item.locale));
    if !item.groups.is_empty() {
        body.insert("inventoryItemGroupKeys".to_owned(), json!(item.groups));
    }
    Value::Object(body)
}

fn not_found(sku: &str) -> Problem {
    let message = format!("SKU {sku} could not be found or is not available in the system.");
    Problem::inventory(25702, &message).with("sku", sku)
}

/// `GET /inventory_item/{sku}`.
pub(super) fn get(state: &mut State, call: &Call) -> Outcome {
    let sku = call.id(0);
    let item = state.items.get(sku).ok_or_else(|| {
        let message = "We didn't find the resource/entity you are requesting. Please verify the \
                       request";
        Problem::inventory(25710, message)
    })?;
    let mut body = shown(sku, item);
    if !item.groups.is_empty() {
        body["groupIds"] = json!(item.groups);
    }
    Ok(Answer::ok(body))
}

/// `POST /bulk_get_inventory_item`: up to 25 SKUs.
pub(super) fn bulk_get(state: &mut State, call: &Call) -> Outcome {
    let requests = call.requests()?;
    if requests.len() > BULK_ENTRIES_MAX {
        let message = format!(
            "The number of InventoryItems in the request cannot exceed {BULK_ENTRIES_MAX}."
        );
        return Err(Problem::inventory(25727, &message).into());
    }
    let skus: Vec<&str> = requests
        .iter()
        .map(|body| text(body, "sku").unwrap_or_default())
        .collect();
    if skus.is_empty() || skus.contains(&"") {
        return Err(Problem::inventory(25708, "Invalid SKU.").into());
    }
    if !are_distinct(skus.iter().copied()) {
        return Err(Problem::inventory(25734, "SKU should be unique in the request.").into());
    }
    let responses = skus
        .into_iter()
        .map(|sku| {
            let mut entry = json!({ "sku": sku });
            match state.items.get(sku) {
                Some(item) => {
                    entry["statusCode"] = json!(200);
                    entry["inventoryItem"] = shown(sku, item);
                    entry["warnings"] = json!([]);
                    entry["errors"] = json!([]);
                }
                None => set_errors(&mut entry, &[not_found(sku)]),
            }
            entry
        })
        .collect();
    Ok(bulk_answer(responses))
}

/// A page number and its size.
pub(super) struct Paging {
    pub(super) limit: usize,
    pub(super) page: usize,
}

impl Paging {
    /// Reads `limit` and `offset`, which counts pages here (ebay.md §6.7).
    pub(super) fn read(call: &Call, usual: usize, max: usize) -> Result<Self, Problem> {
        let invalid = |name: &str| {
            let message = format!("You have provided invalid pagination values. {name}.");
            Problem::inventory(25706, &message)
        };
        let limit = match call.parameter("limit").map(str::parse::<usize>) {
            None => usual,
            Some(Ok(limit)) if (1..=max).contains(&limit) => limit,
            Some(_) => return Err(invalid("limit")),
        };
        let page = match call.parameter("offset").map(str::parse::<usize>) {
            None => 0,
            Some(Ok(page)) => page,
            Some(Err(_)) => return Err(invalid("offset")),
        };
        Ok(Self { limit, page })
    }

    /// `href`, `limit` and, where they lead somewhere, `next` and `prev`. `extra` are further
    /// parameters that the links keep.
    pub(super) fn frame(&self, call: &Call, total: usize, extra: &str) -> Value {
        let limit = self.limit;
        let link = |page: usize| {
            format!(
                "{}{}?{extra}limit={limit}&offset={page}",
                call.base,
                call.resource()
            )
        };
        let mut body = json!({ "href": link(self.page), "limit": limit, "total": total });
        if self.page.saturating_add(1).saturating_mul(limit) < total {
            body["next"] = json!(link(self.page + 1));
        }
        if self.page > 0 {
            body["prev"] = json!(link(self.page - 1));
        }
        body
    }
}

/// `GET /inventory_item?limit=&offset=`.
pub(super) fn list(state: &mut State, call: &Call) -> Outcome {
    let paging = Paging::read(call, PAGE_ROWS, PAGE_ROWS_MAX)?;
    let total = state.items.len();
    let start = paging.page.saturating_mul(paging.limit);
    let page = state.items.iter().skip(start).take(paging.limit);
    let rows: Vec<Value> = page.map(|(sku, item)| shown(sku, item)).collect();
    let mut body = paging.frame(call, total, "");
    body["size"] = json!(total.div_ceil(paging.limit));
    body["inventoryItems"] = Value::Array(rows);
    Ok(Answer::ok(body))
}

/// `DELETE /inventory_item/{sku}`: takes its offers, listings and group places with it.
pub(super) fn delete(state: &mut State, call: &Call) -> Outcome {
    let sku = call.id(0);
    let Some(item) = state.items.remove(sku) else {
        return Err(not_found(sku).into());
    };
    for offer in state.offers_of.get(sku).cloned().unwrap_or_default() {
        remove_offer(state, &offer);
    }
    for key in item.groups {
        if let Some(group) = state.groups.get_mut(&key) {
            group.skus.retain(|member| member != sku);
        }
    }
    Ok(Answer::empty(204))
}
