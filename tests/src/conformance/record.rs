//! What is held to the official contract while behaviours are tried.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::contract::{Contract, Exchange, Place, Specs};
use crate::subjects::Subject;

/// The contract of one marketplace, and every breach of it so far.
pub(super) struct Record {
    contract: Mutex<Option<Contract>>,
    breaches: Mutex<Vec<String>>,
    /// By the adapter's calls: how often one was answered, and how often it was done.
    met: Mutex<BTreeMap<&'static str, (u32, u32)>>,
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
            met: Mutex::default(),
        }
    }

    /// Holds an exchange to the contract. `operation` is what the adapter calls it.
    pub(super) fn note(&self, operation: Option<&'static str>, exchange: &Exchange<'_>) {
        let mut contract = self.contract.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(contract) = contract.as_mut() else {
            return;
        };
        let spoilt = is_spoilt(exchange);
        if let Some(operation) = operation {
            let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
            let (answered, done) = met.entry(operation).or_default();
            *answered += 1;
            *done += u32::from((200..300).contains(&exchange.status) && !spoilt);
        }
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

    /// Whether a contract is there to hold anything to.
    pub(super) fn holds(&self) -> bool {
        let contract = self.contract.lock().unwrap_or_else(PoisonError::into_inner);
        contract.is_some()
    }

    /// How often a call of the adapter was answered, and how often it was done.
    pub(super) fn met(&self, operation: &str) -> (u32, u32) {
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        met.get(operation).copied().unwrap_or_default()
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
