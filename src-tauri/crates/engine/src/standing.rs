//! What stands refused from earlier runs.

use std::collections::BTreeSet;

use barrow_model::{AccountId, ActionKind, ProblemKind};
use barrow_store::{ProblemQuery, Reader, StoreError};

use crate::push::{Summary, TOLD_MAX, Told};

/// Adds what was refused before and still stands, so that every push tells it until it is mended.
pub(crate) fn tell_standing(
    db: &Reader<'_>,
    account_id: AccountId,
    summary: &mut Summary,
) -> std::result::Result<(), StoreError> {
    let known: BTreeSet<(String, ProblemKind)> = summary
        .refused
        .iter()
        .filter(|told| told.account_id == account_id)
        .map(|told| (told.sku.clone(), told.problem.kind))
        .collect();
    let open = db.problems(&ProblemQuery {
        account_id: Some(account_id),
        kind: None,
        after: 0,
        limit: TOLD_MAX,
    })?;
    for open in open {
        let kind = match open.at.subject.as_str() {
            "content" => ActionKind::Publish,
            "price" | "rule" => ActionKind::SetPrice,
            "quantity" => ActionKind::SetQuantity,
            _ => continue,
        };
        let Some(sku) = open.channel_sku else {
            continue;
        };
        if known.contains(&(sku.clone(), open.problem.kind)) {
            continue;
        }
        summary.refused_count += 1;
        if summary.refused.len() < TOLD_MAX {
            summary.refused.push(Told {
                account_id,
                sku,
                kind,
                problem: open.problem,
            });
        }
    }
    Ok(())
}
