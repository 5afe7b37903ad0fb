//! The table of commands: each command's name, its request and response, and what it reads and
//! touches. The router below and the window's bindings are made from it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::account_facts::{
    AccountChoicesRequest, AccountChoicesResponse, AccountLimitsRequest, AccountLimitsResponse,
};
use crate::account_mend::{AccountMendRequest, AccountMendResponse};
use crate::accounts::{
    AccountAddRequest, AccountCheckResponse, AccountNameRequest, AccountResponse,
    AccountSetRequest, AccountsRequest, AccountsResponse, MarketplacesRequest,
    MarketplacesResponse,
};
use crate::api::Api;
use crate::batches::{EditUndoRequest, EditUndoResponse, EditsRequest, EditsResponse};
use crate::block::{SetBlockRequest, SetBlockResponse};
use crate::bulk::{SetManyRequest, SetManyResponse};
use crate::cases::{CaseActRequest, CasesRequest, CasesResponse};
use crate::category::{CategorySearchRequest, CategorySearchResponse};
use crate::causes::{
    ListingCountsRequest, ListingCountsResponse, ListingRetryRequest, ProblemCausesRequest,
    ProblemCausesResponse,
};
use crate::consent::{
    AccountConsentFinishRequest, AccountConsentFinishResponse, AccountConsentResponse,
};
use crate::elsewhere::{
    ElsewhereRequest, ElsewhereResponse, ListingTakeOverRequest, ListingTakeOverResponse,
};
use crate::error::{ApiError, ApiErrorKind, Result, Why};
use crate::export::{ExportRequest, ExportResponse};
use crate::families::ListingFamilyRequest;
use crate::fields::{SetRequest, SetResponse};
use crate::home::{HomeRequest, HomeResponse};
use crate::import_stage::{
    ImportApplyRequest, ImportApplyResponse, ImportDropRequest, ImportErrorsRequest,
    ImportIssuesRequest, ImportIssuesResponse, ImportOpenRequest, ImportOpenResponse,
    ImportPreviewRequest, ImportPreviewResponse, ImportRowsRequest, ImportRowsResponse,
};
use crate::imports::{
    ImportRequest, ImportResponse, ImportsRequest, ImportsResponse, UndoRequest, UndoResponse,
};
use crate::listing_explain::{ListingExplainRequest, ListingExplainResponse};
use crate::listings::{ListingAddRequest, ListingPickRequest, ListingsRequest, ListingsResponse};
use crate::listings_many::{ListingsManyRequest, ListingsManyResponse};
use crate::messages::{
    MessageAnswerRequest, MessageAnswerResponse, MessageTakeBackRequest, MessageThreadRequest,
    MessageThreadResponse, MessagesRequest, MessagesResponse,
};
use crate::order_detail::OrderDetailResponse;
use crate::order_list::{
    OrderCountsRequest, OrderCountsResponse, OrderRowsRequest, OrderRowsResponse,
};
use crate::order_undo::{ShipTakeBackRequest, ShipTakeBackResponse};
use crate::order_work::{
    CancelPreviewRequest, CancelPreviewResponse, OrdersPickRequest, PackingSlipsResponse,
    PickListResponse, ShipManyRequest, ShipManyResponse, UnmatchedLinesRequest,
    UnmatchedLinesResponse,
};
use crate::orders::{
    CancelOrderRequest, MatchLineRequest, OrderActionResponse, OrderRequest, OrderResponse,
    OrdersRequest, OrdersResponse, RefundOrderRequest, ShipOrderRequest,
};
use crate::overrides::ListingSetRequest;
use crate::pictures::ProductImagesAddRequest;
use crate::place::{PlaceRequest, PlaceResponse};
use crate::plan_rows::{PlanRowsRequest, PlanRowsResponse};
use crate::practice_start::{PracticeStartRequest, PracticeStartResponse};
use crate::problems::{ProblemsRequest, ProblemsResponse};
use crate::product_detail::{
    HistoryResponse, ProductListingsRequest, ProductListingsResponse, SkuPageRequest,
    StockLedgerResponse,
};
use crate::product_list::{
    BrandsRequest, BrandsResponse, ProductsCountRequest, ProductsCountResponse,
};
use crate::product_make::{
    ProductMakeRequest, ProductMakeResponse, ProductsRemoveRequest, ProductsRemoveResponse,
};
use crate::products::{
    ProductRequest, ProductResponse, ProductsRequest, ProductsResponse, StockRequest, StockResponse,
};
use crate::quarantine::{QuarantineRequest, QuarantineResponse};
use crate::reading_back::{
    AdoptResponse, CompareResponse, ListingAdoptRequest, ListingCompareRequest,
};
use crate::receipts::{ReceiptsRequest, ReceiptsResponse};
use crate::report::ActionReport;
use crate::runs::{RunCancelRequest, RunCancelResponse};
use crate::sync::{
    PlanRequest, PlanResponse, PullRequest, PullResponse, PushRequest, PushResponse, SyncRequest,
    SyncResponse,
};
use crate::sync_views::{
    HeldAnswerRequest, HeldGroupsRequest, HeldGroupsResponse, HeldRowsRequest, HeldRowsResponse,
    OutboxRequest, OutboxResponse,
};
use crate::window::{SettingsRequest, SettingsResponse, SettingsSetRequest};

