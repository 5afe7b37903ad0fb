//! Storing orders: whole, once, and never less than what is known already.
//!
//! An order is stored under (account, order id), and under one account alone where several are the
//! same seller's, as two sites of his are: `same_seller` says which. What a marketplace stops
//! sending stays as it was; quantities shipped, cancelled and returned never go down; an answer
//! that is older than what is stored changes nothing. The reservation and the ledger follow in the
//! same transaction.

use std::hash::{DefaultHasher, Hash, Hasher};

use barrow_model::{AccountId, Address, Amounts, Buyer, Order, OrderLine, OrderRowId};
use chrono::Duration;
use rusqlite::{OptionalExtension, params};

use crate::error::StoreError;
use crate::order::LineAmounts;
use crate::sql::{code, instant, json, money, to_json};
use crate::store::Writer;

/// What became of an order that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredAs {
    /// Its row.
    pub id: OrderRowId,
    /// Whether it was not there before.
    pub new: bool,
    /// Whether anything about it changed.
    pub changed: bool,
}

/// Stores the head of an order. What is not told any more stays as it is.
const PUT_HEAD: &str =
    "INSERT INTO orders (account_id, order_id, customer_order_id, site, placed_at,
      updated_at, paid_at, ship_by, deliver_by, state, marketplace_state, payment_state,
      on_hold, cancel_requested, replaces, fulfilled_by, shipping_service, total_minor,
      total_currency, amounts, taxes, needs_acknowledgement, first_seen_at, essence)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
      ?18, ?19, ?20, ?21, ?22, ?23, ?24)
    ON CONFLICT (account_id, order_id) DO UPDATE SET
      customer_order_id = ifnull(excluded.customer_order_id, customer_order_id),
      updated_at = ifnull(excluded.updated_at, updated_at),
      paid_at = ifnull(excluded.paid_at, paid_at),
      ship_by = ifnull(excluded.ship_by, ship_by),
      deliver_by = ifnull(excluded.deliver_by, deliver_by),
      marketplace_state = ifnull(excluded.marketplace_state, marketplace_state),
      payment_state = iif(excluded.payment_state = 'unknown', payment_state,
                          excluded.payment_state),
      on_hold = excluded.on_hold,
      cancel_requested = excluded.cancel_requested,
      replaces = ifnull(excluded.replaces, replaces),
      fulfilled_by = excluded.fulfilled_by,
      shipping_service = ifnull(excluded.shipping_service, shipping_service),
      total_currency = iif(excluded.total_minor IS NULL, total_currency,
                           excluded.total_currency),
      total_minor = ifnull(excluded.total_minor, total_minor),
      amounts = excluded.amounts,
      taxes = iif(excluded.taxes = '[]', taxes, excluded.taxes),
      needs_acknowledgement = excluded.needs_acknowledgement,
      essence = excluded.essence
    RETURNING id";

