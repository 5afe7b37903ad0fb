//! eBay's limits and what each call takes of them.

use std::time::Duration;

use barrow_wire::{Bucket, CallSpec, Repeat};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A daily limit. eBay counts calendar days; a bucket that refills all day long and saves up half a
/// day's calls cannot give more than the limit in any 24 hours.
const fn daily(name: &'static str, calls_per_day: u32) -> Bucket {
    Bucket::of_application(name, calls_per_day / 2, DAY)
}

/// eBay publishes no burst limit of these APIs and advises at most 5 to 10 calls at once for an
/// account (ebay.md §13); ten a second stay below it.
pub const POLITE: Bucket = Bucket::of_seller("polite", 10, Duration::from_secs(1));

/// Inventory API: 2,000,000 a day (ebay.md §13).
pub const INVENTORY: Bucket = daily("inventory", 2_000_000);
/// Fulfillment API, orders: 100,000 a day (ebay.md §13).
pub const FULFILLMENT: Bucket = daily("fulfillment", 100_000);
/// Account API: 25,000 a day (ebay.md §13).
pub const ACCOUNT: Bucket = daily("account", 25_000);
/// Taxonomy API: 5,000 a day (ebay.md §13).
pub const TAXONOMY: Bucket = daily("taxonomy", 5_000);
/// Metadata API: 5,000 a day (ebay.md §13).
pub const METADATA: Bucket = daily("metadata", 5_000);
/// Identity API: 5,000 a day (ebay.md §13).
pub const IDENTITY: Bucket = daily("identity", 5_000);
/// Developer Analytics API: 5,000 a day (ebay.md §13).
pub const ANALYTICS: Bucket = daily("analytics", 5_000);
/// Post-Order API: 5,000 a day per resource (ebay.md §13).
pub const POST_ORDER: Bucket = daily("post_order", 5_000);
/// Post-Order API, returns: a limit of its own (ebay.md §13).
pub const RETURNS: Bucket = daily("post_order_return", 5_000);
/// Post-Order API, inquiries: a limit of its own (ebay.md §13).
pub const INQUIRIES: Bucket = daily("post_order_inquiry", 5_000);
/// Post-Order API, cases: a limit of its own (ebay.md §13).
pub const CASES: Bucket = daily("post_order_case", 5_000);
/// Fulfillment API, payment disputes: 250,000 a day (ebay.md §13).
pub const DISPUTES: Bucket = daily("disputes", 250_000);
/// Finances API: 15,000 a day (ebay.md §13).
pub const FINANCES: Bucket = daily("finances", 15_000);
/// Message API. eBay names no number (ebay.md §13 lists none); the least that it names for another
/// API.
pub const MESSAGES: Bucket = daily("messages", 5_000);
/// Access tokens from refresh tokens: 50,000 a day (ebay.md §2.2).
pub const USER_TOKENS: Bucket = daily("user_tokens", 50_000);
/// Application tokens: 1,000 a day (ebay.md §2.2).
pub const APPLICATION_TOKENS: Bucket = daily("application_tokens", 1_000);

/// Tokens from consents: 10,000 a day (ebay.md §2.2).
pub const CONSENT_TOKENS: Bucket = daily("consent_tokens", 10_000);
/// Key Management API. eBay names no number; a key lasts three years (ebay.md §2.6).
pub const SIGNING_KEYS: Bucket = daily("signing_keys", 50);

/// Feed API: 100,000 a day (ebay.md §13).
pub const FEED: Bucket = daily("feed", 100_000);
/// Reports of everything that is live: 25 a day for a seller (ebay.md §10.1), counted as the daily
/// limits are: half of them saved up.
pub const REPORTS: Bucket = Bucket::of_seller("reports", 25 / 2, DAY);

/// Media API, pictures: 1,000,000 a day (ebay.md §13).
pub const MEDIA: Bucket = daily("media", 1_000_000);
/// Pictures put there: 50 in 5 seconds for a user (ebay.md §6.8). Saved up are half of them, and
/// half of them come back in that time, so that no 5 seconds have more than 50.
pub const MEDIA_POSTS: Bucket = Bucket::of_seller("media_posts", 25, Duration::from_secs(5));

