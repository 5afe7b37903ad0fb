//! Shipments and refunds of orders.

use barrow_model::{
    Action, ActionKind, CaseAct, ChangeId, Confirmation, OrderRowId, Refund, ShipRequest, Shipment,
    ShipmentLine, Target,
};
use rusqlite::{OptionalExtension, params};

use crate::error::StoreError;
use crate::outbox::QueuedChange;
use crate::settle::Settlement;
use crate::sql::{code, instant, json, money, to_code, to_instant_opt, to_json, to_money};
use crate::store::{Reader, Writer};

impl Reader<'_> {
    /// The shipments of an order, in the order in which they became known.
    pub fn shipments_of(&self, id: OrderRowId) -> Result<Vec<Shipment>, StoreError> {
        let sql = "SELECT id, shipment_id, carrier, service, tracking, tracking_url, shipped_at,
              confirmation
            FROM shipments WHERE order_row_id = ?1 ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([id.0])?;
        let mut shipments = Vec::new();
        while let Some(row) = rows.next()? {
            shipments.push(Shipment {
                id: row.get(1)?,
                carrier: row.get(2)?,
                service: row.get(3)?,
                tracking: row.get(4)?,
                tracking_url: row.get(5)?,
                shipped_at: to_instant_opt(row.get(6)?)?,
                confirmation: to_code(&row.get::<_, String>(7)?)?,
                lines: self.shipment_lines(row.get(0)?)?,
            });
        }
        Ok(shipments)
    }

    fn shipment_lines(&self, shipment: i64) -> Result<Vec<ShipmentLine>, StoreError> {
        let sql = "SELECT line_id, quantity FROM shipment_lines
            WHERE shipment_row_id = ?1 ORDER BY line_id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let lines = statement.query_map([shipment], |row| {
            Ok(ShipmentLine {
                line_id: row.get(0)?,
                quantity: row.get(1)?,
            })
        })?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// Whether a parcel is followed at this address.
    pub fn is_tracking_url(&self, address: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM shipments WHERE tracking_url = ?1)";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([address], |row| row.get(0))?)
    }

    /// The shipment of an order that a change carries; none where it carries none of it.
    pub fn shipment_of_change(
        &self,
        id: OrderRowId,
        change: ChangeId,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT shipment_id FROM shipments WHERE order_row_id = ?1 AND change_id = ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let found = statement.query_row((id.0, change.0), |row| row.get(0));
        Ok(found.optional()?)
    }

    /// What is being done to an order and not answered for good yet, oldest first.
    pub fn unsettled_actions(&self, id: OrderRowId) -> Result<Vec<Action>, StoreError> {
        let sql = "SELECT payload FROM changes WHERE order_row_id = ?1 AND payload IS NOT NULL
              AND state IN ('waiting', 'held', 'in_flight', 'accepted', 'unknown') ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([id.0])?;
        let mut actions = Vec::new();
        while let Some(row) = rows.next()? {
            let (_, action): (Target, Action) = to_json(&row.get::<_, String>(0)?)?;
            actions.push(action);
        }
        Ok(actions)
    }

    /// What was given back of an order, alone or with a case, and may not be among what was read of
    /// the order: no whole pull has covered the moment of its answer yet.
    pub fn refunds_unread(&self, id: OrderRowId) -> Result<Vec<Action>, StoreError> {
        let sql = "SELECT c.payload FROM changes c LEFT JOIN pulls p ON p.account_id = c.account_id
            WHERE c.order_row_id = ?1 AND c.payload IS NOT NULL AND c.state = 'applied'
              AND c.answered_at >= ifnull(p.completed_at, 0) ORDER BY c.id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([id.0])?;
        let mut given = Vec::new();
        while let Some(row) = rows.next()? {
            let (_, action): (Target, Action) = to_json(&row.get::<_, String>(0)?)?;
            let gives = match &action {
                Action::Refund { .. } => true,
                Action::AnswerCase { answer, .. } => answer.act() == CaseAct::Refund,
                _ => false,
            };
            if gives {
                given.push(action);
            }
        }
        Ok(given)
    }

    /// The refunds of an order, oldest first.
    pub fn refunds_of(&self, id: OrderRowId) -> Result<Vec<Refund>, StoreError> {
        let sql = "SELECT refund_id, at, line_id, amount_minor, amount_currency, reason, state
            FROM refunds WHERE order_row_id = ?1 ORDER BY at, refund_id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([id.0])?;
        let mut refunds = Vec::new();
        while let Some(row) = rows.next()? {
            let amount = to_money(row.get(3)?, row.get(4)?)?;
            refunds.push(Refund {
                id: row.get(0)?,
                at: to_instant_opt(row.get(1)?)?,
                line_id: row.get(2)?,
                amount: amount.ok_or_else(|| StoreError::corrupt("a refund without an amount"))?,
                reason: row.get(5)?,
                state: to_code(&row.get::<_, String>(6)?)?,
            });
        }
        Ok(refunds)
    }
}

