//! Imports: rows wait in a staging file, are compared with the catalogue in SQL, are applied in
//! one transaction, and can be undone.
//!
//! Rows are matched by SKU and their products by handle. A blank cell changes nothing. A counted
//! quantity becomes a movement of the difference. What an import wrote lies in unbroken ranges of
//! ids, so that undoing it needs no second copy of what it made.

mod apply;
mod compare;
mod groups;
mod log;
mod preview;
mod staging;
mod undo;

#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use apply::{kept_parts, last_id};
pub use groups::IssueGroup;
pub use log::Import;
pub(crate) use log::Range;
pub use preview::{FieldChange, ImportPreview, PREVIEW_ROWS_MAX, RowState, StagedRow};
pub use staging::{ImportMeta, Staging};
pub use undo::{Skipped, Undone};
