//! `barrow listing` and `barrow listings`.

use std::collections::BTreeMap;

use barrow_api::{
    ActionReport, Api, CategorySearchRequest, ListingAddRequest, ListingAdoptRequest,
    ListingCompareRequest, ListingDetail, ListingFamilyRequest, ListingPickRequest,
    ListingSetRequest, ListingView, ListingsRequest, ProductListingsRequest,
};

use crate::args::{ListingCommand, ListingsArgs};
use crate::output::{End, Failure, Table, Text};
use crate::session::Session;
use crate::{elsewhere, parse, report};

/// Listings that are fetched at a time.
const PAGE_ROWS: usize = 1000;

const FIELD_FORM: &str = "field=value, such as price=14.90";

pub(crate) async fn run(session: &Session, command: ListingCommand) -> Result<End, Failure> {
    session
        .with_api(async |api| match command {
            ListingCommand::Add {
                account,
                site,
                all,
                sku,
                alone,
            } => {
                let request = ListingAddRequest {
                    account,
                    site,
                    all,
                    skus: sku,
                    alone,
                };
                let what = "listed; sent with the next push";
                told(session, &api.listing_add(request).await?, what)
            }
            ListingCommand::Together { account, skus } => {
                family(session, &api, (account, skus), true).await
            }
            ListingCommand::Alone { account, skus } => {
                family(session, &api, (account, skus), false).await
            }
            ListingCommand::Set {
                account,
                sku,
                fields,
            } => {
                let overrides = parse::pairs(&fields, FIELD_FORM)?;
                set(session, &api, (account, sku), overrides).await
            }
            ListingCommand::Categories {
                account,
                words,
                site,
            } => categories(session, &api, (account, site), &words).await,
            ListingCommand::Attributes { account, sku } => asked(session, &api, account, sku).await,
            ListingCommand::Pause { account, skus } => {
                let report = api.listing_pause(pick(account, skus)).await?;
                let what = "paused; its quantity goes to zero with the next push";
                told(session, &report, what)
            }
            ListingCommand::Resume { account, skus } => {
                let report = api.listing_resume(pick(account, skus)).await?;
                told(session, &report, "resumed; sent with the next push")
            }
            ListingCommand::End { account, skus } => {
                let report = api.listing_end(pick(account, skus)).await?;
                told(session, &report, "ended with the next push")
            }
            ListingCommand::Adopt { account, create } => {
                adopt(session, &api, account, create).await
            }
            ListingCommand::Compare { account } => compare(session, &api, account).await,
            ListingCommand::Elsewhere { account } => {
                elsewhere::elsewhere(session, &api, account).await
            }
            ListingCommand::TakeOver {
                account,
                listings,
                understood,
            } => elsewhere::take_over(session, &api, (account, listings), understood).await,
        })
        .await
}

fn pick(account: String, skus: Vec<String>) -> ListingPickRequest {
    ListingPickRequest {
        account,
        site: None,
        all: false,
        skus,
    }
}

async fn set(
    session: &Session,
    api: &Api,
    (account, sku): (String, String),
    overrides: BTreeMap<String, String>,
) -> Result<End, Failure> {
    let request = ListingSetRequest {
        account,
        site: None,
        sku,
        overrides,
        expected: None,
    };
    let report = api.listing_set(request).await?;
    told(session, &report, "changed; sent with the next push")
}

fn told(session: &Session, report: &ActionReport, what: &str) -> Result<End, Failure> {
    session.output.answer(report, |report| {
        let count = report::counted(report.done, "listing", "listings");
        report::text(report, format!("{count} {what}."))
    })?;
    Ok(End::complete(report.is_complete()))
}

async fn family(
    session: &Session,
    api: &Api,
    (account, skus): (String, Vec<String>),
    together: bool,
) -> Result<End, Failure> {
    let request = ListingFamilyRequest {
        account,
        site: None,
        all: false,
        skus,
        together,
    };
    let what = match together {
        true => "shown with the other variants; sent with the next push",
        false => "listed alone; sent with the next push",
    };
    told(session, &api.listing_family(request).await?, what)
}

async fn adopt(
    session: &Session,
    api: &Api,
    account: String,
    create: bool,
) -> Result<End, Failure> {
    let response = api
        .listing_adopt(ListingAdoptRequest {
            account,
            site: None,
            create,
        })
        .await?;
    session.output.answer(&response, |response| {
        let seen = report::counted(response.seen, "listing", "listings");
        let mut words = format!("{seen} read, {} linked to products", response.report.done);
        if response.drifted > 0 {
            words.push_str(&format!(
                ", {} to be mended by the next push",
                response.drifted
            ));
        }
        report::text(&response.report, format!("{words}."))
    })?;
    Ok(End::complete(response.report.is_complete()))
}

