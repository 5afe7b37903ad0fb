//! `barrow listing elsewhere` and `barrow listing take-over`: what is live at a marketplace and was
//! made elsewhere.

use std::time::Duration;

use barrow_api::{
    Api, ElsewhereRequest, ElsewhereResponse, ListingTakeOverRequest, ListingTakeOverResponse,
};

use crate::output::{End, Failure, Table, Text, tell};
use crate::session::Session;

/// Times that a report is looked at before it is given up: with the marketplace's own pauses, half
/// an hour and more.
const LOOKS_MAX: u32 = 120;
/// Shortest and longest pause between two looks.
const PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(60));

/// Waits for a report of everything that is live, and shows what Barrow does not work with yet.
pub(crate) async fn elsewhere(
    session: &Session,
    api: &Api,
    account: String,
) -> Result<End, Failure> {
    let mut ticket: Option<String> = None;
    for _ in 0..LOOKS_MAX {
        if ticket.is_none() {
            tell("The marketplace writes a report of everything that is live; it takes a while.");
        }
        let request = ElsewhereRequest {
            account: account.clone(),
            ticket,
        };
        let response = api.listing_elsewhere(request).await?;
        let Some(seconds) = response.again_in_seconds else {
            session
                .output
                .answer(&response, |found| shown(&account, found))?;
            return Ok(End::Done);
        };
        let wait = Duration::from_secs(seconds.into()).clamp(PAUSE.0, PAUSE.1);
        tokio::time::sleep(wait).await;
        ticket = Some(response.ticket);
    }
    Err(Failure::Other(
        "marketplace",
        "The report is not ready after a long time. Ask for it again later.".to_owned(),
    ))
}

fn shown(account: &str, found: &ElsewhereResponse) -> Text {
    let mut table = Table::new(&["listing", "SKU", "price", "quantity", "your product"], 4);
    for row in &found.listings {
        let price = row
            .price
            .map(|price| format!("{} {}", price.amount(), price.currency));
        table.row([
            row.listing_id.clone(),
            row.sku.clone().unwrap_or_default(),
            price.unwrap_or_default(),
            row.quantity
                .map(|units| units.to_string())
                .unwrap_or_default(),
            row.title.clone().unwrap_or_default(),
        ]);
    }
    let text = Text::new().table(table, "Barrow works with everything that is live there.");
    if found.total == 0 {
        return text;
    }
    text.line(format!(
        "{} of {} are not linked. Take them over with: barrow listing take-over {account} LISTING \
         … --understood",
        found.total, found.seen
    ))
}

/// Takes listings over, after a yes: it cannot be undone.
pub(crate) async fn take_over(
    session: &Session,
    api: &Api,
    (account, listing_ids): (String, Vec<String>),
    understood: bool,
) -> Result<End, Failure> {
    let request = ListingTakeOverRequest {
        account: account.clone(),
        listing_ids,
        understood,
    };
    let response = api.listing_take_over(request).await?;
    let whole = response.listings.iter().all(|one| one.problem.is_none());
    session
        .output
        .answer(&response, |done| taken(&account, done))?;
    Ok(End::complete(whole))
}

fn taken(account: &str, done: &ListingTakeOverResponse) -> Text {
    let mut table = Table::new(&["listing", "SKU"], 1);
    let mut text = Text::new();
    for one in &done.listings {
        match &one.problem {
            None => table.row([one.listing_id.clone(), one.skus.join(", ")]),
            Some(problem) => text = text.line(format!("{}: {}", one.listing_id, problem.reason)),
        }
    }
    let text = text.table(table, "No listing was taken over.");
    if done.done == 0 {
        return text;
    }
    text.line(format!("Link them with: barrow listing adopt {account}"))
}
