//! Items as they are found (newegg.md §4).

use barrow_model::Site;
use barrow_model::{Binding, Currency, FulfilledBy, Money, Observed, ObservedState, Rounding, Sku};

use crate::config::Platform;
use crate::types::node::Node;

/// Newegg's own number of a seller's offer, in bindings.
pub(crate) const ITEM_NUMBER: &str = "item_number";

/// What is known of an item, from its stock and its price together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// Newegg's number.
    pub(crate) item_number: Option<String>,
    /// Whether it is on.
    pub(crate) active: Option<bool>,
    pub(crate) price: Option<Money>,
    /// The seller's own units.
    pub(crate) own_quantity: Option<u32>,
    /// Units at Newegg's warehouse.
    pub(crate) newegg_quantity: Option<u32>,
    /// Whether Newegg ships it.
    pub(crate) ships_newegg: Option<bool>,
}

/// The part number that a row is about, without the blanks that pad it.
pub(crate) fn sku_of(row: Node<'_>) -> Option<String> {
    row.get("SellerPartNumber").text()
}

impl Seen {
    /// Takes over what a row of a stock or price answer tells, single or of a list.
    pub(crate) fn learn(&mut self, platform: Platform, row: Node<'_>) {
        fill(&mut self.item_number, row.get("ItemNumber").text());
        fill(&mut self.item_number, row.get("NeweggItemNumber").text());
        fill(&mut self.ships_newegg, row.get("ShipByNewegg").flag());
        self.learn_price(platform, row);
        for price in own_rows(platform, row.get("PriceList").list("Price"), "CountryCode") {
            self.learn_price(platform, price);
            fill(&mut self.ships_newegg, price.get("ShipByNewegg").flag());
        }
        self.learn_stock(row);
        let stocks = row.get("InventoryAllocation").list("Inventory");
        for stock in own_rows(platform, stocks, "WarehouseLocation") {
            self.learn_stock(stock);
        }
    }

    fn learn_price(&mut self, platform: Platform, row: Node<'_>) {
        fill(&mut self.active, row.get("Active").flag());
        let currency = row.get("Currency").text();
        let currency = currency
            .and_then(|code| Currency::parse(&code).ok())
            .unwrap_or_else(|| platform.currency());
        let price = row.get("SellingPrice").decimal();
        let price = price.and_then(|p| Money::from_decimal(p, currency, Rounding::HalfUp).ok());
        fill(&mut self.price, price);
    }

    fn learn_stock(&mut self, row: Node<'_>) {
        let Some(quantity) = row.get("AvailableQuantity").count() else {
            return;
        };
        if row.get("FulfillmentOption").flag() == Some(true) {
            self.newegg_quantity = Some(quantity);
        } else {
            self.own_quantity = Some(quantity);
        }
    }

    /// Who keeps the goods: Newegg where it says so, or where there is no stock but its own.
    pub(crate) fn fulfilled_by(&self) -> FulfilledBy {
        let only_theirs = self.own_quantity.is_none() && self.newegg_quantity.is_some();
        match self.ships_newegg {
            Some(true) => FulfilledBy::Marketplace,
            _ if only_theirs => FulfilledBy::Marketplace,
            _ => FulfilledBy::Seller,
        }
    }

    /// Units for sale.
    pub(crate) fn quantity(&self) -> Option<u32> {
        match self.fulfilled_by() {
            FulfilledBy::Seller => self.own_quantity,
            _ => self.newegg_quantity.or(self.own_quantity),
        }
    }

    /// The listing as it is observed. An item that is off reads a quantity of zero, whatever it
    /// was (newegg.md §4).
    pub(crate) fn observed(&self, site: &Site, sku: &Sku, binding: &Binding) -> Observed {
        let quantity = self.quantity();
        let state = match (self.active, quantity) {
            (Some(false), _) => ObservedState::Ended,
            (_, Some(0)) => ObservedState::OutOfStock,
            _ => ObservedState::Live,
        };
        Observed {
            details: None,
            site: site.clone(),
            sku: sku.clone(),
            binding: self.bound(binding),
            title: None,
            gtin: None,
            price: self.price,
            quantity,
            fulfilled_by: self.fulfilled_by(),
            state,
            problems: Vec::new(),
        }
    }

    /// The binding with Newegg's number.
    pub(crate) fn bound(&self, binding: &Binding) -> Binding {
        match &self.item_number {
            Some(number) => binding.clone().with(ITEM_NUMBER, number),
            None => binding.clone(),
        }
    }
}

fn fill<T>(place: &mut Option<T>, found: Option<T>) {
    if place.is_none() {
        *place = found;
    }
}

