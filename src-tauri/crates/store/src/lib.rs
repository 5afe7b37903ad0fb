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
mod error;
mod field;
mod import;
mod migrate;
mod outbox;
mod sql;
mod store;

pub use account::{ACCOUNTS_MAX, NewAccount};
pub use error::StoreError;
pub use outbox::{AftersalesWish, Priority, QueuedChange, Sendable, Waiting, Wish};
pub use field::Entity;
pub use import::{
    FieldChange, Import, ImportMeta, ImportPreview, RowState, Skipped, StagedRow, Staging, Undone,
};
pub use store::{OpenOptions, Reader, Store, Writer};