/// Revisions of one listing: eBay takes 250 a calendar day, of which 40 are held back for stock
/// that goes to zero, which takes two (ebay.md §6.1). Half of them are saved up, so that no 24
/// hours have more, wherever eBay's day begins.
/// Most changes take two: these are pairs, so that one that cannot have both takes none.
pub const REVISIONS: Bucket = Bucket::of_seller("revisions", 140 / 2 / 2, DAY);
/// The revisions for what takes one.
pub const REVISIONS_SINGLE: Bucket = Bucket::of_seller("revisions_single", 70 / 2, DAY);
/// The revisions that are held back, in pairs.
pub const REVISIONS_TO_ZERO: Bucket = Bucket::of_seller("revisions_to_zero", 40 / 2 / 2, DAY);

/// Largest answer that is read of a call that answers for one or 25 things.
const ANSWER_BYTES: usize = 4 << 20;
/// Largest page of orders or items: 200 records of well under 64 KiB each.
const PAGE_BYTES: usize = 32 << 20;
/// Largest answer that is read of a call for a token or a key.
const TOKEN_BYTES: usize = 1 << 20;
/// How long eBay may take to receive and keep a picture of 12 MB over a slow line.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(180);

const INVENTORY_BUCKETS: &[Bucket] = &[INVENTORY, POLITE];
const FULFILLMENT_BUCKETS: &[Bucket] = &[FULFILLMENT, POLITE];
const ACCOUNT_BUCKETS: &[Bucket] = &[ACCOUNT, POLITE];
const TAXONOMY_BUCKETS: &[Bucket] = &[TAXONOMY, POLITE];
const METADATA_BUCKETS: &[Bucket] = &[METADATA, POLITE];
const IDENTITY_BUCKETS: &[Bucket] = &[IDENTITY, POLITE];
// Asked right after a refusal for now: it must not wait for what has just been refused.
const ANALYTICS_BUCKETS: &[Bucket] = &[ANALYTICS];
const FEED_BUCKETS: &[Bucket] = &[FEED, POLITE];
const REPORT_BUCKETS: &[Bucket] = &[REPORTS, FEED, POLITE];
const MEDIA_BUCKETS: &[Bucket] = &[MEDIA, POLITE];
const POST_ORDER_BUCKETS: &[Bucket] = &[POST_ORDER, POLITE];
const RETURN_BUCKETS: &[Bucket] = &[RETURNS, POLITE];
const INQUIRY_BUCKETS: &[Bucket] = &[INQUIRIES, POLITE];
const CASE_BUCKETS: &[Bucket] = &[CASES, POLITE];
const FINANCES_BUCKETS: &[Bucket] = &[FINANCES, POLITE];
const MESSAGE_BUCKETS: &[Bucket] = &[MESSAGES, POLITE];
const DISPUTE_BUCKETS: &[Bucket] = &[DISPUTES, POLITE];
const UPLOAD_BUCKETS: &[Bucket] = &[MEDIA_POSTS, MEDIA, POLITE];
const USER_TOKEN_BUCKETS: &[Bucket] = &[USER_TOKENS, POLITE];
const APPLICATION_TOKEN_BUCKETS: &[Bucket] = &[APPLICATION_TOKENS, POLITE];
const CONSENT_TOKEN_BUCKETS: &[Bucket] = &[CONSENT_TOKENS, POLITE];
const SIGNING_KEY_BUCKETS: &[Bucket] = &[SIGNING_KEYS, POLITE];