impl Writer<'_> {
    /// Stores an order as the marketplace returned it, with the record that it was read from, and
    /// books what is new in it.
    ///
    /// An order that another account of the same seller has given already stays that account's.
    ///
    /// `lowers_quantity` says that the marketplace takes sold units off its own quantity by
    /// itself, so that less is thought to be there now.
    pub fn store_order(
        &mut self,
        account_id: AccountId,
        order: &Order,
        record: &str,
        lowers_quantity: bool,
    ) -> Result<StoredAs, StoreError> {
        let account_id = self.account_of_order(account_id, order)?;
        let known = self.known_order(account_id, &order.order_id)?;
        let essence = essence(order, record)?;
        if let Some(known) = &known {
            let updated = order.updated_at.map(instant);
            let older = updated.zip(known.updated_at).is_some_and(|(a, b)| a < b);
            if older || known.essence == essence {
                return Ok(StoredAs {
                    id: known.id,
                    new: false,
                    changed: false,
                });
            }
        }
        let id = self.put_head(account_id, order, known.as_ref(), essence)?;
        for (position, line) in order.lines.iter().enumerate() {
            self.put_line(id, position, line)?;
        }
        self.put_people(id, order)?;
        self.put_record(id, record)?;
        for refund in &order.refunds {
            self.put_refund(id, refund)?;
        }
        for shipment in &order.shipments {
            self.put_shipment(id, shipment)?;
        }
        self.match_lines_of(account_id, id)?;
        self.index_order(id)?;
        if lowers_quantity {
            self.note_sales(account_id, id)?;
        }
        self.book_order(id)?;
        if known.is_some() {
            self.refresh_order_state(id)?;
        }
        Ok(StoredAs {
            id,
            new: known.is_none(),
            changed: true,
        })
    }

    fn known_order(
        &self,
        account_id: AccountId,
        order_id: &str,
    ) -> Result<Option<KnownOrder>, StoreError> {
        let sql = "SELECT id, updated_at, essence, amounts FROM orders
            WHERE account_id = ?1 AND order_id = ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement
            .query_row((account_id.0, order_id), |row| {
                Ok(KnownOrder {
                    id: OrderRowId(row.get(0)?),
                    updated_at: row.get(1)?,
                    essence: row.get(2)?,
                    amounts: row.get(3)?,
                })
            })
            .optional()?)
    }

    fn put_head(
        &mut self,
        account_id: AccountId,
        order: &Order,
        known: Option<&KnownOrder>,
        essence: i64,
    ) -> Result<OrderRowId, StoreError> {
        let amounts = match known {
            Some(known) => amounts_kept(to_json(&known.amounts)?, order.amounts),
            None => order.amounts,
        };
        let (total_minor, total_currency) = money(order.total);
        let at = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(instant);
        let mut statement = self.connection().prepare_cached(PUT_HEAD)?;
        let id = statement.query_row(
            params![
                account_id.0,
                order.order_id,
                order.customer_order_id,
                order.site.0,
                instant(order.placed_at),
                at(order.updated_at),
                at(order.paid_at),
                at(order.ship_by),
                at(order.deliver_by),
                order.state().code(),
                order.marketplace_state,
                code(&order.payment_state)?,
                order.on_hold,
                order.cancel_requested,
                order.replaces,
                code(&order.fulfilled_by)?,
                order.shipping_service,
                total_minor,
                total_currency,
                json(&amounts)?,
                json(&order.taxes)?,
                order.needs_acknowledgement,
                instant(self.now()),
                essence,
            ],
            |row| row.get(0),
        )?;
        Ok(OrderRowId(id))
    }

    fn put_line(
        &mut self,
        id: OrderRowId,
        position: usize,
        line: &OrderLine,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO order_lines (order_row_id, position, line_id, sku, listing_ref,
              title, quantity, quantity_shipped, quantity_cancelled, quantity_returned, delivered,
              amounts, options)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            ON CONFLICT (order_row_id, line_id) DO UPDATE SET
              position = excluded.position,
              sku = ifnull(excluded.sku, sku),
              listing_ref = ifnull(excluded.listing_ref, listing_ref),
              options = iif(excluded.options = '[]', options, excluded.options),
              title = iif(excluded.title = '', title, excluded.title),
              quantity = excluded.quantity,
              quantity_shipped = max(quantity_shipped, excluded.quantity_shipped),
              quantity_cancelled = max(quantity_cancelled, excluded.quantity_cancelled),
              quantity_returned = max(quantity_returned, excluded.quantity_returned),
              delivered = max(delivered, excluded.delivered),
              amounts = json_patch(amounts, excluded.amounts)";
        let amounts = LineAmounts {
            unit_price: line.unit_price,
            subtotal: line.subtotal,
            tax: line.tax,
            shipping: line.shipping,
            discount: line.discount,
        };
        self.connection().prepare_cached(sql)?.execute(params![
            id.0,
            i64::try_from(position).unwrap_or(i64::MAX),
            line.line_id,
            line.sku.as_ref().map(barrow_model::Sku::as_str),
            line.listing_ref,
            line.title,
            line.quantity,
            line.quantity_shipped,
            line.quantity_cancelled,
            line.quantity_returned,
            line.delivered,
            json(&amounts)?,
            json(&line.options)?,
        ])?;
        Ok(())
    }

    fn put_people(&mut self, id: OrderRowId, order: &Order) -> Result<(), StoreError> {
        let sql = "SELECT buyer, ship_to, erased_at FROM order_people WHERE order_row_id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let stored: Option<(String, String, Option<i64>)> = statement
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        if let Some((_, _, Some(_))) = stored {
            return Ok(());
        }
        let (mut buyer, mut ship_to) = match &stored {
            Some((buyer, ship_to, _)) => (to_json(buyer)?, to_json(ship_to)?),
            None => (Buyer::default(), Address::default()),
        };
        if let Some(new) = &order.buyer {
            merge_buyer(&mut buyer, new);
        }
        if let Some(new) = &order.ship_to {
            merge_address(&mut ship_to, new);
        }
        let sql = "INSERT INTO order_people (order_row_id, buyer, ship_to, buyer_note)
            VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (order_row_id) DO UPDATE SET buyer = excluded.buyer,
              ship_to = excluded.ship_to, buyer_note = ifnull(excluded.buyer_note, buyer_note)";
        let values = params![id.0, json(&buyer)?, json(&ship_to)?, order.buyer_note];
        self.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    fn put_record(&mut self, id: OrderRowId, record: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO order_records (order_row_id, body)
            SELECT ?1, ?2 WHERE NOT EXISTS
              (SELECT 1 FROM order_people WHERE order_row_id = ?1 AND erased_at IS NOT NULL)
            ON CONFLICT (order_row_id) DO UPDATE SET body = excluded.body";
        self.connection()
            .prepare_cached(sql)?
            .execute((id.0, record))?;
        Ok(())
    }

    /// Erases a buyer's name, address and the raw records, one in quarantine too, and what was
    /// written with him about what he bought; figures stay, and a later pull does not bring them
    /// back.
    pub fn erase_people(&mut self, id: OrderRowId) -> Result<(), StoreError> {
        self.erase_words_of(id)?;
        // Also where nobody was told yet: whoever comes with a later pull is not taken in.
        let sql = "INSERT INTO order_people (order_row_id, erased_at) VALUES (?1, ?2)
            ON CONFLICT (order_row_id) DO UPDATE SET buyer = '{}', ship_to = '{}',
              buyer_note = NULL, erased_at = excluded.erased_at";
        self.connection()
            .execute(sql, (id.0, instant(self.now())))?;
        self.forget_people(id)?;
        self.connection()
            .execute("DELETE FROM order_records WHERE order_row_id = ?1", [id.0])?;
        let sql = "DELETE FROM quarantine WHERE (account_id, order_id) =
            (SELECT account_id, order_id FROM orders WHERE id = ?1)";
        self.connection().execute(sql, [id.0])?;
        Ok(())
    }

    /// Erases the people of an account's orders that were delivered longer ago than a marketplace
    /// lets them be kept. Where the day is not known it is taken for the latest that was promised,
    /// else for sixty days after the order. Open orders keep theirs. Returns how many there were,
    /// at most a thousand in one go.
    pub fn erase_old_people(
        &mut self,
        account: AccountId,
        kept: Duration,
    ) -> Result<usize, StoreError> {
        const DELIVERED_AT_LATEST: i64 = Duration::days(60).num_milliseconds();
        let latest = instant(self.now() - kept);
        let sql = "SELECT o.id FROM orders o INDEXED BY orders_account
            JOIN order_people p ON p.order_row_id = o.id
            WHERE o.account_id = ?1 AND o.placed_at < ?2
              AND ifnull(o.deliver_by, o.placed_at + ?3) < ?2
              AND o.state IN ('shipped', 'delivered', 'cancelled') AND p.erased_at IS NULL
            LIMIT 1000";
        let old: Vec<OrderRowId> = {
            let mut statement = self.connection().prepare_cached(sql)?;
            let rows = statement.query_map((account.0, latest, DELIVERED_AT_LATEST), |row| {
                row.get(0).map(OrderRowId)
            })?;
            rows.collect::<Result<_, _>>()?
        };
        for id in &old {
            self.erase_people(*id)?;
        }
        Ok(old.len())
    }

    /// Takes a marketplace's word that an order has been acknowledged.
    pub(crate) fn note_acknowledged(&mut self, id: OrderRowId) -> Result<(), StoreError> {
        let sql = "UPDATE orders SET needs_acknowledgement = 0 WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute([id.0])?;
        Ok(())
    }

    /// Derives the state of an order from what its lines hold now.
    pub(crate) fn refresh_order_state(&mut self, id: OrderRowId) -> Result<(), StoreError> {
        let state = self.derived_state(id)?;
        let sql = "UPDATE orders SET state = ?2 WHERE id = ?1 AND state <> ?2";
        self.connection()
            .prepare_cached(sql)?
            .execute((id.0, state.code()))?;
        Ok(())
    }
}

