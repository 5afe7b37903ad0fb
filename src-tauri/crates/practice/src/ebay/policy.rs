//! Business policies: fulfillment, payment and return (ebay.md §5).

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Problem, Refusal};
use super::call::{Call, text};
use super::site::{SITES, Site, site_by_id};
use super::state::{Body, Policy, PolicyKind, State};

/// The longest name of a policy.
const NAME_CHARS_MAX: usize = 64;
/// The longest description of a policy.
const DESCRIPTION_CHARS_MAX: usize = 250;
/// Policies that a seller may keep.
const POLICIES_MAX: usize = 5000;

const CATEGORY_TYPES: &[&str] = &["ALL_EXCLUDING_MOTORS_VEHICLES", "MOTORS_VEHICLES"];

impl PolicyKind {
    pub(super) fn id_name(self) -> &'static str {
        match self {
            Self::Fulfillment => "fulfillmentPolicyId",
            Self::Payment => "paymentPolicyId",
            Self::Return => "returnPolicyId",
        }
    }

    fn list_name(self) -> &'static str {
        match self {
            Self::Fulfillment => "fulfillmentPolicies",
            Self::Payment => "paymentPolicies",
            Self::Return => "returnPolicies",
        }
    }

    fn of(call: &Call) -> Self {
        match call.path.get(3).map(String::as_str) {
            Some("payment_policy") => Self::Payment,
            Some("return_policy") => Self::Return,
            _ => Self::Fulfillment,
        }
    }
}

impl State {
    pub(super) fn policy(&self, kind: PolicyKind, id: &str) -> Option<&Policy> {
        self.policies
            .iter()
            .find(|policy| policy.kind == kind && policy.id == id)
    }
}

fn shown(policy: &Policy) -> Value {
    let mut body = policy.body.clone();
    body.insert("name".to_owned(), json!(policy.name));
    body.insert("marketplaceId".to_owned(), json!(policy.marketplace));
    body.insert(policy.kind.id_name().to_owned(), json!(policy.id));
    Value::Object(body)
}

fn missing(field: &str) -> Refusal {
    Problem::account(400, 20401, &format!("Missing field {field}."))
        .with("fieldName", field)
        .into()
}

fn invalid(field: &str) -> Refusal {
    Problem::account(400, 20403, &format!("Invalid {field}."))
        .with("fieldName", field)
        .into()
}

fn unknown(field: &str) -> Refusal {
    Problem::account(404, 20404, &format!("{field} not found."))
        .with("fieldName", field)
        .into()
}

fn marketplace(call: &Call) -> Result<&str, Refusal> {
    let id = call
        .parameter("marketplace_id")
        .ok_or_else(|| missing("marketplaceId"))?;
    site_by_id(id)
        .map(|_| id)
        .ok_or_else(|| invalid("marketplaceId"))
}

/// `GET /{kind}_policy?marketplace_id=`.
pub(super) fn list(state: &mut State, call: &Call) -> Outcome {
    let kind = PolicyKind::of(call);
    let site = marketplace(call)?;
    let found: Vec<Value> = state
        .policies
        .iter()
        .filter(|policy| policy.kind == kind && policy.marketplace == site)
        .map(shown)
        .collect();
    let mut body = Map::new();
    body.insert("total".to_owned(), json!(found.len()));
    body.insert(kind.list_name().to_owned(), json!(found));
    Ok(Answer::ok(Value::Object(body)))
}

/// `GET /{kind}_policy/get_by_policy_name?marketplace_id=&name=`.
pub(super) fn by_name(state: &mut State, call: &Call) -> Outcome {
    let kind = PolicyKind::of(call);
    let site = marketplace(call)?;
    let name = call.parameter("name").ok_or_else(|| missing("name"))?;
    let found = state
        .policies
        .iter()
        .find(|policy| policy.kind == kind && policy.marketplace == site && policy.name == name);
    found
        .map(|policy| Answer::ok(shown(policy)))
        .ok_or_else(|| unknown("name"))
}

/// `GET /{kind}_policy/{id}`.
pub(super) fn get(state: &mut State, call: &Call) -> Outcome {
    let kind = PolicyKind::of(call);
    let found = state.policy(kind, call.id(0));
    found
        .map(|policy| Answer::ok(shown(policy)))
        .ok_or_else(|| unknown(kind.id_name()))
}

