//! Finding by parts of words, as one types: in title, SKU, brand, barcode and part number.
//!
//! The index knows which rows have which three letters in a row. What it names are candidates;
//! each is checked against the row itself. Words of one or two letters cannot be looked up there:
//! alone they find what begins with them, beside longer ones they narrow the result.

use std::collections::BTreeSet;

use barrow_model::{Gtin, SkuId};
use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::page::CatalogueRow;
use crate::store::Reader;

/// Results at most; more words are a better way than more pages.
pub const RESULTS_MAX: usize = 200;

/// Characters of a query that are read.
const QUERY_CHARS_MAX: usize = 200;

/// Groups of three letters that are looked up; what lies beyond is checked on the row.
const TRIGRAMS_MAX: usize = 24;

/// Candidates that are checked at most: a query whose letters are common and whose words are not
/// would otherwise read the whole catalogue.
const CANDIDATES_MAX: usize = 1_500;

impl Reader<'_> {
    /// SKUs that have every word of a text somewhere, whatever the case of its letters. One whose
    /// SKU or barcode is the text comes first; the others in the order in which they were added.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<CatalogueRow>, StoreError> {
        let text: String = text.trim().chars().take(QUERY_CHARS_MAX).collect();
        let limit = limit.min(RESULTS_MAX);
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let mut found = self.search_exactly(&text)?;
        let ids = match trigrams(&words) {
            trigrams if trigrams.is_empty() => self.search_beginnings(&text, limit)?,
            trigrams => self.search_parts(&trigrams, &words, limit)?,
        };
        for id in ids {
            if !found.contains(&id) {
                found.push(id);
            }
        }
        found.truncate(limit);
        found.into_iter().map(|id| self.catalogue_row(id)).collect()
    }

    fn search_exactly(&self, text: &str) -> Result<Vec<SkuId>, StoreError> {
        let db = self.connection();
        let mut found: Vec<SkuId> = db
            .prepare_cached("SELECT id FROM skus WHERE sku = ?1")?
            .query_row([text], |row| row.get(0).map(SkuId))
            .optional()?
            .into_iter()
            .collect();
        if let Ok(gtin) = Gtin::parse(text) {
            let mut query = db.prepare_cached("SELECT id FROM skus WHERE gtin = ?1 LIMIT 20")?;
            let rows = query.query_map([gtin.as_gtin14()], |row| row.get(0).map(SkuId))?;
            for id in rows {
                let id = id?;
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        Ok(found)
    }

    fn search_parts(
        &self,
        trigrams: &BTreeSet<String>,
        words: &[String],
        limit: usize,
    ) -> Result<Vec<SkuId>, StoreError> {
        let quoted: Vec<String> = trigrams
            .iter()
            .map(|trigram| format!("\"{}\"", trigram.replace('"', "\"\"")))
            .collect();
        let mut query = self.connection().prepare_cached(
            "SELECT s.id, p.title, s.sku, p.brand, s.gtin, s.mpn
             FROM search f CROSS JOIN skus s ON s.id = f.rowid
             CROSS JOIN products p ON p.id = s.product_id
             WHERE f.search MATCH ?1 LIMIT ?2",
        )?;
        let mut rows = query.query((quoted.join(" AND "), CANDIDATES_MAX as i64))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let mut texts = Vec::with_capacity(5);
            for column in 1..=5 {
                if let Some(text) = row
                    .get_ref(column)?
                    .as_str_or_null()
                    .map_err(rusqlite::Error::from)?
                {
                    texts.push(text.to_lowercase());
                }
            }
            let has = |word: &String| texts.iter().any(|text| text.contains(word));
            if words.iter().all(has) {
                found.push(SkuId(row.get(0)?));
                if found.len() == limit {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// SKUs and titles that begin with a text of few letters.
    fn search_beginnings(&self, text: &str, limit: usize) -> Result<Vec<SkuId>, StoreError> {
        let mut found = Vec::new();
        let spellings = BTreeSet::from([text.to_owned(), text.to_uppercase(), text.to_lowercase()]);
        for spelling in spellings {
            self.begin_with("sku", &spelling, limit, &mut found)?;
        }
        self.begin_with("title_key", &text.to_ascii_lowercase(), limit, &mut found)?;
        Ok(found)
    }

    fn begin_with(
        &self,
        column: &str,
        text: &str,
        limit: usize,
        found: &mut Vec<SkuId>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT id FROM skus WHERE {column} >= ?1 AND {column} < ?2
             ORDER BY {column} LIMIT ?3"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        let end = format!("{text}{}", char::MAX);
        let rows = query.query_map((text, end, limit as i64), |row| row.get(0).map(SkuId))?;
        for id in rows {
            let id = id?;
            if !found.contains(&id) {
                found.push(id);
            }
        }
        Ok(())
    }
}

/// The groups of three letters of all words, as far as they are looked up.
fn trigrams(words: &[String]) -> BTreeSet<String> {
    let mut trigrams = BTreeSet::new();
    for word in words {
        let letters: Vec<char> = word.chars().collect();
        for three in letters.windows(3) {
            if trigrams.len() == TRIGRAMS_MAX {
                return trigrams;
            }
            trigrams.insert(three.iter().collect());
        }
    }
    trigrams
}
