//! Publishing (walmart.md §5.2, §6.3): items that Walmart's catalogue knows by their barcode number
//! are matched, others are set up in full. Each way is a feed of its own type, and a submit sends
//! one feed: the others' way is noted in their bindings, and they come again. A match carries no
//! quantity, which follows as a step of its own.

use std::collections::HashMap;
use std::sync::Arc;

use barrow_market::{Batch, CategoryQuery, Ended, Error, ErrorKind, Outcome, RETRY_LATER, Result};
use barrow_model::{Action, Binding, Change, Content, ListingRef, Offer, Problem, ProblemKind};

use crate::backend::WalmartAdapter;
use crate::backend::feeds::{FeedFrame, FeedRow};
use crate::limits::{INVENTORY_PUT_CALL, SEARCH_CALL, SEARCHES_MAX, SINGLE_QUANTITIES_MAX};
use crate::map::offer::{RowFrame, item_row, maintenance_row, weight_lb};
use crate::map::taxonomy::suggest;
use crate::request::{FeedType, inventory_put_request, inventory_row, match_row, search_request};
use crate::types::item::SearchAnswer;

/// How the item is set up, in bindings: `match` or `full`.
const SETUP: &str = "setup";
/// The barcode number that was searched for, so that a new one is searched again.
const SETUP_FOR: &str = "setup_for";
/// The step that comes next, in bindings.
pub(crate) const STEP: &str = "step";
/// The quantity comes next.
pub(crate) const INVENTORY_STEP: &str = "inventory";

/// A publish that takes part in a submit.
struct Publish<'a> {
    change: &'a Change,
    listing: &'a ListingRef,
    offer: &'a Offer,
}

/// The ways of one submit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Way {
    Match,
    Full,
    Stock,
}

/// The binding of a change that has no step left: what was noted on the way is of no more use, and
/// an item that comes again later is searched for again.
pub(crate) fn done(mut binding: Binding) -> Binding {
    for noted in [STEP, SETUP, SETUP_FOR] {
        binding.0.remove(noted);
    }
    binding
}

impl Publish<'_> {
    /// The way, as far as it is known without asking.
    fn way(&self) -> Option<Way> {
        let binding = &self.listing.binding;
        if binding.get(STEP) == Some(INVENTORY_STEP) {
            return Some(Way::Stock);
        }
        let Some(gtin) = &self.offer.content.gtin else {
            return Some(Way::Full);
        };
        if binding.get(SETUP_FOR) != Some(gtin.as_gtin14().as_str()) {
            return None;
        }
        match binding.get(SETUP) {
            Some("match") => Some(Way::Match),
            Some("full") => Some(Way::Full),
            _ => None,
        }
    }

    /// The binding with the way noted.
    fn noted(&self, way: Way) -> Binding {
        let binding = self.listing.binding.clone();
        let (Some(gtin), Some(word)) = (&self.offer.content.gtin, way.word()) else {
            return binding;
        };
        binding.with(SETUP, word).with(SETUP_FOR, gtin.as_gtin14())
    }
}

impl Way {
    fn word(self) -> Option<&'static str> {
        match self {
            Self::Match => Some("match"),
            Self::Full => Some("full"),
            Self::Stock => None,
        }
    }
}

impl WalmartAdapter {
    pub(crate) async fn publish(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let publishes: Vec<Publish<'_>> = batch.changes.iter().filter_map(publish_of).collect();
        let (ways, stop) = self.find_ways(&publishes).await?;
        if ways.len() < publishes.len() {
            return Ok(self.come_again(&publishes, &ways, stop.as_ref()));
        }
        let mut groups: HashMap<Way, Vec<&Publish<'_>>> = HashMap::new();
        for (publish, way) in publishes.iter().zip(&ways) {
            groups.entry(*way).or_default().push(publish);
        }
        let mut outcomes = Vec::new();
        let stock = groups.get(&Way::Stock).map_or(0, Vec::len);
        if (1..=SINGLE_QUANTITIES_MAX).contains(&stock) {
            let group = groups.remove(&Way::Stock).unwrap_or_default();
            outcomes = self.set_quantities(&group).await?;
        }
        // The largest group goes; its members leave, so that every group comes to be the largest.
        let order = |way: &Way| groups.get(way).map_or(0, Vec::len);
        let Some(way) = [Way::Full, Way::Match, Way::Stock]
            .into_iter()
            .max_by_key(order)
        else {
            return Ok(outcomes);
        };
        let group = groups.remove(&way).unwrap_or_default();
        for (way, others) in &groups {
            outcomes.extend(
                others
                    .iter()
                    .map(|p| Outcome::advanced(p.change.id, p.noted(*way))),
            );
        }
        let touched = !outcomes.is_empty();
        match self.send_way(way, &group, &batch.fingerprint).await {
            Ok(sent) => outcomes.extend(sent),
            Err(error) if !touched => return Err(error),
            Err(error) => {
                let now = self.clock.now();
                outcomes.extend(
                    group
                        .iter()
                        .map(|p| Outcome::stopped(p.change.id, &error, now)),
                );
            }
        }
        Ok(outcomes)
    }