/// What leaves without carrier and number has none.
fn named(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

impl Writer<'_> {
    /// Keeps a shipment as the marketplace tells it. One that Barrow sent is recognised by its
    /// tracking number, so that it is not there twice; of several in one parcel, one at a time. One
    /// that left without a number is recognised by what is in it.
    pub(crate) fn put_shipment(
        &mut self,
        id: OrderRowId,
        shipment: &Shipment,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE shipments SET shipment_id = ?3, confirmation = 'confirmed'
            WHERE id = (SELECT min(id) FROM shipments
              WHERE order_row_id = ?1 AND change_id IS NOT NULL AND told = 0
                AND (upper(replace(replace(tracking, ' ', ''), '-', ''))
                    = upper(replace(replace(?2, ' ', ''), '-', ''))
                  OR ?2 IS NULL AND tracking IS NULL AND confirmation <> 'queued'
                    AND EXISTS (SELECT 1 FROM shipment_lines l
                      WHERE l.shipment_row_id = shipments.id
                        AND l.line_id IN (SELECT value FROM json_each(?4)))))
              AND NOT EXISTS (SELECT 1 FROM shipments
                WHERE order_row_id = ?1 AND shipment_id = ?3)";
        let lines = shipment.lines.iter();
        let lines: Vec<&str> = lines.map(|line| line.line_id.as_str()).collect();
        let db = self.connection();
        db.prepare_cached(sql)?
            .execute((id.0, &shipment.tracking, &shipment.id, json(&lines)?))?;
        let sql = "INSERT INTO shipments (order_row_id, shipment_id, carrier, service, tracking,
              tracking_url, shipped_at, confirmation, told)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1)
            ON CONFLICT (order_row_id, shipment_id) DO UPDATE SET told = 1,
              carrier = ifnull(excluded.carrier, carrier),
              service = ifnull(excluded.service, service),
              tracking = ifnull(excluded.tracking, tracking),
              tracking_url = ifnull(excluded.tracking_url, tracking_url),
              shipped_at = ifnull(excluded.shipped_at, shipped_at),
              confirmation = excluded.confirmation
            RETURNING id";
        let row: i64 = db.prepare_cached(sql)?.query_row(
            params![
                id.0,
                shipment.id,
                shipment.carrier,
                shipment.service,
                shipment.tracking,
                shipment.tracking_url,
                shipment.shipped_at.map(instant),
                code(&shipment.confirmation)?,
            ],
            |row| row.get(0),
        )?;
        for line in shipment.lines.iter().filter(|line| line.quantity > 0) {
            self.put_shipment_line(row, &line.line_id, line.quantity)?;
        }
        Ok(())
    }

    fn put_shipment_line(
        &mut self,
        shipment: i64,
        line_id: &str,
        quantity: u32,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO shipment_lines (shipment_row_id, line_id, quantity)
            VALUES (?1, ?2, ?3)
            ON CONFLICT (shipment_row_id, line_id) DO UPDATE SET quantity = excluded.quantity";
        self.connection()
            .prepare_cached(sql)?
            .execute((shipment, line_id, quantity))?;
        Ok(())
    }

    pub(crate) fn put_refund(&mut self, id: OrderRowId, refund: &Refund) -> Result<(), StoreError> {
        let sql = "INSERT INTO refunds (order_row_id, refund_id, at, line_id, amount_minor,
              amount_currency, reason, state)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (order_row_id, refund_id) DO UPDATE SET at = ifnull(excluded.at, at),
              line_id = ifnull(excluded.line_id, line_id), amount_minor = excluded.amount_minor,
              amount_currency = excluded.amount_currency,
              reason = ifnull(excluded.reason, reason), state = excluded.state";
        let (minor, currency) = money(Some(refund.amount));
        self.connection().prepare_cached(sql)?.execute(params![
            id.0,
            refund.id,
            refund.at.map(instant),
            refund.line_id,
            minor,
            currency,
            refund.reason,
            code(&refund.state)?,
        ])?;
        Ok(())
    }

    /// Keeps a shipment of the seller's whose change waits in the outbox.
    pub fn queue_shipment(
        &mut self,
        id: OrderRowId,
        request: &ShipRequest,
        change_id: ChangeId,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO shipments (order_row_id, shipment_id, carrier, service, tracking,
              tracking_url, shipped_at, confirmation, change_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', ?8) RETURNING id";
        let row: i64 = self.connection().prepare_cached(sql)?.query_row(
            params![
                id.0,
                request.reference,
                named(&request.carrier),
                request.service,
                named(&request.tracking),
                request.tracking_url,
                instant(request.shipped_at),
                change_id.0,
            ],
            |row| row.get(0),
        )?;
        for line in &request.lines {
            self.put_shipment_line(row, &line.line_id, line.quantity)?;
        }
        Ok(())
    }

    /// Takes a shipment back that waits in the outbox and was never sent. Returns what was to be
    /// told; none where it is on its way already, or was told by the marketplace.
    pub fn withdraw_shipment(
        &mut self,
        id: OrderRowId,
        shipment_id: &str,
    ) -> Result<Option<ShipRequest>, StoreError> {
        let sql =
            "SELECT s.id, c.id, c.payload FROM shipments s JOIN changes c ON c.id = s.change_id
            WHERE s.order_row_id = ?1 AND s.shipment_id = ?2 AND s.confirmation = 'queued'
              AND c.state IN ('waiting', 'held') AND c.sent_at IS NULL AND c.steps = 0";
        let db = self.connection();
        let found: Option<(i64, i64, String)> = db
            .prepare_cached(sql)?
            .query_row((id.0, shipment_id), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((row, change, payload)) = found else {
            return Ok(None);
        };
        let (_, Action::Ship(request)): (Target, Action) = to_json(&payload)? else {
            return Err(StoreError::corrupt("a shipment whose change ships nothing"));
        };
        db.prepare_cached("DELETE FROM shipments WHERE id = ?1")?
            .execute([row])?;
        let sql = "UPDATE changes SET state = 'dropped', answered_at = ?2, ready = 1
            WHERE id = ?1";
        db.prepare_cached(sql)?
            .execute((change, instant(self.now())))?;
        Ok(Some(request))
    }

    /// Lets an order follow what became of a change of it.
    pub(crate) fn follow_order(
        &mut self,
        queued: &QueuedChange,
        settlement: &Settlement,
    ) -> Result<(), StoreError> {
        let Some(order_row_id) = queued.order_row_id else {
            return Ok(());
        };
        match (queued.kind, settlement) {
            (ActionKind::Acknowledge, Settlement::Applied { .. }) => {
                self.note_acknowledged(order_row_id)
            }
            (ActionKind::Ship, Settlement::Applied { .. }) => {
                self.note_shipment(queued.id, Confirmation::Confirmed)
            }
            (ActionKind::Ship, Settlement::Refused { .. }) => {
                self.note_shipment(queued.id, Confirmation::Refused)
            }
            (ActionKind::Ship, Settlement::Accepted { .. } | Settlement::Unknown { .. }) => {
                self.note_shipment(queued.id, Confirmation::Sent)
            }
            (ActionKind::AnswerCase, Settlement::Applied { .. }) => self.note_answered(queued.id),
            _ => Ok(()),
        }
    }

    /// Keeps what became of the change that carries a shipment. Once the marketplace has it, its
    /// units are shipped: the lines, the reservation and the ledger follow.
    pub(crate) fn note_shipment(
        &mut self,
        change_id: ChangeId,
        confirmation: Confirmation,
    ) -> Result<(), StoreError> {
        let sql = "SELECT id, order_row_id, confirmation FROM shipments WHERE change_id = ?1";
        let found: Option<(i64, i64, String)> = self
            .connection()
            .prepare_cached(sql)?
            .query_row([change_id.0], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((row, order, stored)) = found else {
            return Ok(());
        };
        if to_code::<Confirmation>(&stored)? == Confirmation::Confirmed {
            return Ok(());
        }
        let db = self.connection();
        db.prepare_cached("UPDATE shipments SET confirmation = ?2 WHERE id = ?1")?
            .execute((row, code(&confirmation)?))?;
        if confirmation == Confirmation::Confirmed {
            let sql = "UPDATE order_lines SET quantity_shipped = max(quantity_shipped,
                  min(quantity, (SELECT sum(sl.quantity) FROM shipments s
                    JOIN shipment_lines sl ON sl.shipment_row_id = s.id
                    WHERE s.order_row_id = ?1 AND sl.line_id = order_lines.line_id
                      AND s.confirmation = 'confirmed')))
                WHERE order_row_id = ?1
                  AND line_id IN (SELECT line_id FROM shipment_lines WHERE shipment_row_id = ?2)";
            db.prepare_cached(sql)?.execute((order, row))?;
            self.book_order(OrderRowId(order))?;
            self.refresh_order_state(OrderRowId(order))?;
        }
        Ok(())
    }
}
