//! Plain catalogues: one row per variant.

use barrow_model::{CellIssueKind, Row, Sku};

use crate::derive::derived_sku;
use crate::reading::{OptionNames, Reading};

/// Reads a plain record. Without a SKU it is derived from the handle and the options where the
/// file has handles, else from the ASIN, the part number or the barcode number.
pub(crate) fn read(reading: &mut Reading<'_>, names: &mut OptionNames) -> Row {
    let mut row = reading.row();
    row.options = reading.options(names, &row.handle);
    if row.sku.is_none() && !reading.refused {
        row.sku = derive(&row);
        row.sku_derived = row.sku.is_some();
        if row.sku.is_none() {
            let title = row.title.clone().unwrap_or_default();
            reading.refuse(None, &title, CellIssueKind::SkuMissing);
        }
    }
    if let Some(sku) = &row.sku
        && row.handle.is_empty()
    {
        row.handle = sku.as_str().to_owned();
    }
    row
}

fn derive(row: &Row) -> Option<Sku> {
    if !row.handle.is_empty() {
        let mut parts = vec![row.handle.as_str()];
        parts.extend(row.options.iter().map(|(_, value)| value.as_str()));
        return derived_sku(&parts);
    }
    let gtin = row.gtin.map(|gtin| gtin.as_written());
    [row.asin.as_ref(), row.mpn.as_ref(), gtin.as_ref()]
        .into_iter()
        .flatten()
        .find_map(|text| Sku::new(text).ok())
}
