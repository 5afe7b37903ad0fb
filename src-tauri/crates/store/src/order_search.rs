//! Finding orders by parts of words: number, SKUs and titles, and who bought.
//!
//! What names people stands in a column of its own, apart from the catalogue's search; forgetting
//! them empties it, in the index too.

use barrow_model::OrderRowId;

use crate::error::StoreError;
use crate::store::Writer;

/// Characters of a text that are looked for.
const QUERY_CHARS_MAX: usize = 200;

/// Orders that a search finds at most.
pub(crate) const FOUND_MAX: i64 = 100_000;

/// What an order is found by.
const TEXTS: &str = "SELECT o.id, o.order_id || char(10) || ifnull(o.customer_order_id, '')
      || ifnull((SELECT group_concat(char(10) || ifnull(l.sku, '') || char(10) || l.title
          || char(10) || ifnull(s.sku, ''), '')
        FROM order_lines l LEFT JOIN skus s ON s.id = l.sku_id WHERE l.order_row_id = o.id), ''),
    ifnull((SELECT ifnull(p.buyer ->> 'name', '') || char(10) || ifnull(p.buyer ->> 'email', '')
        || char(10) || ifnull(p.buyer ->> 'username', '')
        || char(10) || ifnull(p.ship_to ->> 'name', '')
        || char(10) || ifnull(p.ship_to ->> 'company', '')
      FROM order_people p WHERE p.order_row_id = o.id), '')
  FROM orders o WHERE o.id = ?1";

/// The condition under which an order `o` is found by a text, and what it is given; none where the
/// text says nothing. Every word must be there; one of one or two letters, which the index does
/// not know, must begin the order's number.
pub(crate) fn order_search_sql(text: &str) -> Option<(String, Vec<String>)> {
    let text: String = text.trim().chars().take(QUERY_CHARS_MAX).collect();
    let (mut conditions, mut values, mut quoted) = (Vec::new(), Vec::new(), Vec::new());
    for word in text.split_whitespace() {
        if word.chars().count() >= 3 {
            quoted.push(format!("\"{}\"", word.replace('"', "\"\"")));
        } else {
            conditions.push("(o.order_id >= ? AND o.order_id < ?)".to_owned());
            values.extend([word.to_owned(), format!("{word}{}", char::MAX)]);
        }
    }
    if !quoted.is_empty() {
        conditions.push(format!(
            "o.id IN (SELECT rowid FROM order_search WHERE order_search MATCH ?
               LIMIT {FOUND_MAX})"
        ));
        values.push(quoted.join(" AND "));
    }
    (!conditions.is_empty()).then(|| (conditions.join(" AND "), values))
}

impl Writer<'_> {
    /// Lets an order be found by what it holds now.
    pub(crate) fn index_order(&mut self, id: OrderRowId) -> Result<(), StoreError> {
        let db = self.connection();
        db.prepare_cached("DELETE FROM order_search WHERE rowid = ?1")?
            .execute([id.0])?;
        let sql = format!("INSERT INTO order_search (rowid, goods, people) {TEXTS}");
        db.prepare_cached(&sql)?.execute([id.0])?;
        Ok(())
    }

    /// Lets an order be found by its people no more.
    pub(crate) fn forget_people(&mut self, id: OrderRowId) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE order_search SET people = '' WHERE rowid = ?1")?
            .execute([id.0])?;
        Ok(())
    }
}
