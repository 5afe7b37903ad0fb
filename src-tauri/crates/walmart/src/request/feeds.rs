//! Feeds (walmart.md §6).

use barrow_market::{Error, ErrorKind};
use barrow_model::{Gtin, GtinKind, Money};
use barrow_wire::{Built, Object, amount, escaped, number};
use bytes::Bytes;
use http::{HeaderValue, Method};
use rust_decimal::Decimal;

use crate::limits::FEED_PAGE;
use crate::request::items::{inventory_body, price_body};
use crate::request::{get, request};

/// The feeds that the adapter sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FeedType {
    /// Full set-up of items.
    Item,
    /// Offers on items that the catalogue has.
    Match,
    /// Changes to items.
    Maintenance,
    /// Prices.
    Price,
    /// Quantities at one node.
    Inventory,
}

impl FeedType {
    const ALL: [Self; 5] = [
        Self::Item,
        Self::Match,
        Self::Maintenance,
        Self::Price,
        Self::Inventory,
    ];

    /// Its name in requests.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Item => "MP_ITEM",
            Self::Match => "MP_ITEM_MATCH",
            Self::Maintenance => "MP_MAINTENANCE",
            Self::Price => "price",
            Self::Inventory => "inventory",
        }
    }

    /// The type of a name as [`FeedType::code`] writes it.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feed| feed.code() == code)
    }

    /// The document's two members: the header and the name of the rows (walmart.md §6.3–6.5).
    fn frame(self, spec_version: &str) -> (&'static str, Object, &'static str) {
        match self {
            // Exactly three keys; leftovers of older specs are refused.
            Self::Item | Self::Maintenance => {
                let header = Object::new()
                    .put("businessUnit", "WALMART_US")
                    .put("locale", "en")
                    .put("version", spec_version);
                ("MPItemFeedHeader", header, "MPItem")
            }
            Self::Match => {
                let header = Object::new()
                    .put("processMode", "REPLACE")
                    .put("subset", "EXTERNAL")
                    .put("locale", "en")
                    .put("sellingChannel", "mpsetupbymatch")
                    .put("version", "4.2");
                ("MPItemFeedHeader", header, "MPItem")
            }
            Self::Price => ("PriceHeader", Object::new().put("version", "1.7"), "Price"),
            // Capital letters and no wrapper, else ERR_EXT_DATA_0503009.
            Self::Inventory => (
                "InventoryHeader",
                Object::new().put("version", "1.4"),
                "Inventory",
            ),
        }
    }
}

/// The file's name: the attempt's fingerprint, by which the feed is found again in the list of
/// feeds, the type, which rows of that list may call by an internal name (walmart.md §6.2), and
/// whether quantities went with the items.
pub(crate) fn feed_file_name(fingerprint: &str, feed: FeedType, stocked: bool) -> String {
    let stock = if stocked { ".stock" } else { "" };
    format!("{}.{}{stock}.json", plain(fingerprint), feed.code())
}

/// The type in a file name and whether quantities went along, if the file is of that attempt.
pub(crate) fn feed_type_of_file(file_name: &str, fingerprint: &str) -> Option<(FeedType, bool)> {
    let rest = file_name.strip_prefix(&plain(fingerprint))?;
    let rest = rest.strip_prefix('.')?.strip_suffix(".json")?;
    match rest.strip_suffix(".stock") {
        Some(code) => Some((FeedType::from_code(code)?, true)),
        None => Some((FeedType::from_code(rest)?, false)),
    }
}

/// What is safe in a file name within a header.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect()
}

/// Sends a feed as the documented form has it: one part named `file` (walmart.md §6.1). `boundary`
/// is random, so that no row contains it.
pub(crate) fn feed_request(
    base: &str,
    feed: FeedType,
    spec_version: &str,
    node: Option<&str>,
    rows: &[Vec<u8>],
    file_name: &str,
    boundary: &str,
) -> Built {
    let (header_name, header, rows_name) = feed.frame(spec_version);
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\
         \r\nContent-Type: application/json\r\n\r\n{{\"{header_name}\":"
    );
    let size: usize = rows.iter().map(|row| row.len() + 1).sum();
    let mut body = Vec::with_capacity(size + head.len() + 400);
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(&header.bytes());
    body.extend_from_slice(format!(",\"{rows_name}\":[").as_bytes());
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend_from_slice(row);
    }
    body.extend_from_slice(format!("]}}\r\n--{boundary}--\r\n").as_bytes());
    let mut uri = format!("{base}/v3/feeds?feedType={}", feed.code());
    if let (FeedType::Inventory, Some(node)) = (feed, node) {
        uri.push_str(&format!("&shipNode={}", escaped(node)));
    }
    // The boundary must be told, else 415 (walmart.md §14.3).
    let content_type = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"))
        .map_err(|_| Error::new(ErrorKind::Refused, "feeds").with("reason", "boundary"))?;
    request(Method::POST, &uri, Some(content_type), Bytes::from(body))
}

/// A page of a feed's details; the id contains `@` (walmart.md §6.1).
pub(crate) fn feed_status_request(base: &str, feed_id: &str, offset: usize) -> Built {
    get(&format!(
        "{base}/v3/feeds/{}?includeDetails=true&offset={offset}&limit={FEED_PAGE}",
        escaped(feed_id)
    ))
}

