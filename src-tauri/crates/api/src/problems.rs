//! What needs a person, in words.

use barrow_model::{Field, Problem, ProblemKind, VendorError};
use barrow_store::ProblemQuery;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::{Api, PAGE_ROWS};
use crate::error::{ApiError, Result, Why};
use crate::mend::Mend;
use crate::report::LISTED_MAX;
use crate::words::Words;

/// A problem as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProblemBody {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The field to mend.
    pub field: Option<String>,
    /// What is wrong and how to mend it.
    pub reason: String,
    /// The marketplace's own words.
    pub vendor: Option<VendorError>,
    /// What mends it.
    pub mend: Mend,
    /// The field that `set_many` sets to mend it; null where it is no field of the product.
    pub set_field: Option<String>,
}

impl ProblemBody {
    pub(crate) fn new(words: &Words, problem: &Problem, marketplace: &str) -> Self {
        Self {
            kind: problem.kind,
            field: problem.field.clone(),
            reason: words.problem(problem, marketplace),
            vendor: problem.vendor.clone(),
            mend: Mend::of(problem.kind),
            set_field: field_of(problem),
        }
    }
}

/// Asks for a page of open problems.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ProblemsRequest {
    /// Of this account only.
    #[serde(default)]
    pub account: Option<String>,
    /// Of this kind only.
    #[serde(default)]
    pub kind: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<i64>,
    /// Rows, at most 1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// A page of open problems, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProblemsResponse {
    /// The problems.
    pub problems: Vec<ProblemView>,
    /// Where the next page begins; null at the end.
    pub next: Option<i64>,
    /// How many of each kind are open, most first.
    pub counts: Vec<ProblemCount>,
}

/// How many problems of a kind are open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProblemCount {
    /// The kind.
    pub kind: ProblemKind,
    /// How many.
    pub count: u64,
}

/// An open problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProblemView {
    /// Its number.
    pub id: i64,
    /// The account.
    pub account: String,
    /// The marketplace.
    pub marketplace: String,
    /// The SKU there, where it is a listing's.
    pub sku: Option<String>,
    /// The order, where it is one's, as `ACCOUNT/ID`.
    pub order: Option<String>,
    /// Which side: `content`, `price`, `quantity`, `connection`, `pull` …
    pub subject: String,
    /// What is wrong.
    #[serde(flatten)]
    pub problem: ProblemBody,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Api {
    /// A page of open problems.
    pub async fn problems(&self, request: ProblemsRequest) -> Result<ProblemsResponse> {
        let account_id = match &request.account {
            Some(name) => Some(self.account(name).await?.id),
            None => None,
        };
        let kind = request.kind.as_deref().map(problem_kind).transpose()?;
        let limit = request.limit.unwrap_or(PAGE_ROWS).clamp(1, LISTED_MAX);
        let after = request.after.unwrap_or(0);
        let accounts = self.all_accounts().await?;
        let (found, counts) = self
            .on_store(move |store| {
                store.read(|db| {
                    let found = db.problems(&ProblemQuery {
                        account_id,
                        kind,
                        after,
                        limit,
                    })?;
                    let mut with_orders = Vec::with_capacity(found.len());
                    for problem in found {
                        let order = problem.at.order_row_id.map(|id| db.order(id)).transpose()?;
                        with_orders.push((problem, order.map(|o| o.order.order_id)));
                    }
                    Ok((with_orders, db.problem_counts()?))
                })
            })
            .await?;
        let next = found
            .last()
            .filter(|_| found.len() == limit)
            .map(|(p, _)| p.id);
        let views = found.into_iter().map(|(open, order_id)| {
            let account = accounts.iter().find(|a| a.id == open.at.account_id);
            let name = account.map(|a| a.name.clone()).unwrap_or_default();
            let title = account.map_or("", |a| self.title(&a.marketplace));
            let order = order_id.map(|id| format!("{name}/{id}"));
            let about = match (&open.channel_sku, &order) {
                (Some(sku), _) => sku.clone(),
                (None, Some(order)) => self.words.text("about_order", &[("order", order)]),
                (None, None) => String::new(),
            };
            let mut problem = ProblemBody::new(&self.words, &open.problem, title);
            problem.reason = self.words.problem_of(&open.problem, title, &about);
            ProblemView {
                id: open.id,
                marketplace: account.map(|a| a.marketplace.0.clone()).unwrap_or_default(),
                account: name,
                sku: open.channel_sku,
                order,
                subject: open.at.subject,
                problem,
                since: open.since,
            }
        });
        Ok(ProblemsResponse {
            problems: views.collect(),
            next,
            counts: counts
                .into_iter()
                .map(|(kind, count)| ProblemCount { kind, count })
                .collect(),
        })
    }
}

fn problem_kind(text: &str) -> Result<ProblemKind> {
    ProblemKind::from_code(text).ok_or_else(|| {
        let allowed: Vec<&str> = ProblemKind::ALL.iter().map(|kind| kind.code()).collect();
        ApiError::invalid(Why::ChoiceUnknown)
            .param("field", "kind")
            .param("value", text)
            .param("allowed", allowed.join(", "))
    })
}

/// The product's field that is to be set, as `set_many` names it.
pub(crate) fn field_of(problem: &Problem) -> Option<String> {
    if problem.kind == ProblemKind::AttributeMissing
        && let Some(attribute) = problem.params.get("attribute")
    {
        return Some(format!("attribute:{attribute}"));
    }
    let Some(field) = problem.field.as_deref() else {
        return field_of_kind(problem.kind).map(|field| field.code().to_owned());
    };
    if let Some(attribute) = field.strip_prefix("attributes.") {
        return Some(format!("attribute:{attribute}"));
    }
    Field::from_code(field).map(|field| field.code().to_owned())
}

/// The field that is always meant by a kind, where the marketplace names none.
fn field_of_kind(kind: ProblemKind) -> Option<Field> {
    use ProblemKind as Kind;
    Some(match kind {
        Kind::TitleMissing => Field::Title,
        Kind::DescriptionMissing => Field::Description,
        Kind::ImageMissing | Kind::ImageInvalid | Kind::PictureFile => Field::Images,
        Kind::GtinMissing | Kind::GtinInvalid | Kind::GtinConflict => Field::Gtin,
        Kind::BrandMissing => Field::Brand,
        Kind::ConditionInvalid => Field::Condition,
        Kind::WeightMissing => Field::Weight,
        Kind::PriceMissing | Kind::PriceNotPositive => Field::Price,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use barrow_model::{Problem, ProblemKind};

    use super::field_of;

    #[test]
    fn the_field_that_mends_a_problem_is_named_even_where_the_marketplace_names_none() {
        let check = |problem: Problem, expected: Option<&str>| {
            assert_eq!(field_of(&problem).as_deref(), expected, "{problem:?}");
        };
        check(Problem::new(ProblemKind::WeightMissing), Some("weight"));
        check(Problem::new(ProblemKind::GtinInvalid), Some("gtin"));
        let attribute = Problem::new(ProblemKind::AttributeMissing).param("attribute", "Colour");
        check(attribute, Some("attribute:Colour"));
        let own = Problem::new(ProblemKind::AttributeInvalid).field("attributes.Size");
        check(own, Some("attribute:Size"));
        check(
            Problem::new(ProblemKind::FieldInvalid).field("no such"),
            None,
        );
        check(Problem::new(ProblemKind::ConsentEnded), None);
    }
}
