//! What a marketplace demands before a publish: account defaults, a category, and what the category
//! asks for. Refusing here costs no call and spoils no batch.

use std::sync::PoisonError;

use barrow_market::{Adapter, CategoryQuery, CategoryRules, Error, ErrorKind, Status};
use barrow_model::{Account, CategoryId, Content, FamilyId, Problem, ProblemKind, Site};
use barrow_store::{AdviceOf, ListedGoods, ProblemAt, QueuedChange, StoreError};
use chrono::{DateTime, Duration, Utc};

use crate::demands::catalogue_problems;
use crate::engine::{Engine, ProgressEvent, Stage};
use crate::error::Result;
use crate::family::axis_problems;
use crate::push::Tally;
use crate::send::JobEnd;
use crate::wanted::{Desk, Wanted};

/// Changes that are looked at in one go, so that sending goes on in between.
const PAGE: usize = 100;

/// Categories change with the marketplace's releases, a few times a year.
const ADVICE_DAYS_MAX: i64 = 30;
pub(crate) const RULES_DAYS_MAX: i64 = 7;
const VERSIONED_RULES_DAYS_MAX: i64 = 30;

/// A marketplace that cannot be asked now is asked again after this.
const WAIT: Duration = Duration::minutes(1);

/// How looking at one change ended.
enum Look {
    Ready,
    Refused(Vec<Problem>),
    /// Ask later.
    Later(DateTime<Utc>),
    /// Not needed any more, or to be planned anew.
    Gone,
}

impl Engine {
    /// Looks at what is demanded of a page of publishes and revisions.
    pub(crate) async fn prepare(&self, desk: &Desk, tally: &Tally) -> Result<JobEnd> {
        let Ok(adapter) = &desk.adapter else {
            return Ok(JobEnd::Prepared {
                blocked: true,
                refilled: false,
            });
        };
        let now = self.now();
        let page = self.store.read(|db| db.unprepared(desk.id(), now, PAGE))?;
        let mut blocked = false;
        if let Some(first) = page.first()
            && self
                .fill_defaults(desk, adapter.as_ref(), first, tally)
                .await?
        {
            return Ok(JobEnd::Prepared {
                blocked,
                refilled: true,
            });
        }
        for (index, change) in page.iter().enumerate() {
            match self.look_at(desk, adapter.as_ref(), change).await? {
                Look::Ready => self.store.write(|tx| tx.set_prepared(change.id))?,
                Look::Refused(problems) => self.refuse(desk, change, problems, tally)?,
                Look::Later(until) => {
                    blocked = true;
                    self.store.write(|tx| {
                        page[index..]
                            .iter()
                            .try_for_each(|change| tx.put_off(change.id, until))
                    })?;
                    break;
                }
                Look::Gone => {
                    self.store.write(|tx| {
                        tx.drop_change(change.id)?;
                        match change.listing_id {
                            Some(id) => tx.mark_dirty(id),
                            None => Ok(()),
                        }
                    })?;
                }
            }
            self.progress.tell(ProgressEvent {
                account_id: Some(desk.id()),
                stage: Stage::Prepare,
                done: index as u64 + 1,
                total: Some(page.len() as u64),
            });
        }
        Ok(JobEnd::Prepared {
            blocked,
            refilled: false,
        })
    }

    async fn look_at(
        &self,
        desk: &Desk,
        adapter: &dyn Adapter,
        change: &QueuedChange,
    ) -> Result<Look> {
        let Some(mut listed) = self.listed(change)? else {
            return Ok(Look::Gone);
        };
        let now = self.now();
        let wanted = self.store.read(|db| desk.wanted(db, &listed, now))?;
        let Ok(price) = wanted.price else {
            return Ok(Look::Gone);
        };
        let mut offer = wanted.offer(price, wanted.quantity);
        let site = listed.row.listing.site.clone();
        let of = AdviceOf {
            marketplace: desk.account.marketplace.clone(),
            endpoint: desk.account.endpoint.clone(),
            site: site.clone(),
        };
        if offer.content.category.is_none() && adapter.core().needs_category(&offer.content) {
            match self.advised(adapter, &of, &offer.content).await? {
                Ok(Some(category)) => {
                    let id = listed.row.listing.id;
                    self.store.write(|tx| tx.store_category(id, &category))?;
                    listed.row.category = Some(category.clone());
                    offer.content.category = Some(category);
                }
                Ok(None) => {}
                Err(error) => return Ok(self.after(&error)),
            }
        }
        let rules = match &offer.content.category {
            Some(category) => match self.rules_of(adapter, &of, category).await? {
                Ok(rules) => rules,
                Err(error) => return Ok(self.after(&error)),
            },
            None => None,
        };
        if let (Some(rules), Some(family)) = (&rules, listed.row.listing.family_id)
            && !rules.families
            && self.list_alone(desk, family, &wanted)?
        {
            return Ok(Look::Gone);
        }
        let wanted = self.store.read(|db| desk.wanted(db, &listed, now))?;
        let mut problems = catalogue_problems(desk, adapter, (&listed, &wanted));
        problems.extend(
            rules
                .iter()
                .flat_map(|rules| axis_problems(&offer.content, rules)),
        );
        problems.extend(adapter.core().validate(&site, &offer, rules.as_ref()));
        Ok(if problems.is_empty() {
            Look::Ready
        } else {
            Look::Refused(problems)
        })
    }

