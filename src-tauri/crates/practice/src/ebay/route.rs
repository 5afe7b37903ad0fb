//! Every operation: where it stands, what it is called in the contract, what it asks for.

use http::Method;

use super::account;
use super::answer::{Outcome, Problem, Refusal};
use super::auth::{self, Need};
use super::call::Call;
use super::cancellation;
use super::claim;
use super::claim_answers;
use super::consent;
use super::dispute;
use super::evidence;
use super::feed;
use super::finances;
use super::fulfilment;
use super::group;
use super::item;
use super::location;
use super::media;
use super::message;
use super::metadata;
use super::offer;
use super::order_search;
use super::own_page;
use super::policy;
use super::price_quantity;
use super::publish;
use super::quota::{self, Api};
use super::refund;
use super::signature;
use super::site::is_locale;
use super::state::State;
use super::taxonomy;

/// One operation.
pub(super) struct Route {
    method: Method,
    /// `{}` takes any one part of the path.
    pattern: &'static str,
    /// The operationId of the official contract.
    pub(super) name: &'static str,
    pub(super) api: Api,
    pub(super) need: Need,
    /// Whether `Content-Language` is required (ebay.md §3).
    language: bool,
    pub(super) run: fn(&mut State, &Call) -> Outcome,
}

impl Route {
    /// Whether it changes anything at the marketplace.
    pub(super) fn writes(&self) -> bool {
        let reads = ["getToken", "agree"].contains(&self.name);
        self.method != Method::GET && !reads && !self.name.starts_with("bulkGet")
    }
}

const INVENTORY_READ: Need = Need::User(&["sell.inventory", "sell.inventory.readonly"]);
const INVENTORY: Need = Need::User(&["sell.inventory"]);
const ACCOUNT_READ: Need = Need::User(&["sell.account", "sell.account.readonly"]);
const ACCOUNT: Need = Need::User(&["sell.account"]);
const ORDERS_READ: Need = Need::User(&["sell.fulfillment", "sell.fulfillment.readonly"]);
const ORDERS: Need = Need::User(&["sell.fulfillment"]);
const DISPUTES: Need = Need::User(&["sell.payment.dispute"]);
/// Refunds and transactions.
const REFUNDS: Need = Need::User(&["sell.finances"]);
const IDENTITY: Need = Need::User(&["commerce.identity.readonly"]);
const MESSAGES: Need = Need::User(&["commerce.message"]);

macro_rules! route {
    ($method:ident $pattern:literal $name:literal $api:ident $need:expr, $run:expr) => {
        route!($method $pattern $name $api $need, $run, false)
    };
    ($method:ident $pattern:literal $name:literal $api:ident $need:expr, $run:expr, $lang:expr) => {
        Route {
            method: Method::$method,
            pattern: $pattern,
            name: $name,
            api: Api::$api,
            need: $need,
            language: $lang,
            run: $run,
        }
    };
}

/// The consent page and the token endpoint are named here, as no contract lists them.
const AUTH: &[Route] = &[
    route!(POST "identity/v1/oauth2/token" "getToken" Token Need::Nothing, auth::mint),
    route!(GET "oauth2/authorize" "authorize" Token Need::Nothing, consent::ask),
    route!(POST "oauth2/authorize" "agree" Token Need::Nothing, consent::answer),
    route!(GET "ws/eBayISAPI.dll" "landed" Token Need::Nothing, consent::landed),
    route!(POST "developer/key_management/v1/signing_key" "createSigningKey" Keys Need::Any,
        signature::create),
];

