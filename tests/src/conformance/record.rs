//! What is held to the official contract while behaviours are tried.

use std::sync::{Mutex, PoisonError};

use crate::contract::{Contract, Exchange, Place, Specs};
use crate::subjects::Subject;

/// The contract of one marketplace, and every breach of it so far.
pub(super) struct Record {
    contract: Mutex<Option<Contract>>,
    breaches: Mutex<Vec<String>>,
}

impl Record {
    /// Opens the subject's contract; without it, nothing is held to it and that is said.
    pub(super) fn open(subject: &Subject) -> Self {
        let contract = match Specs::open() {
            Ok(specs) => Some((subject.contract)(&specs)),
            Err(missing) => {
                eprintln!("{missing}");
                None
            }
        };
        Self {
            contract: Mutex::new(contract),
            breaches: Mutex::default(),
        }
    }

    /// Holds an exchange to the contract.
    pub(super) fn note(&self, exchange: &Exchange<'_>) {
        let mut contract = self.contract.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(contract) = contract.as_mut() else {
            return;
        };
        let spoilt = is_spoilt(exchange);
        let found = contract.check_exchange(exchange);
        let found = found.into_iter().filter(|violation| {
            !(spoilt && matches!(violation.place, Place::Status | Place::ResponseBody))
        });
        let told = found.map(|violation| violation.to_string());
        self.breaches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(told);
    }

    /// What was held to the contract so far, in words; none without one.
    pub(super) fn report(&self) -> Option<String> {
        let contract = self.contract.lock().unwrap_or_else(PoisonError::into_inner);
        contract.as_ref().map(Contract::report)
    }

    /// Every breach so far, each once.
    pub(super) fn breaches(&self) -> Vec<String> {
        let breaches = self.breaches.lock().unwrap_or_else(PoisonError::into_inner);
        let mut breaches = breaches.clone();
        breaches.sort();
        breaches.dedup();
        breaches
    }
}

/// Whether a practice marketplace spoilt its answer on purpose: a gateway's page, or JSON of
/// another shape. Such an answer breaks the contract because it is meant to.
fn is_spoilt(exchange: &Exchange<'_>) -> bool {
    let body = exchange.response_body;
    body.starts_with(b"<html") || body.starts_with(b"<!") || body.starts_with(b"{\"unexpected\":")
}