/// A page of the account's feeds, newest first.
pub(crate) fn feeds_request(base: &str, offset: usize) -> Built {
    get(&format!(
        "{base}/v3/feeds?offset={offset}&limit={FEED_PAGE}"
    ))
}

/// A row of a price feed.
pub(crate) fn price_row(sku: &str, price: &Money) -> Object {
    price_body(sku, price)
}

/// A row of a stock feed.
pub(crate) fn inventory_row(sku: &str, quantity: u32) -> Object {
    inventory_body(sku, quantity)
}

/// A barcode number as Walmart names it.
pub(crate) fn identifiers(gtin: Option<&Gtin>) -> Object {
    let (kind, id) = match gtin.map(|gtin| (gtin.kind(), gtin)) {
        Some((GtinKind::Upc, gtin)) => ("UPC", gtin.as_written()),
        Some((GtinKind::Isbn, gtin)) => ("ISBN", gtin.as_written()),
        // Of 13 digits; the 8 digits of a short EAN are padded.
        Some((GtinKind::Ean | GtinKind::Jan, gtin)) => {
            ("EAN", gtin.as_gtin13().unwrap_or_else(|| gtin.as_gtin14()))
        }
        Some((GtinKind::Gtin14, gtin)) => ("GTIN", gtin.as_gtin14()),
        // An account with the exemption (walmart.md §6.3).
        None => ("CUSTOM", "CUSTOM".to_owned()),
    };
    Object::new()
        .put("productIdType", kind)
        .put("productId", id)
}

/// A row of a match feed: an offer on an item that the catalogue has (walmart.md §6.3). The
/// weight is in pounds.
pub(crate) fn match_row(sku: &str, gtin: &Gtin, price: &Money, weight_lb: Decimal) -> Object {
    let item = Object::new()
        .put("sku", sku)
        .put("productIdentifiers", identifiers(Some(gtin)))
        .put("price", amount(price))
        .put("ShippingWeight", number(weight_lb))
        .put("condition", "New");
    Object::new().put("Item", item)
}

#[cfg(test)]
mod tests {
    use crate::request::compact;
    use barrow_model::{Currency, Gtin, Money};
    use rust_decimal::Decimal;

    use super::{
        FeedType, feed_file_name, feed_request, feed_type_of_file, inventory_row, match_row,
        price_row,
    };
    use barrow_wire::Object;

    fn document(feed: FeedType, row: Object) -> String {
        let request = feed_request(
            "https://w",
            feed,
            "5.0.20260608-18_15_07-api",
            None,
            &[row.bytes()],
            "f.json",
            "B",
        )
        .expect("a request");
        let kind = &request.headers()["content-type"];
        assert_eq!(kind, "multipart/form-data; boundary=B");
        let text = std::str::from_utf8(request.body())
            .expect("UTF-8")
            .to_owned();
        let head = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.json\"\r\n\
            Content-Type: application/json\r\n\r\n";
        let body = text.strip_prefix(head).expect("one part named file");
        body.strip_suffix("\r\n--B--\r\n")
            .expect("the end")
            .to_owned()
    }

    #[test]
    fn documents_are_as_the_reference_has_them() {
        let price = Money::new(1999, Currency::USD);
        assert_eq!(
            document(FeedType::Price, price_row("A1", &price)),
            compact(
                r#"
                {"PriceHeader":{"version":"1.7"},"Price":[{"sku":"A1","pricing":[{
                "currentPriceType":"BASE","currentPrice":{"currency":"USD",
                "amount":19.99}}]}]}"#
            )
        );
        assert_eq!(
            document(FeedType::Inventory, inventory_row("A1", 5)),
            compact(
                r#"
                {"InventoryHeader":{"version":"1.4"},"Inventory":[{"sku":"A1","quantity":{
                "unit":"EACH","amount":5}}]}"#
            )
        );
        let gtin = Gtin::parse("012345678905").expect("a UPC");
        assert_eq!(
            document(
                FeedType::Match,
                match_row("A1", &gtin, &price, Decimal::new(15, 1))
            ),
            compact(
                r#"
                {"MPItemFeedHeader":{"processMode":"REPLACE","subset":"EXTERNAL",
                "locale":"en","sellingChannel":"mpsetupbymatch","version":"4.2"},"MPItem":[{
                "Item":{"sku":"A1","productIdentifiers":{"productIdType":"UPC",
                "productId":"012345678905"},"price":19.99,"ShippingWeight":1.5,
                "condition":"New"}}]}"#
            )
        );
    }

    #[test]
    fn an_item_header_has_three_keys() {
        for feed in [FeedType::Item, FeedType::Maintenance] {
            let text = document(feed, Object::new());
            let start = compact(
                r#"
                {"MPItemFeedHeader":{"businessUnit":"WALMART_US","locale":"en",
                "version":"5.0.20260608-18_15_07-api"},"MPItem":["#,
            );
            assert!(text.starts_with(&start), "{text}");
        }
    }

    #[test]
    fn a_feed_is_found_by_its_file() {
        for (feed, stocked) in [(FeedType::Match, false), (FeedType::Item, true)] {
            let name = feed_file_name("a1:b2/9", feed, stocked);
            assert_eq!(feed_type_of_file(&name, "a1:b2/9"), Some((feed, stocked)));
            assert_eq!(feed_type_of_file(&name, "a1:b2/8"), None);
            assert_eq!(feed_type_of_file(&name, "a1"), None);
        }
    }
}
