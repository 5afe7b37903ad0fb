//! The seller's nouns and values.
//!
//! Everything that more than one part of Barrow speaks about is defined here once: products,
//! listings, orders, money, identifiers, problems. This crate does no input or output and knows no
//! SQL and no vendor. Values are checked where they are made, so that whoever holds one need not
//! check it again.
//!
//! Start reading at [`catalogue`](crate::Product), [`Listing`], [`Order`] and [`Change`].

mod account;
mod case;
mod catalogue;
mod change;
mod clock;
mod evidence;
mod fee;
mod gtin;
mod id;
mod listing;
mod measure;
mod message;
mod money;
mod order;
mod origin;
mod picture;
mod problem;
mod row;
mod secret;
mod sku;
mod stock;

pub use account::{Account, AccountState, Endpoint, EndpointError, Marketplace, Settings, Site};
pub use case::{Case, CaseAct, CaseAnswer, CaseKind, CaseState, ReturnAddress};
pub use catalogue::{
    Attributes, Condition, Image, ImageSource, Kit, KitPart, OPTIONS_MAX, OptionValue, Product,
    Variant,
};
pub use change::{
    Action, ActionKind, Aspect, Attempt, AttemptState, CancelReason, Change, ChangeState, Delivery,
    OrderLineQuantity, OrderRef, Receipt, RefundReason, ShipRequest, Target, Ticket,
};
pub use clock::{Clock, Random};
pub use evidence::{EVIDENCE_BYTES_MAX, Evidence, EvidenceKind, evidence_form, evidence_problem};
pub use fee::{Fee, FeeEntry};
pub use gtin::{Gtin, GtinError, GtinKind};
pub use id::{
    AccountId, AttemptId, ChangeId, ConversationRowId, FamilyId, ImportId, ListingId, LocationId,
    MessageRowId, OrderRowId, ProductId, QuarantineId, Revision, SkuId,
};
pub use listing::{
    Binding, CategoryId, Content, FamilyMembership, Listing, ListingRef, ListingState, Observed,
    ObservedDetails, ObservedFamily, ObservedState, Offer, Overrides,
};
pub use measure::{Dimensions, Length, LengthUnit, MeasureError, Weight, WeightUnit};
pub use message::{Conversation, ConversationId, Message, MessageId, MessageState, Words};
pub use money::{Currency, Money, MoneyError, Rounding};
pub use order::{
    Address, Amounts, Buyer, Confirmation, FulfilledBy, Order, OrderLine, OrderState, PaymentState,
    Refund, RefundState, RefundStatus, Shipment, ShipmentLine, Tax, TaxCollector, order_state,
};
pub use origin::Origin;
pub use picture::{PictureFacts, PictureForm};
pub use problem::{Problem, ProblemKind, VendorError};
pub use row::{Cell, CellIssue, CellIssueKind, Field, Layout, Row, RowImages, RowKind, SourceLine};
pub use secret::Secret;
pub use sku::{Sku, SkuError};
pub use stock::{Movement, MovementKey, MovementKind, Stock};
