//! Amazon's adapter before a script.

use barrow_market::{Fate, Outcome};
use barrow_model::{Action, Binding, Change, Problem, Site, Ticket};
use barrow_wire::testing::{self, Line, Stage, TokenCalls, World};

use crate::AmazonConnector;

pub(super) const US: &str = "ATVPDKIKX0DER";
pub(super) const KEYS: &[(&str, &str)] = &[
    ("client_id", "id-7"),
    ("client_secret", "hush-9"),
    ("refresh_token", "Atzr|hush"),
];
const SETTINGS: [(&str, &str); 2] = [("seller_id", "AX1"), ("marketplace_ids", US)];
const TOKEN_CALLS: TokenCalls = TokenCalls {
    target: "POST /auth/o2/token",
    granted,
};

pub(super) fn granted(token: &str) -> String {
    format!(
        r#"{{"access_token":"{token}","token_type":"bearer","expires_in":3600,
        "refresh_token":"Atzr|x"}}"#
    )
}

/// An adapter before a script.
pub(super) fn world(lines: Vec<Line>) -> World {
    world_with(&[], lines)
}

/// An adapter before a script, with more settings.
pub(super) fn world_with(settings: &[(&str, &str)], lines: Vec<Line>) -> World {
    let stage = Stage {
        settings: &[&SETTINGS, settings].concat(),
        keys: KEYS,
        token_calls: Some(TOKEN_CALLS),
    };
    let world = stage.world(AmazonConnector::new, lines);
    world.expect("settings that can be")
}

/// An adapter before a script that answers token calls too.
pub(super) fn token_world(keys: &[(&'static str, &'static str)], lines: Vec<Line>) -> World {
    let stage = Stage {
        settings: &SETTINGS,
        keys,
        token_calls: None,
    };
    let world = stage.world(AmazonConnector::new, lines);
    world.expect("settings that can be")
}

pub(super) fn site() -> Site {
    Site(US.to_owned())
}

pub(super) fn listing_change(id: i64, sku: &str, binding: Binding, action: Action) -> Change {
    testing::listing_change(id, (&site(), "region"), sku, binding, action)
}

pub(super) fn ticket(outcome: &Outcome) -> Ticket {
    match &outcome.fate {
        Fate::Accepted { ticket } => ticket.clone(),
        other => panic!("accepted, not {other:?}"),
    }
}

pub(super) fn refusal(outcome: &Outcome) -> Problem {
    match &outcome.fate {
        Fate::Refused { problem, .. } => problem.clone(),
        other => panic!("refused, not {other:?}"),
    }
}