/// What an answer depends on, and what a command changes: an answer that was read under a tag is
/// out of date when a command touches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CacheTag {
    /// Accounts and their settings.
    Accounts,
    /// Imports that were applied.
    Imports,
    /// Products, variants and kits.
    Products,
    /// Stock on hand and reserved.
    Stock,
    /// Listings.
    Listings,
    /// Orders.
    Orders,
    /// What buyers write.
    Messages,
    /// Open problems.
    Problems,
    /// Receipts and the outbox.
    Receipts,
    /// Records that could not be read.
    Quarantine,
    /// What was chosen for the window.
    Settings,
}

impl CacheTag {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Accounts,
        Self::Imports,
        Self::Products,
        Self::Stock,
        Self::Listings,
        Self::Orders,
        Self::Messages,
        Self::Problems,
        Self::Receipts,
        Self::Quarantine,
        Self::Settings,
    ];
}

/// A command of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// The type of its request.
    pub request: &'static str,
    /// The type of its response.
    pub response: &'static str,
    /// What its answer depends on.
    pub reads: &'static [CacheTag],
    /// What it changes.
    pub touches: &'static [CacheTag],
    /// Whether it takes long: its request may name a `run`, under which it is watched and stopped.
    pub runs: bool,
}

macro_rules! marked {
    () => {
        false
    };
    (runs) => {
        true
    };
}

macro_rules! commands {
    ($($name:ident($request:ty) -> $response:ty,
        reads [$($read:ident),*], touches [$($touch:ident),*] $(, $runs:ident)?;)*) => {
        /// All commands, in the order in which they are documented.
        pub const COMMANDS: &[Command] = &[$(Command {
            name: stringify!($name),
            request: stringify!($request),
            response: stringify!($response),
            reads: &[$(CacheTag::$read),*],
            touches: &[$(CacheTag::$touch),*],
            runs: marked!($($runs)?),
        },)*];

        /// Requests and responses of the table, for the window's bindings.
        #[cfg(feature = "typescript")]
        pub(crate) fn shapes(
            types: &mut crate::typescript::Types,
        ) -> Vec<crate::typescript::Shape> {
            vec![$(types.command::<$request, $response>(),)*]
        }

        impl Api {
            async fn route(&self, name: &str, request: Value) -> Result<Value> {
                match name {
                    $(stringify!($name) => {
                        let request: $request = read(request)?;
                        let response: $response = Box::pin(self.$name(request)).await?;
                        written(&response)
                    })*
                    _ => Err(ApiError::invalid(Why::CommandUnknown).param("command", name)),
                }
            }
        }
    };
}