/// `POST /fulfillment_policy/`, `/payment_policy`, `/return_policy`: 201.
pub(super) fn create(state: &mut State, call: &Call) -> Outcome {
    let kind = PolicyKind::of(call);
    let policy = read(kind, call.object()?)?;
    if !state.programs.contains("SELLING_POLICY_MANAGEMENT") {
        let message = "User is not eligible for Business Policy.";
        return Err(Problem::account(400, 20403, message).into());
    }
    if state.policies.len() >= POLICIES_MAX {
        return Err(Problem::account(400, 20402, "Invalid input. Too many policies.").into());
    }
    refuse_duplicate(state, &policy, None)?;
    let id = next_id(state);
    let policy = Policy {
        id: id.clone(),
        ..policy
    };
    let body = shown(&policy);
    state.policies.push(policy);
    let location = format!(
        "{}{}/{id}",
        call.base,
        call.resource().trim_end_matches('/')
    );
    Ok(Answer::created(location, body))
}

/// `PUT /{kind}_policy/{id}`: replaces the whole policy.
pub(super) fn update(state: &mut State, call: &Call) -> Outcome {
    let kind = PolicyKind::of(call);
    let policy = read(kind, call.object()?)?;
    let id = call.id(0);
    let place = state
        .policies
        .iter()
        .position(|known| known.kind == kind && known.id == id);
    let place = place.ok_or_else(|| unknown(kind.id_name()))?;
    refuse_duplicate(state, &policy, Some(id))?;
    let policy = Policy {
        id: id.to_owned(),
        ..policy
    };
    let body = shown(&policy);
    state.policies[place] = policy;
    Ok(Answer::ok(body))
}

/// `DELETE /{kind}_policy/{id}`; one that a live listing uses stays.
pub(super) fn delete(state: &mut State, call: &Call) -> Outcome {
    let kind = PolicyKind::of(call);
    let id = call.id(0);
    let place = state
        .policies
        .iter()
        .position(|known| known.kind == kind && known.id == id);
    let place = place.ok_or_else(|| unknown(kind.id_name()))?;
    let used = state.offers.values().any(|offer| {
        let policies = offer.body.get("listingPolicies");
        let named = policies
            .and_then(|all| all.get(kind.id_name()))
            .and_then(Value::as_str);
        named == Some(id) && state.live_listing(offer).is_some()
    });
    if used {
        let message = "Invalid input. The policy is used by a live listing.";
        return Err(Problem::account(400, 20402, message).into());
    }
    state.policies.remove(place);
    Ok(Answer::empty(204))
}

fn refuse_duplicate(state: &State, policy: &Policy, own: Option<&str>) -> Result<(), Refusal> {
    let taken = state.policies.iter().find(|known| {
        known.kind == policy.kind
            && known.marketplace == policy.marketplace
            && known.name == policy.name
            && Some(known.id.as_str()) != own
    });
    let Some(taken) = taken else { return Ok(()) };
    let message = "Invalid request. A policy of this name already exists.";
    Err(Problem::account(400, 20400, message)
        .with("duplicatePolicyId", &taken.id)
        .into())
}

fn read(kind: PolicyKind, mut body: Body) -> Result<Policy, Refusal> {
    let name = text(&body, "name").unwrap_or_default().to_owned();
    if name.is_empty() {
        return Err(missing("name"));
    }
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(invalid("name"));
    }
    if text(&body, "description").is_some_and(|it| it.chars().count() > DESCRIPTION_CHARS_MAX) {
        return Err(invalid("description"));
    }
    let site = text(&body, "marketplaceId")
        .ok_or_else(|| missing("marketplaceId"))?
        .to_owned();
    site_by_id(&site).ok_or_else(|| invalid("marketplaceId"))?;
    check_category_types(&body)?;
    match kind {
        PolicyKind::Fulfillment => check_fulfillment(&body)?,
        PolicyKind::Payment => {
            // Managed payments: what the seller names is dropped (ebay.md §5).
            body.shift_remove("paymentMethods");
        }
        PolicyKind::Return => check_return(&body)?,
    }
    for own in ["name", "marketplaceId", kind.id_name()] {
        body.shift_remove(own);
    }
    Ok(Policy {
        kind,
        id: String::new(),
        marketplace: site,
        name,
        body,
    })
}

