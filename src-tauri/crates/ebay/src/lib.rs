//! The eBay adapter.
//!
//! It speaks eBay's Inventory, Fulfillment, Post-Order, Finances, Message, Account, Taxonomy and
//! Metadata APIs for one seller's account on one or several sites. It is not a client of eBay's for
//! other purposes: it knows only what [`barrow_market`] asks. It keeps nothing on disk; what must
//! be remembered is in bindings and cursors.
//!
//! What it does: publishes single listings (item, offer, publish) and variants as one (items,
//! offers, group, publish), revises them, sets prices and quantities 25 SKUs at a time, ends them,
//! reads what is there; reads orders by change date; tells of shipments, cancels whole orders, or
//! does not agree to it, gives money back; reads and answers cases after a sale and what buyers
//! write; reads fees. The seller agrees in a browser; what a check finds missing is created or
//! joined from here; calls that sellers in the EU and the UK must sign are signed.
//!
//! <https://developer.ebay.com/api-docs/sell/inventory/overview.html>
//! <https://developer.ebay.com/api-docs/sell/fulfillment/overview.html>
//!
//! Start reading at [`EbayConnector`], then `backend`. `request`, `map` and `error` are pure.

pub mod auth;
mod backend;
pub mod config;
pub mod error;
pub mod limits;
pub mod map;
pub mod request;
pub mod types;

use std::time::Duration;

use barrow_market::{Capability, Exclusion, Lane};
use barrow_model::{ActionKind, Aspect};

pub use backend::EbayConnector;

/// The binding's name of the offer.
pub const OFFER_ID: &str = "offer_id";
/// The binding's name of the listing that buyers see.
pub const LISTING_ID: &str = "listing_id";
/// The binding's name of the group that shows the SKU with other variants.
pub const GROUP: &str = "group";
/// The binding's name for the print of what item and offer were last written with, while a publish
/// is under way.
pub const SENT: &str = "sent";

/// The binding's name for the aspects and terms that Barrow wrote last, eight digits for each: one
/// that it names no more goes, one that the seller has set by other means stays.
pub const ASPECTS: &str = "aspects";

/// Longest title (ebay.md §6.2).
pub const TITLE_CHARS_MAX: usize = 80;
/// Longest description of a listing (ebay.md §6.2).
pub const DESCRIPTION_CHARS_MAX: usize = 500_000;

/// Entries of eBay's bulk calls (ebay.md §6.1).
const BULK: usize = 25;

const fn lane(
    name: &'static str,
    kinds: &'static [ActionKind],
    changes_max: usize,
    calls_per_batch: u32,
) -> Lane {
    // The rate that every sending call keeps; `limits` says why.
    Lane::call(name, kinds, limits::POLITE.rate()).batch(changes_max, calls_per_batch)
}

/// Makes listings live: items, read and written, and offers in bulk, then the publish in bulk.
pub const PUBLISH: &str = "publish";
/// Brings content up to date: items in bulk, then each offer, read and written, for eBay updates no
/// offers in bulk.
pub const REVISE: &str = "revise";
/// Sets prices and quantities in bulk.
pub const PRICE_QUANTITY: &str = "price_quantity";
/// Ends listings one by one.
pub const END: &str = "end";
/// Tells of shipments one by one.
pub const SHIP: &str = "ship";
/// Cancels orders one by one.
pub const CANCEL: &str = "cancel";

/// Does not agree to buyers' wishes to cancel, order by order.
pub const REJECT_CANCEL: &str = "reject_cancel";

/// Answers cases after the sale, one by one: each is read before.
pub const ANSWER_CASE: &str = "answer_case";

/// Gives money back, order by order.
pub const REFUND: &str = "refund";

/// What the adapter can do.
pub static CAPABILITY: Capability = Capability {
    lanes: &[
        lane(
            PRICE_QUANTITY,
            &[ActionKind::SetPrice, ActionKind::SetQuantity],
            BULK,
            1,
        )
        .repeatable(),
        lane(PUBLISH, &[ActionKind::Publish], BULK, 4),
        lane(REVISE, &[ActionKind::Revise], BULK, 2 + 2 * BULK as u32).repeatable(),
        lane(END, &[ActionKind::End], BULK, BULK as u32).repeatable(),
        lane(SHIP, &[ActionKind::Ship], 10, 10),
        lane(CANCEL, &[ActionKind::Cancel], 10, 10),
        lane(REFUND, &[ActionKind::Refund], 10, 10),
        lane(REJECT_CANCEL, &[ActionKind::RejectCancel], 10, 10),
        lane(ANSWER_CASE, &[ActionKind::AnswerCase], 10, 20),
    ],
    // Writes of one SKU at the same time are refused (25025), and an item's content carries its
    // quantity: an older content must not overwrite a newer quantity (ebay.md §6.2, §13).
    exclusions: &[
        exclusion(Aspect::Content, Aspect::Price),
        exclusion(Aspect::Content, Aspect::Quantity),
        exclusion(Aspect::Price, Aspect::Content),
        exclusion(Aspect::Quantity, Aspect::Content),
    ],
    // ebay.md §6.2.
    sku_chars_max: 50,
    // ebay.md §6.2: alphanumeric by the documentation (25707), these as well in practice.
    sku_signs: Some("-_."),
    title_chars_max: TITLE_CHARS_MAX,
    description_chars_max: DESCRIPTION_CHARS_MAX,
    // ebay.md §6.2: 24 of a listing.
    images_max: 24,
    // eBay names no number; its own field is a 32-bit integer.
    quantity_max: 2_147_483_647,
    // ebay.md §6.2; files are put at eBay first (§6.8).
    images_https_only: true,
    categories_by_name: false,
    // With the seller's OUT_OF_STOCK_CONTROL, which `check` looks for (ebay.md §6.5). Without it
    // the adapter ends what is sold out and says so.
    keeps_listing_at_zero: true,
    // ebay.md §6.5.
    lowers_quantity_on_sale: true,
    // getInventoryItems, page by page.
    reads_all_listings: true,
    acknowledges_orders: false,
    // ebay.md §12: what was just written is asked for again after 2, 5 and 10 seconds; twice that.
    shows_changes_in: Duration::from_secs(34),
    shows_listings_in: Duration::from_secs(34),
    // ebay.md §8.1: two years.
    order_history: Duration::from_secs(730 * 24 * 60 * 60),
    // ebay.md §8.1: 5 to 10 minutes.
    pull_overlap: Duration::from_secs(10 * 60),
    // ebay.md §8.1.
    fetch_orders_max: 50,
    people_kept: None,
    // eBay takes no reference of the seller's; the contract's own length.
    ship_reference_chars_max: 30,
};

const fn exclusion(in_flight: Aspect, waits: Aspect) -> Exclusion {
    Exclusion { in_flight, waits }
}
