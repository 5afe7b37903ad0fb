//! Finding the page of goods, with few calls and within bounds (amazon.md §4.5).

use std::collections::HashMap;

use barrow_market::{Error, ErrorKind, Result};
use barrow_model::{Change, ChangeId, Content, ListingRef, Offer, Problem, ProblemKind};

use crate::backend::AmazonAdapter;
use crate::backend::fetch::{Found, groups_of};
use crate::config::SiteFacts;
use crate::limits::{CATALOG_CALL, CATALOG_PAGES_MAX, CATALOG_SEARCHES_MAX, LISTING_READS_MAX};
use crate::map::listing::{ASIN, foreign_channel, summary};
use crate::map::offer::condition_type;
use crate::map::page::{
    BarcodeQuery, Identity, Pages, barcode_queries, one_page, page_by_title, sort_pages,
};
use crate::map::verdict::{HELD, PAGE_FOR, known_asin, not_ours};
use crate::request::{catalog_request, keywords_request, next_catalog_request};
use crate::types::catalog::CatalogAnswer;
use crate::types::listing::{Item, Summary};

/// A publish that takes part in a submit.
#[derive(Clone, Copy)]
pub(crate) struct Publish<'a> {
    pub(crate) change: &'a Change,
    pub(crate) listing: &'a ListingRef,
    pub(crate) offer: &'a Offer,
    pub(crate) site: &'static SiteFacts,
}

/// What was found out of one publish.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// Its page, and whether the SKU is there already.
    Known { asin: String, held: bool },
    /// It cannot be published.
    Refused(Box<Problem>),
}

/// What was found out, and what stopped the search before its end.
#[derive(Default)]
pub(crate) struct Places {
    pub(crate) found: HashMap<ChangeId, Place>,
    pub(crate) stop: Option<Error>,
}

impl Places {
    /// What is known of a publish.
    pub(crate) fn get(&self, publish: &Publish<'_>) -> Option<&Place> {
        self.found.get(&publish.change.id)
    }

    fn know(&mut self, publish: &Publish<'_>, place: Place) {
        self.found.insert(publish.change.id, place);
    }

    fn settle(&mut self, publish: &Publish<'_>, page: std::result::Result<String, Box<Problem>>) {
        let place = match page {
            Ok(asin) => Place::Known { asin, held: false },
            Err(problem) => Place::Refused(problem),
        };
        self.know(publish, place);
    }
}

/// The page in a publish's binding, where it was found for the same goods.
fn noted(publish: &Publish<'_>, identity: &Identity) -> Option<Place> {
    let binding = &publish.listing.binding;
    let same = binding.get(PAGE_FOR) == Some(&identity.key(&publish.offer.content));
    let asin = known_asin(publish.listing).filter(|_| same)?;
    Some(Place::Known {
        asin: asin.to_owned(),
        held: binding.get(HELD)? == "yes",
    })
}

impl Publish<'_> {
    /// What names its page.
    fn identity(&self, by_title: bool) -> std::result::Result<Identity, Box<Problem>> {
        Identity::of(&self.offer.content, by_title)
    }

    /// The binding with what was found noted, so that it is not looked for again.
    pub(crate) fn noting(&self, place: &Place, by_title: bool) -> barrow_model::Binding {
        let binding = self.listing.binding.clone();
        match (place, self.identity(by_title)) {
            (Place::Known { asin, held }, Ok(identity)) => binding
                .with(ASIN, asin)
                .with(PAGE_FOR, identity.key(&self.offer.content))
                .with(HELD, if *held { "yes" } else { "no" }),
            _ => binding,
        }
    }
}