macro_rules! specs {
    ($(
        $(#[$doc:meta])*
        $name:ident = $operation:literal, $buckets:ident, $repeat:ident, $bytes:ident
            $(, $how:ident($($with:expr)?))*;
    )*) => {
        $(
            $(#[$doc])*
            pub static $name: CallSpec =
                CallSpec::new($operation, $buckets, Repeat::$repeat, $bytes)
                    $(.$how($($with)?))*;
        )*

        /// Every call that the adapter makes, for whoever checks that none is left out.
        pub static SPECS: &[&CallSpec] = &[$(&$name),*];
    };
}

specs! {
    /// Writes up to 25 items whole.
    BULK_ITEMS = "bulkCreateOrReplaceInventoryItem", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads up to 25 items.
    BULK_GET_ITEMS = "bulkGetInventoryItem", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Creates up to 25 offers.
    BULK_CREATE_OFFER = "bulkCreateOffer", INVENTORY_BUCKETS, Harmful, ANSWER_BYTES;
    /// Publishes up to 25 offers.
    BULK_PUBLISH = "bulkPublishOffer", INVENTORY_BUCKETS, Harmful, ANSWER_BYTES;
    /// Writes one offer whole.
    UPDATE_OFFER = "updateOffer", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Sets prices and quantities of up to 25 SKUs.
    PRICE_QUANTITY = "bulkUpdatePriceQuantity", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Ends one listing.
    WITHDRAW = "withdrawOffer", INVENTORY_BUCKETS, Harmful, ANSWER_BYTES;
    /// Reads a group of variations.
    GET_GROUP = "getInventoryItemGroup", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Writes a group of variations whole.
    PUT_GROUP = "createOrReplaceInventoryItemGroup", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Removes a group of variations.
    DELETE_GROUP = "deleteInventoryItemGroup", INVENTORY_BUCKETS, Harmful, ANSWER_BYTES;
    /// Makes a group one listing.
    PUBLISH_GROUP = "publishOfferByInventoryItemGroup", INVENTORY_BUCKETS, Harmful, ANSWER_BYTES;
    /// Ends a group's listing.
    WITHDRAW_GROUP = "withdrawOfferByInventoryItemGroup", INVENTORY_BUCKETS, Harmful, ANSWER_BYTES;
    /// Reads the offers of a SKU.
    GET_OFFERS = "getOffers", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads an offer.
    GET_OFFER = "getOffer", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads an item.
    GET_ITEM = "getInventoryItem", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads a page of items.
    GET_ITEMS = "getInventoryItems", INVENTORY_BUCKETS, Harmless, PAGE_BYTES;
    /// Reads locations.
    GET_LOCATIONS = "getInventoryLocations", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads a page of orders.
    GET_ORDERS = "getOrders", FULFILLMENT_BUCKETS, Harmless, PAGE_BYTES;
    /// Reads an order.
    GET_ORDER = "getOrder", FULFILLMENT_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads the shipments of an order.
    GET_SHIPMENTS = "getShippingFulfillments", FULFILLMENT_BUCKETS, Harmless, ANSWER_BYTES;
    /// Tells of a shipment.
    SHIP = "createShippingFulfillment", FULFILLMENT_BUCKETS, Harmful, ANSWER_BYTES;
    /// Cancels an order.
    CANCEL = "createCancellation", POST_ORDER_BUCKETS, Harmful, ANSWER_BYTES;
    /// Asks whether an order can be cancelled; it changes nothing.
    CHECK_CANCEL = "checkCancellationEligibility", POST_ORDER_BUCKETS, Harmless, ANSWER_BYTES;
    /// Gives money back.
    REFUND = "issueRefund", FULFILLMENT_BUCKETS, Harmful, ANSWER_BYTES;
    /// Agrees to a buyer's wish to cancel.
    APPROVE_CANCEL = "approveCancellation", POST_ORDER_BUCKETS, Harmful, ANSWER_BYTES;
    /// Reads requests to cancel.
    SEARCH_CANCELLATIONS = "searchCancellations", POST_ORDER_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads returns.
    SEARCH_RETURNS = "searchReturns", RETURN_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads what did not come.
    SEARCH_INQUIRIES = "searchInquiries", INQUIRY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads cases that eBay decides.
    SEARCH_CASES = "searchCases", CASE_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads payment disputes.
    GET_DISPUTES = "getPaymentDisputeSummaries", DISPUTE_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads a page of transactions.
    GET_TRANSACTIONS = "getTransactions", FINANCES_BUCKETS, Harmless, PAGE_BYTES;
    /// Reads a return.
    GET_RETURN = "getReturn", RETURN_BUCKETS, Harmless, ANSWER_BYTES;
    /// Agrees to a return, or does not.
    DECIDE_RETURN = "processReturnRequest", RETURN_BUCKETS, Harmful, ANSWER_BYTES;
    /// Says that what was sent back has come.
    RETURN_RECEIVED = "markReturnReceived", RETURN_BUCKETS, Harmful, ANSWER_BYTES;
    /// Gives the money of a return back.
    REFUND_RETURN = "issueReturnRefund", RETURN_BUCKETS, Harmful, ANSWER_BYTES;
    /// Reads an inquiry.
    GET_INQUIRY = "getInquiry", INQUIRY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Says how goods were sent that did not come.
    PROVIDE_SHIPMENT = "provideInquiryShipmentInfo", INQUIRY_BUCKETS, Harmful, ANSWER_BYTES;
    /// Gives the money of an inquiry back.
    REFUND_INQUIRY = "issueInquiryRefund", INQUIRY_BUCKETS, Harmful, ANSWER_BYTES;
    /// Reads a case that eBay decides.
    GET_CASE = "getCase", CASE_BUCKETS, Harmless, ANSWER_BYTES;
    /// Gives the money of a case back.
    REFUND_CASE = "issueCaseRefund", CASE_BUCKETS, Harmful, ANSWER_BYTES;
    /// Reads a payment dispute.
    GET_DISPUTE = "getPaymentDispute", DISPUTE_BUCKETS, Harmless, ANSWER_BYTES;
    /// Accepts a payment dispute.
    ACCEPT_DISPUTE = "acceptPaymentDispute", DISPUTE_BUCKETS, Harmful, ANSWER_BYTES;
    /// Puts a file at eBay that shows something in a payment dispute. One that is put there twice
    /// is there twice, unseen until it is added; both count among the files that eBay takes.
    UPLOAD_EVIDENCE = "uploadEvidenceFile", DISPUTE_BUCKETS, Harmless, ANSWER_BYTES,
        within(UPLOAD_TIMEOUT);
    /// Adds files to a payment dispute.
    ADD_EVIDENCE = "addEvidence", DISPUTE_BUCKETS, Harmful, ANSWER_BYTES;
    /// Contests a payment dispute.
    CONTEST_DISPUTE = "contestPaymentDispute", DISPUTE_BUCKETS, Harmful, ANSWER_BYTES;
    /// Does not agree to a buyer's wish to cancel.
    REJECT_CANCEL = "rejectCancellation", POST_ORDER_BUCKETS, Harmful, ANSWER_BYTES;
    /// Reads conversations with members.
    GET_CONVERSATIONS = "getConversations", MESSAGE_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads the messages of a conversation.
    GET_CONVERSATION = "getConversation", MESSAGE_BUCKETS, Harmless, ANSWER_BYTES;
    /// Writes to a member.
    SEND_MESSAGE = "sendMessage", MESSAGE_BUCKETS, Harmful, ANSWER_BYTES;
    /// Marks a conversation as read; again does no harm.
    UPDATE_CONVERSATION = "updateConversation", MESSAGE_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads what the seller may do.
    GET_PRIVILEGES = "getPrivileges", ACCOUNT_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads who the seller is.
    GET_USER = "getUser", IDENTITY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads how many calls are left today.
    GET_RATE_LIMITS = "getRateLimits", ANALYTICS_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads how many calls are left today for this seller.
    GET_USER_RATE_LIMITS = "getUserRateLimits", ANALYTICS_BUCKETS, Harmless, ANSWER_BYTES;
    /// Joins a program; again does no harm (409).
    OPT_IN = "optInToProgram", ACCOUNT_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads a location.
    GET_LOCATION = "getInventoryLocation", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Takes a disabled location into use; again does no harm.
    ENABLE_LOCATION = "enableInventoryLocation", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Creates a place that goods ship from; again does no harm (409).
    CREATE_LOCATION = "createInventoryLocation", INVENTORY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads the seller's programs.
    GET_PROGRAMS = "getOptedInPrograms", ACCOUNT_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads shipping policies.
    GET_FULFILLMENT_POLICIES = "getFulfillmentPolicies", ACCOUNT_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads payment policies.
    GET_PAYMENT_POLICIES = "getPaymentPolicies", ACCOUNT_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads return policies.
    GET_RETURN_POLICIES = "getReturnPolicies", ACCOUNT_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads which tree a site's categories stand in.
    GET_TREE_ID = "getDefaultCategoryTreeId", TAXONOMY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads which categories have others in their place.
    GET_EXPIRED = "getExpiredCategories", TAXONOMY_BUCKETS, Harmless, PAGE_BYTES;
    /// Reads category suggestions.
    GET_SUGGESTIONS = "getCategorySuggestions", TAXONOMY_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads a category's aspects; their values are many.
    GET_ASPECTS = "getItemAspectsForCategory", TAXONOMY_BUCKETS, Harmless, PAGE_BYTES;
    /// Reads whether a category shows variants as one listing.
    GET_STRUCTURES = "getListingStructurePolicies", METADATA_BUCKETS, Harmless, ANSWER_BYTES;
    /// Asks for a report of everything that is live. One that is asked for twice is there twice.
    CREATE_REPORT = "createInventoryTask", REPORT_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads how far a report is.
    GET_REPORT = "getInventoryTask", FEED_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads the file of a report.
    GET_REPORT_FILE = "getResultFile", FEED_BUCKETS, Harmless, PAGE_BYTES;
    /// Makes listings of other means ones of the Inventory API.
    MIGRATE = "bulkMigrateListing", INVENTORY_BUCKETS, Harmful, ANSWER_BYTES;
    /// Reads where a picture is that was put there.
    GET_PICTURE = "getImage", MEDIA_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads a category's conditions.
    GET_CONDITIONS = "getItemConditionPolicies", METADATA_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads what goods of a category must tell by law.
    GET_REGULATORY = "getRegulatoryPolicies", METADATA_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads the words of codes that tell how safe goods are.
    GET_SAFETY_LABELS = "getProductSafetyLabels", METADATA_BUCKETS, Harmless, ANSWER_BYTES;
    /// Reads the words of codes that tell what is dangerous about goods.
    GET_HAZARD_LABELS = "getHazardousMaterialsLabels", METADATA_BUCKETS, Harmless, ANSWER_BYTES;
    /// Puts a picture there. One that is put there twice is there twice, unseen until a listing
    /// shows it.
    UPLOAD_PICTURE = "createImageFromFile", UPLOAD_BUCKETS, Harmless, ANSWER_BYTES,
        within(UPLOAD_TIMEOUT);
    /// Fetches an access token with the seller's refresh token.
    USER_TOKEN = "refreshToken", USER_TOKEN_BUCKETS, Harmless, TOKEN_BYTES, open();
    /// Fetches a token of the application itself.
    APPLICATION_TOKEN = "clientCredentials", APPLICATION_TOKEN_BUCKETS, Harmless, TOKEN_BYTES,
        open();
    /// Exchanges the code of a consent for the seller's tokens. It is good once.
    CONSENT_TOKEN = "exchangeCode", CONSENT_TOKEN_BUCKETS, Harmful, TOKEN_BYTES, open();
    /// Asks whose tokens a consent gave. It brings the fresh token itself.
    CONSENT_SELLER_ID = "getUser", IDENTITY_BUCKETS, Harmless, ANSWER_BYTES, open();
    /// Makes a key for digital signatures. It brings the application's token itself, for it is
    /// made while a call is being authorized.
    CREATE_SIGNING_KEY = "createSigningKey", SIGNING_KEY_BUCKETS, Harmful, TOKEN_BYTES, open();
}
