//! Between Barrow's words and eBay's. Pure.

mod cases;
mod description;
mod descriptors;
mod details;
mod family;
mod fees;
mod kept;
mod kept_terms;
mod listing;
mod messages;
mod money;
mod observed;
mod order;
mod order_amounts;
mod particulars;
mod persons;
mod pictures;
mod refundable;
mod regulated;
mod report;
mod rules;
mod safety;
mod shipping;
mod stock;
mod terms;
mod validate;

pub use cases::{CaseRecord, case, is_over, needs_address, waits_for_seller};
pub use description::{full_description, item_description};
pub use descriptors::{Descriptor, described, descriptors, descriptors_body, may_describe};
pub use details::details;
pub use family::{
    Variation, as_variation, group, members, names_sku, same_axes, without_best_offer,
};
pub use fees::{Booking, booking};
pub use kept::{aspect_prints, keep_item, keep_offer};
pub use kept_terms::term_prints;
pub use listing::{LISTING_ASPECTS_MAX, aspects, item, offer_create, offer_update};
pub use messages::{conversation, message};
pub use money::{amount, instant, money, number};
pub use observed::{is_listed, observed, offer_of_site, seen};
pub use order::{Extra, order, order_id, shipments};
pub use pictures::{
    PICTURE_BYTES_MAX, picture_files, picture_form, picture_problem, refused_picture,
    unread_evidence, unread_picture, with_addresses,
};
pub use refundable::refundable;
pub use regulated::Regulated;
pub use report::{ReportFault, report_rows};
pub use rules::{allowed_conditions, category, category_rules, condition, condition_code};
pub use shipping::{
    OTHER_CARRIER, cancel_reason, carrier, is_certain_carrier, post_order_carrier, refund_reason,
    tracking,
};
pub use stock::{item_not_above, offer_not_above};
pub use validate::validate;
