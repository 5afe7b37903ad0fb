//! Finding by parts of words, as one types: in title, SKU, brand, barcode and part number.
//!
//! The index knows which rows have which three letters in a row. What it names are candidates;
//! each is checked against the row itself. Words of one or two letters cannot be looked up there:
//! alone they find what begins with them, beside longer ones they narrow the result.

use std::collections::{BTreeSet, HashSet};

use barrow_model::{Gtin, SkuId};
use rusqlite::{OptionalExtension, Row};

use crate::error::StoreError;
use crate::page::CatalogueRow;
use crate::store::Reader;

/// Results at most; more words are a better way than more pages.
pub const RESULTS_MAX: usize = 200;

/// Characters of a query that are read.
const QUERY_CHARS_MAX: usize = 200;

/// Groups of three letters of a query that are considered.
const TRIGRAMS_MAX: usize = 64;

/// Groups that are looked up, the rarest; the words themselves are checked on the rows. Reading
/// where "000" stands in a million barcodes would take longer than all the rest.
const TRIGRAMS_LOOKED_UP: usize = 4;

/// A group in more than one of so many rows is common.
const COMMON_SHARE: i64 = 8;

/// Rows that are read to guess which groups are rare.
const SAMPLE_ROWS: i64 = 48;

/// Candidates that are checked at most: a query whose letters are common and whose words are not
/// would otherwise read the whole catalogue.
const CANDIDATES_MAX: usize = 1_500;

/// Candidates that are checked at most where all results are wanted.
const ALL_CANDIDATES_MAX: usize = 100_000;

impl Reader<'_> {
    /// SKUs that have every word of a text somewhere, whatever the case of its letters. One whose
    /// SKU or barcode is the text comes first; the others in the order in which they were added.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<CatalogueRow>, StoreError> {
        let (found, _) = self.search_ids(text, limit.min(RESULTS_MAX), CANDIDATES_MAX)?;
        found.into_iter().map(|id| self.catalogue_row(id)).collect()
    }

    /// All SKUs that [`Reader::search`] would find, in its order, and whether these are all: where
    /// very many rows have the letters of a text, the first of them are looked at.
    pub(crate) fn search_all(&self, text: &str) -> Result<(Vec<SkuId>, bool), StoreError> {
        self.search_ids(text, ALL_CANDIDATES_MAX, ALL_CANDIDATES_MAX)
    }

    fn search_ids(
        &self,
        text: &str,
        limit: usize,
        candidates_max: usize,
    ) -> Result<(Vec<SkuId>, bool), StoreError> {
        let text: String = text.trim().chars().take(QUERY_CHARS_MAX).collect();
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() || limit == 0 {
            return Ok((Vec::new(), true));
        }
        let mut found = self.search_exactly(&text)?;
        let (ids, complete) = match trigrams(&words) {
            trigrams if trigrams.is_empty() => {
                let ids = self.search_beginnings(&text, limit)?;
                let complete = ids.len() < limit;
                (ids, complete)
            }
            trigrams => {
                let trigrams = self.rarest(trigrams)?;
                self.search_parts(&trigrams, &words, limit, candidates_max)?
            }
        };
        // The exact ones are few.
        let exact = found.clone();
        found.extend(ids.into_iter().filter(|id| !exact.contains(id)));
        found.truncate(limit);
        Ok((found, complete))
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
        trigrams: &[String],
        words: &[String],
        limit: usize,
        candidates_max: usize,
    ) -> Result<(Vec<SkuId>, bool), StoreError> {
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
        let mut rows = query.query((quoted.join(" AND "), candidates_max as i64))?;
        let (mut found, mut checked) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            checked += 1;
            let texts = texts(row, 1)?;
            let has = |word: &String| texts.iter().any(|text| text.contains(word));
            if words.iter().all(has) {
                found.push(SkuId(row.get(0)?));
                if found.len() == limit {
                    return Ok((found, false));
                }
            }
        }
        Ok((found, checked < candidates_max))
    }

    /// The groups that stand in the fewest rows of a sample spread over the catalogue.
    fn rarest(&self, trigrams: Vec<String>) -> Result<Vec<String>, StoreError> {
        if trigrams.len() <= 2 {
            return Ok(trigrams);
        }
        let db = self.connection();
        let last: i64 = db
            .prepare_cached("SELECT ifnull(max(id), 0) FROM skus")?
            .query_row([], |row| row.get(0))?;
        let mut query = db.prepare_cached(
            "SELECT p.title, s.sku, p.brand, s.gtin, s.mpn
             FROM skus s CROSS JOIN products p ON p.id = s.product_id
             WHERE s.id > ?1 ORDER BY s.id LIMIT 1",
        )?;
        let mut counts = vec![0_u32; trigrams.len()];
        for number in 0..SAMPLE_ROWS {
            let mut rows = query.query([last / SAMPLE_ROWS * number])?;
            let Some(row) = rows.next()? else { break };
            let texts = texts(row, 0)?;
            for (count, trigram) in counts.iter_mut().zip(&trigrams) {
                *count += u32::from(texts.iter().any(|text| text.contains(trigram)));
            }
        }
        let mut ranked: Vec<(u32, String)> = counts.into_iter().zip(trigrams).collect();
        ranked.sort_by_key(|(count, _)| *count);
        ranked.truncate(TRIGRAMS_LOOKED_UP);
        // Beside a rare group a common one narrows little and takes long to read.
        let rare = ranked.first().is_some_and(|(count, _)| *count == 0);
        if rare {
            ranked.retain(|(count, _)| i64::from(*count) * COMMON_SHARE <= SAMPLE_ROWS);
        }
        Ok(ranked.into_iter().map(|(_, trigram)| trigram).collect())
    }

    /// SKUs and titles that begin with a text of few letters.
    fn search_beginnings(&self, text: &str, limit: usize) -> Result<Vec<SkuId>, StoreError> {
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        let spellings = BTreeSet::from([text.to_owned(), text.to_uppercase(), text.to_lowercase()]);
        for spelling in spellings {
            self.begin_with("sku", &spelling, limit, (&mut found, &mut seen))?;
        }
        let title = text.to_ascii_lowercase();
        self.begin_with("title_key", &title, limit, (&mut found, &mut seen))?;
        Ok(found)
    }

    fn begin_with(
        &self,
        column: &str,
        text: &str,
        limit: usize,
        (found, seen): (&mut Vec<SkuId>, &mut HashSet<SkuId>),
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
            if seen.insert(id) {
                found.push(id);
            }
        }
        Ok(())
    }
}

