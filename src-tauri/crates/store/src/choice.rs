//! Lines of orders that name a listing of several variants and no SKU: what the buyer chose tells
//! which variant it is (ebay.md §14).

use barrow_model::{AccountId, OptionValue};

use crate::error::StoreError;
use crate::sql::to_json;
use crate::store::{Reader, Writer};

/// Variants of a listing that are looked at; marketplaces show a few hundred at most.
const VARIANTS_MAX: i64 = 2_000;

/// The name under which a listing's binding keeps what the marketplace calls its variant.
const VARIATION: &str = "variation";

/// A variant that a buyer chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) sku_id: i64,
    listing_id: i64,
}

impl Reader<'_> {
    /// The variant of a listing that the buyer's choice means: the one with the same values under
    /// the same names, else the one with the same values. None where that is not exactly one.
    pub(crate) fn sku_of_choice(
        &self,
        account_id: AccountId,
        listing_ref: &str,
        options: &str,
    ) -> Result<Option<Chosen>, StoreError> {
        let listing = listing_ref
            .split_once('/')
            .map_or(listing_ref, |(listing, _)| listing);
        let chosen: Vec<OptionValue> = to_json(options)?;
        if chosen.is_empty() {
            return Ok(None);
        }
        let sql = "SELECT l.sku_id, l.id, s.options
            FROM listing_refs r JOIN listings l ON l.id = r.listing_id
            JOIN skus s ON s.id = l.sku_id
            WHERE r.account_id = ?1 AND r.ref = ?2 ORDER BY l.id LIMIT ?3";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query((account_id.0, listing, VARIANTS_MAX))?;
        let mut variants: Vec<(Chosen, Vec<OptionValue>)> = Vec::new();
        while let Some(row) = rows.next()? {
            let variant = Chosen {
                sku_id: row.get(0)?,
                listing_id: row.get(1)?,
            };
            let pairs: Vec<(String, String)> = to_json(&row.get::<_, String>(2)?)?;
            let options = pairs
                .into_iter()
                .map(|(name, value)| OptionValue { name, value });
            variants.push((variant, options.collect()));
        }
        let only = |print: fn(&[OptionValue]) -> Vec<String>| {
            let wanted = print(&chosen);
            let mut same = variants
                .iter()
                .filter(|(_, options)| print(options) == wanted);
            match (same.next(), same.next()) {
                (Some((variant, _)), None) => Some(*variant),
                _ => None,
            }
        };
        Ok(only(names_and_values).or_else(|| only(values)))
    }
}

impl Writer<'_> {
    /// Keeps what the marketplace calls the variant that a buyer chose, so that later lines need no
    /// comparing.
    pub(crate) fn remember_choice(
        &mut self,
        account_id: AccountId,
        listing_ref: &str,
        options: &str,
    ) -> Result<(), StoreError> {
        if !listing_ref.contains('/') {
            return Ok(());
        }
        let Some(chosen) = self.sku_of_choice(account_id, listing_ref, options)? else {
            return Ok(());
        };
        self.connection()
            .prepare_cached(
                "UPDATE listings SET binding = json_set(binding, '$.' || ?2, ?3)
                 WHERE id = ?1 AND json_extract(binding, '$.' || ?2) IS NOT ?3",
            )?
            .execute((chosen.listing_id, VARIATION, listing_ref))?;
        Ok(())
    }
}

/// Marketplaces write both with capitals and blanks of their own.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts
}

fn names_and_values(options: &[OptionValue]) -> Vec<String> {
    let pairs = options.iter();
    sorted(pairs.map(|one| format!("{}\n{}", plain(&one.name), plain(&one.value))))
}

fn values(options: &[OptionValue]) -> Vec<String> {
    sorted(options.iter().map(|one| plain(&one.value)))
}
