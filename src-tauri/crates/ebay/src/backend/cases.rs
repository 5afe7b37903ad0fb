//! Reading cases after a sale: requests to cancel, returns, goods that did not come, cases that
//! eBay decides, payment disputes (ebay.md §8.5, §8.6).
//!
//! None of the searches tells what has changed since: what is open is read whole each time, where
//! a search takes several states as open, of the time in which such cases can be.

use std::sync::PoisonError;

use async_trait::async_trait;
use barrow_market::{CasePage, CaseSource, Cases, Error, ErrorKind, Result};
use barrow_model::{Case, CaseKind, ProblemKind};
use barrow_wire::{Answer, CallSpec};
use bytes::Bytes;
use chrono::TimeDelta;
use http::{Request, StatusCode};
use serde_json::Value;

use super::EbayAdapter;
use super::told::told;
use crate::config::INFO;
use crate::error::parse_error;
use crate::limits::{
    GET_DISPUTES, GET_USER, SEARCH_CANCELLATIONS, SEARCH_CASES, SEARCH_INQUIRIES, SEARCH_RETURNS,
};
use crate::map::{self, CaseRecord};
use crate::request::{self, Opened};
use crate::types::{DisputePage, PostOrderPage, User};

const SOURCES: &[CaseSource] = &[
    source(CaseKind::Cancellation),
    source(CaseKind::Return),
    source(CaseKind::Inquiry),
    source(CaseKind::Case),
    source(CaseKind::Dispute),
];

/// Pages of one reading: of the 5,000 calls a day of each of Post-Order's resources (ebay.md §13)
/// every quarter of an hour takes at most these.
const PAGES_MAX: u32 = 25;

/// How long ago a request to cancel that still waits can have been made: eBay gives the seller
/// three days and then closes it.
const CANCELLATIONS_BACK: TimeDelta = TimeDelta::days(30);
/// How long ago an inquiry that is still open can have begun.
const INQUIRIES_BACK: TimeDelta = TimeDelta::days(60);
/// How long ago a case that is still open can have begun.
const CASES_BACK: TimeDelta = TimeDelta::days(90);

const fn source(kind: CaseKind) -> CaseSource {
    CaseSource {
        kind,
        pages_max: PAGES_MAX,
    }
}

#[async_trait]
impl Cases for EbayAdapter {
    fn sources(&self) -> &'static [CaseSource] {
        SOURCES
    }

    async fn read(&self, kind: CaseKind, skip: u64) -> Result<CasePage> {
        let (api, site, now) = (self.api(), self.config.site, self.clock.now());
        let opened = |back: TimeDelta| Opened {
            from: now - back,
            to: now,
        };
        let (spec, request): (&'static CallSpec, Request<Bytes>) = match kind {
            CaseKind::Cancellation => {
                let opened = opened(CANCELLATIONS_BACK);
                let request = request::cancellations(api, site, opened, skip)?;
                (&SEARCH_CANCELLATIONS, request)
            }
            CaseKind::Return => (&SEARCH_RETURNS, request::returns(api, site, skip)?),
            CaseKind::Inquiry => {
                let request = request::inquiries(api, site, opened(INQUIRIES_BACK), skip)?;
                (&SEARCH_INQUIRIES, request)
            }
            CaseKind::Case => {
                let request = request::cases(api, site, opened(CASES_BACK), skip)?;
                (&SEARCH_CASES, request)
            }
            CaseKind::Dispute => {
                let request = request::disputes(&self.config.hosts.apiz, site, skip)?;
                (&GET_DISPUTES, request)
            }
        };
        let answer = self.answer(spec, request).await?;
        // Parts of Post-Order come and go, and the sandbox has none of it (ebay.md §8.5).
        let gone = [
            StatusCode::NOT_FOUND,
            StatusCode::METHOD_NOT_ALLOWED,
            StatusCode::GONE,
            StatusCode::NOT_IMPLEMENTED,
        ];
        if gone.contains(&answer.status) {
            return Err(Error::new(ErrorKind::Unsupported, spec.operation));
        }
        if !answer.status.is_success() {
            return Err(named(kind, parse_error(spec.operation, &answer)));
        }
        let (records, total) = records(kind, spec, &answer)?;
        self.page(kind, &records, total).await
    }
}

