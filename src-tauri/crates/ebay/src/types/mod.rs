//! eBay's JSON: tolerant on read.
//!
//! Every field may be missing or null, every enumeration is an open text, unknown fields are
//! ignored (ebay.md §3). Names are eBay's own. Only what Barrow reads is here; what it writes is
//! built in [`crate::request`].

mod account;
mod aftersales;
mod case_details;
mod cases;
mod catalogue;
mod common;
mod feed;
mod finances;
mod inventory;
mod media;
mod messages;
mod order;
mod told;

pub use account::{
    ApiLimits, CategoryType, FulfillmentPolicies, FulfillmentPolicy, InventoryLocation,
    InventoryLocations, LimitedRate, LimitedResource, LocationPlace, PaymentPolicies,
    PaymentPolicy, Privileges, Program, Programs, RateLimits, ReturnPolicies, ReturnPolicy,
    SellingLimit, ShippingOption, SigningKeyAnswer, User,
};
pub use aftersales::{CancelEligibility, RefundAnswer};
pub use case_details::{
    ClaimDetail, Dispute, DisputeLine, EstimatedRefund, EvidenceFile, EvidenceSet, InquiryHistory,
    InquiryShipment, RefundInfo, RefundPart, ReturnDetail, ReturnMore,
};
pub use cases::{
    AvailableOption, CancelSummary, ClaimSummary, DisputePage, DisputeSummary, PaginationOutput,
    PostOrderDate, PostOrderPage, ResponseDue, ReturnCreation, ReturnItem, ReturnRefund,
    ReturnSummary,
};
pub use catalogue::{
    Ancestor, Aspect, AspectConstraint, AspectValue, Aspects, CategoryName, CategorySuggestion,
    CategorySuggestions, CategoryTreeId, ConditionPolicies, ConditionPolicy, DescriptorConstraint,
    DescriptorValue, ExpiredCategories, ExpiredCategory, ItemCondition, ItemConditionDescriptor,
    Label, Labels, ListingStructure, ListingStructures, RegulatoryAttribute, RegulatoryPolicies,
    RegulatoryPolicy, ValueConstraint,
};
pub use common::{Amount, ErrorBody, ErrorParameter, OauthError, TokenAnswer, VendorIssue};
pub use feed::{MigratedItem, ReportTask};
pub use finances::{
    MarketplaceFee, Transaction, TransactionLine, TransactionPage, TransactionReference,
};
pub use inventory::{
    Availability, BulkAnswer, BulkEntry, InventoryItem, InventoryItems, ListingDetails, Offer,
    OfferPricing, Offers, PostedListing, Product, ShipToLocation, WholeOffers,
};
pub use media::HostedImage;
pub use messages::{ConversationDetail, ConversationMessages, ConversationsPage, MessageDetail};
pub use order::{
    Buyer, CancelRequest, CancelStatus, CollectAndRemitTax, ContactAddress, DeliveryCost,
    FulfillmentInstruction, FulfillmentProgram, LineFulfillment, LineItem, LineItemReference,
    LineRefund, LineTax, Order, OrderIds, OrderPage, OrderProgram, OrderRefund, Payment,
    PaymentSummary, PhoneNumber, PricingSummary, Promotion, RegistrationAddress, ShipTo,
    ShippingFulfillment, ShippingFulfillments, ShippingStep, TaxIdentifier, TaxReference,
};
pub use told::Told;
