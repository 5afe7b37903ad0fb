//! Which aspects and terms Barrow wrote last, kept in bindings: what it takes back can be told from
//! what the seller has set by other means.

use std::collections::HashMap;

use barrow_market::Fate;
use barrow_model::{Binding, ChangeId};
use serde_json::Value;

use super::bulk::Told;
use super::family::family_of;
use super::publish::{Job, Written};
use crate::{ASPECTS, map};

/// The aspects that items were written with, and the bindings that do not tell yet.
pub(super) type Named<'a> = HashMap<ChangeId, (String, &'a Binding)>;

/// What a job writes by name: the aspects of its item, and the terms of its offer.
pub(super) fn named_by(job: Job<'_>, item: &Value) -> String {
    let mut offer = map::offer_update(job.offer, job.site);
    if family_of(&job).is_some() {
        map::without_best_offer(&mut offer);
    }
    map::aspect_prints(item) + &map::term_prints(&offer)
}

/// A binding that takes the place of a known one, with the aspects that the item still holds: it
/// stays when its listing ends.
pub(super) fn carried(binding: Binding, known: &Binding) -> Binding {
    match known.get(ASPECTS) {
        Some(aspects) => binding.with(ASPECTS, aspects),
        None => binding,
    }
}

pub(super) fn named_aspects<'a: 'w, 'w>(
    jobs: impl IntoIterator<Item = &'w Written<'a>>,
) -> Named<'a> {
    let named = jobs.into_iter().map(|written| {
        let binding = &written.job.listing.binding;
        (written.job.change_id, (written.aspects.clone(), binding))
    });
    named.collect()
}

/// The binding tells which aspects were written, so that one which is taken back can go.
pub(super) fn remembering(told: Vec<Told>, named: &Named<'_>) -> Vec<Told> {
    let of_one = |(change_id, fate): Told| {
        let Some((aspects, known)) = named.get(&change_id) else {
            return (change_id, fate);
        };
        let fate = fate.map(|fate| match fate {
            Fate::Applied { binding: None } if known.get(ASPECTS) != Some(aspects.as_str()) => {
                let binding = Some((*known).clone().with(ASPECTS, aspects.as_str()));
                Fate::Applied { binding }
            }
            Fate::Applied {
                binding: Some(binding),
            } => {
                let binding = Some(binding.with(ASPECTS, aspects.as_str()));
                Fate::Applied { binding }
            }
            Fate::Advanced { binding } => {
                let binding = binding.with(ASPECTS, aspects.as_str());
                Fate::Advanced { binding }
            }
            other => other,
        });
        (change_id, fate)
    };
    told.into_iter().map(of_one).collect()
}
