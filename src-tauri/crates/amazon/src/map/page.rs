//! Which catalogue page goods belong to (amazon.md §4.5).

use std::collections::HashMap;

use barrow_model::{Content, Gtin, Problem, ProblemKind};

use crate::config::SiteFacts;
use crate::limits::{CANDIDATES_MAX, IDENTIFIERS_MAX};
use crate::map::offer::named_asin;
use crate::request::IdentifierKind;
use crate::types::catalog::{CatalogAnswer, CatalogItem};

/// What names a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The page itself.
    Asin(String),
    /// A barcode number.
    Barcode(Gtin),
    /// Title and brand.
    Title,
}

impl Identity {
    /// What names the page of goods; a problem where nothing does.
    pub(crate) fn of(content: &Content, by_title: bool) -> Result<Self, Box<Problem>> {
        if let Some(asin) = named_asin(content)? {
            return Ok(Self::Asin(asin));
        }
        match content.gtin {
            Some(gtin) => Ok(Self::Barcode(gtin)),
            None if by_title && !content.title.trim().is_empty() => Ok(Self::Title),
            None => Err(Box::new(
                Problem::new(ProblemKind::GtinMissing).field("gtin"),
            )),
        }
    }

    /// A short text that is the same as long as the page need not be looked for again.
    pub(crate) fn key(&self, content: &Content) -> String {
        match self {
            Self::Asin(asin) => format!("asin {asin}"),
            Self::Barcode(gtin) => format!("gtin {}", gtin.as_gtin14()),
            Self::Title => {
                let brand = content.brand.as_deref().unwrap_or_default();
                format!("title {:016x}", hash(&format!("{}|{brand}", content.title)))
            }
        }
    }
}

/// FNV-1a, to recognise a text without keeping it: it need not withstand anybody.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A question for up to twenty barcode numbers of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BarcodeQuery {
    pub(crate) kind: IdentifierKind,
    /// As they are sent.
    pub(crate) numbers: Vec<String>,
    /// The same in the catalogue's own form.
    pub(crate) gtins: Vec<Gtin>,
}

/// The fewest questions for these numbers: each once, 13 digits apart from 14.
pub(crate) fn barcode_queries(gtins: impl IntoIterator<Item = Gtin>) -> Vec<BarcodeQuery> {
    let mut of_kind: [(IdentifierKind, Vec<Gtin>); 2] = [
        (IdentifierKind::Ean, Vec::new()),
        (IdentifierKind::Gtin, Vec::new()),
    ];
    let mut seen = std::collections::HashSet::new();
    for gtin in gtins {
        if seen.insert(gtin.as_gtin14()) {
            let place = usize::from(gtin.as_gtin13().is_none());
            of_kind[place].1.push(gtin);
        }
    }
    let mut queries = Vec::new();
    for (kind, gtins) in of_kind {
        for chunk in gtins.chunks(IDENTIFIERS_MAX) {
            let written = |gtin: &Gtin| gtin.as_gtin13().unwrap_or_else(|| gtin.as_gtin14());
            queries.push(BarcodeQuery {
                kind,
                numbers: chunk.iter().map(written).collect(),
                gtins: chunk.to_vec(),
            });
        }
    }
    queries
}

/// Pages by the 14 digits of their barcode number.
pub(crate) type Pages = HashMap<String, Vec<String>>;

/// Sorts an answer's pages under the numbers that were asked for. The answer does not say which
/// number found which page; the pages' own numbers do, in any of their forms (amazon.md §4.5).
pub(crate) fn sort_pages(query: &BarcodeQuery, answer: &CatalogAnswer, pages: &mut Pages) {
    for item in &answer.items.0 {
        let Some(asin) = item.asin.owned() else {
            continue;
        };
        let mut own = numbers(item).peekable();
        // The only number that was asked for is the one, where the page tells none.
        let alone = own.peek().is_none().then_some(&query.gtins[..]);
        let alone = alone.and_then(|gtins| match gtins {
            [one] => Some(one.as_gtin14()),
            _ => None,
        });
        let asked = |number: &String| query.gtins.iter().any(|g| g.as_gtin14() == *number);
        for number in own.filter(asked).chain(alone) {
            let found = pages.entry(number).or_default();
            if !found.contains(&asin) {
                found.push(asin.clone());
            }
        }
    }
}

fn numbers(item: &CatalogItem) -> impl Iterator<Item = String> {
    item.identifiers
        .0
        .iter()
        .flat_map(|site| &site.identifiers.0)
        .filter_map(|entry| Gtin::parse(entry.identifier.text()?).ok())
        .map(|gtin| gtin.as_gtin14())
}

/// The one page among those that were found.
pub(crate) fn one_page(found: &[String]) -> Result<String, Box<Problem>> {
    match found {
        [one] => Ok(one.clone()),
        [] => Err(Box::new(
            Problem::new(ProblemKind::PageMissing).field("gtin"),
        )),
        several => {
            let told: Vec<&str> = several
                .iter()
                .take(CANDIDATES_MAX)
                .map(String::as_str)
                .collect();
            let problem = Problem::new(ProblemKind::PageAmbiguous).field("asin");
            Err(Box::new(problem.param("candidates", told.join(", "))))
        }
    }
}