/// Rows of the platform's own country, and such as name none. Newegg Business has codes of its own:
/// a lone row is the platform's, whatever it is called.
fn own_rows<'a>(platform: Platform, rows: Vec<Node<'a>>, name: &str) -> Vec<Node<'a>> {
    let own: &[&str] = match platform {
        Platform::Us => &["USA", "US"],
        Platform::Business => &["USB", "USA", "US"],
        Platform::Canada => &["CAN", "CA"],
    };
    let is_own = |row: &Node<'_>| {
        row.get(name)
            .text()
            .is_none_or(|code| own.iter().any(|own| code.eq_ignore_ascii_case(own)))
    };
    let is_lone = rows.len() == 1 && platform.is_classic();
    rows.into_iter()
        .filter(|row| is_lone || is_own(row))
        .collect()
}

#[cfg(test)]
mod tests {
    use barrow_model::{FulfilledBy, ObservedState};
    use serde_json::Value;

    use super::Seen;
    use crate::config::Platform;
    use crate::types::node::Node;

    fn seen(platform: Platform, rows: &[&str]) -> Seen {
        let mut seen = Seen::default();
        for json in rows {
            let row: Value = serde_json::from_str(json).expect(json);
            seen.learn(platform, Node::of(&row));
        }
        seen
    }

    fn check(platform: Platform, rows: &[&str], expected: (ObservedState, &str, Option<u32>)) {
        let seen = seen(platform, rows);
        let site = barrow_model::Site("US".to_owned());
        let sku = barrow_model::Sku::new("A").expect("a SKU");
        let observed = seen.observed(&site, &sku, &barrow_model::Binding::default());
        let price = observed.price.map(|price| price.to_string());
        let found = (
            observed.state,
            price.as_deref().unwrap_or_default(),
            observed.quantity,
        );
        assert_eq!(found, expected, "{rows:?}");
    }

    #[test]
    fn stock_and_price_come_in_many_shapes() {
        let live = ObservedState::Live;
        let price = r#"{"ItemNumber":"9SIA1","SellerPartNumber":"A","PriceList":{"Price":[
            {"CountryCode":"USA","Currency":"USD","Active":"1","SellingPrice":"19.90"}]}}"#;
        let stock = r#"{"SellerPartNumber":"A ","InventoryAllocation":{"Inventory":[
            {"WarehouseLocation":"USA","FulfillmentOption":"0","AvailableQuantity":"12"}]}}"#;
        check(Platform::Us, &[price, stock], (live, "19.90 USD", Some(12)));
        // Arrays, lone entries and literals, as batch answers have them.
        let price = r#"{"PriceList":[{"CountryCode":"USA","Active":1,"SellingPrice":19.9}]}"#;
        let stock = r#"{"InventoryAllocation":{"WarehouseLocation":"USA","AvailableQuantity":3}}"#;
        check(Platform::Us, &[price, stock], (live, "19.90 USD", Some(3)));
        // The classic answers are flat.
        let flat = r#"{"SellingPrice":"150","Active":"1","ShipByNewegg":0}"#;
        let stock = r#"{"FulfillmentOption":0,"AvailableQuantity":"0","Active":true}"#;
        let sold_out = ObservedState::OutOfStock;
        check(
            Platform::Canada,
            &[flat, stock],
            (sold_out, "150.00 CAD", Some(0)),
        );
        let coded = r#"{"PriceList":[{"CountryCode":"USB","Active":1,"SellingPrice":19.9}],
            "InventoryAllocation":[{"WarehouseLocation":"USB","AvailableQuantity":"2"}]}"#;
        check(Platform::Business, &[coded], (live, "19.90 USD", Some(2)));
        let abroad = r#"{"PriceList":[{"CountryCode":"AUS","SellingPrice":"30"},
            {"CountryCode":"USA","SellingPrice":"20"}],"AvailableQuantity":1}"#;
        check(Platform::Us, &[abroad], (live, "20.00 USD", Some(1)));
        let off = r#"{"SellingPrice":"150","Active":"0","AvailableQuantity":0}"#;
        let ended = ObservedState::Ended;
        check(Platform::Business, &[off], (ended, "150.00 USD", Some(0)));
    }

    #[test]
    fn stock_that_newegg_keeps_is_not_the_sellers() {
        let row = r#"{"InventoryAllocation":[
            {"WarehouseLocation":"USA","FulfillmentOption":"1","AvailableQuantity":"8"}]}"#;
        let theirs = seen(Platform::Us, &[row]);
        assert_eq!(theirs.fulfilled_by(), FulfilledBy::Marketplace);
        assert_eq!(theirs.quantity(), Some(8));
        let both = r#"{"InventoryAllocation":{"Inventory":[
            {"WarehouseLocation":"USA","FulfillmentOption":"0","AvailableQuantity":"12"},
            {"WarehouseLocation":"USA","FulfillmentOption":"1","AvailableQuantity":"8"}]}}"#;
        let both = seen(Platform::Us, &[both]);
        assert_eq!(both.fulfilled_by(), FulfilledBy::Seller);
        assert_eq!(both.quantity(), Some(12));
        let told = r#"{"ShipByNewegg":"1","AvailableQuantity":"4"}"#;
        let told = seen(Platform::Business, &[told]);
        assert_eq!(told.fulfilled_by(), FulfilledBy::Marketplace);
    }
}