const INVENTORY_ROUTES: &[Route] = &[
    route!(POST "sell/inventory/v1/bulk_create_or_replace_inventory_item"
        "bulkCreateOrReplaceInventoryItem" Inventory INVENTORY, item::bulk_put, true),
    route!(POST "sell/inventory/v1/bulk_get_inventory_item"
        "bulkGetInventoryItem" Inventory INVENTORY_READ, item::bulk_get),
    route!(POST "sell/inventory/v1/bulk_update_price_quantity"
        "bulkUpdatePriceQuantity" Inventory INVENTORY, price_quantity::update),
    route!(POST "sell/inventory/v1/bulk_migrate_listing"
        "bulkMigrateListing" Inventory INVENTORY, own_page::migrate),
    route!(GET "sell/inventory/v1/inventory_item"
        "getInventoryItems" Inventory INVENTORY_READ, item::list),
    route!(GET "sell/inventory/v1/inventory_item/{}"
        "getInventoryItem" Inventory INVENTORY_READ, item::get),
    route!(PUT "sell/inventory/v1/inventory_item/{}"
        "createOrReplaceInventoryItem" Inventory INVENTORY, item::put, true),
    route!(DELETE "sell/inventory/v1/inventory_item/{}"
        "deleteInventoryItem" Inventory INVENTORY, item::delete),
    route!(GET "sell/inventory/v1/inventory_item_group/{}"
        "getInventoryItemGroup" Inventory INVENTORY_READ, group::get),
    route!(PUT "sell/inventory/v1/inventory_item_group/{}"
        "createOrReplaceInventoryItemGroup" Inventory INVENTORY, group::put, true),
    route!(DELETE "sell/inventory/v1/inventory_item_group/{}"
        "deleteInventoryItemGroup" Inventory INVENTORY, group::delete),
    route!(POST "sell/inventory/v1/bulk_create_offer"
        "bulkCreateOffer" Inventory INVENTORY, offer::bulk_create, true),
    route!(POST "sell/inventory/v1/bulk_publish_offer"
        "bulkPublishOffer" Inventory INVENTORY, publish::bulk_publish),
    route!(POST "sell/inventory/v1/offer/get_listing_fees"
        "getListingFees" Inventory INVENTORY, offer::fees),
    route!(POST "sell/inventory/v1/offer/publish_by_inventory_item_group"
        "publishOfferByInventoryItemGroup" Inventory INVENTORY, group::publish),
    route!(POST "sell/inventory/v1/offer/withdraw_by_inventory_item_group"
        "withdrawOfferByInventoryItemGroup" Inventory INVENTORY, group::withdraw),
    route!(GET "sell/inventory/v1/offer" "getOffers" Inventory INVENTORY_READ, offer::list),
    route!(POST "sell/inventory/v1/offer" "createOffer" Inventory INVENTORY, offer::create, true),
    route!(GET "sell/inventory/v1/offer/{}" "getOffer" Inventory INVENTORY_READ, offer::get),
    route!(PUT "sell/inventory/v1/offer/{}"
        "updateOffer" Inventory INVENTORY, offer::update, true),
    route!(DELETE "sell/inventory/v1/offer/{}" "deleteOffer" Inventory INVENTORY, offer::delete),
    route!(POST "sell/inventory/v1/offer/{}/publish"
        "publishOffer" Inventory INVENTORY, publish::publish),
    route!(POST "sell/inventory/v1/offer/{}/withdraw"
        "withdrawOffer" Inventory INVENTORY, publish::withdraw),
];

const LOCATION_ROUTES: &[Route] = &[
    route!(GET "sell/inventory/v1/location"
        "getInventoryLocations" Inventory INVENTORY_READ, location::list),
    route!(GET "sell/inventory/v1/location/{}"
        "getInventoryLocation" Inventory INVENTORY_READ, location::get),
    route!(POST "sell/inventory/v1/location/{}"
        "createInventoryLocation" Inventory INVENTORY, location::create),
    route!(DELETE "sell/inventory/v1/location/{}"
        "deleteInventoryLocation" Inventory INVENTORY, location::delete),
    route!(POST "sell/inventory/v1/location/{}/enable"
        "enableInventoryLocation" Inventory INVENTORY, location::enable),
    route!(POST "sell/inventory/v1/location/{}/disable"
        "disableInventoryLocation" Inventory INVENTORY, location::disable),
    route!(POST "sell/inventory/v1/location/{}/update_location_details"
        "updateInventoryLocation" Inventory INVENTORY, location::update),
];