/// The page whose title, and brand where both have one, are exactly those of the goods.
pub(crate) fn page_by_title(
    content: &Content,
    site: &SiteFacts,
    answer: &CatalogAnswer,
) -> Result<String, Box<Problem>> {
    let wanted = plain(&content.title);
    let brand = content.brand.as_deref().map(plain);
    let same = |item: &&CatalogItem| {
        item.summaries.0.iter().any(|summary| {
            let here = summary.marketplace_id.text().is_none_or(|id| id == site.id);
            let theirs = summary.brand.text().map(plain);
            let brands = match (&brand, &theirs) {
                (Some(ours), Some(theirs)) => ours == theirs,
                _ => true,
            };
            here && brands
                && summary
                    .item_name
                    .text()
                    .is_some_and(|name| plain(name) == wanted)
        })
    };
    let mut found: Vec<String> = Vec::new();
    for item in answer.items.0.iter().filter(same) {
        if let Some(asin) = item.asin.owned().filter(|asin| !found.contains(asin)) {
            found.push(asin);
        }
    }
    one_page(&found).map_err(|problem| match problem.kind {
        ProblemKind::PageMissing => Box::new(problem.field("title")),
        _ => problem,
    })
}

/// A title without differences that are none: case and blanks.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use barrow_model::{Gtin, ProblemKind};

    use super::{Identity, Pages, barcode_queries, one_page, page_by_title, sort_pages};
    use crate::config::site_of;
    use crate::map::offer::tests::offer;
    use crate::request::IdentifierKind;
    use crate::types::catalog::CatalogAnswer;

    fn gtin(text: &str) -> Gtin {
        Gtin::parse(text).expect("a barcode number")
    }

    #[test]
    fn numbers_are_asked_for_twenty_at_a_time_and_once() {
        let many = (0..45).map(|number| {
            let eleven = format!("614141{number:05}");
            let digit = (0..10).find_map(|d| Gtin::parse(&format!("{eleven}{d}")).ok());
            digit.expect("one digit is right")
        });
        let package = gtin("10614141000415");
        let queries = barcode_queries(many.clone().chain(many).chain([package]));
        let sizes: Vec<_> = queries.iter().map(|q| (q.kind, q.numbers.len())).collect();
        let ean = IdentifierKind::Ean;
        let expected = [(ean, 20), (ean, 20), (ean, 5), (IdentifierKind::Gtin, 1)];
        assert_eq!(sizes, expected);
        assert_eq!(queries[0].numbers[0].len(), 13);
    }

    #[test]
    fn pages_are_sorted_by_their_own_numbers_in_any_form() {
        let queries = barcode_queries([gtin("614141000012"), gtin("614141000029")]);
        let answer: CatalogAnswer = serde_json::from_str(
            r#"{"numberOfResults":3,"items":[
            {"asin":"B1","identifiers":[{"marketplaceId":"ATVPDKIKX0DER","identifiers":[
            {"identifierType":"UPC","identifier":"614141000012"},
            {"identifierType":"EAN","identifier":"0614141000012"}]}]},
            {"asin":"B2","identifiers":[{"marketplaceId":"ATVPDKIKX0DER","identifiers":[
            {"identifierType":"GTIN","identifier":"00614141000012"}]}]},
            {"asin":"B3","identifiers":[]}]}"#,
        )
        .expect("an answer");
        let mut pages = Pages::new();
        sort_pages(&queries[0], &answer, &mut pages);
        assert_eq!(pages["00614141000012"], ["B1", "B2"]);
        assert_eq!(pages.get("00614141000029"), None);
        let ambiguous = one_page(&pages["00614141000012"]).expect_err("two fit");
        assert_eq!(ambiguous.kind, ProblemKind::PageAmbiguous);
        assert_eq!(ambiguous.params["candidates"], "B1, B2");
        let missing = one_page(&[]).expect_err("none fits");
        assert_eq!(missing.kind, ProblemKind::PageMissing);
        let single = barcode_queries([gtin("614141000012")]);
        let mut pages = Pages::new();
        sort_pages(&single[0], &answer, &mut pages);
        assert_eq!(pages["00614141000012"], ["B1", "B2", "B3"]);
    }

    #[test]
    fn a_title_must_be_the_same_and_so_must_a_brand() {
        let site = site_of("ATVPDKIKX0DER").expect("a site");
        let check = |items: &str, expected: Result<&str, ProblemKind>| {
            let json = format!("{{\"items\":[{items}]}}");
            let answer: CatalogAnswer = serde_json::from_str(&json).expect("an answer");
            let found = page_by_title(&offer().content, site, &answer);
            let found = found.as_deref().map_err(|problem| problem.kind);
            assert_eq!(found, expected, "{items}");
        };
        let item = |asin: &str, name: &str, brand: &str| {
            format!(
                r#"{{"asin":"{asin}","summaries":[{{"marketplaceId":"ATVPDKIKX0DER",
                "itemName":"{name}"{brand}}}]}}"#
            )
        };
        let ours = item("B1", "Oak  Chair, natural", r#","brand":"ACME""#);
        check(&ours, Ok("B1"));
        check(&item("B1", "Oak chair, natural", ""), Ok("B1"));
        let other = item("B2", "Oak chair, natural", r#","brand":"Other""#);
        check(&other, Err(ProblemKind::PageMissing));
        let longer = item("B2", "Oak chair, natural, 2 pieces", "");
        check(&longer, Err(ProblemKind::PageMissing));
        let twice = format!("{ours},{}", item("B3", "Oak chair, natural", ""));
        check(&twice, Err(ProblemKind::PageAmbiguous));
    }

    #[test]
    fn an_asin_goes_before_a_barcode() {
        let mut content = offer().content;
        content.asin = Some("b000000001".to_owned());
        let identity = Identity::of(&content, false).expect("an identity");
        assert_eq!(identity, Identity::Asin("B000000001".to_owned()));
        content.asin = None;
        let identity = Identity::of(&content, false).expect("an identity");
        assert_eq!(identity.key(&content), "gtin 00614141000012");
        content.gtin = None;
        assert!(Identity::of(&content, false).is_err());
        let identity = Identity::of(&content, true).expect("an identity");
        assert!(identity.key(&content).starts_with("title "));
    }
}
