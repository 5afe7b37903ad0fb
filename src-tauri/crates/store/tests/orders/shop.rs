//! One shop and one way to make orders for every case.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use barrow_model::{
    AccountId, Amounts, Binding, Clock, Confirmation, Endpoint, FulfilledBy, ImportId, Marketplace,
    Order, OrderLine, OrderRowId, PaymentState, Random, Row, RowKind, Settings, Shipment,
    ShipmentLine, Site, Sku, SkuId, SourceLine, Stock,
};
use barrow_store::{ImportMeta, NewAccount, NewListing, OpenOptions, Store};
use chrono::{DateTime, Utc};

const NOW: i64 = 1_795_305_600;

#[derive(Debug)]
pub(crate) struct Hand(pub(crate) AtomicI64);

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

#[derive(Debug)]
pub(crate) struct Dice;

impl Random for Dice {
    fn next_u64(&self) -> u64 {
        4
    }
}

pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) clock: Arc<Hand>,
    pub(crate) account: AccountId,
}

pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(NOW + seconds, 0).unwrap()
}

pub(crate) fn row(line: u64, text: &str, quantity: i64) -> Row {
    Row {
        title: Some(format!("Title of {text}")),
        quantity: Some(quantity),
        ..Row::blank(
            SourceLine(line),
            text.to_lowercase(),
            Sku::new(text).unwrap(),
        )
    }
}

pub(crate) fn shop() -> Shop {
    let clock = Arc::new(Hand(AtomicI64::new(NOW)));
    let store = Store::open_in_memory(OpenOptions {
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        random: Arc::new(Dice),
        key: None,
        page_limit: None,
    })
    .unwrap();
    let account = store
        .write(|tx| {
            tx.add_account(&NewAccount {
                name: "shop".into(),
                marketplace: Marketplace("ebay".into()),
                endpoint: Endpoint::Production,
                settings: Settings::new(),
            })
        })
        .unwrap();
    let shop = Shop {
        store,
        clock,
        account,
    };
    let mut kit = row(4, "KIT", 0);
    kit.kind = RowKind::Kit;
    kit.quantity = None;
    kit.parts = vec![(Sku::new("A").unwrap(), 2), (Sku::new("B").unwrap(), 1)];
    shop.import(&[row(2, "A", 10), row(3, "B", 10), kit]);
    shop
}

impl Shop {
    pub(crate) fn import(&self, rows: &[Row]) -> ImportId {
        let mut staging = self
            .store
            .stage(ImportMeta {
                file_name: "a.csv".into(),
                layout: barrow_model::Layout::Plain,
                content_hash: "h".into(),
            })
            .unwrap();
        staging.add(rows).unwrap();
        staging.preview().unwrap();
        staging.apply().unwrap()
    }

    pub(crate) fn put(&self, order: &Order) -> OrderRowId {
        let record = format!(
            "{order:?}{:?}",
            order.buyer.as_ref().map(|b| b.name.clone())
        );
        self.store
            .write(|tx| tx.store_order(self.account, order, &record, true))
            .unwrap()
            .id
    }

    pub(crate) fn put_changed(&self, order: &Order) -> bool {
        let record = format!("{order:?}{:?}", order.buyer.as_ref().map(|b| &b.name));
        self.store
            .write(|tx| tx.store_order(self.account, order, &record, true))
            .unwrap()
            .changed
    }

    pub(crate) fn get(&self, id: OrderRowId) -> Order {
        self.store.read(|db| db.order(id)).unwrap().order
    }

    pub(crate) fn stock(&self, sku: &str) -> Stock {
        let sku = Sku::new(sku).unwrap();
        self.store
            .read(|db| {
                let id = db.sku_id(&sku)?;
                db.stock(id)
            })
            .unwrap()
    }

    pub(crate) fn sku_id(&self, sku: &str) -> SkuId {
        self.store
            .read(|db| db.sku_id(&Sku::new(sku).unwrap()))
            .unwrap()
    }

    pub(crate) fn holds_together(&self) {
        assert_eq!(self.store.read(|db| db.wrong_reservations()).unwrap(), []);
        assert!(self.store.read(|db| db.verify_ledger()).unwrap().is_empty());
    }
}

pub(crate) fn line(id: &str, sku: &str, quantity: u32) -> OrderLine {
    OrderLine {
        line_id: id.into(),
        sku: Some(Sku::new(sku).unwrap()),
        listing_ref: None,
        options: Vec::new(),
        title: "a thing".into(),
        quantity,
        quantity_shipped: 0,
        quantity_cancelled: 0,
        quantity_returned: 0,
        unit_price: None,
        subtotal: None,
        tax: None,
        shipping: None,
        discount: None,
        delivered: false,
    }
}

pub(crate) fn order(id: &str, lines: Vec<OrderLine>) -> Order {
    Order {
        order_id: id.into(),
        customer_order_id: None,
        site: Site("EBAY_US".into()),
        placed_at: at(60),
        updated_at: Some(at(60)),
        paid_at: None,
        ship_by: None,
        deliver_by: None,
        marketplace_state: None,
        payment_state: PaymentState::Paid,
        on_hold: false,
        cancel_requested: false,
        replaces: None,
        fulfilled_by: FulfilledBy::Seller,
        shipping_service: None,
        buyer_note: None,
        total: None,
        amounts: Amounts::default(),
        taxes: Vec::new(),
        refunds: Vec::new(),
        buyer: None,
        ship_to: None,
        lines,
        shipments: Vec::new(),
        needs_acknowledgement: false,
    }
}

pub(crate) fn updated(mut order: Order, seconds: i64, change: impl FnOnce(&mut Order)) -> Order {
    order.updated_at = Some(at(seconds));
    change(&mut order);
    order
}

pub(crate) fn told(id: &str, tracking: &str, lines: &[(&str, u32)], sent: i64) -> Shipment {
    Shipment {
        id: id.into(),
        carrier: Some("UPS".into()),
        service: None,
        tracking: Some(tracking.into()),
        tracking_url: None,
        shipped_at: Some(at(sent)),
        confirmation: Confirmation::Confirmed,
        lines: lines
            .iter()
            .map(|(line_id, quantity)| ShipmentLine {
                line_id: (*line_id).into(),
                quantity: *quantity,
            })
            .collect(),
    }
}

pub(crate) fn list(shop: &Shop, site: &str, channel_sku: &str, sku: &str, binding: Binding) {
    let listing = NewListing {
        account_id: shop.account,
        site: Site(site.into()),
        channel_sku: Sku::new(channel_sku).unwrap(),
        sku_id: shop.sku_id(sku),
        pool: String::new(),
    };
    shop.store
        .write(|tx| {
            let id = tx.add_listing(&listing)?;
            tx.store_binding(id, &binding)
        })
        .unwrap();
}
