//! Newegg's adapter before a script.

use barrow_model::{Action, Binding, Change, Site};
use barrow_wire::testing::{self, Line, Stage, World};

use crate::NeweggConnector;

/// An adapter of a platform before a script.
pub(super) fn world_on(platform: &str, lines: Vec<Line>) -> World {
    world_with(&[("platform", platform)], lines)
}

/// The same in the United States.
pub(super) fn world(lines: Vec<Line>) -> World {
    world_on("US", lines)
}

/// The same with settings; the seller id is A0xX unless they say otherwise.
pub(super) fn world_with(settings: &[(&str, &str)], lines: Vec<Line>) -> World {
    let keys = [("api_key", "id-77"), ("secret_key", "hush-99")];
    build(settings, lines, &keys).expect("settings that can be")
}

/// The same with keys, and with settings that may be wrong.
pub(super) fn build(
    settings: &[(&str, &str)],
    lines: Vec<Line>,
    keys: &[(&'static str, &'static str)],
) -> barrow_market::Result<World> {
    let stage = Stage {
        settings: &[&[("seller_id", "A0xX")], settings].concat(),
        keys,
        token_calls: None,
    };
    stage.world(NeweggConnector::new, lines)
}

pub(super) fn site() -> Site {
    Site("US".to_owned())
}

pub(super) fn listing_change(id: i64, sku: &str, binding: Binding, action: Action) -> Change {
    testing::listing_change(id, (&site(), ""), sku, binding, action)
}