async fn compare(session: &Session, api: &Api, account: String) -> Result<End, Failure> {
    let request = ListingCompareRequest {
        account,
        site: None,
    };
    let response = api.listing_compare(request).await?;
    session.output.answer(&response, |response| {
        let right = report::counted(response.report.done, "listing", "listings");
        let differ = match response.drifted {
            0 => "nothing differs".to_owned(),
            count => format!("{count} to be mended by the next push"),
        };
        report::text(
            &response.report,
            format!("{right} as they should be, {differ}."),
        )
    })?;
    Ok(End::complete(response.report.is_complete()))
}

pub(crate) async fn list(session: &Session, args: ListingsArgs) -> Result<End, Failure> {
    let ListingsArgs { account, state } = args;
    session
        .with_api(async |api| {
            let mut list = session.output.list("listings");
            let mut rows: Vec<ListingView> = Vec::new();
            let mut after = None;
            loop {
                let request = ListingsRequest {
                    account: account.clone(),
                    state: state.clone(),
                    sku: None,
                    after,
                    limit: Some(PAGE_ROWS),
                };
                let mut page = api.listings(request).await?;
                after = page.next;
                if session.output.json {
                    list.items(&page.listings)?;
                } else {
                    rows.append(&mut page.listings);
                }
                if after.is_none() {
                    break;
                }
            }
            if session.output.json {
                list.end(None)?;
            } else {
                session.output.text(&list_text(&rows))?;
            }
            Ok(End::Done)
        })
        .await
}

const NO_LISTINGS: &str =
    "There are no listings here. Add some with: barrow listing add ACCOUNT --all";

fn list_text(listings: &[ListingView]) -> Text {
    let headers = [
        "account",
        "sku",
        "state",
        "wanted",
        "there",
        "variations",
        "title or problem",
    ];
    let mut table = Table::new(&headers, 6).right(&[3, 4, 5]);
    for listing in listings {
        let shown = |price: Option<barrow_model::Money>, quantity: Option<u32>| {
            let price = price.map(|price| price.to_string());
            let quantity = quantity.map(|quantity| format!("{quantity} ×"));
            [quantity, price]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ")
        };
        let there = &listing.acknowledged;
        let problem = listing
            .problems
            .first()
            .map(|problem| problem.reason.clone());
        table.row([
            listing.account.clone(),
            listing.sku.to_string(),
            listing.state.code().to_owned(),
            shown(listing.wanted.price, listing.wanted.quantity),
            shown(there.price, there.quantity),
            listing
                .family
                .as_ref()
                .map_or_else(String::new, |family| format!("1 of {}", family.variants)),
            problem.unwrap_or_else(|| listing.title.clone()),
        ]);
    }
    Text::new().table(table, NO_LISTINGS)
}

async fn categories(
    session: &Session,
    api: &Api,
    (account, site): (String, Option<String>),
    words: &[String],
) -> Result<End, Failure> {
    let request = CategorySearchRequest {
        account,
        site,
        words: words.join(" "),
    };
    let response = api.category_search(request).await?;
    session.output.answer(&response, |response| {
        let mut table = Table::new(&["category", "path"], 1);
        for found in &response.categories {
            table.row([found.id.0.clone(), found.path.join(" > ")]);
        }
        Text::new().table(table, "No category there is found by these words.")
    })?;
    Ok(End::Done)
}

/// Allowed values that are shown of one attribute.
const CHOICES_SHOWN: usize = 12;

/// What the category of a listing asks for.
async fn asked(session: &Session, api: &Api, account: String, sku: String) -> Result<End, Failure> {
    let request = ProductListingsRequest { sku: sku.clone() };
    let mut response = api.product_listings(request).await?;
    let listed = &mut response.listings;
    listed.retain(|detail| detail.listing.account == account);
    if listed.is_empty() {
        let text = format!("{sku} is not listed on {account}; see: barrow listing add");
        return Err(Failure::Usage(text));
    }
    session.output.answer(&response, |response| {
        let mut text = Text::new();
        for detail in &response.listings {
            text = text.line(format!("{} on {}", detail.title, detail.listing.site));
            if !detail.rules_known {
                text = text.line("What its category asks for is read with the next push.");
            }
            text = text.table(attribute_table(detail), "It has no attributes.");
            if !detail.conditions.is_empty() {
                let conditions = detail.conditions.join(", ");
                text = text.line(format!("Conditions that are taken: {conditions}"));
            }
        }
        text
    })?;
    Ok(End::Done)
}

fn attribute_table(detail: &ListingDetail) -> Table {
    let mut table = Table::new(&["attribute", "", "says", "can be"], 3);
    for attribute in &detail.attributes {
        let needed = match (&attribute.required_from, attribute.required) {
            (_, true) => "needed".to_owned(),
            (Some(day), false) => format!("needed from about {day}"),
            (None, false) => String::new(),
        };
        let shown = attribute.choices.iter().take(CHOICES_SHOWN);
        let mut choices: Vec<&str> = shown.map(String::as_str).collect();
        if attribute.choices.len() > CHOICES_SHOWN {
            choices.push("…");
        }
        table.row([
            attribute.name.clone(),
            needed,
            attribute.values.join(" | "),
            choices.join(" | "),
        ]);
    }
    table
}