impl AmazonAdapter {
    /// Finds out, for publishes of one site, whether their SKUs are there and which pages they
    /// belong to. An error is one of the very first question; later ones stop the search, and what
    /// was found is kept.
    pub(crate) async fn find_places(&self, publishes: &[Publish<'_>]) -> Result<Places> {
        let mut places = Places::default();
        let by_title = self.config.match_by_title;
        let mut open = Vec::new();
        for publish in publishes {
            match publish.identity(by_title) {
                Err(problem) => places.know(publish, Place::Refused(problem)),
                Ok(identity) => match noted(publish, &identity) {
                    Some(place) => places.know(publish, place),
                    None => open.push((*publish, identity)),
                },
            }
        }
        let asked = self.ask_what_is_there(open, &mut places).await?;
        if places.stop.is_none() {
            let first = places.found.is_empty();
            let searched = self.search_pages(asked, &mut places).await;
            if let Err(error) = searched {
                if first && places.found.is_empty() {
                    return Err(error);
                }
                places.stop = Some(error);
            }
        }
        Ok(places)
    }

    /// Looks whether SKUs are there already: their page is known then, and a listing in Amazon's
    /// own warehouse is never written. Gives those that are not there.
    async fn ask_what_is_there<'a>(
        &self,
        open: Vec<(Publish<'a>, Identity)>,
        places: &mut Places,
    ) -> Result<Vec<(Publish<'a>, Identity)>> {
        let mut found = Found::new();
        let groups = groups_of(open.iter().map(|(publish, _)| publish.listing));
        let mut read = std::collections::HashSet::new();
        for (number, (site, skus)) in groups.into_iter().enumerate() {
            if number == LISTING_READS_MAX {
                break;
            }
            match self.items(self.site_of(site)?, &skus).await {
                Ok(items) => {
                    read.extend(skus.into_iter().map(str::to_owned));
                    found.extend(items);
                }
                Err(error) if number == 0 && places.found.is_empty() => return Err(error),
                Err(error) => {
                    places.stop = Some(error);
                    break;
                }
            }
        }
        let mut rest = Vec::new();
        for (publish, identity) in open {
            let sku = publish.listing.sku.as_str();
            if !read.contains(sku) {
                continue;
            }
            let there = found
                .get(sku)
                .and_then(|item| Some((item, summary(item, publish.site)?)));
            let held =
                there.and_then(|(item, summary)| place_of_held(&publish, &identity, item, summary));
            match (held, identity) {
                (Some(place), _) => places.know(&publish, place),
                (None, Identity::Asin(asin)) => places.settle(&publish, Ok(asin)),
                (None, identity) => rest.push((publish, identity)),
            }
        }
        Ok(rest)
    }

    /// Looks for pages by barcode number, then by title.
    async fn search_pages(
        &self,
        asked: Vec<(Publish<'_>, Identity)>,
        places: &mut Places,
    ) -> Result<()> {
        let Some(site) = asked.first().map(|(publish, _)| publish.site) else {
            return Ok(());
        };
        let mut left = CATALOG_SEARCHES_MAX;
        let barcode = |identity: &Identity| match identity {
            Identity::Barcode(gtin) => Some(*gtin),
            _ => None,
        };
        let mut pages = Pages::new();
        for query in barcode_queries(asked.iter().filter_map(|(_, i)| barcode(i))) {
            if left == 0 {
                return Ok(());
            }
            left -= 1;
            self.search_barcodes(site, &query, &mut pages).await?;
            let of_query =
                |identity: &Identity| barcode(identity).filter(|gtin| query.gtins.contains(gtin));
            for (publish, identity) in &asked {
                if let Some(gtin) = of_query(identity) {
                    let found = pages.get(&gtin.as_gtin14());
                    places.settle(publish, one_page(found.map_or(&[], Vec::as_slice)));
                }
            }
        }
        for (publish, identity) in &asked {
            if *identity != Identity::Title {
                continue;
            }
            if left == 0 {
                return Ok(());
            }
            left -= 1;
            let page = self.search_title(site, &publish.offer.content).await?;
            places.settle(publish, page);
        }
        Ok(())
    }

    async fn search_barcodes(
        &self,
        site: &'static SiteFacts,
        query: &BarcodeQuery,
        pages: &mut Pages,
    ) -> Result<()> {
        let base = &self.config.base;
        let mut request = catalog_request(base, site, query.kind, &query.numbers);
        for _ in 0..CATALOG_PAGES_MAX {
            let answer = self.catalog(request).await?;
            sort_pages(query, &answer, pages);
            let Some(token) = answer.pagination.next_token.text() else {
                return Ok(());
            };
            request = next_catalog_request(base, site, query.kind, &query.numbers, token);
        }
        Ok(())
    }

    async fn search_title(
        &self,
        site: &'static SiteFacts,
        content: &Content,
    ) -> Result<std::result::Result<String, Box<Problem>>> {
        let request = keywords_request(&self.config.base, site, &content.title);
        let answer = self.catalog(request).await?;
        Ok(page_by_title(content, site, &answer))
    }

    /// Nothing found may be told as 404.
    async fn catalog(&self, request: barrow_wire::Built) -> Result<CatalogAnswer> {
        match self.read(&CATALOG_CALL, request).await {
            Err(error) if error.kind == ErrorKind::NotFound => Ok(CatalogAnswer::default()),
            read => read,
        }
    }
}

/// The place of a publish whose SKU is there already: on its own page, which a SKU keeps for good,
/// as are its condition and its channel (amazon.md §4.3, §4.4). None where it is on no page yet.
fn place_of_held(
    publish: &Publish<'_>,
    identity: &Identity,
    item: &Item,
    summary: &Summary,
) -> Option<Place> {
    if foreign_channel(item).is_some() {
        return Some(Place::Refused(Box::new(not_ours())));
    }
    let asin = summary.asin.owned()?;
    if matches!(identity, Identity::Asin(wanted) if *wanted != asin) {
        let problem = Problem::new(ProblemKind::FieldInvalid).field("asin");
        return Some(Place::Refused(Box::new(problem.param("allowed", asin))));
    }
    let wanted = condition_type(publish.offer.content.condition);
    let differs = summary
        .condition_type
        .text()
        .is_some_and(|held| Some(held) != wanted);
    if differs {
        let problem = Problem::new(ProblemKind::ConditionInvalid).field("condition");
        return Some(Place::Refused(Box::new(problem)));
    }
    Some(Place::Known { asin, held: true })
}
