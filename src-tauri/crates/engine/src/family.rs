//! Families: what their variants must share, told before anything is sent, and what travels
//! together.

use std::collections::{BTreeMap, BTreeSet};

use barrow_market::CategoryRules;
use barrow_model::{ActionKind, Content, FamilyId, ListingId, Problem, ProblemKind};
use barrow_store::{FirstMate, ListedGoods, QueuedChange, StoreError, Writer};
use chrono::{DateTime, Utc};

use crate::wanted::{Desk, Wanted};

/// Why a listing cannot be shown in its family, from what the catalogue says; empty for one that
/// stands alone.
pub(crate) fn family_problems(desk: &Desk, listed: &ListedGoods, wanted: &Wanted) -> Vec<Problem> {
    let (Some(family), Some(mates)) = (&wanted.content.family, &listed.goods.mates) else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    for axis in &family.axes {
        let told = |option: &&barrow_model::OptionValue| option.name == *axis;
        let value = wanted.content.options.iter().find(told);
        if value.is_none_or(|option| option.value.trim().is_empty()) {
            let problem = Problem::new(ProblemKind::FamilyValueMissing).field("options");
            problems.push(problem.param("option", axis));
        }
    }
    if let (Some(twin), true) = (&mates.twin, problems.is_empty()) {
        let problem = Problem::new(ProblemKind::FamilyValuesSame).field("options");
        problems.push(problem.param("other", twin));
    }
    if let Some(first) = &mates.first {
        problems.extend(differences(desk, listed, &wanted.content, first));
    }
    problems
}

/// In what a listing differs from the one that stands for its family.
fn differences(
    desk: &Desk,
    listed: &ListedGoods,
    content: &Content,
    first: &FirstMate,
) -> Vec<Problem> {
    let differs = |kind: ProblemKind, field: &str| {
        let problem = Problem::new(kind).field(field);
        problem.param("other", &first.sku)
    };
    let mut problems = Vec::new();
    if first.condition.unwrap_or(desk.rules.condition.0) != content.condition {
        problems.push(differs(ProblemKind::FamilyCondition, "condition"));
    }
    if let (Some(theirs), Some(own)) = (&first.category, &content.category)
        && theirs != own
    {
        problems.push(differs(ProblemKind::FamilyCategory, "category"));
    }
    if first.settings != listed.row.listing.overrides.settings {
        problems.push(differs(ProblemKind::FamilySettings, "settings"));
    }
    problems
}

/// The options in which a category lets no variants differ. One that the category does not know is
/// the seller's own, which marketplaces take.
pub(crate) fn axis_problems(content: &Content, rules: &CategoryRules) -> Vec<Problem> {
    let axes = content.family.iter().flat_map(|family| &family.axes);
    let fixed = axes.filter(|axis| {
        let known = rules.attributes.iter().find(|rule| rule.name == **axis);
        known.is_some_and(|rule| !rule.varies)
    });
    let told = fixed.map(|axis| {
        let problem = Problem::new(ProblemKind::FamilyAxis).field("options");
        problem.param("option", axis)
    });
    told.collect()
}

/// Leaves out variants whose family goes on beyond the batch: the next one takes it whole, so that
/// a listing is made once instead of piece by piece. A family that would fill the batch by itself
/// goes in parts.
pub(crate) fn whole_families(
    tx: &Writer<'_>,
    picked: Vec<QueuedChange>,
    goods: &BTreeMap<ListingId, (ListedGoods, Wanted)>,
    now: DateTime<Utc>,
) -> std::result::Result<Vec<QueuedChange>, StoreError> {
    let family_of = |change: &QueuedChange| {
        let publishes = change.kind == ActionKind::Publish;
        let id = change.listing_id.filter(|_| publishes)?;
        goods.get(&id)?.0.row.listing.family_id
    };
    let mut taken: BTreeMap<FamilyId, usize> = BTreeMap::new();
    for family in picked.iter().filter_map(family_of) {
        *taken.entry(family).or_default() += 1;
    }
    let mut cut = BTreeSet::new();
    for (family, count) in taken {
        if tx.waiting_in_family(family, ActionKind::Publish, now)? > count {
            cut.insert(family);
        }
    }
    let stays = |change: &&QueuedChange| !family_of(change).is_some_and(|id| cut.contains(&id));
    let whole: Vec<QueuedChange> = picked.iter().filter(stays).cloned().collect();
    Ok(if whole.is_empty() { picked } else { whole })
}