fn check_category_types(body: &Body) -> Result<(), Refusal> {
    let Some(Value::Array(types)) = body.get("categoryTypes") else {
        return Err(missing("categoryTypes"));
    };
    let known = |kind: &Value| {
        kind.get("name")
            .and_then(Value::as_str)
            .is_some_and(|name| CATEGORY_TYPES.contains(&name))
    };
    if types.is_empty() || !types.iter().all(known) {
        return Err(invalid("categoryTypes"));
    }
    Ok(())
}

fn check_fulfillment(body: &Body) -> Result<(), Refusal> {
    let time = body.get("handlingTime");
    if time.is_some_and(|time| time.get("value").is_none_or(|value| !value.is_u64())) {
        return Err(invalid("handlingTime"));
    }
    let Some(options) = body.get("shippingOptions") else {
        return Ok(());
    };
    for option in options
        .as_array()
        .ok_or_else(|| invalid("shippingOptions"))?
    {
        let kind = option.get("optionType").and_then(Value::as_str);
        if !matches!(kind, Some("DOMESTIC" | "INTERNATIONAL")) {
            return Err(invalid("optionType"));
        }
        let cost = option.get("costType").and_then(Value::as_str);
        if !matches!(cost, Some("FLAT_RATE" | "CALCULATED" | "NOT_SPECIFIED")) {
            return Err(invalid("costType"));
        }
        let services = option.get("shippingServices").and_then(Value::as_array);
        let coded = |service: &Value| service.get("shippingServiceCode").is_some();
        if services.is_none_or(|list| list.is_empty() || !list.iter().all(coded)) {
            return Err(missing("shippingServiceCode"));
        }
    }
    Ok(())
}

fn check_return(body: &Body) -> Result<(), Refusal> {
    match body.get("returnsAccepted").and_then(Value::as_bool) {
        None => Err(missing("returnsAccepted")),
        Some(true) if body.get("returnPeriod").is_none() => Err(missing("returnPeriod")),
        Some(true) if body.get("returnShippingCostPayer").is_none() => {
            Err(missing("returnShippingCostPayer"))
        }
        Some(_) => Ok(()),
    }
}

fn next_id(state: &mut State) -> String {
    format!("{}", 238_400_000_000 + state.next("policy") * 1011)
}

/// Gives the seller policies on every marketplace, as a seller who has sold before has them.
pub(super) fn seed(state: &mut State) {
    for site in SITES {
        for (kind, name, body) in seeded(site) {
            let id = next_id(state);
            let Value::Object(body) = body else { continue };
            let marketplace = site.id.to_owned();
            let name = name.to_owned();
            state.policies.push(Policy {
                kind,
                id,
                marketplace,
                name,
                body,
            });
        }
    }
}

fn seeded(site: &Site) -> Vec<(PolicyKind, &'static str, Value)> {
    let all = json!([{ "name": "ALL_EXCLUDING_MOTORS_VEHICLES", "default": false }]);
    let (carrier, service) = services(site.country);
    let shipping = |service: &str, cost: &str, days: u32| {
        json!({
            "categoryTypes": all,
            "handlingTime": { "unit": "DAY", "value": days },
            "shippingOptions": [{
                "optionType": "DOMESTIC",
                "costType": "FLAT_RATE",
                "shippingServices": [{
                    "sortOrder": 1,
                    "shippingCarrierCode": carrier,
                    "shippingServiceCode": service,
                    "shippingCost": { "value": cost, "currency": site.currency },
                    "freeShipping": cost == "0.0",
                }],
            }],
            "globalShipping": false,
            "pickupDropOff": false,
            "freightShipping": false,
            "localPickup": false,
        })
    };
    vec![
        (
            PolicyKind::Fulfillment,
            "Standard shipping",
            shipping(service, "4.95", 1),
        ),
        (
            PolicyKind::Payment,
            "Immediate payment",
            json!({
                "categoryTypes": all, "immediatePay": true,
            }),
        ),
        (
            PolicyKind::Return,
            "Returns within 30 days",
            json!({
                "categoryTypes": all,
                "returnsAccepted": true,
                "returnPeriod": { "unit": "DAY", "value": 30 },
                "refundMethod": "MONEY_BACK",
                "returnShippingCostPayer": "BUYER",
            }),
        ),
    ]
}

fn services(country: &str) -> (&'static str, &'static str) {
    match country {
        "US" => ("USPS", "USPSGroundAdvantage"),
        "GB" => ("RoyalMail", "UK_RoyalMailSecondClassStandard"),
        "DE" => ("DHL", "DE_DHLPaket"),
        _ => ("Other", "Other"),
    }
}
