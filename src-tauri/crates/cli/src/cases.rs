//! `barrow cases`.

use barrow_api::{CaseView, CasesRequest};

use crate::args::CasesArgs;
use crate::output::{End, Failure, Table, Text};
use crate::session::Session;

/// Cases that are listed at most.
const CASES_MAX: usize = 1_000;

pub(crate) async fn list(session: &Session, args: CasesArgs) -> Result<End, Failure> {
    session
        .with_api(async |api| {
            let request = CasesRequest {
                account: args.account,
                order: args.order,
                closed: args.closed,
                limit: Some(CASES_MAX),
            };
            let response = api.cases(request).await?;
            session
                .output
                .answer(&response, |response| case_text(&response.cases))?;
            Ok(End::Done)
        })
        .await
}

fn case_text(cases: &[CaseView]) -> Text {
    let headers = [
        "account",
        "case",
        "about",
        "answer by",
        "state",
        "amount",
        "can be answered with",
    ];
    let mut table = Table::new(&headers, 6).right(&[5]);
    for case in cases {
        let order = case.order_id.clone().unwrap_or_default();
        let by = case.respond_by;
        let by = by.map(|by| by.format("%Y-%m-%d %H:%M").to_string());
        let offers: Vec<&str> = case.offers.iter().map(|offer| offer.code()).collect();
        table.row([
            case.account.clone(),
            format!("{} {}", case.kind.code(), case.case_id),
            order,
            by.unwrap_or_default(),
            case.state.code().to_owned(),
            case.amount.map(|sum| sum.to_string()).unwrap_or_default(),
            offers.join(", "),
        ]);
    }
    Text::new().table(table, "There are no such cases.")
}