/// The five searched columns of a row, in small letters.
fn texts(row: &Row<'_>, at: usize) -> Result<Vec<String>, StoreError> {
    let mut texts = Vec::with_capacity(5);
    for column in at..at + 5 {
        let text = row.get_ref(column)?.as_str_or_null();
        if let Some(text) = text.map_err(rusqlite::Error::from)? {
            texts.push(text.to_lowercase());
        }
    }
    Ok(texts)
}

/// The groups of three letters of all words, each once.
fn trigrams(words: &[String]) -> Vec<String> {
    let mut trigrams = Vec::new();
    for word in words {
        let letters: Vec<char> = word.chars().collect();
        for three in letters.windows(3) {
            let trigram: String = three.iter().collect();
            if trigrams.len() < TRIGRAMS_MAX && !trigrams.contains(&trigram) {
                trigrams.push(trigram);
            }
        }
    }
    trigrams
}

#[cfg(test)]
mod tests {
    use barrow_model::Sku;

    use crate::import::tests::catalogue;

    #[test]
    fn parts_of_words_are_found_in_every_field_as_one_types() {
        let store = catalogue(&[
            (
                "LAMP-01",
                "Table Lamp Été",
                "Lumière",
                "4006381333931",
                "LX-77",
            ),
            ("LAMP-02", "Floor lamp", "Acme", "96385074", "AB/9"),
            ("CH-1", "Garden chair \"Sun\"", "Acme", "012345678905", "C1"),
        ]);
        let check = |text: &str, expected: &[&str]| {
            let found = store.read(|db| db.search(text, 10)).expect("searches");
            let skus: Vec<&str> = found.iter().map(|row| row.sku.as_str()).collect();
            assert_eq!(skus, expected, "{text}");
        };
        check("lamp", &["LAMP-01", "LAMP-02"]);
        check("AMP", &["LAMP-01", "LAMP-02"]);
        check("lamp acme", &["LAMP-02"]);
        check("acme lamp f", &["LAMP-02"]);
        check("lumi", &["LAMP-01"]);
        check("ÉTÉ", &["LAMP-01"]);
        check("LAMP-02", &["LAMP-02"]);
        check("638133", &["LAMP-01"]);
        check("4006381333931", &["LAMP-01"]);
        check("lx-77", &["LAMP-01"]);
        check("\"sun\"", &["CH-1"]);
        check("chair NOT lamp", &[]);
        check("gar", &["CH-1"]);
        check("ga", &["CH-1"]);
        check("c", &["CH-1"]);
        check("ch", &["CH-1"]);
        check("la", &["LAMP-01", "LAMP-02"]);
        check("  ", &[]);
        check("zzz", &[]);
    }

    #[test]
    fn what_is_edited_is_found_by_its_new_words_only() {
        use crate::edit::Value;
        use barrow_model::Origin;
        let store = catalogue(&[("A-1", "Wooden spoon", "Acme", "96385074", "M1")]);
        let sku = Sku::new("A-1").expect("a SKU");
        store
            .write(|tx| {
                let title = Value::Text("Silver fork".into());
                let changes = [("title", title), ("mpn", Value::Text("Q9Z".into()))];
                tx.set_fields(&sku, &changes, None, Origin::User)?;
                tx.rename_sku(&sku, &Sku::new("B-77").expect("a SKU"), None, Origin::User)
            })
            .expect("edits");
        let count = |text: &str| {
            store
                .read(|db| db.search(text, 10))
                .expect("searches")
                .len()
        };
        assert_eq!([count("spoon"), count("A-1"), count("fork")], [0, 0, 1]);
        assert_eq!([count("q9z"), count("b-77"), count("fork b-7")], [1, 1, 1]);
    }
}
