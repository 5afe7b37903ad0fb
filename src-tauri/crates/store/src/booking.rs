//! What orders do to stock: reservations and the ledger.
//!
//! A matched line reserves its open units of each part and, as units are shipped, moves them out
//! of the ledger once: movements are keyed by the line's cumulative quantity. Units that were
//! shipped before the part was last counted move nothing, because the count has seen them gone.

use barrow_model::{
    AccountId, MovementKind, OrderRowId, Origin, Problem, ProblemKind, Site, Sku, SkuId, Stock,
};
use rusqlite::{OptionalExtension, params};

use crate::error::StoreError;
use crate::problem::ProblemAt;
use crate::sql::{code, instant, to_sku};
use crate::store::{Reader, Writer};

/// A line of an order whose SKU no variant or kit has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmatchedLine {
    /// The account.
    pub account_id: AccountId,
    /// The order.
    pub order_row_id: OrderRowId,
    /// The marketplace's order number.
    pub order_id: String,
    /// The marketplace's line id.
    pub line_id: String,
    /// The SKU there, where the line has one.
    pub sku: Option<Sku>,
    /// What it was sold as.
    pub title: String,
}

/// A variant of which more is sold than there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oversold {
    /// The variant.
    pub sku_id: SkuId,
    /// Its SKU.
    pub sku: Sku,
    /// What there is and what is sold.
    pub stock: Stock,
}

struct BookedLine {
    row: i64,
    order: i64,
    line_id: String,
    matched: bool,
    quantity_shipped: i64,
    quantity_booked: i64,
    open: i64,
    shipped_at: i64,
}

/// What is known of a line that is not matched.
struct UnknownLine {
    row: i64,
    site: String,
    sku: Option<String>,
    listing_ref: Option<String>,
    /// Pairs of name and value, as JSON.
    options: String,
}

/// Units of a line that were newly sold.
struct SoldLine {
    row: i64,
    sku: Option<String>,
    sku_id: Option<i64>,
    listing_ref: Option<String>,
    units: u32,
    placed_at: i64,
    site: Site,
}

