//! Inventory locations (ebay.md §5).

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::{Call, text};
use super::state::{Body, Location, State};

/// The longest `merchantLocationKey`.
const KEY_CHARS_MAX: usize = 36;
/// Locations that a seller may keep.
const LOCATIONS_MAX: usize = 1000;
const PAGE_ROWS: usize = 100;

const TYPES: &[&str] = &["WAREHOUSE", "STORE", "FULFILLMENT_CENTER"];

fn problem(id: u32, message: &str) -> Problem {
    Problem::inventory(id, message)
}

fn missing_key() -> Refusal {
    problem(25805, "merchantLocationKey Not Found.").into()
}

impl State {
    pub(super) fn location(&self, key: &str) -> Option<&Location> {
        self.locations.iter().find(|location| location.key == key)
    }

    fn location_place(&self, key: &str) -> Result<usize, Refusal> {
        let place = self
            .locations
            .iter()
            .position(|location| location.key == key);
        place.ok_or_else(missing_key)
    }
}

/// `POST /location/{merchantLocationKey}`: 204 without a body; 409 where it is there already.
pub(super) fn create(state: &mut State, call: &Call) -> Outcome {
    let key = call.id(0);
    if key.is_empty() || key.chars().count() > KEY_CHARS_MAX {
        return Err(problem(25800, "Invalid merchantLocationKey.").into());
    }
    let mut body = call.object()?;
    if state.location(key).is_some() {
        return Err(problem(25803, "merchantLocationKey already exists.").into());
    }
    if state.locations.len() >= LOCATIONS_MAX {
        return Err(problem(25802, "Input error. Too many inventory locations.").into());
    }
    body.entry("locationTypes")
        .or_insert_with(|| json!(["WAREHOUSE"]));
    check(&body)?;
    let status = body.remove("merchantLocationStatus");
    let enabled = match status.as_ref().map(Value::as_str) {
        None | Some(Some("ENABLED")) => true,
        Some(Some("DISABLED")) => false,
        _ => return Err(problem(25800, "Invalid merchantLocationStatus.").into()),
    };
    state.locations.push(Location {
        key: key.to_owned(),
        enabled,
        body,
    });
    Ok(Answer::empty(204))
}

fn check(body: &Body) -> Result<(), Refusal> {
    let address = body
        .get("location")
        .and_then(|location| location.get("address"));
    let Some(address) = address.and_then(Value::as_object) else {
        return Err(problem(25801, "Missing field location.address.").into());
    };
    let has = |name: &str| text(address, name).is_some_and(|value| !value.trim().is_empty());
    if !has("country") {
        return Err(problem(25801, "Missing field country.").into());
    }
    let by_post = has("postalCode");
    let by_city = has("city") && has("stateOrProvince");
    let types: Vec<&str> = match body.get("locationTypes") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if types.is_empty() || types.iter().any(|kind| !TYPES.contains(kind)) {
        return Err(problem(25800, "Invalid locationTypes.").into());
    }
    if types == ["WAREHOUSE"] && !by_post && !by_city {
        return Err(problem(25801, "Missing field postalCode.").into());
    }
    if types != ["WAREHOUSE"] && !(has("addressLine1") && by_post && by_city) {
        return Err(problem(25801, "Missing field addressLine1.").into());
    }
    Ok(())
}

fn shown(location: &Location) -> Value {
    let mut body = location.body.clone();
    if let Some(place) = body.get_mut("location").and_then(Value::as_object_mut) {
        place.insert("locationId".to_owned(), json!(location.key));
    }
    body.insert("merchantLocationKey".to_owned(), json!(location.key));
    let status = if location.enabled {
        "ENABLED"
    } else {
        "DISABLED"
    };
    body.insert("merchantLocationStatus".to_owned(), json!(status));
    Value::Object(body)
}

/// `GET /location/{merchantLocationKey}`.
pub(super) fn get(state: &mut State, call: &Call) -> Outcome {
    state
        .location(call.id(0))
        .map(|location| Answer::ok(shown(location)))
        .ok_or_else(missing_key)
}

/// `GET /location?limit=&offset=`; here the offset counts records.
pub(super) fn list(state: &mut State, call: &Call) -> Outcome {
    let limit = match call.parameter("limit").map(str::parse::<usize>) {
        None => PAGE_ROWS,
        Some(Ok(limit)) if limit >= 1 => limit.min(PAGE_ROWS),
        Some(_) => return Err(problem(25802, "Input error. Invalid limit.").into()),
    };
    let offset = match call.parameter("offset").map(str::parse::<usize>) {
        None => 0,
        Some(Ok(offset)) => offset,
        Some(Err(_)) => return Err(problem(25802, "Input error. Invalid offset.").into()),
    };
    let total = state.locations.len();
    let page: Vec<Value> = state
        .locations
        .iter()
        .skip(offset)
        .take(limit)
        .map(shown)
        .collect();
    let link = |offset: usize| {
        format!(
            "{}{}?limit={limit}&offset={offset}",
            call.base,
            call.resource()
        )
    };
    let mut body = json!({
        "href": link(offset), "limit": limit, "offset": offset, "total": total, "locations": page,
    });
    if offset + limit < total {
        body["next"] = json!(link(offset + limit));
    }
    if offset > 0 {
        body["prev"] = json!(link(offset.saturating_sub(limit)));
    }
    Ok(Answer::ok(body))
}

/// `POST /location/{merchantLocationKey}/update_location_details`: 204. Only what is sent changes.
pub(super) fn update(state: &mut State, call: &Call) -> Outcome {
    let place = state.location_place(call.id(0))?;
    let changes = call.object()?;
    let mut body = state.locations[place].body.clone();
    let fixed = body.get("locationTypes") == Some(&json!(["FULFILLMENT_CENTER"]));
    if fixed && changes.contains_key("location") {
        return Err(problem(25802, "Input error. The address cannot be changed.").into());
    }
    for (name, value) in changes {
        if name != "merchantLocationStatus" && name != "merchantLocationKey" {
            body.insert(name, value);
        }
    }
    check(&body)?;
    state.locations[place].body = body;
    Ok(Answer::empty(204))
}

/// `POST /location/{merchantLocationKey}/enable`.
pub(super) fn enable(state: &mut State, call: &Call) -> Outcome {
    switch(state, call, true)
}

/// `POST /location/{merchantLocationKey}/disable`.
pub(super) fn disable(state: &mut State, call: &Call) -> Outcome {
    switch(state, call, false)
}

fn switch(state: &mut State, call: &Call, enabled: bool) -> Outcome {
    let place = state.location_place(call.id(0))?;
    state.locations[place].enabled = enabled;
    Ok(Answer::ok(json!({})))
}

/// `DELETE /location/{merchantLocationKey}`. Live listings stay (ebay.md §5).
pub(super) fn delete(state: &mut State, call: &Call) -> Outcome {
    let place = state.location_place(call.id(0))?;
    if state.locations[place].body.get("locationTypes") == Some(&json!(["FULFILLMENT_CENTER"])) {
        let message = "Deletion is not allowed when the location type of an inventory location \
                       has been set to fulfillment center.";
        return Err(problem(25806, message).into());
    }
    state.locations.remove(place);
    Ok(Answer::empty(204))
}
