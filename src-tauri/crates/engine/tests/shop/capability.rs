//! What the marketplace in memory can do: each a variety that the engine must cope with.

use std::time::Duration;

use barrow_market::{Capability, Lane, Rate};
use barrow_model::ActionKind;

const FAST: Rate = Rate {
    calls: 10,
    per: Duration::from_secs(1),
    burst: 10,
};

const fn call(name: &'static str, kinds: &'static [ActionKind], changes_max: usize) -> Lane {
    Lane::call(name, kinds, FAST).batch(changes_max, 1)
}

const OFFERS: Lane = call(
    "offers",
    &[ActionKind::SetPrice, ActionKind::SetQuantity],
    25,
)
.repeatable();

/// Calls answered at once, publishing in two steps.
pub const CALLS: Capability = Capability {
    lanes: &[
        call("publish", &[ActionKind::Publish], 5),
        call("revise", &[ActionKind::Revise], 5),
        OFFERS,
        call("end", &[ActionKind::End], 1),
    ],
    exclusions: &[],
    sku_chars_max: 50,
    sku_signs: None,
    title_chars_max: 80,
    description_chars_max: 4_000,
    images_max: 12,
    quantity_max: 1_000,
    images_https_only: true,
    categories_by_name: true,
    keeps_listing_at_zero: true,
    lowers_quantity_on_sale: true,
    reads_all_listings: true,
    shows_changes_in: Duration::ZERO,
    shows_listings_in: Duration::ZERO,
    acknowledges_orders: false,
    order_history: Duration::from_secs(90 * 86_400),
    pull_overlap: Duration::from_secs(300),
    fetch_orders_max: 50,
    people_kept: None,
    ship_reference_chars_max: 30,
};

/// Everything by feeds whose results come later.
pub const FEEDS: Capability = Capability {
    lanes: &[
        feed("items", &[ActionKind::Publish, ActionKind::Revise], 1_000),
        feed("prices", &[ActionKind::SetPrice], 1_000),
        feed("inventory", &[ActionKind::SetQuantity], 1_000),
        feed("retire", &[ActionKind::End], 1_000),
    ],
    ..CALLS
};

/// A listing does not survive a quantity of zero.
pub const FRAGILE: Capability = Capability {
    keeps_listing_at_zero: false,
    ..CALLS
};

/// Has no list of everything that is there.
pub const SECRETIVE: Capability = Capability {
    reads_all_listings: false,
    ..CALLS
};

const fn feed(name: &'static str, kinds: &'static [ActionKind], changes_max: usize) -> Lane {
    Lane::feed(name, kinds, changes_max, FAST, Duration::from_secs(300))
}
