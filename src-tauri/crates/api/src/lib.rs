//! The commands of Barrow: what the window and the command line both call.
//!
//! Each command is a method of [`Api`] with a typed request and a typed response. Requests,
//! responses, errors and the words for people are defined here, so that both faces say the same
//! thing in the same words. It decides nothing about marketplaces (that is `engine`), parses no
//! files (`intake`) and writes no SQL (`store`); it knows no single adapter and no window.
//!
//! Start reading at [`Api`], then `command.rs` (the table of commands), then the file of an area.

#![deny(missing_docs)]

mod account_facts;
mod account_mend;
mod accounts;
mod api;
mod batches;
mod block;
mod bulk;
mod bulk_edits;
mod cases;
mod category;
mod causes;
mod command;
mod consent;
mod elsewhere;
mod error;
mod events;
mod export;
mod families;
mod fields;
mod home;
mod import_profile;
mod import_run;
mod import_stage;
mod imports;
mod listing_explain;
mod listings;
mod listings_many;
mod mend;
mod messages;
mod order_columns;
mod order_detail;
mod order_document;
mod order_list;
mod order_undo;
mod order_work;
mod orders;
mod overrides;
mod pictures;
mod place;
mod plan_rows;
mod ports;
mod practice_start;
mod problems;
mod product_detail;
mod product_list;
mod product_make;
mod products;
mod quarantine;
mod reading_back;
mod receipts;
mod report;
mod runs;
mod sample;
mod settings;
mod sync;
mod sync_views;
#[cfg(feature = "typescript")]
mod typescript;
mod whole;
mod window;
mod words;

#[cfg(test)]
mod tests;