impl Reader<'_> {
    /// Lines that wait for the seller to say what they are, oldest order first.
    pub fn unmatched_lines(&self, limit: usize) -> Result<Vec<UnmatchedLine>, StoreError> {
        let sql = "SELECT o.account_id, o.id, o.order_id, l.line_id, l.sku, l.title
            FROM order_lines l JOIN orders o ON o.id = l.order_row_id
            WHERE l.sku_id IS NULL ORDER BY o.placed_at, l.id LIMIT ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            let sku: Option<String> = row.get(4)?;
            lines.push(UnmatchedLine {
                account_id: AccountId(row.get(0)?),
                order_row_id: OrderRowId(row.get(1)?),
                order_id: row.get(2)?,
                line_id: row.get(3)?,
                sku: sku.map(to_sku).transpose()?,
                title: row.get(5)?,
            });
        }
        Ok(lines)
    }

    /// Variants of which more is sold than there is, at most 1000.
    pub fn oversold(&self) -> Result<Vec<Oversold>, StoreError> {
        let sql = "SELECT s.id, s.sku, s.on_hand, r.reserved
            FROM stock_reserved r JOIN skus s ON s.id = r.sku_id
            WHERE r.reserved > s.on_hand AND r.reserved > 0 ORDER BY s.id LIMIT 1000";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut oversold = Vec::new();
        while let Some(row) = rows.next()? {
            oversold.push(Oversold {
                sku_id: SkuId(row.get(0)?),
                sku: to_sku(row.get(1)?)?,
                stock: Stock {
                    on_hand: row.get(2)?,
                    reserved: row.get(3)?,
                },
            });
        }
        Ok(oversold)
    }

    /// SKUs whose reservation is not the sum of the open units of their lines: none, ever.
    pub fn wrong_reservations(&self) -> Result<Vec<SkuId>, StoreError> {
        let sql = "WITH open (sku_id, units) AS (
              SELECT p.sku_id, sum(p.units * max(0, l.quantity - l.quantity_shipped
                - l.quantity_cancelled))
              FROM order_line_parts p JOIN order_lines l ON l.id = p.order_line_id
                JOIN orders o ON o.id = l.order_row_id
              WHERE o.fulfilled_by = 'seller' AND o.payment_state <> 'failed'
              GROUP BY p.sku_id)
            SELECT s.id FROM skus s LEFT JOIN open ON open.sku_id = s.id
              LEFT JOIN stock_reserved r ON r.sku_id = s.id
            WHERE ifnull(open.units, 0) <> ifnull(r.reserved, 0)";
        let mut statement = self.connection().prepare(sql)?;
        let ids = statement.query_map([], |row| Ok(SkuId(row.get(0)?)))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    fn sku_of_line(
        &self,
        account_id: AccountId,
        line: &UnknownLine,
    ) -> Result<Option<i64>, StoreError> {
        if let Some(sku) = &line.sku {
            // What is listed under that SKU where it was bought, else on another site, unless two
            // sites mean different things by it.
            let sql = "SELECT coalesce(max(iif(site = ?3, sku_id, NULL)),
                  iif(min(sku_id) = max(sku_id), min(sku_id), NULL)),
                  ifnull(max(site = ?3), 0), count(*)
                FROM listings WHERE account_id = ?1 AND channel_sku = ?2";
            let mut statement = self.connection().prepare_cached(sql)?;
            let (found, here, listings): (Option<i64>, bool, i64) = statement
                .query_row((account_id.0, sku, &line.site), |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            let place = (line.site.as_str(), sku.as_str());
            if !here && let Some(at_other) = self.sku_at_others(account_id, place, true)? {
                return Ok(Some(at_other));
            }
            if listings > 0 {
                return Ok(found);
            }
            let sql = "SELECT id FROM skus WHERE sku = ?1";
            let mut statement = self.connection().prepare_cached(sql)?;
            let found = statement.query_row([sku], |row| row.get(0)).optional()?;
            if found.is_some() {
                return Ok(found);
            }
            if let Some(guess) = self.sku_at_others(account_id, place, false)? {
                return Ok(Some(guess));
            }
        }
        let Some(listing_ref) = &line.listing_ref else {
            return Ok(None);
        };
        if let Some(chosen) = self.sku_of_choice(account_id, listing_ref, &line.options)? {
            return Ok(Some(chosen.sku_id));
        }
        // One listing may hold several variants: only one that is meant beyond doubt counts.
        let sql = "SELECT min(l.sku_id), count(DISTINCT l.sku_id)
            FROM listing_refs r JOIN listings l ON l.id = r.listing_id
            WHERE r.account_id = ?1 AND r.ref = ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let (sku_id, count): (Option<i64>, i64) = statement
            .query_row((account_id.0, listing_ref), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        Ok(sku_id.filter(|_| count == 1))
    }

    /// Orders with a line that is not matched and may be now, oldest first.
    fn orders_to_match(&self) -> Result<Vec<(AccountId, OrderRowId)>, StoreError> {
        let sql = "SELECT DISTINCT o.account_id, o.id
            FROM order_lines l JOIN orders o ON o.id = l.order_row_id
            WHERE l.sku_id IS NULL AND (
              EXISTS (SELECT 1 FROM accounts own JOIN accounts a ON a.marketplace = own.marketplace
                  AND a.endpoint = own.endpoint
                JOIN listings g ON g.account_id = a.id AND g.channel_sku = l.sku
                WHERE own.id = o.account_id)
              OR EXISTS (SELECT 1 FROM skus WHERE sku = l.sku)
              OR EXISTS (SELECT 1 FROM listing_refs
                WHERE account_id = o.account_id AND ref IN (l.listing_ref, iif(l.options = '[]',
                  l.listing_ref, substr(l.listing_ref, 1, instr(l.listing_ref, '/') - 1)))))
            ORDER BY o.placed_at, o.id LIMIT 100000";
        let mut statement = self.connection().prepare_cached(sql)?;
        let orders = statement.query_map([], |row| {
            Ok((AccountId(row.get(0)?), OrderRowId(row.get(1)?)))
        })?;
        Ok(orders.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Finds out what the unmatched lines of an order are.
    pub(crate) fn match_lines_of(
        &mut self,
        account_id: AccountId,
        id: OrderRowId,
    ) -> Result<(), StoreError> {
        let sql = "SELECT l.id, o.site, l.sku, l.listing_ref, l.options
            FROM order_lines l JOIN orders o ON o.id = l.order_row_id
            WHERE l.order_row_id = ?1 AND l.sku_id IS NULL";
        let lines: Vec<UnknownLine> = {
            let mut statement = self.connection().prepare_cached(sql)?;
            let rows = statement.query_map([id.0], |row| {
                Ok(UnknownLine {
                    row: row.get(0)?,
                    site: row.get(1)?,
                    sku: row.get(2)?,
                    listing_ref: row.get(3)?,
                    options: row.get(4)?,
                })
            })?;
            rows.collect::<Result<_, _>>()?
        };
        if lines.is_empty() {
            return Ok(());
        }
        for line in lines {
            if let Some(sku_id) = self.sku_of_line(account_id, &line)? {
                self.set_line_sku(line.row, sku_id)?;
                if line.sku.is_none()
                    && let Some(listing_ref) = &line.listing_ref
                {
                    self.remember_choice(account_id, listing_ref, &line.options)?;
                }
            }
        }
        self.tell_unmatched(account_id, id)
    }

    /// Opens a problem for an order with a line that nobody knows, or closes it.
    fn tell_unmatched(&mut self, account_id: AccountId, id: OrderRowId) -> Result<(), StoreError> {
        let sql = "SELECT coalesce(sku, title) FROM order_lines
            WHERE order_row_id = ?1 AND sku_id IS NULL ORDER BY position LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let unknown: Option<String> = statement.query_row([id.0], |row| row.get(0)).optional()?;
        drop(statement);
        let at = ProblemAt::order(account_id, id, "match");
        match unknown {
            None => self.clear_problem(&at),
            Some(sku) => {
                let problem = Problem::new(ProblemKind::SkuUnmatched).field("sku");
                self.raise_problem(&at, &problem.param("sku", sku))
            }
        }
    }

    /// Says what a line is, as the seller does for a SKU that is only known there, and books it.
    /// A line that is matched already stays as it is booked.
    pub fn match_line(
        &mut self,
        order_row_id: OrderRowId,
        line_id: &str,
        sku_id: SkuId,
    ) -> Result<(), StoreError> {
        let sql = "SELECT id FROM order_lines
            WHERE order_row_id = ?1 AND line_id = ?2 AND sku_id IS NULL";
        let mut statement = self.connection().prepare_cached(sql)?;
        let line: Option<i64> = statement
            .query_row((order_row_id.0, line_id), |row| row.get(0))
            .optional()?;
        drop(statement);
        let line = line.ok_or_else(|| StoreError::not_found("unmatched line", line_id))?;
        self.set_line_sku(line, sku_id.0)?;
        let account_id = self.order(order_row_id)?.account_id;
        self.tell_unmatched(account_id, order_row_id)?;
        self.index_order(order_row_id)?;
        self.book_order(order_row_id)
    }

    /// Looks again at unmatched lines whose SKU or listing has come since. Returns the orders that
    /// were booked.
    pub fn match_all_lines(&mut self) -> Result<Vec<OrderRowId>, StoreError> {
        let mut booked = Vec::new();
        for (account_id, id) in self.orders_to_match()? {
            let before = self.unmatched_count(id)?;
            self.match_lines_of(account_id, id)?;
            if self.unmatched_count(id)? < before {
                self.index_order(id)?;
                self.book_order(id)?;
                booked.push(id);
            }
        }
        Ok(booked)
    }

    fn unmatched_count(&self, id: OrderRowId) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM order_lines WHERE order_row_id = ?1 AND sku_id IS NULL";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([id.0], |row| row.get(0))?)
    }

    fn set_line_sku(&mut self, line: i64, sku_id: i64) -> Result<(), StoreError> {
        let db = self.connection();
        db.prepare_cached("UPDATE order_lines SET sku_id = ?2 WHERE id = ?1")?
            .execute((line, sku_id))?;
        let sql = "INSERT INTO order_line_parts (order_line_id, sku_id, units)
            SELECT ?1, id, 1 FROM skus WHERE id = ?2 AND kind = 'variant'
            UNION ALL SELECT ?1, variant_id, quantity FROM kit_parts WHERE kit_id = ?2";
        db.prepare_cached(sql)?.execute((line, sku_id))?;
        Ok(())
    }

    /// Lets the marketplace's own quantity follow what was newly sold there.
    pub(crate) fn note_sales(
        &mut self,
        account_id: AccountId,
        id: OrderRowId,
    ) -> Result<(), StoreError> {
        let sql = "SELECT l.id, l.sku, l.sku_id, l.listing_ref, l.quantity - l.quantity_noted,
              o.placed_at, o.site
            FROM order_lines l JOIN orders o ON o.id = l.order_row_id
            WHERE l.order_row_id = ?1 AND l.quantity > l.quantity_noted
              AND o.fulfilled_by = 'seller'";
        let lines: Vec<SoldLine> = {
            let mut statement = self.connection().prepare_cached(sql)?;
            let rows = statement.query_map([id.0], |row| {
                Ok(SoldLine {
                    row: row.get(0)?,
                    sku: row.get(1)?,
                    sku_id: row.get(2)?,
                    listing_ref: row.get(3)?,
                    units: row.get(4)?,
                    placed_at: row.get(5)?,
                    site: Site(row.get(6)?),
                })
            })?;
            rows.collect::<Result<_, _>>()?
        };
        for line in lines {
            let sold_as = self.sold_as(account_id, &line)?;
            let placed_at = crate::sql::to_instant(line.placed_at)?;
            for sku in &sold_as {
                self.note_sale((account_id, &line.site, sku), line.units, placed_at)?;
                self.note_sale_at_others(account_id, (&line.site, sku))?;
                if sold_as.len() > 1 {
                    self.forget_quantity(account_id, &line.site, sku)?;
                }
            }
            let sql = "UPDATE order_lines SET quantity_noted = quantity WHERE id = ?1";
            self.connection().prepare_cached(sql)?.execute([line.row])?;
        }
        Ok(())
    }

    /// The SKUs there of which one was sold. A line without a SKU is a sale of what it was matched
    /// to: of the listing that it names, else of any that lists it, and nobody can tell which.
    fn sold_as(&self, account_id: AccountId, line: &SoldLine) -> Result<Vec<Sku>, StoreError> {
        if let Some(sku) = &line.sku {
            return Ok(vec![to_sku(sku.clone())?]);
        }
        let sql = "SELECT g.channel_sku, EXISTS (SELECT 1 FROM listing_refs r
                WHERE r.account_id = g.account_id AND r.listing_id = g.id AND r.ref = ?4) * 2
              + EXISTS (SELECT 1 FROM listing_refs r
                WHERE r.account_id = g.account_id AND r.listing_id = g.id
                  AND r.ref = substr(?4, 1, instr(?4, '/') - 1)) AS nearness
            FROM listings g WHERE g.account_id = ?1 AND g.site = ?2 AND g.sku_id = ?3
            ORDER BY nearness DESC, g.id LIMIT 1000";
        let mut statement = self.connection().prepare_cached(sql)?;
        let values = params![account_id.0, line.site.0, line.sku_id, line.listing_ref];
        let rows = statement.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let found: Vec<(String, i64)> = rows.collect::<Result<_, _>>()?;
        let nearest = found.first().map(|(_, nearness)| *nearness);
        let same = found.into_iter().filter(|(_, own)| Some(*own) == nearest);
        same.map(|(sku, _)| to_sku(sku)).collect()
    }

    /// What is there of a listing is not known any more: it is sent again.
    fn forget_quantity(
        &mut self,
        account_id: AccountId,
        site: &Site,
        sku: &Sku,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE listings SET expected_quantity = NULL
            WHERE account_id = ?1 AND channel_sku = ?2 AND (site = ?3 OR pool <> '')";
        self.connection()
            .prepare_cached(sql)?
            .execute((account_id.0, sku.as_str(), &site.0))?;
        Ok(())
    }

    /// Brings reservation and ledger to what the lines of an order hold. Doing it again does
    /// nothing.
    pub(crate) fn book_order(&mut self, id: OrderRowId) -> Result<(), StoreError> {
        let sql = "SELECT account_id, order_id, fulfilled_by = 'seller', payment_state = 'failed'
            FROM orders WHERE id = ?1";
        let (account_id, order_id, own, failed): (i64, String, bool, bool) = self
            .connection()
            .prepare_cached(sql)?
            .query_row([id.0], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
        for line in self.lines_to_book(id)? {
            let open = if own && !failed { line.open } else { 0 };
            let moves = own && line.quantity_shipped > line.quantity_booked;
            for (sku_id, units, reserved) in self.parts_of(line.row)? {
                self.reserve(line.row, sku_id, reserved, open * units)?;
                if moves {
                    self.move_shipped((account_id, &order_id), &line, sku_id, units)?;
                }
            }
            if line.matched && line.quantity_shipped != line.quantity_booked {
                let sql = "UPDATE order_lines SET quantity_booked = quantity_shipped WHERE id = ?1";
                self.connection().prepare_cached(sql)?.execute([line.row])?;
            }
        }
        Ok(())
    }

    fn lines_to_book(&self, id: OrderRowId) -> Result<Vec<BookedLine>, StoreError> {
        let sql = "SELECT l.id, l.line_id, l.quantity_shipped, l.quantity_booked,
              max(0, l.quantity - l.quantity_shipped - l.quantity_cancelled),
              coalesce((SELECT max(s.shipped_at) FROM shipments s
                JOIN shipment_lines sl ON sl.shipment_row_id = s.id
                WHERE s.order_row_id = o.id AND sl.line_id = l.line_id
                  AND s.confirmation = 'confirmed'), o.updated_at, o.placed_at),
              o.id, l.sku_id IS NOT NULL
            FROM order_lines l JOIN orders o ON o.id = l.order_row_id WHERE o.id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let lines = statement.query_map([id.0], |row| {
            Ok(BookedLine {
                row: row.get(0)?,
                line_id: row.get(1)?,
                quantity_shipped: row.get(2)?,
                quantity_booked: row.get(3)?,
                open: row.get(4)?,
                shipped_at: row.get(5)?,
                order: row.get(6)?,
                matched: row.get(7)?,
            })
        })?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    fn parts_of(&self, line: i64) -> Result<Vec<(i64, i64, i64)>, StoreError> {
        let sql = "SELECT sku_id, units, reserved FROM order_line_parts
            WHERE order_line_id = ?1 ORDER BY sku_id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let parts =
            statement.query_map([line], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(parts.collect::<Result<_, _>>()?)
    }

    fn reserve(&mut self, line: i64, sku_id: i64, from: i64, to: i64) -> Result<(), StoreError> {
        if from == to {
            return Ok(());
        }
        let db = self.connection();
        let sql = "UPDATE order_line_parts SET reserved = ?3
            WHERE order_line_id = ?1 AND sku_id = ?2";
        db.prepare_cached(sql)?.execute((line, sku_id, to))?;
        let sql = "INSERT INTO stock_reserved (sku_id, reserved) VALUES (?1, ?2)
            ON CONFLICT (sku_id) DO UPDATE SET reserved = reserved + excluded.reserved";
        db.prepare_cached(sql)?.execute((sku_id, to - from))?;
        Ok(())
    }

    /// Where a variant is taken from, and when it was counted there: the default place if it is
    /// kept there, else where most of it is. None where it was never counted.
    fn shelf_of(&self, sku_id: i64) -> Result<Option<(i64, i64)>, StoreError> {
        let sql = "SELECT s.location_id, coalesce(s.counted_at, (SELECT min(m.at) FROM movements m
                WHERE m.sku_id = s.sku_id AND m.location_id = s.location_id))
            FROM stock s JOIN locations l ON l.id = s.location_id
            WHERE s.sku_id = ?1
            ORDER BY s.on_hand > 0 DESC, l.is_default DESC, s.on_hand DESC, s.location_id LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement
            .query_row([sku_id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    /// Units of a line that are known to have left before an instant.
    fn shipped_before(&self, line: &BookedLine, at: i64) -> Result<i64, StoreError> {
        let sql = "SELECT ifnull(sum(sl.quantity), 0) FROM shipments s
              JOIN shipment_lines sl ON sl.shipment_row_id = s.id
            WHERE s.order_row_id = ?1 AND sl.line_id = ?2 AND s.confirmation = 'confirmed'
              AND s.shipped_at < ?3";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row((line.order, &line.line_id, at), |row| row.get(0))?)
    }

    fn move_shipped(
        &mut self,
        (account_id, order_id): (i64, &str),
        line: &BookedLine,
        sku_id: i64,
        units_per_one: i64,
    ) -> Result<(), StoreError> {
        let Some((location, counted_at)) = self.shelf_of(sku_id)? else {
            return Ok(());
        };
        if line.shipped_at < counted_at {
            return Ok(());
        }
        let counted_gone = self.shipped_before(line, counted_at)?;
        let newly = line.quantity_shipped - line.quantity_booked.max(counted_gone);
        if newly <= 0 {
            return Ok(());
        }
        let db = self.connection();
        let sql = "INSERT INTO movements (sku_id, location_id, delta, kind, origin, at, account_id,
              order_id, line_id, cumulative)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (account_id, order_id, line_id, sku_id, location_id, kind, cumulative)
              WHERE account_id IS NOT NULL DO NOTHING";
        db.prepare_cached(sql)?.execute(params![
            sku_id,
            location,
            -newly * units_per_one,
            code(&MovementKind::Shipped)?,
            Origin::Account(AccountId(account_id)).to_string(),
            instant(self.now()),
            account_id,
            order_id,
            line.line_id,
            line.quantity_shipped * units_per_one,
        ])?;
        Ok(())
    }
}