const ACCOUNT_ROUTES: &[Route] = &[
    route!(GET "sell/account/v1/privilege" "getPrivileges" Account ACCOUNT_READ,
        account::privileges),
    route!(GET "sell/account/v1/program/get_opted_in_programs"
        "getOptedInPrograms" Account ACCOUNT_READ, account::programs),
    route!(POST "sell/account/v1/program/opt_in" "optInToProgram" Account ACCOUNT,
        account::opt_in),
    route!(POST "sell/account/v1/program/opt_out" "optOutOfProgram" Account ACCOUNT,
        account::opt_out),
    route!(GET "sell/account/v1/fulfillment_policy/get_by_policy_name"
        "getFulfillmentPolicyByName" Account ACCOUNT_READ, policy::by_name),
    route!(GET "sell/account/v1/payment_policy/get_by_policy_name"
        "getPaymentPolicyByName" Account ACCOUNT_READ, policy::by_name),
    route!(GET "sell/account/v1/return_policy/get_by_policy_name"
        "getReturnPolicyByName" Account ACCOUNT_READ, policy::by_name),
    route!(GET "sell/account/v1/fulfillment_policy"
        "getFulfillmentPolicies" Account ACCOUNT_READ, policy::list),
    route!(GET "sell/account/v1/payment_policy"
        "getPaymentPolicies" Account ACCOUNT_READ, policy::list),
    route!(GET "sell/account/v1/return_policy"
        "getReturnPolicies" Account ACCOUNT_READ, policy::list),
    // Only this one is created with a slash at its end (ebay.md §5).
    route!(POST "sell/account/v1/fulfillment_policy/"
        "createFulfillmentPolicy" Account ACCOUNT, policy::create),
    route!(POST "sell/account/v1/payment_policy"
        "createPaymentPolicy" Account ACCOUNT, policy::create),
    route!(POST "sell/account/v1/return_policy"
        "createReturnPolicy" Account ACCOUNT, policy::create),
    route!(GET "sell/account/v1/fulfillment_policy/{}"
        "getFulfillmentPolicy" Account ACCOUNT_READ, policy::get),
    route!(GET "sell/account/v1/payment_policy/{}"
        "getPaymentPolicy" Account ACCOUNT_READ, policy::get),
    route!(GET "sell/account/v1/return_policy/{}"
        "getReturnPolicy" Account ACCOUNT_READ, policy::get),
    route!(PUT "sell/account/v1/fulfillment_policy/{}"
        "updateFulfillmentPolicy" Account ACCOUNT, policy::update),
    route!(PUT "sell/account/v1/payment_policy/{}"
        "updatePaymentPolicy" Account ACCOUNT, policy::update),
    route!(PUT "sell/account/v1/return_policy/{}"
        "updateReturnPolicy" Account ACCOUNT, policy::update),
    route!(DELETE "sell/account/v1/fulfillment_policy/{}"
        "deleteFulfillmentPolicy" Account ACCOUNT, policy::delete),
    route!(DELETE "sell/account/v1/payment_policy/{}"
        "deletePaymentPolicy" Account ACCOUNT, policy::delete),
    route!(DELETE "sell/account/v1/return_policy/{}"
        "deleteReturnPolicy" Account ACCOUNT, policy::delete),
    route!(GET "commerce/identity/v1/user/" "getUser" Identity IDENTITY, account::user),
];

const CATEGORY_ROUTES: &[Route] = &[
    route!(GET "commerce/taxonomy/v1/get_default_category_tree_id"
        "getDefaultCategoryTreeId" Taxonomy Need::Any, taxonomy::default_tree),
    route!(GET "commerce/taxonomy/v1/category_tree/{}"
        "getCategoryTree" Taxonomy Need::Any, taxonomy::whole_tree),
    route!(GET "commerce/taxonomy/v1/category_tree/{}/get_category_subtree"
        "getCategorySubtree" Taxonomy Need::Any, taxonomy::subtree),
    route!(GET "commerce/taxonomy/v1/category_tree/{}/get_category_suggestions"
        "getCategorySuggestions" Taxonomy Need::Any, taxonomy::suggest),
    route!(GET "commerce/taxonomy/v1/category_tree/{}/get_expired_categories"
        "getExpiredCategories" Taxonomy Need::Any, taxonomy::expired),
    route!(GET "commerce/taxonomy/v1/category_tree/{}/get_item_aspects_for_category"
        "getItemAspectsForCategory" Taxonomy Need::Any, taxonomy::aspects),
    route!(GET "sell/metadata/v1/marketplace/{}/get_currencies"
        "getCurrencies" Metadata Need::Any, metadata::currencies),
    route!(GET "sell/metadata/v1/marketplace/{}/get_item_condition_policies"
        "getItemConditionPolicies" Metadata Need::Any, metadata::conditions),
    route!(GET "sell/metadata/v1/marketplace/{}/get_listing_structure_policies"
        "getListingStructurePolicies" Metadata Need::Any, metadata::structures),
    route!(GET "sell/metadata/v1/marketplace/{}/get_regulatory_policies"
        "getRegulatoryPolicies" Metadata Need::Any, metadata::regulatory),
    route!(GET "sell/metadata/v1/marketplace/{}/get_product_safety_labels"
        "getProductSafetyLabels" Metadata Need::Any, metadata::safety_labels),
    route!(GET "sell/metadata/v1/marketplace/{}/get_hazardous_materials_labels"
        "getHazardousMaterialsLabels" Metadata Need::Any, metadata::hazard_labels),
];

