//! Consent that a seller gives in a browser, on the marketplace's own pages.

use async_trait::async_trait;
use barrow_model::{Problem, ProblemKind, Secret};
use chrono::{DateTime, TimeDelta, Utc};

use crate::error::Result;

/// The setting under which the catalogue keeps when an account's consent ends, as RFC 3339. It is
/// no secret, and people are warned of it without opening the vault.
pub const CONSENT_UNTIL: &str = "consent_until";

/// The setting under which the catalogue keeps the marketplace's id of the seller who agreed. What
/// is listed is his: nobody else may agree for the account.
pub const CONSENT_SELLER: &str = "consent_seller";

/// A text given for an address or a code is at most so long.
pub const GIVEN_BYTES_MAX: usize = 8 * 1024;

/// A consent that ends is told of so long before: renewing it takes a person.
pub const CONSENT_TOLD_BEFORE: TimeDelta = TimeDelta::days(30);

/// What people are told of a consent that ends then; none while that is far away.
pub fn consent_problem(until: DateTime<Utc>, now: DateTime<Utc>) -> Option<Problem> {
    if until <= now {
        return Some(Problem::new(ProblemKind::ConsentEnded).param("why", "browser"));
    }
    let day = until.format("%Y-%m-%d");
    let near = until - now <= CONSENT_TOLD_BEFORE;
    near.then(|| Problem::new(ProblemKind::ConsentEnds).param("until", day))
}

/// What a marketplace whose sellers agree in a browser says of it without connecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrowserConsent {
    /// The secret that the consent yields. It may be missing until then.
    pub yields: &'static str,
    /// Pages that begin with one of these may be opened: scheme, host and path.
    pub pages: &'static [&'static str],
    /// The path of the page at an address of one's own.
    pub path: &'static str,
}

impl BrowserConsent {
    /// Whether an address is that of a consent page, on the marketplace's own hosts or on `own`, an
    /// account's own address.
    pub fn has(&self, address: &str, own: Option<&str>) -> bool {
        let begins = |page: &str| {
            let rest = address.strip_prefix(page);
            rest.is_some_and(|rest| rest.starts_with('?'))
        };
        let is_own = own.is_some_and(|own| begins(&format!("{own}{}", self.path)));
        is_own || self.pages.iter().any(|page| begins(page))
    }
}

/// Asking for consent and taking what came back.
///
/// # Behaviour
/// - `consent_keeps_to_its_state`: an address that came back with another state than the one that
///   was sent is refused without a call; so is one that says that the seller declined.
/// - `consent_yields_keys`: what came back after the seller agreed is exchanged, once, for the
///   secrets that the account works with.
#[async_trait]
pub trait Consent: Send + Sync {
    /// The address to open in a browser. `state` is random and comes back with the answer; the
    /// caller keeps it.
    async fn address(&self, state: &str) -> Result<Secret>;

    /// Exchanges what came back, the whole final address, for keys. A code alone is refused: nobody
    /// can tell which sign-in it is of.
    ///
    /// # Errors
    /// With a problem of kind consent refused, whose parameter `why` says what is to be done
    /// differently; config where a key is missing.
    async fn exchange(&self, given: &Secret, state: &str) -> Result<Consented>;
}

/// What a consent yielded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consented {
    /// What belongs in the vault, by key.
    pub secrets: Vec<(&'static str, Secret)>,
    /// The marketplace's id of the seller who agreed, one that never changes; none where it does
    /// not tell.
    pub seller: Option<String>,
    /// When the consent ends; none where the marketplace does not tell.
    pub until: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use barrow_model::ProblemKind;
    use chrono::{DateTime, TimeDelta};

    use super::{BrowserConsent, consent_problem};

    #[test]
    fn a_consent_is_told_of_thirty_days_before_its_end() {
        let now = DateTime::UNIX_EPOCH;
        let check = |hours: i64, expected: Option<ProblemKind>| {
            let told = consent_problem(now + TimeDelta::hours(hours), now);
            assert_eq!(told.map(|problem| problem.kind), expected, "{hours}");
        };
        check(30 * 24 + 1, None);
        check(30 * 24, Some(ProblemKind::ConsentEnds));
        check(1, Some(ProblemKind::ConsentEnds));
        check(0, Some(ProblemKind::ConsentEnded));
    }

    const CONSENT: BrowserConsent = BrowserConsent {
        yields: "token",
        pages: &["https://auth.bazaar.example/authorize"],
        path: "/authorize",
    };

    #[test]
    fn only_the_page_of_consent_may_be_opened() {
        let check = |address: &str, own: Option<&str>, expected: bool| {
            assert_eq!(CONSENT.has(address, own), expected, "{address}");
        };
        let own = Some("http://127.0.0.1:4000");
        check("https://auth.bazaar.example/authorize?a=1", None, true);
        check("https://auth.bazaar.example/authorize", None, false);
        check("https://auth.bazaar.example/authorized?a=1", None, false);
        check("https://auth.bazaar.example.evil.example/?a=1", None, false);
        check("http://127.0.0.1:4000/authorize?a=1", own, true);
        check("http://127.0.0.1:4000/authorize?a=1", None, false);
        check("http://127.0.0.1:4000/other?a=1", own, false);
    }
}