    /// Finds the way of each publish, in order, with at most one search per item. Stops early at a
    /// limit or an error; an error of the very first search is the batch's own.
    async fn find_ways(&self, publishes: &[Publish<'_>]) -> Result<(Vec<Way>, Option<Error>)> {
        let mut ways = Vec::with_capacity(publishes.len());
        let mut searches = 0;
        for publish in publishes {
            if let Some(way) = publish.way() {
                ways.push(way);
                continue;
            }
            let Some(gtin) = &publish.offer.content.gtin else {
                ways.push(Way::Full);
                continue;
            };
            if searches == SEARCHES_MAX {
                return Ok((ways, None));
            }
            let request = search_request(&self.config.base, gtin);
            let found = match self.find::<SearchAnswer>(&SEARCH_CALL, request).await {
                Ok(answer) => answer.is_some_and(|answer| !answer.items.0.is_empty()),
                // A number that the search does not take is not in the catalogue.
                Err(error) if error.kind == ErrorKind::Refused => false,
                Err(error) if searches == 0 => return Err(error),
                Err(error) => return Ok((ways, Some(error))),
            };
            searches += 1;
            ways.push(if found { Way::Match } else { Way::Full });
        }
        Ok((ways, None))
    }

    /// Nothing is sent while ways are missing: feeds are few an hour and should be full. What was
    /// found is noted.
    fn come_again(
        &self,
        publishes: &[Publish<'_>],
        ways: &[Way],
        stop: Option<&Error>,
    ) -> Vec<Outcome> {
        let now = self.clock.now();
        let found = publishes.iter().zip(ways);
        let found = found.map(|(p, way)| Outcome::advanced(p.change.id, p.noted(*way)));
        let rest = publishes[ways.len()..].iter().map(|p| match stop {
            Some(error) => Outcome::stopped(p.change.id, error, now),
            None => Outcome::advanced(p.change.id, p.listing.binding.clone()),
        });
        found.chain(rest).collect()
    }

    /// Sets quantities one by one; repeating is harmless.
    async fn set_quantities(&self, group: &[&Publish<'_>]) -> Result<Vec<Outcome>> {
        let mut outcomes: Vec<Outcome> = Vec::new();
        let mut stop: Option<Error> = None;
        for publish in group {
            let id = publish.change.id;
            if let Some(error) = &stop {
                outcomes.push(Outcome::stopped(id, error, self.clock.now()));
                continue;
            }
            let node = self.config.ship_node_of(&publish.offer.settings);
            let request = inventory_put_request(
                &self.config.base,
                publish.listing.sku.as_str(),
                publish.offer.quantity,
                node.as_deref(),
            );
            match self.call(&INVENTORY_PUT_CALL, request).await {
                Ok(_) => {
                    let binding = done(publish.listing.binding.clone());
                    outcomes.push(Outcome::applied(id, Some(binding)));
                }
                // A new item reaches the stock system a little later.
                Err(error) if error.kind == ErrorKind::NotFound => {
                    outcomes.push(Outcome::later(id, error.to_problem(), RETRY_LATER));
                }
                Err(error) => match Ended::from(error) {
                    Ended::Refused(error) => outcomes.push(Outcome::refused_by(id, &error)),
                    Ended::Unknown => outcomes.push(Outcome::unknown(id)),
                    Ended::Stopped(error) if outcomes.is_empty() => return Err(error),
                    Ended::Stopped(error) => {
                        outcomes.push(Outcome::stopped(id, &error, self.clock.now()));
                        stop = Some(error);
                    }
                },
            }
        }
        Ok(outcomes)
    }

    async fn send_way(
        &self,
        way: Way,
        group: &[&Publish<'_>],
        fingerprint: &str,
    ) -> Result<Vec<Outcome>> {
        match way {
            Way::Match => self.send_matches(group, fingerprint).await,
            Way::Full => self.send_items(group, fingerprint).await,
            Way::Stock => {
                let row = |p: &&Publish<'_>| {
                    feed_row(
                        p,
                        inventory_row(p.listing.sku.as_str(), p.offer.quantity).bytes(),
                        way,
                    )
                };
                let frame = FeedFrame {
                    feed: FeedType::Inventory,
                    fingerprint,
                    node: self.config.ship_node.as_deref(),
                    stocked: false,
                };
                self.send_feed(frame, group.iter().map(row).collect()).await
            }
        }
    }

    async fn send_matches(
        &self,
        group: &[&Publish<'_>],
        fingerprint: &str,
    ) -> Result<Vec<Outcome>> {
        let (mut rows, mut outcomes) = (Vec::new(), Vec::new());
        for publish in group {
            let content = &publish.offer.content;
            let (Some(gtin), Some(weight)) = (&content.gtin, weight_lb(content)) else {
                let problem = Problem::new(ProblemKind::WeightMissing).field("weight");
                outcomes.push(Outcome::refused(publish.change.id, problem));
                continue;
            };
            let sku = publish.listing.sku.as_str();
            let row = match_row(sku, gtin, &publish.offer.price, weight);
            rows.push(feed_row(publish, row.bytes(), Way::Match));
        }
        let frame = FeedFrame {
            feed: FeedType::Match,
            fingerprint,
            node: None,
            stocked: false,
        };
        outcomes.extend(self.send_feed(frame, rows).await?);
        Ok(outcomes)
    }

    async fn send_items(&self, group: &[&Publish<'_>], fingerprint: &str) -> Result<Vec<Outcome>> {
        let (mut typed, mut outcomes) = (Vec::new(), Vec::new());
        for publish in group {
            match self.product_type(publish.offer).await? {
                Some(product_type) => typed.push((*publish, product_type)),
                None => outcomes.push(Outcome::refused(publish.change.id, no_category())),
            }
        }
        let names: Vec<&str> = typed.iter().map(|(_, name)| name.as_str()).collect();
        self.learn_specs(&names).await?;
        let mut nodes = Vec::with_capacity(typed.len());
        for (publish, _) in &typed {
            nodes.push(self.ship_node(&publish.offer.settings).await?);
        }
        // One ticket tells for all whether the quantity is still to come.
        let stocked = nodes.iter().all(Option::is_some);
        let mut rows = Vec::with_capacity(typed.len());
        for ((publish, product_type), node) in typed.iter().zip(&nodes) {
            let spec = self.type_spec(product_type).await?;
            let frame = RowFrame {
                sku: publish.listing.sku.as_str(),
                product_type,
                spec: &spec,
                node: node.as_deref().filter(|_| stocked),
            };
            rows.push(feed_row(
                publish,
                item_row(publish.offer, frame).bytes(),
                Way::Full,
            ));
        }
        let frame = FeedFrame {
            feed: FeedType::Item,
            fingerprint,
            node: None,
            stocked,
        };
        outcomes.extend(self.send_feed(frame, rows).await?);
        Ok(outcomes)
    }

    /// The listing's own category, else what fits its words, else the account's fallback.
    async fn product_type(&self, offer: &Offer) -> Result<Option<String>> {
        if let Some(category) = &offer.content.category {
            return Ok(Some(category.0.clone()));
        }
        let types = self.product_types().await?;
        let found = suggest(&types, &query(&offer.content)).map(|category| category.id.0);
        Ok(found.or_else(|| self.config.product_type_of(&offer.settings)))
    }

    /// Sends what buyers read, price and quantity untouched.
    pub(crate) async fn revise(&self, batch: &Batch) -> Result<Vec<Outcome>> {
        let (mut rows, mut outcomes) = (Vec::new(), Vec::new());
        for change in &batch.changes {
            let (Some(listing), Action::Revise(offer)) = (change.listing(), &change.action) else {
                continue;
            };
            let Some(product_type) = self.product_type(offer).await? else {
                outcomes.push(Outcome::refused(change.id, no_category()));
                continue;
            };
            let spec: Arc<_> = self.type_spec(&product_type).await?;
            let frame = RowFrame {
                sku: listing.sku.as_str(),
                product_type: &product_type,
                spec: &spec,
                node: None,
            };
            rows.push(FeedRow {
                change_id: change.id,
                sku: listing.sku.as_str().to_owned(),
                binding: listing.binding.clone(),
                bytes: maintenance_row(offer, frame).bytes(),
            });
        }
        let frame = FeedFrame {
            feed: FeedType::Maintenance,
            fingerprint: &batch.fingerprint,
            node: None,
            stocked: false,
        };
        outcomes.extend(self.send_feed(frame, rows).await?);
        Ok(outcomes)
    }
}

fn publish_of(change: &Change) -> Option<Publish<'_>> {
    match (&change.action, change.listing()) {
        (Action::Publish(offer), Some(listing)) => Some(Publish {
            change,
            listing,
            offer,
        }),
        _ => None,
    }
}

fn feed_row(publish: &Publish<'_>, bytes: Vec<u8>, way: Way) -> FeedRow {
    FeedRow {
        change_id: publish.change.id,
        sku: publish.listing.sku.as_str().to_owned(),
        binding: publish.noted(way),
        bytes,
    }
}

fn query(content: &Content) -> CategoryQuery {
    CategoryQuery {
        title: content.title.clone(),
        path: content.category_path.clone(),
    }
}

fn no_category() -> Problem {
    Problem::new(ProblemKind::CategoryMissing).field("category")
}