/// Names the permission: disputes need one that other calls on orders do not (ebay.md §8.6).
fn named(kind: CaseKind, error: Error) -> Error {
    if kind != CaseKind::Dispute || error.kind != ErrorKind::Forbidden {
        return error;
    }
    let mut problem = error.to_problem();
    if problem.kind != ProblemKind::PermissionMissing {
        return error;
    }
    for (name, value) in [
        ("permission", "sell.payment.dispute"),
        ("feature", "disputes"),
    ] {
        problem.params.insert(name.to_owned(), value.to_owned());
    }
    error.because(problem)
}

fn records(
    kind: CaseKind,
    spec: &'static CallSpec,
    answer: &Answer,
) -> Result<(Vec<Value>, Option<u64>)> {
    if answer.status == StatusCode::NO_CONTENT {
        return Ok((Vec::new(), Some(0)));
    }
    let (records, total) = if kind == CaseKind::Dispute {
        let page: DisputePage = answer.json(spec.operation)?;
        (page.payment_dispute_summaries, page.total)
    } else {
        let page: PostOrderPage = answer.json(spec.operation)?;
        let total = page.total.or(page.pagination_output.total_entries);
        (page.members, total)
    };
    // JSON of another shape is no empty page: what is open would be taken for closed.
    if records.is_none() && total != Some(0) {
        return Err(Error::new(ErrorKind::Unreadable, spec.operation).with("missing", "members"));
    }
    let total = total.and_then(|total| u64::try_from(total).ok());
    Ok((records.unwrap_or_default(), total))
}

impl EbayAdapter {
    async fn page(
        &self,
        kind: CaseKind,
        records: &[Value],
        total: Option<u64>,
    ) -> Result<CasePage> {
        let claims = matches!(kind, CaseKind::Inquiry | CaseKind::Case) && !records.is_empty();
        let names = match claims {
            true => self.seller_names().await,
            false => Vec::new(),
        };
        // Without a name every claim is taken for the seller's: one too many is told, none too few.
        let sells = |name: &str| {
            names.is_empty() || names.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        let mut page = CasePage {
            cases: Vec::with_capacity(records.len()),
            records: records.len() as u64,
            unreadable: 0,
            total,
        };
        for record in records {
            match map::case(kind, record, &sells) {
                CaseRecord::Case(case) => page.cases.push(self.with_page(*case)),
                CaseRecord::Foreign => {}
                CaseRecord::Unreadable => page.unreadable += 1,
            }
        }
        Ok(page)
    }

    /// The page of the order, on which eBay shows its cases; without an order the list of orders.
    fn with_page(&self, case: Case) -> Case {
        let pages = INFO.order_pages.as_ref();
        let host = pages.and_then(|pages| {
            let mut hosts = pages.hosts.iter();
            hosts.find(|(site, _)| *site == self.config.site.id)
        });
        let page = pages
            .zip(host)
            .map(|(pages, (_, host))| match case.order_id.as_deref() {
                Some(order) => format!("https://{host}{}{}", pages.path, request::encoded(order)),
                None => format!("https://{host}/sh/ord"),
            });
        Case { page, ..case }
    }

    /// Whether it is known what eBay calls the seller, if only that it does not tell.
    pub(super) fn are_names_known(&self) -> bool {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        names.is_some()
    }

    /// Name and id of the seller, asked for once; empty where the permission to ask is missing.
    pub(super) async fn seller_names(&self) -> Vec<String> {
        let kept = self
            .names
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(names) = kept {
            return names;
        }
        let Ok(request) = request::user(&self.config.hosts.apiz, self.config.site) else {
            return Vec::new();
        };
        let names: Vec<String> = match self.call(&GET_USER, request).await {
            Ok(answer) => {
                let Ok(user) = told::<User>(&answer, GET_USER.operation) else {
                    return Vec::new();
                };
                user.username.into_iter().chain(user.user_id).collect()
            }
            Err(error) if error.kind == ErrorKind::Forbidden => Vec::new(),
            Err(_) => return Vec::new(),
        };
        let mut kept = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(names.clone());
        names
    }
}
