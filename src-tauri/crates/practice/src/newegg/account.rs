//! The account, the health of services and manufacturers (newegg.md §4.3, §9).

use serde_json::json;

use super::call::{Answer, Call, Shown, text};
use super::catalogue::is_registered;
use super::error::Refusal;
use super::state::State;

/// From this version on, the answer names the warehouses.
const WAREHOUSES_SINCE: u32 = 307;

/// `GET sellermgmt/seller/accountstatus`.
pub(super) fn status(state: &mut State, call: &Call<'_>) -> Answer {
    let shape = call.shape;
    let mut body = json!({
        "Membership": shape.number(0_u8),
        "SellerName": "Practice Seller",
        "Status": "Active",
    });
    let version: u32 = call
        .query
        .get("version")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if version >= WAREHOUSES_SINCE {
        let home = state.platform.home();
        // The name is misspelled there as well.
        body["FufillmentCenterList"] = json!([{
            "WarehouseLocation": home,
            "WarehouseType": shape.number(0_u8),
            "ShippingDestinationList": [home],
        }]);
    }
    Ok(Shown::framed("GetSellerAccountStatusResponse", body))
}

/// `GET {area}/servicestatus`.
pub(super) fn service(_state: &mut State, call: &Call<'_>) -> Answer {
    let body = json!({
        "Status": call.shape.number(1_u8),
        "Timestamp": call.slashed(),
        "Message": "The service is operating normally.",
    });
    Ok(Shown::framed("GetServiceStatus", body))
}

/// `PUT contentmgmt/manufacturer/manufacturerinfo`, also under `/v2`. Names that begin with the
/// one that is asked for are found; the practice catalogue knows no more than that one.
pub(super) fn manufacturers(_state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.framed("GetManufacturerRequest")?;
    let name = body
        .get("RequestCriteria")
        .and_then(|criteria| text(criteria, "ManufacturerName"));
    let name = name.ok_or_else(|| Refusal::general("ManufacturerName is missing."))?;
    let shape = call.shape;
    let found = if is_registered(name.trim()) {
        vec![json!({
            "Name": name.trim(),
            "IsRestricted": shape.number(0_u8),
            "MappedNameList": shape.list("MappedName", Vec::new()),
        })]
    } else {
        Vec::new()
    };
    let body = json!({
        "PageInfo": {
            "TotalCount": shape.count(found.len()),
            "TotalPageCount": shape.count(found.len()),
            "PageSize": shape.number(100_u8),
            "PageIndex": shape.number(1_u8),
        },
        "ManufacturerList": shape.list("Manufacturer", found),
    });
    Ok(Shown::framed("GetManufacturerResponse", body).dated(call.slashed()))
}
