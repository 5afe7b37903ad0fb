//! What comes back from eBay's consent page (ebay.md §2.2, §2.5). Pure.

use barrow_market::GIVEN_BYTES_MAX;
use barrow_model::Secret;
use percent_encoding::percent_decode_str;

/// Why what came back is no consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoConsent {
    /// The seller did not agree.
    Declined,
    /// It belongs to another sign-in.
    Other,
    /// It is the code alone.
    Bare,
    /// There is no code in it.
    Unreadable,
    /// The keyset lacks a permission that was asked for.
    Scope,
}

impl NoConsent {
    /// The parameter `why` of the problem.
    pub fn code(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::Other => "other",
            Self::Bare => "bare",
            Self::Unreadable => "unreadable",
            Self::Scope => "scope",
        }
    }
}

/// The code in the final address, or in its part with the state, decoded once: eBay's codes are
/// full of `^` and `#`, which addresses carry encoded.
///
/// # Errors
/// No consent is in it, or one that was asked for with another state.
pub fn code_of(given: &Secret, state: &str) -> Result<Secret, NoConsent> {
    let given = given.expose().trim();
    if given.is_empty() || given.len() > GIVEN_BYTES_MAX {
        return Err(NoConsent::Unreadable);
    }
    if given.contains("://") || given.contains("code=") || given.contains("error=") {
        return code_in_address(given, state);
    }
    if given.contains(char::is_whitespace) {
        return Err(NoConsent::Unreadable);
    }
    // A code alone does not tell which sign-in it belongs to.
    Err(NoConsent::Bare)
}

fn code_in_address(address: &str, state: &str) -> Result<Secret, NoConsent> {
    // Nothing is cut off at `#`: a browser may show the code decoded, and then it is full of them.
    let query = address.split_once('?').map_or(address, |(_, query)| query);
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let found = pairs.find(|(key, _)| *key == name);
        found.map(|(_, value)| decoded(value))
    };
    match value("error").as_deref() {
        Some("invalid_scope") => return Err(NoConsent::Scope),
        Some(_) => return Err(NoConsent::Declined),
        None => {}
    }
    if value("isAuthSuccessful").as_deref() == Some("false") {
        return Err(NoConsent::Declined);
    }
    // Whoever sends a seller somebody else's address must not connect him to a stranger's account.
    if value("state").as_deref() != Some(state) {
        return Err(NoConsent::Other);
    }
    let code = value("code").filter(|code| !code.is_empty());
    code.map(Secret::new).ok_or(NoConsent::Unreadable)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use barrow_model::Secret;

    use super::{NoConsent, code_of};

    #[test]
    fn the_code_is_found_and_decoded_once() {
        let check = |given: &str, expected: Result<&str, NoConsent>| {
            let code = code_of(&Secret::new(given), "s 1");
            let code = code.as_ref().map(Secret::expose).map_err(|why| *why);
            assert_eq!(code, expected, "{given}");
        };
        let page = "https://signin.ebay.com/ws/eBayISAPI.dll?ThirdPartyAuthSucessFailure";
        let agreed = "isAuthSuccessful=true&state=s%201&code=v%5E1.1%23i%5E1%2B&expires_in=299";
        check(&format!("{page}&{agreed}"), Ok("v^1.1#i^1+"));
        check(&format!("  {page}&{agreed}\n"), Ok("v^1.1#i^1+"));
        check(agreed, Ok("v^1.1#i^1+"));
        // What is encoded twice stays encoded once.
        check("https://a.example/?state=s%201&code=a%2523", Ok("a%23"));
        // A browser that shows addresses decoded.
        check("https://a.example/?state=s 1&code=v^1#i&x=1", Ok("v^1#i"));
        check("v%5E1.1%23i", Err(NoConsent::Bare));
        check("v^1.1#i", Err(NoConsent::Bare));
    }

    #[test]
    fn what_is_no_consent_is_told_apart() {
        let check = |given: &str, expected: NoConsent| {
            let code = code_of(&Secret::new(given), "s1");
            assert_eq!(code.err(), Some(expected), "{given}");
        };
        let at = "https://a.example/";
        check("", NoConsent::Unreadable);
        check("The sign-in was a success", NoConsent::Unreadable);
        check(&"a".repeat(9000), NoConsent::Unreadable);
        check(&format!("{at}?state=s1"), NoConsent::Unreadable);
        check(&format!("{at}?state=s1&code="), NoConsent::Unreadable);
        check(&format!("{at}?code=a"), NoConsent::Other);
        check(&format!("{at}?state=s2&code=a"), NoConsent::Other);
        check(
            &format!("{at}?state=s1&error=access_denied"),
            NoConsent::Declined,
        );
        check(&format!("{at}?error=access_denied"), NoConsent::Declined);
        check(&format!("{at}?isAuthSuccessful=false"), NoConsent::Declined);
        check(
            &format!("{at}?isAuthSuccessful=false&state=s1"),
            NoConsent::Declined,
        );
        check(
            &format!("{at}?error=invalid_scope&state=s1"),
            NoConsent::Scope,
        );
    }
}