    /// The category shows no variants as one: each is planned anew, alone, and told so. Returns
    /// whether it is; a family that is for sale stays.
    fn list_alone(&self, desk: &Desk, family: FamilyId, wanted: &Wanted) -> Result<bool> {
        let membership = wanted.content.family.as_ref();
        let axis = membership.and_then(|family| family.axes.first());
        let problem = Problem::new(ProblemKind::FamilyAxis).field("options");
        let problem = problem.param("option", axis.map_or("", String::as_str));
        Ok(self.store.write(|tx| {
            let freed = tx.dissolve_family(family)?;
            for id in &freed {
                tx.raise_problem(&ProblemAt::listing(desk.id(), *id, "family"), &problem)?;
                tx.mark_dirty(*id)?;
            }
            Ok(!freed.is_empty())
        })?)
    }

    fn listed(&self, change: &QueuedChange) -> Result<Option<ListedGoods>> {
        Ok(match change.listing_id {
            Some(id) => self.store.read(|db| db.goods(&[id]))?.pop(),
            None => None,
        })
    }

    fn after(&self, error: &Error) -> Look {
        let may_pass = error.status != Status::Permanent
            || matches!(
                error.kind,
                ErrorKind::Config
                    | ErrorKind::Unauthorized
                    | ErrorKind::ConsentEnded
                    | ErrorKind::Tls
            );
        if may_pass {
            Look::Later(error.not_before.unwrap_or(self.now() + WAIT))
        } else {
            Look::Refused(vec![error.to_problem()])
        }
    }