/// What is stored of an order when another answer about it comes.
struct KnownOrder {
    id: OrderRowId,
    updated_at: Option<i64>,
    essence: i64,
    amounts: String,
}

/// A mark of all that was read of an order: its record, and what was read beside it.
fn essence(order: &Order, record: &str) -> Result<i64, StoreError> {
    let mut hasher = DefaultHasher::new();
    json(order)?.hash(&mut hasher);
    record.hash(&mut hasher);
    Ok(hasher.finish().cast_signed())
}

/// What the marketplace does not tell any more stays.
fn amounts_kept(old: Amounts, new: Amounts) -> Amounts {
    Amounts {
        items: new.items.or(old.items),
        shipping: new.shipping.or(old.shipping),
        discount: new.discount.or(old.discount),
        tax: new.tax.or(old.tax),
        tax_by_marketplace: new.tax_by_marketplace.or(old.tax_by_marketplace),
        other: new.other.or(old.other),
        total: new.total.or(old.total),
        refunded: new.refunded.or(old.refunded),
    }
}

fn keep(old: &mut Option<String>, new: &Option<String>) {
    if let Some(text) = new.as_ref().filter(|text| !text.trim().is_empty()) {
        *old = Some(text.clone());
    }
}

fn merge_buyer(old: &mut Buyer, new: &Buyer) {
    keep(&mut old.name, &new.name);
    keep(&mut old.email, &new.email);
    keep(&mut old.username, &new.username);
    keep(&mut old.tax_id, &new.tax_id);
}

/// An address that still has a street is taken whole: a part of the old one would not fit it. One
/// without a street is what is left of it after its time, and erases nothing.
fn merge_address(old: &mut Address, new: &Address) {
    if new.line1.is_some() {
        let reference = new.reference.clone().or_else(|| old.reference.take());
        let phone = new.phone.clone().or_else(|| old.phone.take());
        *old = Address {
            reference,
            phone,
            ..new.clone()
        };
        return;
    }
    if old.line1.is_some() {
        return;
    }
    let pairs = [
        (&mut old.name, &new.name),
        (&mut old.company, &new.company),
        (&mut old.line2, &new.line2),
        (&mut old.line3, &new.line3),
        (&mut old.city, &new.city),
        (&mut old.region, &new.region),
        (&mut old.postal_code, &new.postal_code),
        (&mut old.country, &new.country),
        (&mut old.phone, &new.phone),
        (&mut old.reference, &new.reference),
    ];
    for (old, new) in pairs {
        keep(old, new);
    }
}
