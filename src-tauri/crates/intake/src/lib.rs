//! Bytes of a catalogue file into rows, what is wrong with rows, and a mapping of columns.
//!
//! A file is recognised by its header as Shopify's or WooCommerce's export or as a plain
//! catalogue, in whatever encoding, delimiter and number format it was written, and read in
//! batches while memory stays flat. Bad input is not an error: a mistake refuses its row and is
//! told with line, column and value, and the other rows come through. Only what makes a file as a
//! whole unreadable is an [`IntakeError`].
//!
//! This crate parses and never decides: it does not know the catalogue, so that whether a row is
//! new, lacks a title, or names a parent that nobody knows is for the store to say.
//!
//! Start reading at [`Import`], then `reading.rs` for what cells mean, and [`ProductColumns`] for
//! how rows are written so that they can be read again.

mod cells;
mod columns;
mod defaults;
mod derive;
mod error;
mod import;
mod mapping;
mod names;
mod number;
mod opening;
mod plain;
mod reading;
mod records;
mod refused;
mod samples;
mod shopify;
mod source;
mod woocommerce;

pub use columns::{
    ProductColumns, escape, read_text, split_escaped, split_list, unescape, write_field,
    write_length, write_list, write_text, write_weight,
};
pub use error::{FileKind, IntakeError};
pub use import::{Batch, Import, Options, ROWS_MAX, open};
pub use mapping::{Column, ColumnUse, Mapping};
pub use number::NumberFormat;
pub use opening::{COLUMNS_MAX, Delimiter, Form};
pub use records::{CELL_BYTES_MAX, RECORD_BYTES_MAX};
pub use refused::{write_errors, write_refused};
pub use samples::{Looked, look};
pub use source::Encoding;
