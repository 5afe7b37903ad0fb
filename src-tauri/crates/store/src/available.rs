//! What can be sold: on hand without what is reserved, of a kit what its parts allow. It stands in
//! no column: almost everywhere it is what is on hand, which has an index, and exceptions are few.

use std::collections::BTreeMap;

use crate::error::StoreError;
use crate::store::Reader;

/// Units of a row of `skus` that can be sold. No index has it: lists in this order are made once
/// and kept.
pub(crate) const AVAILABLE: &str = "iif(kind = 'kit', (
    SELECT ifnull(min(max(v.on_hand - ifnull(x.reserved, 0), 0) / k.quantity), 0)
    FROM kit_parts k JOIN skus v ON v.id = k.variant_id
    LEFT JOIN stock_reserved x ON x.sku_id = v.id WHERE k.kit_id = skus.id),
  max(on_hand - ifnull((SELECT reserved FROM stock_reserved WHERE sku_id = skus.id), 0), 0))";

/// SKUs of which units are reserved, by what is left; ends where it is compared.
pub(crate) const RESERVED: &str =
    "SELECT r.sku_id FROM stock_reserved r JOIN skus v ON v.id = r.sku_id
     WHERE r.reserved > 0 AND max(v.on_hand - r.reserved, 0)";

/// Kits by how many can be made of what is left of their parts; ends where it is compared.
pub(crate) const KITS: &str = "SELECT k.kit_id FROM kit_parts k JOIN skus v ON v.id = k.variant_id
     LEFT JOIN stock_reserved r ON r.sku_id = v.id GROUP BY k.kit_id
     HAVING min(max(v.on_hand - ifnull(r.reserved, 0), 0) / k.quantity)";

impl Reader<'_> {
    /// All rows by what can be sold of them: by what is on hand, which an index has, with the few
    /// put right of which something is reserved, and kits.
    pub(crate) fn by_available(&self, descending: bool) -> Result<Vec<i64>, StoreError> {
        let db = self.connection();
        let pair = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        let mut others: BTreeMap<i64, i64> = db
            .prepare_cached(
                "SELECT s.id, s.on_hand - r.reserved FROM stock_reserved r
                 JOIN skus s ON s.id = r.sku_id WHERE r.reserved <> 0",
            )?
            .query_map([], pair)?
            .collect::<Result<_, _>>()?;
        let kits = "SELECT k.kit_id, min(max(v.on_hand - ifnull(r.reserved, 0), 0) / k.quantity)
            FROM kit_parts k JOIN skus v ON v.id = k.variant_id
            LEFT JOIN stock_reserved r ON r.sku_id = v.id GROUP BY k.kit_id";
        for kit in db.prepare_cached(kits)?.query_map([], pair)? {
            let (kit, left) = kit?;
            others.insert(kit, left);
        }
        let mut rows: Vec<(i64, i64)> = db
            .prepare_cached("SELECT on_hand, id FROM skus ORDER BY on_hand, id")?
            .query_map([], pair)?
            .collect::<Result<_, _>>()?;
        for (left, id) in &mut rows {
            *left = others.get(id).unwrap_or(left).max(&0).to_owned();
        }
        // Sorted already but for a few.
        rows.sort();
        if descending {
            rows.reverse();
        }
        Ok(rows.into_iter().map(|(_, id)| id).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::filter::Filter;
    use crate::import::tests::{apply, kit, sku, titled};
    use crate::page::{SortBy, SortOrder};
    use crate::store::Store;
    use crate::store::tests::memory;
    use crate::view::ProductQuery;

    /// Left: of A one, of B two, of C none, of D seven, and so of K two.
    fn catalogue() -> Store {
        let store = memory();
        let rows = [
            titled(2, "A", 100, 5),
            titled(3, "B", 100, 2),
            titled(4, "C", 100, 0),
            titled(5, "D", 100, 9),
            kit(6, "K", &[("D", 3)]),
        ];
        apply(&store, "one", &rows);
        reserve(&store, "A", 4);
        reserve(&store, "D", 2);
        store
    }

    fn reserve(store: &Store, name: &str, units: i64) {
        store
            .write(|tx| {
                let id = tx.sku_id(&sku(name))?;
                tx.connection().execute(
                    "INSERT INTO stock_reserved (sku_id, reserved) VALUES (?1, ?2)
                     ON CONFLICT DO UPDATE SET reserved = excluded.reserved",
                    [id.0, units],
                )?;
                Ok(())
            })
            .expect("reserves");
    }

    fn names(store: &Store, query: &ProductQuery) -> String {
        let view = store.product_view(query, None).expect("lists");
        let rows = store.read(|db| db.catalogue_rows(view.page(0, 100)));
        let rows = rows.expect("reads").into_iter();
        rows.map(|row| row.sku.to_string()).collect()
    }

    fn sorted(descending: bool, filter: Filter) -> ProductQuery {
        let by = SortBy::Available;
        ProductQuery {
            search: None,
            filter,
            order: Some(SortOrder { by, descending }),
        }
    }

    #[test]
    fn lists_are_in_the_order_of_what_is_left_and_follow_it() {
        let store = catalogue();
        assert_eq!(names(&store, &sorted(false, Filter::default())), "CABKD");
        assert_eq!(names(&store, &sorted(true, Filter::default())), "DKBAC");
        reserve(&store, "A", 0);
        assert_eq!(names(&store, &sorted(false, Filter::default())), "CBKAD");
    }

    #[test]
    fn bounds_look_at_what_is_left() {
        let store = catalogue();
        let check = |least: Option<i64>, most: Option<i64>, expected: &str| {
            let filter = Filter {
                available_min: least,
                available_max: most,
                ..Filter::default()
            };
            let count = store.read(|db| db.filtered_count(&filter)).expect("counts");
            assert_eq!(count, expected.len() as u64, "{least:?} {most:?}");
            assert_eq!(names(&store, &sorted(false, filter)), expected);
        };
        check(None, Some(0), "C");
        check(None, Some(1), "CA");
        check(None, Some(2), "CABK");
        check(Some(2), None, "BKD");
        check(Some(2), Some(6), "BK");
        check(Some(8), None, "");
        check(None, Some(-1), "");
        check(Some(0), None, "CABKD");
    }
}
