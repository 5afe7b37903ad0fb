//! What the seller and the buyers do.

use barrow_engine::ShipOrder;
use barrow_model::{
    AccountState, CancelReason, Currency, ListingState, Money, Movement, MovementKind,
    OrderLineQuantity, Origin, Overrides, Row, Sku,
};
use barrow_store::{OrderFilter, StoredOrder, Value};

use super::world::World;
use crate::goods::{Goods, import_rows, kit, row, sku};
use crate::shop::ALL;

/// Goods at most; more would only make the walk slower.
const PRODUCTS_MAX: u64 = 8;
const KITS_MAX: usize = 2;

impl World {
    fn price(&mut self) -> Money {
        // Often near what is there, sometimes far, sometimes below the floor.
        let cents = match self.chance.between(0, 9) {
            0 => self.chance.between(100, 499),
            1 => self.chance.between(4_000, 6_000),
            _ => self.chance.between(1_800, 2_200),
        };
        Money::new(i64::try_from(cents).unwrap_or(2_000), Currency::USD)
    }

    fn any_variant(&mut self) -> Sku {
        let skus = self.skus.clone();
        self.chance
            .pick(&skus)
            .expect("there are goods from the beginning")
    }

    fn any_listing(&mut self) -> Option<(&'static str, Sku)> {
        let name = self.chance.pick(&ALL)?;
        let rows = self.shop.listings(name);
        let skus: Vec<Sku> = rows
            .into_iter()
            .map(|row| row.listing.channel_sku)
            .collect();
        Some((name, self.chance.pick(&skus)?))
    }

    /// The seller does one thing.
    pub(super) async fn seller_acts(&mut self) {
        match self.chance.between(0, 16) {
            0 | 1 => self.sets_a_price(),
            2..=4 => self.moves_stock(),
            5 => self.changes_a_listing(),
            6 => self.changes_a_title(),
            7 => self.imports(),
            8 => self.undoes_an_import(),
            9 => self.adds_a_kit(),
            10 => self.overrides(),
            11 | 12 => self.ships().await,
            13 => self.pauses_an_account(),
            14 | 15 => self.refunds().await,
            _ => self.cancels().await,
        }
    }

    fn sets_a_price(&mut self) {
        let (sku, price) = (self.any_variant(), self.price());
        self.note(format!("price of {sku}: {price}"));
        self.shop.set_price(&sku, price);
    }

    fn moves_stock(&mut self) {
        let sku = self.any_variant();
        if self.chance.percent(50) {
            let counted = i64::try_from(self.chance.between(0, 12)).unwrap_or(0);
            self.note(format!("count of {sku}: {counted}"));
            self.shop.count(&sku, counted);
            return;
        }
        let delta = i64::try_from(self.chance.between(0, 7)).unwrap_or(0) - 3;
        self.note(format!("correction of {sku}: {delta}"));
        let sku_id = self.shop.sku_id(&sku);
        let write = self.shop.rig.store.write(|tx| {
            let movement = Movement {
                sku_id,
                location_id: tx.default_location()?,
                delta,
                kind: MovementKind::Correction,
                origin: Origin::User,
                reason: Some("found on the shelf".to_owned()),
                at: tx.now(),
                key: None,
            };
            tx.add_movement(&movement)
        });
        write.expect("stock can be corrected");
    }

    fn changes_a_listing(&mut self) {
        let Some((name, sku)) = self.any_listing() else {
            return;
        };
        let states = [
            ListingState::Live,
            ListingState::Live,
            ListingState::Live,
            ListingState::Paused,
            ListingState::Ending,
        ];
        let Some(state) = self.chance.pick(&states) else {
            return;
        };
        self.note(format!("{name} {sku}: {}", state.code()));
        self.shop.set_state(name, &sku, state);
    }

    fn pauses_an_account(&mut self) {
        let Some(name) = self.chance.pick(&ALL) else {
            return;
        };
        // Mostly it goes on, for what is paused tells little.
        let state = match self.chance.between(0, 2) {
            0 => AccountState::Paused,
            _ => AccountState::Active,
        };
        self.note(format!("{name}: {state:?}"));
        self.set_account_state(name, state);
    }

    /// The seller lets an account take part, or not.
    pub(super) fn set_account_state(&self, name: &'static str, state: AccountState) {
        let id = self.shop.account(name);
        let write = self
            .shop
            .rig
            .store
            .write(|tx| tx.set_account_state(id, state, None));
        write.expect("an account can be paused");
    }

    fn changes_a_title(&mut self) {
        let sku = self.any_variant();
        let title = format!("Desk lamp of oak, edition {}", self.chance.between(1, 99));
        self.note(format!("title of {sku}: {title}"));
        let value = [("title", Value::Text(title))];
        let write = self
            .shop
            .rig
            .store
            .write(|tx| tx.set_fields(&sku, &value, None, Origin::User));
        write.expect("a title can be set");
    }

    fn imports(&mut self) {
        let first = self.chance.between(0, self.products - 1);
        let more = self.chance.percent(40) && self.products < PRODUCTS_MAX;
        let last = if more {
            self.products
        } else {
            self.products - 1
        };
        let rows: Vec<Row> = (first..=last)
            .map(|number| {
                let goods = Goods {
                    count: 1,
                    price_cents: self.price().minor,
                    quantity: i64::try_from(self.chance.between(0, 10)).unwrap_or(0),
                };
                row(number, &goods)
            })
            .collect();
        self.note(format!("import of {first} to {last}"));
        let id = import_rows(&self.shop.rig.store, &rows);
        self.imports.push(id);
        if more {
            self.products += 1;
            self.skus.push(sku(last));
            self.shop.list_all();
        }
    }