const FILE_ROUTES: &[Route] = &[
    route!(POST "sell/feed/v1/inventory_task" "createInventoryTask" Feed INVENTORY,
        feed::create),
    route!(GET "sell/feed/v1/inventory_task/{}" "getInventoryTask" Feed INVENTORY, feed::get),
    route!(GET "sell/feed/v1/task/{}/download_result_file" "getResultFile" Feed INVENTORY,
        feed::file),
    route!(POST "commerce/media/v1_beta/image/create_image_from_file"
        "createImageFromFile" Media INVENTORY, media::create),
    route!(GET "commerce/media/v1_beta/image/{}" "getImage" Media INVENTORY, media::get),
];

const ORDER_ROUTES: &[Route] = &[
    route!(GET "sell/fulfillment/v1/order" "getOrders" Fulfillment ORDERS_READ,
        order_search::list),
    route!(GET "sell/fulfillment/v1/order/{}" "getOrder" Fulfillment ORDERS_READ,
        order_search::get),
    route!(POST "sell/fulfillment/v1/order/{}/issue_refund"
        "issueRefund" Fulfillment REFUNDS, refund::issue),
    route!(GET "sell/fulfillment/v1/order/{}/shipping_fulfillment"
        "getShippingFulfillments" Fulfillment ORDERS_READ, fulfilment::list),
    route!(POST "sell/fulfillment/v1/order/{}/shipping_fulfillment"
        "createShippingFulfillment" Fulfillment ORDERS, fulfilment::create),
    route!(GET "sell/fulfillment/v1/order/{}/shipping_fulfillment/{}"
        "getShippingFulfillment" Fulfillment ORDERS_READ, fulfilment::get),
    route!(POST "post-order/v2/cancellation/check_eligibility"
        "checkCancellationEligibility" PostOrder Need::Iaf, cancellation::check),
    route!(GET "post-order/v2/cancellation/search" "search" PostOrder Need::Iaf,
        cancellation::search),
    route!(POST "post-order/v2/cancellation" "createCancellation" PostOrder Need::Iaf,
        cancellation::create),
    route!(GET "post-order/v2/cancellation/{}" "getCancellation" PostOrder Need::Iaf,
        cancellation::get),
    route!(POST "post-order/v2/cancellation/{}/approve"
        "approveCancellationRequest" PostOrder Need::Iaf, cancellation::approve),
    route!(POST "post-order/v2/cancellation/{}/reject"
        "rejectCancellationRequest" PostOrder Need::Iaf, cancellation::reject),
    route!(GET "developer/analytics/v1_beta/rate_limit/" "getRateLimits" Analytics Need::Any,
        quota::tell),
    route!(GET "developer/analytics/v1_beta/user_rate_limit/"
        "getUserRateLimits" Analytics INVENTORY_READ, quota::tell),
];

