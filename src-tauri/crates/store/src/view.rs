//! Lists that are kept: the rows of a filter in an order, by their ids.
//!
//! A filter that no index serves costs a walk over the catalogue. It is walked once; pages are
//! then cut from the ids, wherever they begin, and whoever goes on in a list that he has seen gets
//! the same list, also while others write. Without a token a list is made anew as soon as
//! something was written that could change it.

use std::sync::{Arc, Mutex, PoisonError};

use barrow_model::SkuId;

use crate::error::StoreError;
use crate::filter::Filter;
use crate::id_set::IdSet;
use crate::order_list::{OrderGroup, OrderListQuery};
use crate::page::{CatalogueRow, SortBy, SortOrder, direction};
use crate::store::{Reader, Store};

/// Lists that are kept at most, and ids in all of them: eight bytes each.
const VIEWS_MAX: usize = 8;
const VIEW_IDS_MAX: usize = 3_000_000;

/// Rows that are sorted; of more, the order's index is walked, which reads no rows.
const SORTED_MAX: usize = 5_000;

/// A list of products that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductQuery {
    /// Only those that have these words.
    pub search: Option<String>,
    /// Only those that pass.
    pub filter: Filter,
    /// In this order; none is that of a search, or that in which they were added.
    pub order: Option<SortOrder>,
}

impl ProductQuery {
    fn looks_at_reserved(&self) -> bool {
        self.filter.available_min.is_some()
            || self.filter.available_max.is_some()
            || self
                .order
                .is_some_and(|order| order.by == SortBy::Available)
    }
}

/// What a list is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ViewOf {
    Products(ProductQuery),
    Orders(OrderListQuery),
}

/// A list that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Names it for whoever goes on in it.
    pub token: u64,
    /// Its rows: SKUs, or orders.
    pub ids: Vec<i64>,
    /// Whether it holds all: a search for words that are almost everywhere ends before.
    pub complete: bool,
    /// Orders by the day on which they must leave, in the order of the list; none of products.
    pub groups: Vec<OrderGroup>,
}

impl View {
    /// The rows from a place on.
    pub fn page(&self, at: u64, limit: usize) -> &[i64] {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let rest = self.ids.get(at..).unwrap_or_default();
        rest.get(..limit).unwrap_or(rest)
    }
}

#[derive(Debug)]
struct Kept {
    of: ViewOf,
    /// What the catalogue was when it was made.
    seen: Vec<i64>,
    view: Arc<View>,
}

/// The lists of an open catalogue, the last used at the end.
#[derive(Debug, Default)]
pub(crate) struct Views {
    kept: Mutex<(u64, Vec<Kept>)>,
}

impl Views {
    pub(crate) fn find(&self, of: &ViewOf, token: Option<u64>, seen: &[i64]) -> Option<Arc<View>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.1.iter().position(|kept| {
            kept.of == *of && (token == Some(kept.view.token) || kept.seen == seen)
        })?;
        let found = kept.1.remove(place);
        let view = Arc::clone(&found.view);
        kept.1.push(found);
        Some(view)
    }

    pub(crate) fn keep(&self, of: ViewOf, seen: Vec<i64>, mut view: View) -> Arc<View> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0 += 1;
        view.token = kept.0;
        let view = Arc::new(view);
        kept.1.push(Kept {
            of,
            seen,
            view: Arc::clone(&view),
        });
        while kept.1.len() > 1 && (kept.1.len() > VIEWS_MAX || ids_of(&kept.1) > VIEW_IDS_MAX) {
            kept.1.remove(0);
        }
        view
    }
}

fn ids_of(kept: &[Kept]) -> usize {
    kept.iter().map(|kept| kept.view.ids.len()).sum()
}

