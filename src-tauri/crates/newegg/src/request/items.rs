//! Price and stock of items (newegg.md §4). The United States read with PUT and write with POST;
//! Newegg Business and Canada the other way round.

use barrow_model::Money;
use barrow_wire::Built;
use http::Method;
use serde_json::{Value, json};

use crate::config::Config;
use crate::request::request;

/// An item is named by the seller's part number (newegg.md §4).
const BY_PART_NUMBER: &str = "1";
/// The country of the US platform, as Newegg codes it.
pub(crate) const COUNTRY: &str = "USA";
const INTERNATIONAL: &str = "contentmgmt/item/international";

/// What is set of an offer; the rest stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OfferValues {
    pub(crate) price: Option<Money>,
    pub(crate) quantity: Option<u32>,
    pub(crate) active: Option<bool>,
}

fn flag(active: bool) -> &'static str {
    if active { "1" } else { "0" }
}

/// Reads whether an item is active: the price on the US platform, the stock on the others
/// (newegg.md §4.1, §4.2).
pub(crate) fn activity_request(config: &Config, sku: &str) -> Built {
    if config.platform.is_classic() {
        let body = json!({"Type": BY_PART_NUMBER, "Value": sku});
        let path = "contentmgmt/item/inventory";
        return request(config, Method::POST, path, "version=304", Some(&body));
    }
    let body = json!({
        "Type": BY_PART_NUMBER, "Value": sku, "CountryList": {"CountryCode": [COUNTRY]},
    });
    let path = format!("{INTERNATIONAL}/price");
    request(config, Method::PUT, &path, "", Some(&body))
}

/// Reads prices of several items.
pub(crate) fn price_list_request(config: &Config, skus: &[&str]) -> Built {
    list_request(config, "pricelist", "CountryList", skus)
}

/// Reads stock of several items.
pub(crate) fn inventory_list_request(config: &Config, skus: &[&str]) -> Built {
    list_request(config, "inventorylist", "WarehouseList", skus)
}

fn list_request(config: &Config, what: &str, places: &str, skus: &[&str]) -> Built {
    let mut body = json!({"Type": BY_PART_NUMBER, "Values": skus});
    if config.platform.is_classic() {
        let path = format!("contentmgmt/item/{what}");
        return request(config, Method::POST, &path, "", Some(&body));
    }
    body[places] = json!([COUNTRY]);
    let path = format!("{INTERNATIONAL}/{what}");
    request(config, Method::POST, &path, "", Some(&body))
}

/// Sets price or activity on the US platform.
pub(crate) fn write_price_request(config: &Config, sku: &str, values: &OfferValues) -> Built {
    let mut row = json!({"CountryCode": COUNTRY, "Currency": config.platform.currency().as_str()});
    put(&mut row, "Active", values.active.map(flag));
    put(&mut row, "SellingPrice", values.price.map(|p| p.amount()));
    let body = json!({"Type": BY_PART_NUMBER, "Value": sku, "PriceList": {"Price": [row]}});
    let path = format!("{INTERNATIONAL}/price");
    request(config, Method::POST, &path, "", Some(&body))
}

/// Sets the stock on the US platform.
pub(crate) fn write_inventory_request(config: &Config, sku: &str, quantity: u32) -> Built {
    let row = json!({"WarehouseLocation": COUNTRY, "AvailableQuantity": quantity.to_string()});
    let body = json!({
        "Type": BY_PART_NUMBER, "Value": sku, "InventoryList": {"Inventory": [row]},
    });
    let path = format!("{INTERNATIONAL}/inventory");
    request(config, Method::POST, &path, "", Some(&body))
}

/// Sets price, stock and activity on the other platforms; what is left out stays.
pub(crate) fn write_offer_request(config: &Config, sku: &str, values: &OfferValues) -> Built {
    let mut body = json!({"Type": BY_PART_NUMBER, "Value": sku});
    put(
        &mut body,
        "Inventory",
        values.quantity.map(|q| q.to_string()),
    );
    put(&mut body, "SellingPrice", values.price.map(|p| p.amount()));
    put(&mut body, "Active", values.active.map(flag));
    let path = "contentmgmt/item/inventoryandprice";
    request(config, Method::PUT, path, "", Some(&body))
}

fn put(object: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object[name] = value.into();
    }
}
