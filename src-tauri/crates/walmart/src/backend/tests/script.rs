//! Walmart's adapter before a script.

use barrow_model::{Action, Binding, Change, Site};
use barrow_wire::testing::{self, Line, Stage, TokenCalls, World};

use crate::WalmartConnector;

pub(super) const KEYS: &[(&str, &str)] = &[("client_id", "id-7"), ("client_secret", "hush-9")];
const TOKEN_CALLS: TokenCalls = TokenCalls {
    target: "POST /v3/token",
    granted,
};

pub(super) fn granted(token: &str) -> String {
    format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":900}}"#)
}

/// An adapter before a script, with a ship node and a product type chosen.
pub(super) fn world(lines: Vec<Line>) -> World {
    let stage = Stage {
        settings: &[("ship_node", "100"), ("product_type", "Chairs")],
        keys: KEYS,
        token_calls: Some(TOKEN_CALLS),
    };
    let world = stage.world(WalmartConnector::new, lines);
    world.expect("settings that can be")
}

/// An adapter before a script that answers token calls too.
pub(super) fn token_world(keys: &[(&'static str, &'static str)], lines: Vec<Line>) -> World {
    let stage = Stage {
        settings: &[],
        keys,
        token_calls: None,
    };
    let world = stage.world(WalmartConnector::new, lines);
    world.expect("settings that can be")
}

pub(super) fn site() -> Site {
    Site("WALMART_US".to_owned())
}

pub(super) fn listing_change(id: i64, sku: &str, binding: Binding, action: Action) -> Change {
    testing::listing_change(id, (&site(), ""), sku, binding, action)
}
