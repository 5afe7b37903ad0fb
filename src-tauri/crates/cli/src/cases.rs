//! `barrow cases`.

use std::path::PathBuf;

use barrow_api::{CaseActRequest, CaseView, CasesRequest};
use barrow_model::{CaseAct, Evidence, Money};

use crate::args::{AnswerArgs, AnswerWith, CasesArgs, CasesCommand, EvidenceOf};
use crate::orders::told;
use crate::output::{End, Failure, Table, Text};
use crate::session::Session;

/// Cases that are listed at most.
const CASES_MAX: usize = 1_000;

pub(crate) async fn run(session: &Session, args: CasesArgs) -> Result<End, Failure> {
    match args.command {
        Some(CasesCommand::Answer(args)) => answer(session, args).await,
        None => list(session, args).await,
    }
}

async fn answer(session: &Session, args: AnswerArgs) -> Result<End, Failure> {
    let contests = [AnswerWith::Contest, AnswerWith::ContestWithAddress].contains(&args.answer);
    if args.evidence.is_some() && !contests {
        let text = "--evidence goes with contest alone; no other answer gives files to a bank";
        return Err(Failure::Usage(text.to_owned()));
    }
    let return_to = args.return_to.address();
    let addressed = [
        AnswerWith::AcceptWithAddress,
        AnswerWith::ContestWithAddress,
    ];
    if return_to.is_some() && !addressed.contains(&args.answer) {
        let text = "--return-name goes with accept_with_address and contest_with_address; \
                    no other answer names an address";
        return Err(Failure::Usage(text.to_owned()));
    }
    session
        .with_api(async |api| {
            let request = CasesRequest {
                account: Some(args.account.clone()),
                order: None,
                closed: false,
                limit: Some(CASES_MAX),
            };
            let cases = api.cases(request).await?.cases;
            let found = cases.into_iter().find(|case| case.case_id == args.case);
            let Some(case) = found else {
                let (account, case) = (args.account, args.case);
                return Err(Failure::Usage(format!(
                    "{account} has no open case {case}; see: barrow cases"
                )));
            };
            let act = args.answer.into();
            let amount = match act {
                CaseAct::Refund => Some(shown(&case, args.amount.as_deref())?),
                _ => None,
            };
            let request = CaseActRequest {
                case: case.id,
                act,
                amount,
                carrier: args.carrier,
                tracking: args.tracking,
                shipped_at: args.shipped,
                comment: args.comment,
                evidence: evidence(args.evidence, args.file),
                return_to,
            };
            let what = match (act, request.amount) {
                (CaseAct::Refund, Some(amount)) => format!("The refund of {amount}"),
                _ => "The answer to the case".to_owned(),
            };
            told(session, &api.case_act(request).await?, &what)
        })
        .await
}

/// Files that stand for themselves wherever the answer is sent from.
fn evidence(kind: Option<EvidenceOf>, files: Vec<PathBuf>) -> Option<Evidence> {
    let whole = files.into_iter().map(|file| {
        let file = std::path::absolute(&file).unwrap_or(file);
        file.to_string_lossy().into_owned()
    });
    Some(Evidence {
        kind: kind?.into(),
        files: whole.collect(),
    })
}

/// The sum that the seller has seen and gives back; without it he is told what it is.
fn shown(case: &CaseView, said: Option<&str>) -> Result<Money, Failure> {
    let id = &case.case_id;
    let Some(about) = case.amount else {
        let text = format!("case {id} does not tell its sum; answer it on the marketplace's page");
        return Err(Failure::Usage(text));
    };
    let Some(said) = said else {
        return Err(Failure::Usage(format!(
            "case {id} is about {about}; to give that back, add: --amount {}",
            about.amount()
        )));
    };
    Money::parse(said, about.currency).map_err(|error| Failure::Usage(error.to_string()))
}

async fn list(session: &Session, args: CasesArgs) -> Result<End, Failure> {
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
        let answers: Vec<&str> = case.actions.iter().map(|act| act.code()).collect();
        let answers = match case.answering {
            Some(act) => format!("{} is on its way", act.code()),
            None => answers.join(", "),
        };
        table.row([
            case.account.clone(),
            format!("{} {}", case.kind.code(), case.case_id),
            order,
            by.unwrap_or_default(),
            case.state.code().to_owned(),
            case.amount.map(|sum| sum.to_string()).unwrap_or_default(),
            answers,
        ]);
    }
    Text::new().table(table, "There are no such cases.")
}
