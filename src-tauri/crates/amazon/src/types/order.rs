//! Orders of the version 2026-01-01 (amazon.md §7.1). No `Debug`: they hold buyers' data.

use serde::Deserialize;
use serde_json::value::RawValue;

use barrow_wire::{Many, Scalar, or_default};

/// The answer of `GET /orders/2026-01-01/orders`. Each record stays whole until it is read by
/// itself, so that one that cannot be read spoils no other.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrdersAnswer<'a> {
    #[serde(borrow, default)]
    pub(crate) orders: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) pagination: OrderPagination,
    #[serde(default)]
    pub(crate) last_updated_before: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OrderPagination {
    pub(crate) next_token: Scalar,
}

/// The answer of `GET /orders/2026-01-01/orders/{orderId}`.
#[derive(Deserialize)]
pub(crate) struct OrderAnswer<'a> {
    #[serde(borrow)]
    pub(crate) order: &'a RawValue,
}

/// An order.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AmazonOrder {
    pub(crate) order_id: Scalar,
    pub(crate) created_time: Scalar,
    pub(crate) last_updated_time: Scalar,
    pub(crate) programs: Many<Scalar>,
    pub(crate) associated_orders: Many<AssociatedOrder>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) sales_channel: SalesChannel,
    #[serde(deserialize_with = "or_default")]
    pub(crate) buyer: AmazonBuyer,
    #[serde(deserialize_with = "or_default")]
    pub(crate) recipient: Recipient,
    #[serde(deserialize_with = "or_default")]
    pub(crate) proceeds: OrderProceeds,
    #[serde(deserialize_with = "or_default")]
    pub(crate) tax: OrderTax,
    #[serde(deserialize_with = "or_default")]
    pub(crate) fulfillment: OrderFulfillment,
    pub(crate) order_items: Many<OrderItem>,
    pub(crate) packages: Many<Package>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AssociatedOrder {
    pub(crate) order_id: Scalar,
    pub(crate) association_type: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SalesChannel {
    pub(crate) marketplace_id: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AmazonBuyer {
    pub(crate) buyer_name: Scalar,
    pub(crate) buyer_email: Scalar,
    pub(crate) buyer_company_name: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Recipient {
    pub(crate) delivery_address: Option<DeliveryAddress>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) delivery_preference: DeliveryPreference,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DeliveryAddress {
    pub(crate) name: Scalar,
    pub(crate) company_name: Scalar,
    pub(crate) address_line1: Scalar,
    pub(crate) address_line2: Scalar,
    pub(crate) address_line3: Scalar,
    pub(crate) city: Scalar,
    pub(crate) district_or_county: Scalar,
    pub(crate) state_or_region: Scalar,
    pub(crate) municipality: Scalar,
    pub(crate) postal_code: Scalar,
    pub(crate) country_code: Scalar,
    pub(crate) phone: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) extended_fields: AddressFields,
}

/// Addresses of Brazil in parts.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AddressFields {
    pub(crate) street_name: Scalar,
    pub(crate) street_number: Scalar,
    pub(crate) complement: Scalar,
    pub(crate) neighborhood: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DeliveryPreference {
    pub(crate) address_instruction: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OrderProceeds {
    pub(crate) grand_total: Option<AmazonMoney>,
    pub(crate) breakdowns: Many<Breakdown>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AmazonMoney {
    pub(crate) amount: Scalar,
    pub(crate) currency_code: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Breakdown {
    #[serde(rename = "type")]
    pub(crate) kind: Scalar,
    pub(crate) subtotal: Option<AmazonMoney>,
    pub(crate) detailed_breakdowns: Many<DetailedBreakdown>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct DetailedBreakdown {
    pub(crate) value: Option<AmazonMoney>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OrderTax {
    pub(crate) tax_registrations: Many<TaxRegistration>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TaxRegistration {
    pub(crate) entity_type: Scalar,
    pub(crate) tax_registration_number: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OrderFulfillment {
    pub(crate) fulfillment_status: Scalar,
    pub(crate) fulfilled_by: Scalar,
    pub(crate) fulfillment_service_level: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) ship_by_window: Window,
    #[serde(deserialize_with = "or_default")]
    pub(crate) deliver_by_window: Window,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Window {
    pub(crate) latest_date_time: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OrderItem {
    pub(crate) order_item_id: Scalar,
    pub(crate) quantity_ordered: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) product: OrderedProduct,
    #[serde(deserialize_with = "or_default")]
    pub(crate) proceeds: ItemProceeds,
    #[serde(deserialize_with = "or_default")]
    pub(crate) cancellation: Cancellation,
    #[serde(deserialize_with = "or_default")]
    pub(crate) fulfillment: ItemFulfillment,
    #[serde(deserialize_with = "or_default")]
    pub(crate) tax: ItemTax,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OrderedProduct {
    pub(crate) asin: Scalar,
    pub(crate) title: Scalar,
    pub(crate) seller_sku: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) price: OrderedPrice,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OrderedPrice {
    pub(crate) unit_price: Option<AmazonMoney>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ItemProceeds {
    pub(crate) breakdowns: Many<Breakdown>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Cancellation {
    pub(crate) cancellation_request: Option<CancellationRequest>,
    pub(crate) cancellation_execution: Option<CancellationExecution>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct CancellationRequest {
    pub(crate) requester: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct CancellationExecution {}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ItemFulfillment {
    pub(crate) quantity_fulfilled: Scalar,
    pub(crate) quantity_unfulfilled: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) packing: Packing,
    #[serde(deserialize_with = "or_default")]
    pub(crate) shipping: ItemShipping,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Packing {
    #[serde(deserialize_with = "or_default")]
    pub(crate) gift_option: GiftOption,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GiftOption {
    pub(crate) gift_message: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ItemShipping {
    #[serde(deserialize_with = "or_default")]
    pub(crate) international_shipping: InternationalShipping,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct InternationalShipping {
    pub(crate) ioss_number: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ItemTax {
    pub(crate) tax_collections: Many<TaxCollection>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct TaxCollection {
    pub(crate) model: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Package {
    pub(crate) package_reference_id: Scalar,
    #[serde(deserialize_with = "or_default")]
    pub(crate) package_status: PackageStatus,
    pub(crate) carrier: Scalar,
    pub(crate) ship_time: Scalar,
    pub(crate) shipping_service: Scalar,
    pub(crate) tracking_number: Scalar,
    pub(crate) package_items: Many<PackageItem>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PackageStatus {
    pub(crate) status: Scalar,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PackageItem {
    pub(crate) order_item_id: Scalar,
    pub(crate) quantity: Scalar,
}