pub use account_facts::{
    AccountChoicesRequest, AccountChoicesResponse, AccountLimitsRequest, AccountLimitsResponse,
    AccountLimitsView, ChoiceView, LimitView, SettingChoices,
};
pub use account_mend::{AccountMendRequest, AccountMendResponse, CheckMendView, MendFieldView};
pub use accounts::{
    AccountAddRequest, AccountCheckResponse, AccountNameRequest, AccountResponse,
    AccountSetRequest, AccountView, AccountsRequest, AccountsResponse, CheckItemView, FieldView,
    GivenSecrets, MarketplaceView, MarketplacesRequest, MarketplacesResponse,
};
pub use api::{Api, ApiParts, SKUS_MAX};
pub use batches::{BatchView, EditUndoRequest, EditUndoResponse, EditsRequest, EditsResponse};
pub use block::{BlockRow, SetBlockRequest, SetBlockResponse};
pub use bulk::{BULK_SKUS_MAX, EditHow, FieldEdit, SetManyRequest, SetManyResponse, SetManyRow};
pub use cases::{CaseActRequest, CaseView, CasesRequest, CasesResponse};
pub use category::{CategorySearchRequest, CategorySearchResponse, CategoryView};
pub use causes::{
    CauseAccount, CauseView, ListingCounts, ListingCountsRequest, ListingCountsResponse,
    ListingRetryRequest, ProblemCausesRequest, ProblemCausesResponse, StandingCounts,
};
pub use command::{COMMANDS, CacheTag, Command};
pub use consent::{
    AccountConsentFinishRequest, AccountConsentFinishResponse, AccountConsentResponse, GivenText,
};
pub use elsewhere::{
    ElsewhereRequest, ElsewhereResponse, ElsewhereRow, ListingTakeOverRequest,
    ListingTakeOverResponse, TakenOverView,
};
pub use error::{ApiError, ApiErrorKind, NoTable, Result, Why};
pub use events::{Event, Events, Listening, RunStage};
pub use export::{ExportFormat, ExportRequest, ExportResponse, ExportWhat, OrdersShown};
pub use families::{FamilyView, ListingFamilyRequest, PlanFamilies};
pub use fields::{SetRequest, SetResponse};
pub use home::{
    AccountFacts, DeadlineView, HomeRequest, HomeResponse, NeedKind, NeedView, OutboxView,
    SalesView, SoldView, ToShipView,
};
pub use import_run::IMPORT_FAULT_POINTS;
pub use import_stage::{
    FieldCount, ImportApplyRequest, ImportApplyResponse, ImportDropRequest, ImportErrorsRequest,
    ImportIssuesRequest, ImportIssuesResponse, ImportOpenRequest, ImportOpenResponse,
    ImportPreviewRequest, ImportPreviewResponse, ImportRowsRequest, ImportRowsResponse,
    IssueGroupView, OpenColumn,
};
pub use imports::{
    Cancel, ColumnView, FieldChangeView, ImportControl, ImportForm, ImportProgress, ImportRequest,
    ImportResponse, ImportSummary, ImportView, ImportsRequest, ImportsResponse, IssueView,
    NamedValue, RowChange, UndoRequest, UndoResponse,
};
pub use listing_explain::{ListingExplainRequest, ListingExplainResponse};
pub use listings::{
    ListingAddRequest, ListingPickRequest, ListingView, ListingsRequest, ListingsResponse,
    ValuesView,
};
pub use listings_many::{
    ListingTurn, ListingsManyPlace, ListingsManyRequest, ListingsManyResponse, ListingsManyRow,
};
pub use mend::Mend;
pub use messages::{
    ConversationView, MessageAnswerRequest, MessageAnswerResponse, MessageTakeBackRequest,
    MessageThreadRequest, MessageThreadResponse, MessageView, MessagesRequest, MessagesResponse,
};
pub use order_detail::{
    FeeView, LineFacts, OrderActions, OrderDetailResponse, PlaceView, TimelineEntry, TimelineKind,
};
pub use order_document::{OrderDocument, OrderFee, OrderLineDocument};
pub use order_list::{
    OrderCountsRequest, OrderCountsResponse, OrderGroupView, OrderRowView, OrderRowsRequest,
    OrderRowsResponse, OrderTabCount,
};
pub use order_undo::{ShipTakeBackRequest, ShipTakeBackResponse};
pub use order_work::{
    CancelLine, CancelPreviewRequest, CancelPreviewResponse, OrdersPickRequest, PackingLine,
    PackingSlip, PackingSlipsResponse, PickListResponse, PickOrder, PickRow, ShipManyRequest,
    ShipManyResponse, UnmatchedLineView, UnmatchedLinesRequest, UnmatchedLinesResponse,
};
pub use orders::{
    CancelOrderRequest, MatchLineRequest, OrderActionResponse, OrderRequest, OrderResponse,
    OrdersRequest, OrdersResponse, RefundOrderRequest, ShipOrderRequest,
};
pub use overrides::ListingSetRequest;
pub use pictures::ProductImagesAddRequest;
pub use place::{PlaceRequest, PlaceResponse};
pub use plan_rows::{PlanRow, PlanRowsRequest, PlanRowsResponse, PlanState};
pub use ports::{EngineLock, KeysKept, LockHeld, PortError, Practice, PracticeConnection, Secrets};
pub use practice_start::{PracticeStartRequest, PracticeStartResponse};
pub use problems::{ProblemBody, ProblemCount, ProblemView, ProblemsRequest, ProblemsResponse};
pub use product_detail::{
    AttributeSource, AttributeView, HistoryResponse, ListingDetail, MovementView,
    ProductListingsRequest, ProductListingsResponse, SkuPageRequest, StockLedgerResponse,
};
pub use product_list::{
    BrandView, BrandsRequest, BrandsResponse, ListingCell, ProductsCountRequest,
    ProductsCountResponse,
};
pub use product_make::{
    ProductMakeRequest, ProductMakeResponse, ProductsRemoveRequest, ProductsRemoveResponse,
    ProductsRemoveRow, REMOVED_MAX,
};
pub use products::{
    EditView, KitPartView, KitView, LocationStockView, ProductRequest, ProductResponse,
    ProductView, ProductsRequest, ProductsResponse, SkuStockView, StockRequest, StockResponse,
};
pub use quarantine::{QuarantineRequest, QuarantineResponse, QuarantineView};
pub use reading_back::{
    AdoptResponse, CompareResponse, ListingAdoptRequest, ListingCompareRequest,
};
pub use receipts::{ReceiptView, ReceiptsRequest, ReceiptsResponse};
pub use report::{ActionReport, HeldItem, LISTED_MAX, RefusedItem};
pub use runs::{RunCancelRequest, RunCancelResponse};
pub use sample::write_sample;
pub use sync::{
    AccountPlan, AccountPullView, FilledDefault, OversoldView, PlanLine, PlanRequest, PlanResponse,
    PullRequest, PullResponse, PushRequest, PushResponse, SyncRequest, SyncResponse, UnmatchedView,
};
pub use sync_views::{
    ChangeGroup, HeldAnswerRequest, HeldGroupView, HeldGroupsRequest, HeldGroupsResponse,
    HeldRowView, HeldRowsRequest, HeldRowsResponse, HeldSeen, OutboxAccount, OutboxEntry,
    OutboxRequest, OutboxResponse, PlanGroup, PlanLane,
};
#[cfg(feature = "typescript")]
pub use typescript::{BindingsError, bindings};
pub use window::{Density, SettingsRequest, SettingsResponse, SettingsSetRequest, Theme};
pub use words::{LOCALES, Words};
