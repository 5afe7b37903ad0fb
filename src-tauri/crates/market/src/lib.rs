//! The contract between Barrow and marketplaces.
//!
//! An adapter implements [`Adapter`] and the roles that its marketplace has; [`Capability`] says
//! how much of each. The engine speaks to marketplaces through these traits alone. Nothing here
//! knows HTTP, SQL or a vendor.
//!
//! Each role's documentation lists what it *requires* of the caller and how it *behaves*; each
//! behaviour has a conformance test of that name which every adapter passes.
//!
//! Start reading at [`Adapter`], then [`Listings`] and [`Orders`].

mod adapter;
mod aftersales;
mod answers;
mod capability;
mod cases;
mod config;
mod consent;
mod core_role;
mod elsewhere;
mod error;
mod fees;
mod fill;
mod listings;
mod messages;
mod notes;
mod orders;
mod outcome;
mod pictures;

pub use adapter::{Adapter, Connection, Connector, Credentials, CredentialsError};
pub use aftersales::Aftersales;
pub use answers::{Answers, Ended, RETRY_LATER};
pub use capability::{Capability, Exclusion, Lane, Rate, check_batch};
pub use cases::{CasePage, CaseSource, Cases};
pub use config::{ConnectorInfo, Pages, SettingField, SettingKind};
pub use consent::{
    BrowserConsent, CONSENT_SELLER, CONSENT_TOLD_BEFORE, CONSENT_UNTIL, Consent, Consented,
    GIVEN_BYTES_MAX, consent_problem,
};
pub use core_role::{
    AttributeRule, CATEGORIES_MAX, Category, CategoryQuery, CategoryRules, Check, CheckItem,
    CheckMend, CheckState, Choice, Choices, Core, MendField, MendKind, Mended, SellingLimit,
    ValueBound, ValueForm,
};
pub use elsewhere::{Elsewhere, ListedThere, Report, TakenOver};
pub use error::{Error, ErrorKind, Result, Status};
pub use fees::{FeePage, Fees};
pub use fill::{Fill, KeptFill, MICRO};
pub use listings::{Listings, ObservePage};
pub use messages::{Answered, ConversationPage, Messages, Thread, is_same_text};
pub use notes::{MemoryNotes, Notes, NotesError};
pub use orders::{
    Cursor, OrderIssue, OrderPage, Orders, PulledOrder, RECORD_BYTES_MAX, RawRecord, Stream,
    StreamId, Unread,
};
pub use outcome::{Batch, Fate, Outcome, Remarks, Retry, complete};
pub use pictures::{HostedPicture, NoPictures, PictureError, PictureLook, Pictures};