impl Store {
    /// The list of products that was asked for, by the ids of their SKUs. With the token of a list
    /// that is still kept it is that list, whatever was written since.
    pub fn product_view(
        &self,
        query: &ProductQuery,
        token: Option<u64>,
    ) -> Result<Arc<View>, StoreError> {
        let of = ViewOf::Products(query.clone());
        let seen = self.products_seen(query)?;
        if let Some(view) = self.shared.views.find(&of, token, &seen) {
            return Ok(view);
        }
        let (ids, complete) = self.read(|db| db.product_ids(query))?;
        let view = View {
            token: 0,
            ids,
            complete,
            groups: Vec::new(),
        };
        Ok(self.shared.views.keep(of, seen, view))
    }

    /// What must be the same for a list of products to be the same.
    fn products_seen(&self, query: &ProductQuery) -> Result<Vec<i64>, StoreError> {
        // What is reserved leaves no trace in the catalogue itself.
        if query.filter.listing.is_some() || query.looks_at_reserved() {
            return Ok(vec![self.data_version()?]);
        }
        self.read(|db| {
            // Every write to what filters look at leaves a trace in one of these, and each is the
            // last entry of an index.
            let sql = "SELECT (SELECT skus FROM totals), (SELECT max(id) FROM skus),
                (SELECT max(id) FROM edits), (SELECT max(id) FROM movements),
                (SELECT max(updated_at) FROM skus)";
            let mut query = db.connection().prepare_cached(sql)?;
            Ok(query.query_row([], |row| {
                (0..5)
                    .map(|at| Ok(row.get::<_, Option<i64>>(at)?.unwrap_or(0)))
                    .collect()
            })?)
        })
    }
}

fn walk_sql(order: SortOrder) -> String {
    let (by, (direction, _)) = (order.by.expression(), direction(order.descending));
    format!("SELECT id FROM skus ORDER BY {by} {direction}, id {direction}")
}

