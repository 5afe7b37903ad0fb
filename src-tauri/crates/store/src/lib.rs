//! The catalogue: one SQLite file on the seller's machine, and everything that is kept in it.
//!
//! A [`Store`] is opened on a file. [`Store::read`] gives a [`Reader`], a consistent view that
//! cannot write; [`Store::write`] gives a [`Writer`], one transaction that is kept whole or not at
//! all. Each table has a file of its own with its types, reads, writes and tests; the methods
//! stand on `Reader` and `Writer`. The schema is `schema.sql`, made by the numbered files in
//! `migrations`.
//!
//! This crate decides nothing about marketplaces, parses no files, holds no secrets and waits for
//! nothing but the database: it is synchronous.
//!
//! Start reading at [`Store`], then `migrations/0001_catalogue.sql`, then the file of a table.

mod account;
mod acknowledged;
mod attempt;
mod available;
mod batch;
mod booking;
mod case;
mod causes;
mod cells;
mod choice;
mod cursor;
mod edit;
mod error;
mod export;
mod family;
mod fee;
mod field;
mod filter;
mod goods;
mod held;
mod home;
mod id_set;
mod import;
mod limits;
mod listing;
mod location;
mod lowered;
mod message;
mod message_answer;
mod message_erase;
mod migrate;
mod movement;
mod note;
mod observed;
mod order;
mod order_list;
mod order_search;
mod order_write;
mod outbox;
mod outbox_view;
mod page;
mod picking;
mod pictures;
mod problem;
mod product;
mod profile;
mod receipt;
mod requirement;
mod same_seller;
mod search;
mod settings;
mod settle;
mod shipment;
mod sql;
mod store;
mod view;
mod whole;

pub use account::{ACCOUNTS_MAX, NewAccount};
pub use attempt::{NewAttempt, OpenBatch, OpenKey, Sending};
pub use batch::{Batch, BatchId, BatchKind, BatchOutcome};
pub use booking::{Oversold, UnmatchedLine};
pub use case::{CASES_MAX, CaseQuery, CasesWaiting, StoredCase};
pub use causes::ListingCause;
pub use cells::{CELLS_SKUS_MAX, Cell, CellState};
pub use cursor::{NewQuarantined, Quarantined, StoredCursor};
pub use edit::{Edit, Value};
pub use error::StoreError;
pub use export::ExportRow;
pub use family::{FamilyFacts, NewFamily, ProductPlace, family_key};
pub use fee::StoredFee;
pub use field::Entity;
pub use filter::{BRANDS_MAX, Filter, ListingFilter};
pub use goods::{FirstMate, GOODS_MAX, Goods, ListedGoods, Mates, PartStock};
pub use held::{Answered, HeldGroup, HeldMark, HeldPick, HeldRow};
pub use home::{CancelAsked, CauseCount, Deadline, Sold, ToShip};
pub use import::{
    FieldChange, Import, ImportMeta, ImportPreview, IssueGroup, PREVIEW_ROWS_MAX, RowState,
    Skipped, StagedRow, Staging, Undone,
};
pub use limits::{LimitKey, LimitUse};
pub use listing::{
    LISTINGS_PAGE_MAX, ListingQuery, ListingRow, NewListing, Refused, Standing, Values,
};
pub use location::Location;
pub use message::{
    CONVERSATIONS_MAX, ConversationOrder, ConversationQuery, ConversationsWaiting, MESSAGES_MAX,
    StoredConversation, StoredMessage,
};
pub use message_answer::{AnswerCounts, AnswerEnd, DueAnswer};
pub use movement::{LedgerFault, LocationStock};
pub use note::NoteKey;
pub use order::{LineMatch, ORDERS_PAGE_MAX, OrderFilter, OrderKey, OrdersPage, StoredOrder};
pub use order_list::{OrderGroup, OrderListFilter, OrderListQuery, OrderRow, OrderSort, OrderTab};
pub use order_write::StoredAs;
pub use outbox::{AftersalesWish, Priority, QueuedChange, Sendable, Travelling, Waiting, Wish};
pub use outbox_view::OutboxCount;
pub use page::{CatalogueRow, KeyValue, PAGE_ROWS_MAX, Page, PageKey, Position, SortBy, SortOrder};
pub use picking::{PICK_ORDERS_MAX, Pick};
pub use pictures::{PictureKey, PicturePlace};
pub use problem::{OpenProblem, PROBLEMS_PAGE_MAX, ProblemAt, ProblemQuery};
pub use product::{Item, ProductDetail, SkuKind};
pub use profile::MappingProfile;
pub use receipt::{OutboxCounts, RECEIPTS_PAGE_MAX, ReceiptQuery, ReceiptRow};
pub use requirement::{AdviceOf, CurrencyRate};
pub use search::RESULTS_MAX;
pub use settle::Settlement;
pub use store::{OpenOptions, Reader, Store, Writer};
pub use view::{ProductQuery, View};
pub use whole::{Hanging, NewSku};
