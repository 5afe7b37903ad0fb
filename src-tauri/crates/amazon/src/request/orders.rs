//! Orders and shipments (amazon.md §7.1, §7.5).

use barrow_wire::{Built, Object, escaped};
use chrono::{DateTime, SecondsFormat, Utc};
use http::Method;

use crate::config::SiteFacts;
use crate::limits::ORDERS_PAGE;
use crate::request::listings::instant;
use crate::request::{get, listed, with_json};

/// What of orders is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Included {
    /// All.
    All,
    /// Without buyers' data and what else needs a permission of its own (amazon.md §7.4).
    Reduced,
}

impl Included {
    fn list(self) -> &'static str {
        match self {
            Self::All => {
                "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,\
                 PAYMENT,FULFILLMENT_ORDERS"
            }
            Self::Reduced => "PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES",
        }
    }
}

/// A question for orders.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrdersQuery<'a> {
    /// Changed at or after.
    pub(crate) after: DateTime<Utc>,
    /// The page.
    pub(crate) token: Option<&'a str>,
    /// What of them.
    pub(crate) included: Included,
}

/// A page of orders of all sites together.
pub(crate) fn orders_request(
    base: &str,
    sites: &[&'static SiteFacts],
    query: OrdersQuery<'_>,
) -> Built {
    let mut uri = format!(
        "{base}/orders/2026-01-01/orders?marketplaceIds={}&lastUpdatedAfter={}\
         &maxResultsPerPage={ORDERS_PAGE}&includedData={}",
        listed(sites.iter().map(|site| site.id)),
        instant(query.after),
        query.included.list()
    );
    if let Some(token) = query.token {
        uri.push_str(&format!("&paginationToken={}", escaped(token)));
    }
    get(&uri)
}

/// One order of the last minutes, to see whether orders may be read.
pub(crate) fn orders_probe_request(
    base: &str,
    sites: &[&'static SiteFacts],
    after: DateTime<Utc>,
    included: Included,
) -> Built {
    get(&format!(
        "{base}/orders/2026-01-01/orders?marketplaceIds={}&lastUpdatedAfter={}\
         &maxResultsPerPage=1&includedData={}",
        listed(sites.iter().map(|site| site.id)),
        instant(after),
        included.list()
    ))
}

/// One order.
pub(crate) fn order_request(base: &str, order_id: &str, included: Included) -> Built {
    get(&format!(
        "{base}/orders/2026-01-01/orders/{}?includedData={}",
        escaped(order_id),
        included.list()
    ))
}

/// A package that has left.
#[derive(Clone, Debug)]
pub(crate) struct Parcel<'a> {
    /// A positive number, written as a text (amazon.md §7.5).
    pub(crate) reference: String,
    /// Amazon's code of the carrier.
    pub(crate) carrier: &'a str,
    /// The carrier's name.
    pub(crate) carrier_name: &'a str,
    /// The service.
    pub(crate) service: Option<&'a str>,
    /// The tracking number.
    pub(crate) tracking: &'a str,
    /// When it left.
    pub(crate) shipped_at: DateTime<Utc>,
}

/// Tells that a package has left.
pub(crate) fn ship_request(
    base: &str,
    order_id: &str,
    site: &str,
    parcel: &Parcel<'_>,
    lines: &[(&str, u32)],
) -> Built {
    let items: Vec<Object> = lines
        .iter()
        .map(|(line, quantity)| {
            Object::new()
                .put("orderItemId", line)
                .put("quantity", quantity)
        })
        .collect();
    let shipped_at = parcel
        .shipped_at
        .to_rfc3339_opts(SecondsFormat::Millis, true);
    let detail = Object::new()
        .put("packageReferenceId", &parcel.reference)
        .put("carrierCode", parcel.carrier)
        .put("carrierName", parcel.carrier_name)
        .put_some("shippingMethod", parcel.service)
        .put("trackingNumber", parcel.tracking)
        .put("shipDate", shipped_at)
        .put("orderItems", items);
    let body = Object::new()
        .put("marketplaceId", site)
        .put("packageDetail", detail);
    let uri = format!(
        "{base}/orders/v0/orders/{}/shipmentConfirmation",
        escaped(order_id)
    );
    with_json(Method::POST, &uri, &body)
}

#[cfg(test)]
mod tests {
    use super::{Included, OrdersQuery, Parcel, orders_request, ship_request};
    use crate::config::site_of;
    use crate::request::compact;

    #[test]
    fn all_sites_are_asked_in_one_call() {
        let site = |id: &str| site_of(id).expect("a site");
        let sites = [site("A1PA6795UKMFR9"), site("A13V1IB3VIYZZH")];
        let query = OrdersQuery {
            after: "2026-11-22T07:55:00Z".parse().expect("an instant"),
            token: Some("t/1="),
            included: Included::Reduced,
        };
        let request = orders_request("https://a", &sites, query).expect("a request");
        assert_eq!(
            request.uri(),
            "https://a/orders/2026-01-01/orders?marketplaceIds=A1PA6795UKMFR9,A13V1IB3VIYZZH\
             &lastUpdatedAfter=2026-11-22T07%3A55%3A00.000Z&maxResultsPerPage=100\
             &includedData=PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES&paginationToken=t%2F1%3D"
        );
    }

    #[test]
    fn a_package_has_a_number_that_is_a_text() {
        let parcel = Parcel {
            reference: "7".to_owned(),
            carrier: "UPS",
            carrier_name: "UPS",
            service: None,
            tracking: "1Z9",
            shipped_at: "2026-11-22T08:00:00Z".parse().expect("an instant"),
        };
        let id = "111-1111111-1111111";
        let request = ship_request("https://a", id, "ATVPDKIKX0DER", &parcel, &[("81", 2)]);
        let request = request.expect("a request");
        let path = "https://a/orders/v0/orders/111-1111111-1111111/shipmentConfirmation";
        assert_eq!(request.uri(), path);
        let expected = compact(
            r#"
            {"marketplaceId":"ATVPDKIKX0DER","packageDetail":{"packageReferenceId":"7",
            "carrierCode":"UPS","carrierName":"UPS","trackingNumber":"1Z9",
            "shipDate":"2026-11-22T08:00:00.000Z","orderItems":[{"orderItemId":"81",
            "quantity":2}]}}"#,
        );
        assert_eq!(request.body().as_ref(), expected.as_bytes());
    }
}
