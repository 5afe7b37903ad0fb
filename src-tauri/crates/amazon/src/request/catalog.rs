//! Catalogue pages and permission to sell on them (amazon.md §4.5).

use barrow_wire::{Built, escaped};

use crate::config::SiteFacts;
use crate::limits::ITEMS_PAGE;
use crate::request::{get, listed};

/// What a page is looked for by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum IdentifierKind {
    /// 13 digits; a UPC has a zero before it.
    Ean,
    /// 14 digits.
    Gtin,
}

impl IdentifierKind {
    fn code(self) -> &'static str {
        match self {
            Self::Ean => "EAN",
            Self::Gtin => "GTIN",
        }
    }
}

fn base_uri(base: &str, site: &SiteFacts) -> String {
    format!(
        "{base}/catalog/2022-04-01/items?marketplaceIds={}\
         &includedData=summaries,identifiers&pageSize={ITEMS_PAGE}",
        site.id
    )
}

/// Pages of up to twenty barcode numbers of one kind.
pub(crate) fn catalog_request(
    base: &str,
    site: &SiteFacts,
    kind: IdentifierKind,
    numbers: &[String],
) -> Built {
    let uri = base_uri(base, site);
    get(&format!(
        "{uri}&identifiersType={}&identifiers={}",
        kind.code(),
        listed(numbers.iter().map(String::as_str))
    ))
}

/// The next page of the same question.
pub(crate) fn next_catalog_request(
    base: &str,
    site: &SiteFacts,
    kind: IdentifierKind,
    numbers: &[String],
    token: &str,
) -> Built {
    let uri = base_uri(base, site);
    get(&format!(
        "{uri}&identifiersType={}&identifiers={}&pageToken={}",
        kind.code(),
        listed(numbers.iter().map(String::as_str)),
        escaped(token)
    ))
}

/// Pages by words. A comma would part the title into several.
pub(crate) fn keywords_request(base: &str, site: &SiteFacts, title: &str) -> Built {
    let uri = base_uri(base, site);
    let words: Vec<&str> = title
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    get(&format!("{uri}&keywords={}", escaped(&words.join(" "))))
}

/// Whether the seller may sell on a page in a condition.
pub(crate) fn restrictions_request(
    base: &str,
    seller: &str,
    site: &SiteFacts,
    asin: &str,
    condition: &str,
) -> Built {
    get(&format!(
        "{base}/listings/2021-08-01/restrictions?asin={}&sellerId={}&marketplaceIds={}\
         &conditionType={condition}",
        escaped(asin),
        escaped(seller),
        site.id
    ))
}

#[cfg(test)]
mod tests {
    use super::{IdentifierKind, catalog_request, keywords_request};
    use crate::config::site_of;

    #[test]
    fn pages_are_asked_for_by_number_or_by_words() {
        let site = site_of("ATVPDKIKX0DER").expect("United States");
        let numbers = ["0614141000012".to_owned(), "0614141000029".to_owned()];
        let request = catalog_request("https://a", site, IdentifierKind::Ean, &numbers);
        assert_eq!(
            request.expect("a request").uri(),
            "https://a/catalog/2022-04-01/items?marketplaceIds=ATVPDKIKX0DER\
             &includedData=summaries,identifiers&pageSize=20&identifiersType=EAN\
             &identifiers=0614141000012,0614141000029"
        );
        let request = keywords_request("https://a", site, "Oak chair, 2 legs");
        let uri = request.expect("a request").uri().to_string();
        assert!(uri.ends_with("&keywords=Oak%20chair%202%20legs"), "{uri}");
    }
}