impl Reader<'_> {
    /// The SKUs of a list in its order, and whether these are all.
    pub(crate) fn product_ids(&self, query: &ProductQuery) -> Result<(Vec<i64>, bool), StoreError> {
        let passing = self.passing(&query.filter)?;
        let search = query.search.as_deref().map(str::trim);
        let Some(text) = search.filter(|text| !text.is_empty()) else {
            let ids = match (passing, query.order) {
                (None, None) => self.ids("SELECT id FROM skus ORDER BY id", Vec::new())?,
                (None, Some(order)) if order.by == SortBy::Available => {
                    self.by_available(order.descending)?
                }
                (None, Some(order)) => self.ids(&walk_sql(order), Vec::new())?,
                (Some(passing), None) => passing.ids(),
                (Some(passing), Some(order)) => self.in_order(&passing, order)?,
            };
            return Ok((ids, true));
        };
        let (found, complete) = self.search_all(text)?;
        let found = found.into_iter().map(|id| id.0);
        let passes = |id: &i64| passing.as_ref().is_none_or(|passing| passing.has(*id));
        let found: Vec<i64> = found.filter(passes).collect();
        match query.order {
            Some(order) => Ok((self.in_order(&IdSet::of(&found), order)?, complete)),
            None => Ok((found, complete)),
        }
    }

    /// What passes a filter; none where everything does. Each condition is looked up in its own
    /// index: together they would have the rows themselves read, all over the file.
    fn passing(&self, filter: &Filter) -> Result<Option<IdSet>, StoreError> {
        let mut passing: Option<IdSet> = None;
        let mut conditions = filter.conditions();
        // What must not hold is taken away from what must.
        conditions.sort_by_key(|condition| condition.not);
        for condition in conditions {
            let sql = format!("SELECT id FROM skus WHERE {}", condition.sql);
            let holds = IdSet::of(&self.ids(&sql, condition.values)?);
            passing = Some(match (passing, condition.not) {
                (None, false) => holds,
                (None, true) => {
                    let all = self.ids("SELECT id FROM skus", Vec::new())?;
                    IdSet::of(&all).without(&holds)
                }
                (Some(passing), false) => passing.and(&holds),
                (Some(passing), true) => passing.without(&holds),
            });
        }
        Ok(passing)
    }

    /// Puts rows in order: few are sorted, of many the order's index is walked.
    fn in_order(&self, set: &IdSet, order: SortOrder) -> Result<Vec<i64>, StoreError> {
        if set.count <= SORTED_MAX {
            let (by, (direction, _)) = (order.by.expression(), direction(order.descending));
            let sql = format!(
                "SELECT id FROM (SELECT value FROM json_each(?)) found
                   CROSS JOIN skus ON skus.id = found.value
                 ORDER BY {by} {direction}, id {direction}"
            );
            let few = crate::sql::json(&set.ids())?;
            return self.ids(&sql, vec![rusqlite::types::Value::Text(few)]);
        }
        if order.by == SortBy::Available {
            let mut ids = self.by_available(order.descending)?;
            ids.retain(|id| set.has(*id));
            return Ok(ids);
        }
        let mut query = self.connection().prepare_cached(&walk_sql(order))?;
        let mut rows = query.query([])?;
        let mut ids = Vec::with_capacity(set.count);
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            if set.has(id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    pub(crate) fn ids(
        &self,
        sql: &str,
        values: Vec<rusqlite::types::Value>,
    ) -> Result<Vec<i64>, StoreError> {
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(rusqlite::params_from_iter(values), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Rows of the list by their ids; those that are gone are left out.
    pub fn catalogue_rows(&self, ids: &[i64]) -> Result<Vec<CatalogueRow>, StoreError> {
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            match self.catalogue_row(SkuId(*id)) {
                Ok(row) => rows.push(row),
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(rows)
    }

    /// How many products there are, whatever is sold of them.
    pub fn product_count(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM products";
        let mut query = self.connection().prepare_cached(sql)?;
        let count: i64 = query.query_row([], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Brands by how many products they have, most first, at most `limit`.
    pub fn brands(&self, text: &str, limit: usize) -> Result<Vec<(String, u64)>, StoreError> {
        let mut query = self.connection().prepare_cached(
            "SELECT brand, count(*) FROM products
             WHERE brand IS NOT NULL AND (?1 = '' OR instr(lower(brand), lower(?1)) > 0)
             GROUP BY brand ORDER BY count(*) DESC, brand LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = query.query_map((text, limit), |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use barrow_model::{
        AccountId, Endpoint, ListingState, Marketplace, Problem, ProblemKind, Settings, Site,
    };

    use super::ProductQuery;
    use crate::account::NewAccount;
    use crate::cells::CellState;
    use crate::filter::{Filter, ListingFilter};
    use crate::import::tests::{apply, sku, titled};
    use crate::listing::NewListing;
    use crate::page::{Position, SortBy, SortOrder};
    use crate::problem::ProblemAt;
    use crate::store::Store;
    use crate::store::tests::memory;

    /// Twenty products with prices and stock that repeat.
    fn catalogue() -> Store {
        let store = memory();
        let rows: Vec<_> = (2..22)
            .map(|line| {
                let number = line as i64 * 7 % 20;
                titled(line, &format!("S{number:02}"), number % 3 * 100, number % 4)
            })
            .collect();
        apply(&store, "one", &rows);
        store
    }

    fn list(store: &Store, text: &str) -> AccountId {
        store
            .write(|tx| {
                let account = tx.add_account(&NewAccount {
                    name: "shop".into(),
                    marketplace: Marketplace("test".into()),
                    endpoint: Endpoint::Practice,
                    settings: Settings::new(),
                })?;
                let id = tx.add_listing(&NewListing {
                    account_id: account,
                    site: Site("US".into()),
                    channel_sku: sku(text),
                    sku_id: tx.sku_id(&sku(text))?,
                    pool: String::new(),
                })?;
                let problem = Problem::new(ProblemKind::BrandMissing).field("brand");
                tx.raise_problem(&ProblemAt::listing(account, id, "content"), &problem)?;
                Ok(account)
            })
            .expect("lists")
    }

    fn skus(store: &Store, query: &ProductQuery) -> Vec<String> {
        let view = store.product_view(query, None).expect("a view");
        let rows = store.read(|db| db.catalogue_rows(&view.ids));
        let rows = rows.expect("rows").into_iter();
        rows.map(|row| row.sku.to_string()).collect()
    }

    #[test]
    fn a_kept_list_is_the_list_that_pages_show() {
        let store = catalogue();
        let filters = [
            Filter::default(),
            Filter {
                on_hand: Some(true),
                ..Filter::default()
            },
            Filter {
                price_min: Some(100),
                price_max: Some(100),
                ..Filter::default()
            },
            Filter {
                on_hand_max: Some(1),
                gtin: Some(false),
                ..Filter::default()
            },
            Filter {
                margin_max: Some(100),
                ..Filter::default()
            },
        ];
        for filter in filters {
            for by in [SortBy::Sku, SortBy::Price, SortBy::Quantity, SortBy::Margin] {
                let order = SortOrder {
                    by,
                    descending: by == SortBy::Price,
                };
                let query = ProductQuery {
                    search: None,
                    filter: filter.clone(),
                    order: Some(order),
                };
                let page = store.read(|db| db.products_page(order, &filter, &Position::Start, 99));
                let page = page.expect("a page").rows.into_iter();
                let page: Vec<_> = page.map(|row| row.sku.to_string()).collect();
                assert_eq!(skus(&store, &query), page, "{filter:?} {by:?}");
            }
        }
    }

    #[test]
    fn searched_lists_take_filters_and_orders() {
        let store = catalogue();
        let mut query = ProductQuery {
            search: Some("title".into()),
            ..ProductQuery::default()
        };
        assert_eq!(skus(&store, &query).len(), 20);
        query.filter.on_hand_min = Some(3);
        assert_eq!(skus(&store, &query).len(), 5);
        query.order = Some(SortOrder {
            by: SortBy::Sku,
            descending: true,
        });
        assert_eq!(skus(&store, &query)[..2], ["S19", "S15"]);
        query.search = Some("S0".into());
        assert_eq!(skus(&store, &query), ["S07", "S03"]);
        query.search = Some("nothing".into());
        assert_eq!(skus(&store, &query), [""; 0]);
    }

    #[test]
    fn who_goes_on_in_a_list_gets_the_same_list() {
        let store = catalogue();
        let query = ProductQuery {
            filter: Filter {
                on_hand: Some(false),
                ..Filter::default()
            },
            ..ProductQuery::default()
        };
        let first = store.product_view(&query, None).expect("a view");
        assert_eq!(store.product_view(&query, None).expect("a view"), first);
        let id = barrow_model::SkuId(first.ids[0]);
        store
            .write(|tx| {
                let place = tx.default_location()?;
                tx.count_stock(id, place, 7, None, barrow_model::Origin::User)
            })
            .expect("counts");
        let same = store.product_view(&query, Some(first.token));
        assert_eq!(same.expect("a view"), first);
        let fresh = store.product_view(&query, None).expect("a view");
        assert_eq!(fresh.ids.len(), first.ids.len() - 1);
        assert_eq!(fresh.page(1, 2), &fresh.ids[1..3]);
        assert_eq!(fresh.page(99, 2), [0_i64; 0]);
    }

    #[test]
    fn what_stands_so_somewhere_is_found() {
        let store = catalogue();
        let account = list(&store, "S05");
        let check = |listing: ListingFilter, expected: usize| {
            let query = ProductQuery {
                filter: Filter {
                    listing: Some(listing.clone()),
                    ..Filter::default()
                },
                ..ProductQuery::default()
            };
            assert_eq!(skus(&store, &query).len(), expected, "{listing:?}");
        };
        let at = |account: &str| ListingFilter {
            account: Some(account.into()),
            ..ListingFilter::default()
        };
        let listed = |listed| ListingFilter {
            listed: Some(listed),
            ..at("SHOP")
        };
        check(listed(true), 1);
        check(listed(false), 19);
        let in_state = |state| ListingFilter {
            state: Some(state),
            ..at("shop")
        };
        check(in_state(CellState::Refused), 1);
        for state in CellState::ALL {
            if state != CellState::Refused {
                check(in_state(state), 0);
            }
        }
        check(
            ListingFilter {
                cause: Some("brand_missing/brand".into()),
                ..at("shop")
            },
            1,
        );
        check(
            ListingFilter {
                cause: Some("brand_missing/brand".into()),
                ..at("other")
            },
            0,
        );
        let cells = store.read(|db| db.cells(&[db.sku_id(&sku("S05"))?]));
        let cells = cells.expect("cells");
        assert_eq!(cells.len(), 1);
        assert_eq!(cells[0].account_id, account);
        assert_eq!(cells[0].state, CellState::Refused);
        assert_eq!(cells[0].listing_state, ListingState::New);
        assert_eq!(cells[0].problem, Some(ProblemKind::BrandMissing));
    }

    /// How SQLite goes about a query.
    pub(crate) fn plan(store: &Store, sql: &str, values: usize) -> String {
        store
            .read(|db| {
                let mut query = db
                    .connection()
                    .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                let nulls = vec![rusqlite::types::Value::Null; values];
                let steps = query.query_map(rusqlite::params_from_iter(nulls), |row| {
                    row.get::<_, String>(3)
                })?;
                let steps: Vec<String> = steps.collect::<Result<_, _>>()?;
                Ok(steps.join("\n"))
            })
            .expect("a plan")
    }

    #[test]
    fn conditions_are_found_in_indexes_and_orders_are_walked_in_theirs() {
        let store = catalogue();
        let check = |filter: Filter| {
            for condition in filter.conditions() {
                let sql = format!("SELECT id FROM skus WHERE {}", condition.sql);
                let steps = plan(&store, &sql, condition.values.len());
                assert!(
                    steps.contains("SEARCH skus USING"),
                    "{condition:?}\n{steps}"
                );
            }
        };
        check(Filter {
            kind: Some(crate::SkuKind::Kit),
            on_hand: Some(true),
            on_hand_min: Some(1),
            on_hand_max: Some(9),
            priced: Some(false),
            price_min: Some(1),
            price_max: Some(9),
            costed: Some(true),
            margin_max: Some(9),
            gtin: Some(false),
            brands: vec!["Acme".into(), "Umbra".into()],
            handle: Some("a".into()),
            ..Filter::default()
        });
        for state in CellState::ALL {
            check(Filter {
                listing: Some(ListingFilter {
                    listed: Some(false),
                    state: Some(state),
                    cause: Some("x".into()),
                    ..ListingFilter::default()
                }),
                ..Filter::default()
            });
        }
        for by in [SortBy::Cost, SortBy::Margin, SortBy::Price, SortBy::Title] {
            let order = SortOrder {
                by,
                descending: true,
            };
            let steps = plan(&store, &super::walk_sql(order), 0);
            assert!(steps.contains("INDEX skus_"), "{steps}");
            assert!(!steps.contains("TEMP B-TREE"), "{steps}");
        }
    }

    #[test]
    fn many_rows_are_walked_in_order_as_few_are_sorted() {
        let store = catalogue();
        let all = store.read(|db| db.ids("SELECT id FROM skus", Vec::new()));
        let mut set = crate::id_set::IdSet::of(&all.expect("ids"));
        let order = SortOrder {
            by: SortBy::Price,
            descending: true,
        };
        let sorted = store.read(|db| db.in_order(&set, order)).expect("sorts");
        set.count = super::SORTED_MAX + 1;
        let walked = store.read(|db| db.in_order(&set, order)).expect("walks");
        assert_eq!(sorted, walked);
        assert_eq!(sorted.len(), 20);
    }
}