    /// The marketplace's category for goods, asked once for each path or title.
    async fn advised(
        &self,
        adapter: &dyn Adapter,
        of: &AdviceOf,
        content: &Content,
    ) -> Result<barrow_market::Result<Option<CategoryId>>> {
        let query = if content.category_path.is_empty() {
            format!("title {}", content.title)
        } else {
            format!("path {}", content.category_path.join(" > "))
        };
        let since = self.now() - Duration::days(ADVICE_DAYS_MAX);
        let known = self
            .store
            .read(|db| db.category_advice(of, &query, since))?;
        if let Some(category) = known {
            return Ok(Ok(category));
        }
        let ask = CategoryQuery {
            title: content.title.clone(),
            path: content.category_path.clone(),
        };
        match adapter.core().suggest_category(&of.site, &ask).await {
            Ok(category) => {
                let category = category.map(|category| category.id);
                self.store
                    .write(|tx| tx.store_category_advice(of, &query, category.as_ref()))?;
                Ok(Ok(category))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// What a category demands, as far as what was said of it holds.
    async fn rules_of(
        &self,
        adapter: &dyn Adapter,
        of: &AdviceOf,
        category: &CategoryId,
    ) -> Result<barrow_market::Result<Option<CategoryRules>>> {
        if let Some(rules) = self.known_rules(adapter, of, category).await? {
            return Ok(ruled(category, rules));
        }
        let rules = match adapter.core().category_rules(&of.site, category).await {
            Ok(rules) => Some(rules),
            Err(error) if takes_none(&error) => None,
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(Ok(None)),
            Err(error) => return Ok(Err(error)),
        };
        let text = serde_json::to_string(&rules).map_err(|error| StoreError::Invalid {
            field: "category".to_owned(),
            reason: error.to_string(),
        })?;
        self.store
            .write(|tx| tx.store_category_rules(of, category, &text))?;
        Ok(ruled(category, rules))
    }

    /// What was said of a category and still holds: of the version that the marketplace has for a
    /// month, for not everything that is demanded has its version, of none for a week.
    async fn known_rules(
        &self,
        adapter: &dyn Adapter,
        of: &AdviceOf,
        category: &CategoryId,
    ) -> Result<Option<Option<CategoryRules>>> {
        let since = |days| self.now() - Duration::days(days);
        let read = |days| {
            let since = since(days);
            self.store.read(|db| db.category_rules(of, category, since))
        };
        let known = read(VERSIONED_RULES_DAYS_MAX)?;
        let known: Option<Option<CategoryRules>> =
            known.and_then(|text| serde_json::from_str(&text).ok());
        let Some(rules) = known else {
            return Ok(None);
        };
        let is_fresh = read(RULES_DAYS_MAX)?.is_some();
        let said = rules.as_ref().and_then(|rules| rules.version.as_deref());
        let holds = match said {
            None => is_fresh,
            Some(said) => match adapter.core().categories_version(&of.site).await {
                Ok(Some(version)) => version == said,
                // A marketplace that cannot be asked does not stop what is known.
                Ok(None) | Err(_) => is_fresh,
            },
        };
        Ok(holds.then_some(rules))
    }

    fn refuse(
        &self,
        desk: &Desk,
        change: &QueuedChange,
        problems: Vec<Problem>,
        tally: &Tally,
    ) -> Result<()> {
        let Some(listed) = self.listed(change)? else {
            return Ok(());
        };
        let now = self.now();
        let wanted = self.store.read(|db| desk.wanted(db, &listed, now))?;
        let problem = problems
            .into_iter()
            .next()
            .unwrap_or_else(|| Problem::new(ProblemKind::Refused));
        let price = wanted.price.as_ref().ok().copied();
        self.store.write(|tx| {
            tx.store_wanted_values(listed.row.listing.id, &wanted.values())?;
            tx.refuse_unsent(change.id, price, Some(&wanted.content_hash), &problem)
        })?;
        tally.refused(change, problem);
        Ok(())
    }

    /// Whether every default of an account is known to have a value: asked once in a program's run
    /// for an account as it is set, since its adapter knows what was asked and is made anew with
    /// other settings.
    fn is_filled(&self, account: &Account) -> bool {
        let filled = self.filled.lock().unwrap_or_else(PoisonError::into_inner);
        filled.contains(&(account.id, account.revision))
    }

    /// Fills the account's open defaults for which the marketplace has exactly one choice; between
    /// several the seller chooses, and is told so by what his listings lack. Returns whether there
    /// were any.
    async fn fill_defaults(
        &self,
        desk: &Desk,
        adapter: &dyn Adapter,
        change: &QueuedChange,
        tally: &Tally,
    ) -> Result<bool> {
        if self.is_filled(&desk.account) {
            return Ok(false);
        }
        let Some(listed) = self.listed(change)? else {
            return Ok(false);
        };
        let site: &Site = &listed.row.listing.site;
        let choices = match adapter.core().choices(site).await {
            Ok(choices) => choices,
            Err(error) => {
                // The publish itself tells what is missing.
                tracing::warn!(error = %error, "defaults cannot be asked for");
                return Ok(false);
            }
        };
        let mut settings = desk.account.settings.clone();
        for choices in &choices {
            if settings.contains_key(&choices.key) {
                continue;
            }
            if let [only] = choices.choices.as_slice() {
                settings.insert(choices.key.clone(), only.value.clone());
                tally.default_set(desk.id(), choices.key.clone(), only.value.clone());
            }
        }
        if choices
            .iter()
            .all(|choices| settings.contains_key(&choices.key) || choices.choices.len() > 1)
        {
            let mut filled = self.filled.lock().unwrap_or_else(PoisonError::into_inner);
            filled.insert((desk.id(), desk.account.revision));
        }
        if settings == desk.account.settings {
            return Ok(false);
        }
        let id = desk.id();
        self.store
            .write(|tx| tx.set_account_settings(id, &settings, None))?;
        Ok(true)
    }
}

/// Whether the marketplace says of the category itself that it takes no listings.
fn takes_none(error: &Error) -> bool {
    let told = error.problem.as_ref().map(|problem| problem.kind);
    error.kind == ErrorKind::NotFound && told == Some(ProblemKind::CategoryInvalid)
}

/// A category without rules is one that takes no listings: it is told before anything is sent.
fn ruled(
    category: &CategoryId,
    rules: Option<CategoryRules>,
) -> barrow_market::Result<Option<CategoryRules>> {
    rules.map(Some).ok_or_else(|| {
        let problem = Problem::new(ProblemKind::CategoryInvalid).field("category");
        let problem = problem.param("category", &category.0);
        Error::new(ErrorKind::NotFound, "category_rules").because(problem)
    })
}
