//! Between Barrow's words and eBay's. Pure.

mod description;
mod details;
mod family;
mod kept;
mod listing;
mod money;
mod observed;
mod order;
mod order_amounts;
mod refundable;
mod rules;
mod shipping;
mod validate;

pub use description::{full_description, item_description};
pub use details::details;
pub use family::{
    Variation, as_variation, group, members, names_sku, same_axes, without_best_offer,
};
pub use kept::{keep_item, keep_offer};
pub use listing::{LISTING_ASPECTS_MAX, aspects, item, offer_create, offer_update};
pub use money::{amount, instant, money};
pub use observed::{is_listed, observed, offer_of_site, seen};
pub use order::{Extra, order, order_id, shipments};
pub use refundable::refundable;
pub use rules::{category, category_rules, condition, condition_code};
pub use shipping::{cancel_reason, carrier, refund_reason, tracking};
pub use validate::validate;
