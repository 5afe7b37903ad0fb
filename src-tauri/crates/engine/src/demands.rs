//! What a marketplace would refuse, as far as can be told without asking it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use barrow_market::{Adapter, CategoryRules};
use barrow_model::{CategoryId, Problem, ProblemKind, Site};
use barrow_store::{AdviceOf, ListedGoods, Reader, StoreError};
use chrono::{DateTime, Duration, Utc};

use crate::family::{axis_problems, family_problems};
use crate::prepare::RULES_DAYS_MAX;
use crate::wanted::{Desk, Wanted};

/// What categories demand, as far as marketplaces were asked already: what a push would ask for
/// first is told by the push.
pub(crate) struct KnownRules {
    of: AdviceOf,
    since: DateTime<Utc>,
    found: BTreeMap<(Site, CategoryId), Option<CategoryRules>>,
}

impl KnownRules {
    pub(crate) fn new(desk: &Desk, now: DateTime<Utc>) -> Self {
        Self {
            of: AdviceOf {
                marketplace: desk.account.marketplace.clone(),
                endpoint: desk.account.endpoint.clone(),
                site: Site(String::new()),
            },
            since: now - Duration::days(RULES_DAYS_MAX),
            found: BTreeMap::new(),
        }
    }

    pub(crate) fn of(
        &mut self,
        db: &Reader<'_>,
        listed: &ListedGoods,
        wanted: &Wanted,
    ) -> std::result::Result<Option<&CategoryRules>, StoreError> {
        let Some(category) = &wanted.content.category else {
            return Ok(None);
        };
        let place = (listed.row.listing.site.clone(), category.clone());
        let rules = match self.found.entry(place) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                self.of.site = listed.row.listing.site.clone();
                let text = db.category_rules(&self.of, category, self.since)?;
                unknown.insert(text.and_then(|text| serde_json::from_str(&text).ok()))
            }
        };
        Ok(rules.as_ref())
    }
}

/// What the adapter would refuse as far as can be told without a call. A category may still be
/// advised.
pub(crate) fn demands(
    desk: &Desk,
    listed: &ListedGoods,
    wanted: &Wanted,
    rules: Option<&CategoryRules>,
) -> Vec<Problem> {
    let (Ok(adapter), Ok(price)) = (&desk.adapter, &wanted.price) else {
        return Vec::new();
    };
    let offer = wanted.offer(*price, wanted.quantity);
    let site = &listed.row.listing.site;
    let mut problems = catalogue_problems(desk, adapter.as_ref(), (listed, wanted));
    // Where variants are not shown as one, each is listed alone.
    let as_one = rules.filter(|rules| rules.families);
    problems.extend(
        as_one
            .iter()
            .flat_map(|rules| axis_problems(&offer.content, rules)),
    );
    problems.extend(adapter.core().validate(site, &offer, rules));
    if wanted.content.category.is_none() {
        problems.retain(|problem| problem.kind != ProblemKind::CategoryMissing);
    }
    // Account defaults are asked for before the first publish.
    problems.retain(|problem| {
        !matches!(
            problem.kind,
            ProblemKind::PolicyMissing | ProblemKind::LocationMissing | ProblemKind::SettingMissing
        )
    });
    problems
}

/// What is wrong with a listing's place in its family and with its SKU. A SKU to which the
/// marketplace has given an identity was taken by it.
pub(crate) fn catalogue_problems(
    desk: &Desk,
    adapter: &dyn Adapter,
    (listed, wanted): (&ListedGoods, &Wanted),
) -> Vec<Problem> {
    let listing = &listed.row.listing;
    let was_taken = !listing.binding.is_empty();
    let capability = adapter.capability();
    let mut problems = family_problems(desk, listed, wanted);
    problems.extend(capability.sku_problem(&listing.channel_sku, was_taken));
    problems
}