const CLAIM_ROUTES: &[Route] = &[
    route!(GET "post-order/v2/return/search" "searchReturns" Returns Need::Iaf, claim::returns),
    route!(GET "post-order/v2/return/{}" "getReturn" Returns Need::Iaf, claim::one_return),
    route!(POST "post-order/v2/return/{}/decide" "processReturnRequest" Returns Need::Iaf,
        claim_answers::decide),
    route!(POST "post-order/v2/return/{}/mark_as_received" "markReturnReceived" Returns Need::Iaf,
        claim_answers::received),
    route!(POST "post-order/v2/return/{}/issue_refund" "issueReturnRefund" Returns Need::Iaf,
        claim_answers::refund_return),
    route!(GET "post-order/v2/inquiry/search" "searchInquiries" Inquiries Need::Iaf,
        claim::inquiries),
    route!(GET "post-order/v2/casemanagement/search" "searchCases" Cases Need::Iaf,
        claim::cases),
    route!(GET "post-order/v2/inquiry/{}" "getInquiry" Inquiries Need::Iaf, claim::one_inquiry),
    route!(POST "post-order/v2/inquiry/{}/provide_shipment_info" "provideInquiryShipmentInfo"
        Inquiries Need::Iaf, claim_answers::provide_shipment),
    route!(POST "post-order/v2/inquiry/{}/issue_refund" "issueInquiryRefund"
        Inquiries Need::Iaf, claim_answers::refund_inquiry),
    route!(GET "post-order/v2/casemanagement/{}" "getCase" Cases Need::Iaf, claim::one_case),
    route!(POST "post-order/v2/casemanagement/{}/issue_refund" "issueCaseRefund"
        Cases Need::Iaf, claim_answers::refund_case),
    route!(GET "sell/fulfillment/v1/payment_dispute/{}" "getPaymentDispute"
        Disputes DISPUTES, claim_answers::get_dispute),
    route!(POST "sell/fulfillment/v1/payment_dispute/{}/accept" "acceptPaymentDispute"
        Disputes DISPUTES, claim_answers::accept_dispute),
    route!(POST "sell/fulfillment/v1/payment_dispute/{}/upload_evidence_file"
        "uploadEvidenceFile" Disputes DISPUTES, evidence::upload),
    route!(POST "sell/fulfillment/v1/payment_dispute/{}/add_evidence" "addEvidence"
        Disputes DISPUTES, evidence::add),
    route!(POST "sell/fulfillment/v1/payment_dispute/{}/contest" "contestPaymentDispute"
        Disputes DISPUTES, claim_answers::contest_dispute),
    route!(GET "sell/finances/v1/transaction" "getTransactions" Finances REFUNDS,
        finances::transactions),
    route!(GET "sell/fulfillment/v1/payment_dispute_summary"
        "getPaymentDisputeSummaries" Disputes DISPUTES, dispute::summaries),
];

const MESSAGE_ROUTES: &[Route] = &[
    route!(GET "commerce/message/v1/conversation" "getConversations" Message MESSAGES,
        message::list),
    route!(GET "commerce/message/v1/conversation/{}" "getConversation" Message MESSAGES,
        message::get),
    route!(POST "commerce/message/v1/send_message" "sendMessage" Message MESSAGES, message::send),
    route!(POST "commerce/message/v1/update_conversation" "updateConversation" Message MESSAGES,
        message::update),
];

/// Groups of routes; within one, fixed parts stand before placeholders.
const ALL: [&[Route]; 9] = [
    AUTH,
    INVENTORY_ROUTES,
    LOCATION_ROUTES,
    ACCOUNT_ROUTES,
    CATEGORY_ROUTES,
    FILE_ROUTES,
    ORDER_ROUTES,
    CLAIM_ROUTES,
    MESSAGE_ROUTES,
];

/// The operation of a request, and what its placeholders took.
pub(super) fn find(method: &Method, path: &[String]) -> Option<(&'static Route, Vec<String>)> {
    let mut routes = ALL.iter().copied().flatten();
    routes.find_map(|route| {
        if route.method != *method {
            return None;
        }
        matched(route.pattern, path).map(|ids| (route, ids))
    })
}

fn matched(pattern: &str, path: &[String]) -> Option<Vec<String>> {
    let mut ids = Vec::new();
    let mut parts = path.iter();
    for wanted in pattern.split('/') {
        let part = parts.next()?;
        if wanted == "{}" && !part.is_empty() {
            ids.push(part.clone());
        } else if wanted != part {
            return None;
        }
    }
    parts.next().is_none().then_some(ids)
}

/// Refuses a request whose headers eBay does not take (ebay.md §3).
pub(super) fn check_headers(route: &Route, call: &Call) -> Result<(), Refusal> {
    if !call.body.is_empty() && route.api != Api::Token {
        let kind = call.header("content-type").unwrap_or_default();
        let wanted = match route.api {
            Api::Media => "multipart/form-data",
            Api::Disputes if route.name == "uploadEvidenceFile" => "multipart/form-data",
            _ => "application/json",
        };
        if !kind.to_ascii_lowercase().starts_with(wanted) {
            let message = format!("The Content-Type header must be {wanted}.");
            return Err(Problem::new(415, 2004, "ACCESS", &message).into());
        }
    }
    if route.api == Api::Inventory {
        check_language(call, "accept-language", "Accept-Language")?;
    }
    if route.language {
        check_language(call, "content-language", "Content-Language")?;
    }
    Ok(())
}

fn check_language(call: &Call, name: &str, label: &str) -> Result<(), Problem> {
    if call.header(name).is_some_and(is_locale) {
        return Ok(());
    }
    let message = format!("Invalid value for header {label}.");
    Err(Problem::inventory(25709, &message).with("header", label))
}