commands! {
    marketplaces(MarketplacesRequest) -> MarketplacesResponse, reads [], touches [];
    accounts(AccountsRequest) -> AccountsResponse, reads [Accounts, Listings], touches [];
    account_add(AccountAddRequest) -> AccountResponse, reads [], touches [Accounts];
    account_set(AccountSetRequest) -> AccountResponse,
        reads [], touches [Accounts, Listings, Problems];
    account_check(AccountNameRequest) -> AccountCheckResponse, reads [Accounts], touches [];
    account_mend(AccountMendRequest) -> AccountMendResponse,
        reads [], touches [Accounts, Listings, Problems];
    account_consent(AccountNameRequest) -> AccountConsentResponse, reads [], touches [];
    account_consent_finish(AccountConsentFinishRequest) -> AccountConsentFinishResponse,
        reads [], touches [Accounts, Problems];
    account_choices(AccountChoicesRequest) -> AccountChoicesResponse,
        reads [Accounts], touches [];
    category_search(CategorySearchRequest) -> CategorySearchResponse,
        reads [Accounts], touches [];
    account_limits(AccountLimitsRequest) -> AccountLimitsResponse,
        reads [Accounts, Receipts, Orders], touches [];
    account_remove(AccountNameRequest) -> AccountResponse,
        reads [],
        touches [Accounts, Listings, Orders, Messages, Problems, Receipts, Quarantine];
    import(ImportRequest) -> ImportResponse,
        reads [Products, Stock], touches [Imports, Products, Stock, Listings], runs;
    import_open(ImportOpenRequest) -> ImportOpenResponse, reads [Imports], touches [];
    import_preview(ImportPreviewRequest) -> ImportPreviewResponse,
        reads [], touches [], runs;
    import_rows(ImportRowsRequest) -> ImportRowsResponse, reads [Products, Stock], touches [];
    import_issues(ImportIssuesRequest) -> ImportIssuesResponse,
        reads [Products, Stock], touches [];
    import_apply(ImportApplyRequest) -> ImportApplyResponse,
        reads [], touches [Imports, Products, Stock, Listings], runs;
    import_errors(ImportErrorsRequest) -> ActionReport, reads [Products, Stock], touches [];
    import_drop(ImportDropRequest) -> ActionReport, reads [], touches [];
    imports(ImportsRequest) -> ImportsResponse, reads [Imports], touches [];
    undo(UndoRequest) -> UndoResponse, reads [], touches [Imports, Products, Stock, Listings];
    products(ProductsRequest) -> ProductsResponse,
        reads [Products, Stock, Listings, Problems, Receipts, Accounts], touches [];
    products_count(ProductsCountRequest) -> ProductsCountResponse,
        reads [Products, Stock, Listings, Problems, Receipts, Accounts], touches [];
    brands(BrandsRequest) -> BrandsResponse, reads [Products], touches [];
    product(ProductRequest) -> ProductResponse, reads [Products, Stock], touches [];
    product_listings(ProductListingsRequest) -> ProductListingsResponse,
        reads [Products, Stock, Listings, Problems, Receipts, Accounts], touches [];
    stock_ledger(SkuPageRequest) -> StockLedgerResponse, reads [Stock, Products], touches [];
    history(SkuPageRequest) -> HistoryResponse, reads [Products, Stock], touches [];
    product_make(ProductMakeRequest) -> ProductMakeResponse,
        reads [], touches [Products, Stock, Listings];
    products_remove(ProductsRemoveRequest) -> ProductsRemoveResponse,
        reads [Products, Stock, Listings, Orders, Receipts],
        touches [Products, Stock, Listings, Problems, Receipts];
    set(SetRequest) -> SetResponse, reads [], touches [Products, Stock, Listings];
    product_images_add(ProductImagesAddRequest) -> SetResponse,
        reads [], touches [Products, Listings];
    set_block(SetBlockRequest) -> SetBlockResponse,
        reads [], touches [Products, Stock, Listings];
    set_many(SetManyRequest) -> SetManyResponse, reads [], touches [Products, Stock, Listings];
    edits(EditsRequest) -> EditsResponse, reads [Products, Stock, Listings], touches [];
    edit_undo(EditUndoRequest) -> EditUndoResponse,
        reads [], touches [Products, Stock, Listings, Problems];
    edit_redo(EditUndoRequest) -> EditUndoResponse,
        reads [], touches [Products, Stock, Listings, Problems];
    stock(StockRequest) -> StockResponse, reads [], touches [Products, Stock, Listings];
    listings(ListingsRequest) -> ListingsResponse,
        reads [Listings, Products, Accounts, Problems], touches [];
    listing_counts(ListingCountsRequest) -> ListingCountsResponse,
        reads [Listings, Products, Stock, Accounts, Problems, Receipts], touches [];
    problem_causes(ProblemCausesRequest) -> ProblemCausesResponse,
        reads [Problems, Listings, Accounts], touches [];
    listing_retry(ListingRetryRequest) -> ActionReport, reads [], touches [Listings, Problems];
    listing_add(ListingAddRequest) -> ActionReport, reads [], touches [Listings];
    listing_set(ListingSetRequest) -> ActionReport, reads [], touches [Listings, Problems];
    listing_pause(ListingPickRequest) -> ActionReport, reads [], touches [Listings];
    listing_resume(ListingPickRequest) -> ActionReport, reads [], touches [Listings];
    listing_family(ListingFamilyRequest) -> ActionReport,
        reads [], touches [Listings, Problems];
    listing_end(ListingPickRequest) -> ActionReport, reads [], touches [Listings];
    listings_many(ListingsManyRequest) -> ListingsManyResponse,
        reads [Listings, Products, Stock, Accounts, Problems, Receipts],
        touches [Listings, Problems];
    listing_adopt(ListingAdoptRequest) -> AdoptResponse,
        reads [], touches [Products, Stock, Listings, Problems], runs;
    listing_compare(ListingCompareRequest) -> CompareResponse,
        reads [], touches [Listings, Problems], runs;
    listing_elsewhere(ElsewhereRequest) -> ElsewhereResponse,
        reads [Listings, Products, Accounts], touches [];
    listing_take_over(ListingTakeOverRequest) -> ListingTakeOverResponse,
        reads [], touches [Listings];
    listing_explain(ListingExplainRequest) -> ListingExplainResponse,
        reads [Listings, Products, Stock, Accounts], touches [];
    plan(PlanRequest) -> PlanResponse, reads [Listings, Products, Stock, Accounts], touches [];
    plan_rows(PlanRowsRequest) -> PlanRowsResponse,
        reads [Listings, Products, Stock, Accounts], touches [];
    held_groups(HeldGroupsRequest) -> HeldGroupsResponse,
        reads [Receipts, Listings, Products, Accounts], touches [];
    held_rows(HeldRowsRequest) -> HeldRowsResponse,
        reads [Receipts, Listings, Products, Accounts], touches [];
    held_approve(HeldAnswerRequest) -> ActionReport, reads [], touches [Receipts, Listings];
    held_drop(HeldAnswerRequest) -> ActionReport, reads [], touches [Receipts, Listings];
    outbox(OutboxRequest) -> OutboxResponse, reads [Receipts, Orders, Accounts], touches [];
    push(PushRequest) -> PushResponse,
        reads [],
        touches [Accounts, Listings, Orders, Messages, Stock, Problems, Receipts, Quarantine],
        runs;
    pull(PullRequest) -> PullResponse,
        reads [], touches [Accounts, Orders, Messages, Stock, Problems, Quarantine], runs;
    sync(SyncRequest) -> SyncResponse,
        reads [],
        touches [Accounts, Listings, Orders, Messages, Stock, Problems, Receipts, Quarantine],
        runs;
    orders(OrdersRequest) -> OrdersResponse, reads [Orders, Accounts], touches [];
    order(OrderRequest) -> OrderResponse, reads [Orders, Accounts], touches [];
    order_rows(OrderRowsRequest) -> OrderRowsResponse,
        reads [Orders, Accounts, Problems, Receipts], touches [];
    order_counts(OrderCountsRequest) -> OrderCountsResponse,
        reads [Orders, Problems], touches [];
    order_detail(OrderRequest) -> OrderDetailResponse,
        reads [Orders, Accounts, Problems, Receipts, Stock, Products], touches [];
    cases(CasesRequest) -> CasesResponse, reads [Orders, Accounts], touches [];
    case_act(CaseActRequest) -> OrderActionResponse,
        reads [], touches [Orders, Receipts, Settings];
    messages(MessagesRequest) -> MessagesResponse,
        reads [Messages, Orders, Accounts], touches [];
    message_thread(MessageThreadRequest) -> MessageThreadResponse,
        reads [Messages, Orders, Accounts], touches [];
    message_read(MessageThreadRequest) -> MessageThreadResponse, reads [], touches [Messages];
    message_answer(MessageAnswerRequest) -> MessageAnswerResponse,
        reads [], touches [Messages, Receipts];
    message_take_back(MessageTakeBackRequest) -> MessageThreadResponse,
        reads [], touches [Messages, Receipts];
    unmatched_lines(UnmatchedLinesRequest) -> UnmatchedLinesResponse,
        reads [Orders, Accounts, Products], touches [];
    pick_list(OrdersPickRequest) -> PickListResponse, reads [Orders, Stock, Products], touches [];
    packing_slips(OrdersPickRequest) -> PackingSlipsResponse, reads [Orders], touches [];
    cancel_preview(CancelPreviewRequest) -> CancelPreviewResponse,
        reads [Orders, Receipts, Stock], touches [];
    ship_many(ShipManyRequest) -> ShipManyResponse, reads [], touches [Orders, Receipts];
    ship(ShipOrderRequest) -> OrderActionResponse, reads [], touches [Orders, Receipts];
    ship_take_back(ShipTakeBackRequest) -> ShipTakeBackResponse,
        reads [], touches [Orders, Receipts];
    order_erase(OrderRequest) -> OrderActionResponse,
        reads [], touches [Orders, Messages, Quarantine];
    cancel(CancelOrderRequest) -> OrderActionResponse, reads [], touches [Orders, Receipts];
    order_cancel_reject(OrderRequest) -> OrderActionResponse,
        reads [], touches [Orders, Receipts];
    refund(RefundOrderRequest) -> OrderActionResponse, reads [], touches [Orders, Receipts];
    match_line(MatchLineRequest) -> OrderActionResponse,
        reads [], touches [Orders, Stock, Problems, Listings];
    problems(ProblemsRequest) -> ProblemsResponse, reads [Problems, Accounts], touches [];
    receipts(ReceiptsRequest) -> ReceiptsResponse, reads [Receipts, Accounts, Orders], touches [];
    quarantine(QuarantineRequest) -> QuarantineResponse, reads [Quarantine], touches [];
    quarantine_retry(QuarantineRequest) -> ActionReport,
        reads [], touches [Quarantine, Orders, Stock];
    home(HomeRequest) -> HomeResponse,
        reads [Accounts, Listings, Orders, Messages, Problems, Receipts, Quarantine, Products],
        touches [];
    practice_start(PracticeStartRequest) -> PracticeStartResponse,
        reads [],
        touches [Accounts, Imports, Products, Stock, Listings, Orders, Messages, Problems,
            Receipts],
        runs;
    place(PlaceRequest) -> PlaceResponse, reads [Accounts], touches [];
    settings(SettingsRequest) -> SettingsResponse, reads [Settings], touches [];
    settings_set(SettingsSetRequest) -> SettingsResponse, reads [], touches [Settings];
    run_cancel(RunCancelRequest) -> RunCancelResponse, reads [], touches [];
    export(ExportRequest) -> ExportResponse,
        reads [Products, Stock, Listings, Orders], touches [];
}

