//! Faults on demand, the same names at every marketplace.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};

use crate::http::{content, html_error};
use crate::marketplace::{Fault, FaultError, Reply};

/// Too many requests, although no limit is exhausted.
pub const TOO_MANY: &str = "429";
/// An error of the marketplace's own, before the request took effect.
pub const BROKEN: &str = "500";
/// The marketplace is away, before the request took effect.
pub const AWAY: &str = "503";
/// The connection closes before the request took effect.
pub const TIMEOUT: &str = "timeout";
/// The connection closes after a write took effect.
pub const LOST_ANSWER: &str = "lost_answer";
/// The answer's body breaks off, after the request took effect.
pub const CUT_BODY: &str = "cut_body";
/// A gateway's page with status 502 instead of JSON, before the request took effect.
pub const HTML: &str = "html";
/// The token is refused as expired and is expired from then on.
pub const TOKEN_EXPIRED: &str = "token_expired";
/// JSON of another shape than documented, after the request took effect.
pub const WRONG_JSON: &str = "wrong_json";

/// The faults that every marketplace knows. A marketplace's list is these and its own.
pub const COMMON: [&str; 9] = [
    TOO_MANY,
    BROKEN,
    AWAY,
    TIMEOUT,
    LOST_ANSWER,
    CUT_BODY,
    HTML,
    TOKEN_EXPIRED,
    WRONG_JSON,
];

/// What meets a request before the marketplace looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Early {
    /// Answer as the marketplace does when a limit is exhausted.
    TooMany,
    /// Answer with the marketplace's own error body of this status (500 or 503).
    Broken(StatusCode),
    /// Close the connection.
    NoAnswer,
    /// Answer with [`html_error`] of status 502.
    Html,
    /// Forget the token and answer as the marketplace does when it has expired.
    TokenExpired,
}

/// The faults that are switched on, and how many requests each still meets. A name may be
/// followed by `@` and an operation (`lost_answer@publishOffer`): then it meets that one only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faults {
    left: BTreeMap<String, u32>,
}

impl Faults {
    /// Switches a fault on, or off with `times` of 0.
    ///
    /// # Errors
    /// If the name, without `@OPERATION`, is not among the known.
    pub fn set(&mut self, fault: Fault, known: &'static [&'static str]) -> Result<(), FaultError> {
        let name = fault.name.split('@').next().unwrap_or_default();
        if !known.contains(&name) {
            return Err(FaultError {
                name: fault.name,
                known,
            });
        }
        if fault.times == 0 {
            self.left.remove(&fault.name);
        } else {
            self.left.insert(fault.name, fault.times);
        }
        Ok(())
    }

    /// Tells whether a fault meets this call of an operation, and counts it as met.
    pub fn meets(&mut self, name: &str, operation: &str) -> bool {
        let narrow = format!("{name}@{operation}");
        let key = if self.left.contains_key(&narrow) {
            narrow.as_str()
        } else {
            name
        };
        let Some(left) = self.left.get_mut(key) else {
            return false;
        };
        *left = left.saturating_sub(1);
        if *left == 0 {
            self.left.remove(key);
        }
        true
    }

    /// Returns what meets a call before it is looked at; at most one fault a call.
    pub fn early(&mut self, operation: &str) -> Option<Early> {
        let all = [
            (TIMEOUT, Early::NoAnswer),
            (HTML, Early::Html),
            (AWAY, Early::Broken(StatusCode::SERVICE_UNAVAILABLE)),
            (BROKEN, Early::Broken(StatusCode::INTERNAL_SERVER_ERROR)),
            (TOO_MANY, Early::TooMany),
            (TOKEN_EXPIRED, Early::TokenExpired),
        ];
        all.into_iter()
            .find(|(name, _)| self.meets(name, operation))
            .map(|(_, early)| early)
    }

    /// Sends an answer on its way after the call took effect. Answers are lost only for writes:
    /// for a read that would be no different from a timeout.
    pub fn late(&mut self, operation: &str, writes: bool, response: Response<Bytes>) -> Reply {
        if writes && self.meets(LOST_ANSWER, operation) {
            return Reply::NoAnswer;
        }
        if response.body().len() > 1 && self.meets(CUT_BODY, operation) {
            let sent = response.body().len() / 2;
            return Reply::CutBody { response, sent };
        }
        if response.status().is_success() && self.meets(WRONG_JSON, operation) {
            let wrong = r#"{"unexpected":[{"value":null}]}"#;
            return Reply::Answer(content(response.status(), "application/json", wrong));
        }
        Reply::Answer(response)
    }
}

/// Returns the gateway's page of [`Early::Html`].
pub fn gateway_page() -> Response<Bytes> {
    html_error(StatusCode::BAD_GATEWAY)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::{COMMON, Early, Faults};
    use crate::http::json;
    use crate::marketplace::{Fault, Reply};

    fn with(name: &str, times: u32) -> Faults {
        let mut faults = Faults::default();
        faults
            .set(
                Fault {
                    name: name.to_owned(),
                    times,
                },
                &COMMON,
            )
            .unwrap();
        faults
    }

    #[test]
    fn a_fault_meets_as_many_calls_as_it_was_given() {
        let mut faults = with("timeout", 2);
        assert_eq!(faults.early("any"), Some(Early::NoAnswer));
        assert_eq!(faults.early("other"), Some(Early::NoAnswer));
        assert_eq!(faults.early("any"), None);
    }

    #[test]
    fn a_fault_of_one_operation_leaves_the_others_alone() {
        let mut faults = with("500@createFeed", 1);
        assert_eq!(faults.early("getFeeds"), None);
        assert!(faults.early("createFeed").is_some());
        assert_eq!(faults.early("createFeed"), None);
    }

    #[test]
    fn a_lost_answer_waits_for_a_write() {
        let mut faults = with("lost_answer", 1);
        let answer = || json(StatusCode::OK, &serde_json::json!({"a": 1}));
        assert!(matches!(
            faults.late("get", false, answer()),
            Reply::Answer(_)
        ));
        assert!(matches!(
            faults.late("put", true, answer()),
            Reply::NoAnswer
        ));
        assert!(matches!(
            faults.late("put", true, answer()),
            Reply::Answer(_)
        ));
    }

    #[test]
    fn unknown_faults_are_refused_and_zero_times_switches_off() {
        let mut faults = with("cut_body", 3);
        let unknown = Fault {
            name: "earthquake".to_owned(),
            times: 1,
        };
        assert!(
            faults
                .set(unknown, &COMMON)
                .unwrap_err()
                .to_string()
                .contains("timeout")
        );
        faults
            .set(
                Fault {
                    name: "cut_body".to_owned(),
                    times: 0,
                },
                &COMMON,
            )
            .unwrap();
        assert_eq!(faults, Faults::default());
    }
}
