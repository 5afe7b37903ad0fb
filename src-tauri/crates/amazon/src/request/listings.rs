//! Listings (amazon.md §4.2).

use barrow_wire::{Built, Object, escaped};
use chrono::{DateTime, SecondsFormat, Utc};
use http::Method;

use crate::config::SiteFacts;
use crate::limits::ITEMS_PAGE;
use crate::request::{get, listed, with_json};

/// The language of issues: one for all sites, so that the words fit the rest.
const ISSUE_LOCALE: &str = "en_US";
/// What is live, what was submitted, and what is wrong.
const INCLUDED: &str = "summaries,attributes,issues,offers,fulfillmentAvailability";

fn item_uri(base: &str, seller: &str, sku: &str, site: &SiteFacts) -> String {
    format!(
        "{base}/listings/2021-08-01/items/{}/{}?marketplaceIds={}",
        escaped(seller),
        escaped(sku),
        site.id
    )
}

fn search_uri(base: &str, seller: &str, site: &SiteFacts) -> String {
    format!(
        "{base}/listings/2021-08-01/items/{}?marketplaceIds={}",
        escaped(seller),
        site.id
    )
}

/// Makes or replaces a listing.
pub(crate) fn put_request(
    base: &str,
    seller: &str,
    sku: &str,
    site: &SiteFacts,
    body: &Object,
) -> Built {
    let uri = item_uri(base, seller, sku, site) + "&issueLocale=" + ISSUE_LOCALE;
    with_json(Method::PUT, &uri, body)
}

/// Changes a listing that is there.
pub(crate) fn patch_request(
    base: &str,
    seller: &str,
    sku: &str,
    site: &SiteFacts,
    body: &Object,
) -> Built {
    let uri = item_uri(base, seller, sku, site) + "&issueLocale=" + ISSUE_LOCALE;
    with_json(Method::PATCH, &uri, body)
}

/// Takes a listing away.
pub(crate) fn delete_request(base: &str, seller: &str, sku: &str, site: &SiteFacts) -> Built {
    let uri = item_uri(base, seller, sku, site);
    crate::request::request(Method::DELETE, &uri, None, bytes::Bytes::new())
}

/// One listing as it is.
pub(crate) fn listing_request(base: &str, seller: &str, sku: &str, site: &SiteFacts) -> Built {
    let uri = item_uri(base, seller, sku, site);
    get(&format!(
        "{uri}&issueLocale={ISSUE_LOCALE}&includedData={INCLUDED}"
    ))
}

/// Up to twenty listings as they are. None of the SKUs has a comma.
pub(crate) fn listings_by_sku_request(
    base: &str,
    seller: &str,
    skus: &[&str],
    site: &SiteFacts,
) -> Built {
    let uri = search_uri(base, seller, site);
    get(&format!(
        "{uri}&issueLocale={ISSUE_LOCALE}&includedData={INCLUDED}&identifiersType=SKU\
         &identifiers={}&pageSize={ITEMS_PAGE}",
        listed(skus.iter().copied())
    ))
}

/// Any one listing, to see whether the merchant token is right (amazon.md §12).
pub(crate) fn first_listing_request(base: &str, seller: &str, site: &SiteFacts) -> Built {
    get(&format!("{}&pageSize=1", search_uri(base, seller, site)))
}

/// Which listings a walk asks for, by when they were last changed, oldest first: what changes
/// meanwhile moves to the end and is met there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListingsWindow<'a> {
    /// Changed at or after.
    pub(crate) after: Option<DateTime<Utc>>,
    /// Within one instant of change: created at or after.
    pub(crate) instant: Option<DateTime<Utc>>,
    /// The page.
    pub(crate) token: Option<&'a str>,
}

/// A page of a walk over all listings of a site.
pub(crate) fn listings_request(
    base: &str,
    seller: &str,
    site: &SiteFacts,
    window: ListingsWindow<'_>,
) -> Built {
    let mut uri = search_uri(base, seller, site);
    uri.push_str(&format!(
        "&issueLocale={ISSUE_LOCALE}&includedData={INCLUDED}&sortOrder=ASC&pageSize={ITEMS_PAGE}"
    ));
    let sort = match window.instant {
        None => "lastUpdatedDate",
        Some(_) => "createdDate",
    };
    uri.push_str(&format!("&sortBy={sort}"));
    if let Some(after) = window.after {
        uri.push_str(&format!("&lastUpdatedAfter={}", instant(after)));
    }
    if let (Some(after), Some(created)) = (window.after, window.instant) {
        uri.push_str(&format!("&lastUpdatedBefore={}", instant(after)));
        uri.push_str(&format!("&createdAfter={}", instant(created)));
    }
    if let Some(token) = window.token {
        uri.push_str(&format!("&pageToken={}", escaped(token)));
    }
    get(&uri)
}

/// An instant as a query has it.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    escaped(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

#[cfg(test)]
mod tests {
    use super::{
        ListingsWindow, listing_request, listings_by_sku_request, listings_request, put_request,
    };
    use crate::config::site_of;
    use barrow_wire::Object;

    #[test]
    fn addresses_are_as_the_reference_has_them() {
        let site = site_of("A1PA6795UKMFR9").expect("Germany");
        let put = put_request("https://a", "AX", "A 1/2", site, &Object::new());
        assert_eq!(
            put.expect("a request").uri(),
            "https://a/listings/2021-08-01/items/AX/A%201%2F2?marketplaceIds=A1PA6795UKMFR9\
             &issueLocale=en_US"
        );
        let one = listing_request("https://a", "AX", "A,1", site).expect("a request");
        assert_eq!(
            one.uri(),
            "https://a/listings/2021-08-01/items/AX/A%2C1?marketplaceIds=A1PA6795UKMFR9\
             &issueLocale=en_US&includedData=summaries,attributes,issues,offers,\
             fulfillmentAvailability"
        );
        let some = listings_by_sku_request("https://a", "AX", &["A1", "B 2"], site);
        let some = some.expect("a request").uri().to_string();
        assert!(
            some.ends_with("&identifiersType=SKU&identifiers=A1,B%202&pageSize=20"),
            "{some}"
        );
    }

    #[test]
    fn a_walk_goes_by_the_time_of_change() {
        let site = site_of("A1PA6795UKMFR9").expect("Germany");
        let at = "2026-11-22T08:00:00Z".parse().expect("an instant");
        let check = |after, instant, token, expected: &str| {
            let window = ListingsWindow {
                after,
                instant,
                token,
            };
            let request = listings_request("https://a", "AX", site, window).expect("a request");
            let uri = request.uri().to_string();
            assert!(uri.ends_with(expected), "{uri}");
        };
        check(None, None, None, "&pageSize=20&sortBy=lastUpdatedDate");
        let next = "&lastUpdatedAfter=2026-11-22T08%3A00%3A00.000Z&pageToken=t%2F1";
        check(Some(at), None, Some("t/1"), next);
        check(
            Some(at),
            Some(at),
            None,
            "&sortBy=createdDate&lastUpdatedAfter=2026-11-22T08%3A00%3A00.000Z\
             &lastUpdatedBefore=2026-11-22T08%3A00%3A00.000Z\
             &createdAfter=2026-11-22T08%3A00%3A00.000Z",
        );
    }
}