    fn undoes_an_import(&mut self) {
        let Some(id) = self.imports.pop() else { return };
        self.note(format!("import {id} is undone"));
        let undone = self.shop.rig.store.write(|tx| tx.undo_import(id));
        undone.expect("an import can be undone once");
        self.has_undone = true;
    }

    fn adds_a_kit(&mut self) {
        if self.kits.len() >= KITS_MAX {
            return;
        }
        let kit_sku = Sku::new(format!("SET-{}", self.kits.len())).expect("a SKU");
        let (one, other) = (self.any_variant(), self.any_variant());
        let mut parts = vec![(one.clone(), 2)];
        if other != one {
            parts.push((other, 1));
        }
        self.note(format!("kit {kit_sku} of {parts:?}"));
        import_rows(&self.shop.rig.store, &[kit(&kit_sku, 4_900, &parts)]);
        self.kits.push(kit_sku);
        self.shop.list_all();
    }

    fn overrides(&mut self) {
        let Some((name, sku)) = self.any_listing() else {
            return;
        };
        let overrides = Overrides {
            price: self.chance.percent(40).then(|| self.price()),
            quantity: if self.chance.percent(40) {
                u32::try_from(self.chance.between(0, 20)).ok()
            } else {
                None
            },
            ..Overrides::default()
        };
        self.note(format!(
            "{name} {sku}: own {:?} {:?}",
            overrides.price, overrides.quantity
        ));
        for row in self.shop.listings_of(name, &sku) {
            let id = row.listing.id;
            let write = self
                .shop
                .rig
                .store
                .write(|tx| tx.set_overrides(id, &overrides, None));
            write.expect("overrides can be set");
        }
    }

    fn open_orders(&self) -> Vec<StoredOrder> {
        let open = self.known_orders().into_iter();
        open.filter(|stored| stored.order.lines.iter().any(|line| line.open() > 0))
            .collect()
    }

    /// Orders that were pulled.
    pub(super) fn known_orders(&self) -> Vec<StoredOrder> {
        let page = self.shop.rig.store.read(|db| {
            let filter = OrderFilter::default();
            db.orders_page(&filter, None, 100)
        });
        page.expect("the catalogue can be read").orders
    }

    async fn ships(&mut self) {
        let open = self.open_orders();
        let Some(stored) = self.chance.pick(&open) else {
            return;
        };
        let lines: Vec<OrderLineQuantity> = if self.chance.percent(30) {
            let line = stored.order.lines.iter().find(|line| line.open() > 0);
            let one = |line: &barrow_model::OrderLine| OrderLineQuantity {
                line_id: line.line_id.clone(),
                quantity: 1,
            };
            line.map(one).into_iter().collect()
        } else {
            Vec::new()
        };
        let ask = ShipOrder {
            carrier: "UPS".to_owned(),
            service: None,
            tracking: format!("1Z{:016}", self.chance.between(0, 9_999_999)),
            tracking_url: None,
            shipped_at: None,
            lines,
            untracked: false,
            unpaid: true,
        };
        let queued = self.shop.rig.engine.ship(stored.id, &ask).await;
        let queued = queued.expect("the catalogue is there");
        let problem = queued.err().map(|problem| problem.kind);
        self.note(format!(
            "ships {} {:?}: {problem:?}",
            stored.order.order_id, ask.lines
        ));
    }

    async fn cancels(&mut self) {
        let open = self.open_orders();
        let Some(stored) = self.chance.pick(&open) else {
            return;
        };
        let reason = CancelReason::OutOfStock;
        let queued = self.shop.rig.engine.cancel(stored.id, &[], reason).await;
        let queued = queued.expect("the catalogue is there");
        let problem = queued.err().map(|problem| problem.kind);
        self.note(format!("cancels {}: {problem:?}", stored.order.order_id));
    }

    /// A buyer orders what is for sale somewhere.
    pub(super) fn buyer_orders(&mut self) {
        let Some(name) = self.chance.pick(&ALL) else {
            return;
        };
        let for_sale: Vec<(Sku, u32)> = self
            .shop
            .held(name)
            .listings
            .into_iter()
            .filter(|one| one.state == "live" && one.quantity > 0)
            .filter_map(|one| Some((Sku::new(one.sku).ok()?, one.quantity)))
            .collect();
        let mut lines: Vec<(Sku, u32)> = Vec::new();
        for _ in 0..self.chance.between(1, 2) {
            let Some((sku, most)) = self.chance.pick(&for_sale) else {
                return;
            };
            let units = u32::try_from(self.chance.between(1, 3))
                .unwrap_or(1)
                .min(most);
            if lines.iter().all(|(known, _)| *known != sku) {
                lines.push((sku, units));
            }
        }
        let asked: Vec<(&Sku, u32)> = lines.iter().map(|(sku, units)| (sku, *units)).collect();
        let placed = self.shop.order(name, &asked);
        self.note(format!("{name} sells {lines:?}: {placed:?}"));
        placed.expect("what is for sale can be bought");
    }
}
