//! What is really there, all of it: a search shows a thousand listings at most, so it is taken in
//! windows of the time of change (amazon.md §4.2).

use barrow_market::{Cursor, Error, ErrorKind, ObservePage, Result};
use barrow_model::Site;
use barrow_wire::place;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::backend::AmazonAdapter;
use crate::config::SiteFacts;
use crate::limits::{LISTINGS_CALL, SEARCH_PAGES_MAX};
use crate::map::listing::{observed, times};
use crate::request::{ListingsWindow, listings_request};
use crate::types::listing::ListingsAnswer;

/// Where an observation stands. Oldest change first: what changes meanwhile moves to the end and is
/// met there again, so that none is missed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Walk {
    /// The window's beginning; none at the very first.
    after: Option<DateTime<Utc>>,
    /// More listings than a search shows changed in one instant: within it, by the time when they
    /// were made.
    instant: Option<DateTime<Utc>>,
    /// The page within the window.
    token: Option<String>,
    /// Pages of the window that were read.
    pages: usize,
}

/// Before any listing.
const BEGINNING: DateTime<Utc> =
    DateTime::from_timestamp(788_918_400, 0).expect("1995-01-01 is an instant");

impl AmazonAdapter {
    /// A page of what is there.
    pub(crate) async fn observe_page(
        &self,
        site: &Site,
        cursor: Option<&Cursor>,
    ) -> Result<ObservePage> {
        let site = self.site_of(site)?;
        let walk: Walk = match cursor {
            None => Walk::default(),
            Some(cursor) => place(cursor, LISTINGS_CALL.operation)?,
        };
        let window = ListingsWindow {
            after: walk.after,
            instant: walk.instant,
            token: walk.token.as_deref(),
        };
        let request = listings_request(&self.config.base, &self.config.seller_id, site, window);
        let answer: ListingsAnswer = match self.read(&LISTINGS_CALL, request).await {
            Err(error) if error.kind == ErrorKind::NotFound => ListingsAnswer::default(),
            read => read?,
        };
        let next = next_of(&walk, &answer, site)?;
        let items = answer.items.0.iter();
        Ok(ObservePage {
            listings: items.filter_map(|item| observed(item, site)).collect(),
            next: next.as_ref().map(barrow_wire::cursor),
        })
    }
}

/// Where the walk goes on.
fn next_of(walk: &Walk, answer: &ListingsAnswer, site: &SiteFacts) -> Result<Option<Walk>> {
    let Some(token) = answer.pagination.next_token.owned() else {
        // A window of one instant is read: on with the next one.
        return Ok(walk.instant.and(walk.after).map(|after| Walk {
            after: Some(after + TimeDelta::milliseconds(1)),
            ..Walk::default()
        }));
    };
    if walk.token.as_deref() == Some(&token) {
        return Err(stuck());
    }
    if walk.pages + 1 < SEARCH_PAGES_MAX {
        return Ok(Some(Walk {
            token: Some(token),
            pages: walk.pages + 1,
            ..walk.clone()
        }));
    }
    let told = answer.items.0.iter().map(|item| times(item, site));
    let updated = told.clone().filter_map(|(updated, _)| updated).max();
    let created = told.filter_map(|(_, created)| created).max();
    if let Some(instant) = walk.instant {
        let made = created.filter(|at| *at > instant).ok_or_else(stuck)?;
        return Ok(Some(Walk {
            after: walk.after,
            instant: Some(made),
            ..Walk::default()
        }));
    }
    let updated = updated.ok_or_else(stuck)?;
    let moved = walk.after.is_none_or(|after| updated > after);
    Ok(Some(Walk {
        after: Some(updated),
        instant: (!moved).then_some(BEGINNING),
        ..Walk::default()
    }))
}

/// The error of a walk that comes round to where it has been.
fn stuck() -> Error {
    Error::new(ErrorKind::Unreadable, LISTINGS_CALL.operation)
        .with("reason", "the cursor does not move on")
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{BEGINNING, Walk, next_of};
    use crate::config::site_of;
    use crate::types::listing::ListingsAnswer;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn answer(token: Option<&str>, updated: &str, created: &str) -> ListingsAnswer {
        let pagination = match token {
            Some(token) => format!("{{\"nextToken\":\"{token}\"}}"),
            None => "null".to_owned(),
        };
        serde_json::from_str(&format!(
            r#"{{"numberOfResults":5000,"pagination":{pagination},"items":[{{"sku":"A1",
            "summaries":[{{"marketplaceId":"ATVPDKIKX0DER","createdDate":"{created}",
            "lastUpdatedDate":"{updated}"}}]}}]}}"#
        ))
        .expect("an answer")
    }

    #[test]
    fn a_walk_goes_by_pages_then_by_windows_then_by_instants() {
        let site = site_of("ATVPDKIKX0DER").expect("a site");
        let (noon, one) = ("2026-11-22T12:00:00Z", "2026-11-22T13:00:00Z");
        let check = |walk: &Walk, answer: &ListingsAnswer, expected: Option<Walk>| {
            assert_eq!(next_of(walk, answer, site).expect("a next"), expected);
        };
        let first = Walk::default();
        check(&first, &answer(None, noon, noon), None);
        let second = Walk {
            token: Some("t1".to_owned()),
            pages: 1,
            ..Walk::default()
        };
        check(
            &first,
            &answer(Some("t1"), noon, noon),
            Some(second.clone()),
        );
        let last = Walk {
            pages: 49,
            ..second
        };
        let window = Walk {
            after: Some(at(noon)),
            ..Walk::default()
        };
        check(&last, &answer(Some("t2"), noon, noon), Some(window.clone()));
        let full = Walk {
            after: Some(at(noon)),
            ..last.clone()
        };
        let within = Walk {
            instant: Some(BEGINNING),
            ..window.clone()
        };
        check(&full, &answer(Some("t2"), noon, noon), Some(within.clone()));
        let full = Walk {
            pages: 49,
            ..within.clone()
        };
        let later = Walk {
            instant: Some(at(noon)),
            ..window
        };
        check(&full, &answer(Some("t2"), noon, noon), Some(later));
        let on = Walk {
            after: Some(at("2026-11-22T12:00:00.001Z")),
            ..Walk::default()
        };
        check(&within, &answer(None, noon, one), Some(on));
        let loops = answer(Some("t1"), noon, noon);
        assert!(next_of(&last, &loops, site).is_err());
    }
}