impl Api {
    /// Does a command of the table. The request is a JSON object; its `locale` says in which
    /// language the answer is, and `run` under which name a long command is watched and stopped.
    /// Nothing is an empty object. Listeners are told what it touched, done or not; a preview
    /// touches nothing.
    pub async fn call(&self, name: &str, mut request: Value) -> Result<Value> {
        if request.is_null() {
            request = Value::Object(serde_json::Map::new());
        }
        let is_preview = request.get("preview") == Some(&Value::Bool(true));
        let mut take = |field: &str| {
            let found = request.as_object_mut()?.shift_remove(field)?;
            found.as_str().map(str::to_owned)
        };
        let mut api = match take("locale") {
            Some(locale) => self.speaking(&locale),
            None => self.clone(),
        };
        let command = COMMANDS.iter().find(|command| command.name == name);
        if command.is_some_and(|command| command.runs)
            && let Some(run) = take("run")
        {
            let begun = self.runs.begin(&run, &self.parts.events);
            api = api.running(begun.map_err(|error| error.told_in(&api.words))?);
        }
        let answer = api.route(name, request).await;
        if let Some(command) = command.filter(|_| !is_preview) {
            self.parts.events.touched(command.touches);
        }
        answer.map_err(|error| error.told_in(&api.words))
    }
}

fn read<T: DeserializeOwned>(request: Value) -> Result<T> {
    serde_json::from_value(request)
        .map_err(|error| ApiError::invalid(Why::RequestInvalid).param("reason", error))
}

fn written(response: &impl Serialize) -> Result<Value> {
    serde_json::to_value(response)
        .map_err(|error| ApiError::new(ApiErrorKind::Internal).param("reason", error))
}
