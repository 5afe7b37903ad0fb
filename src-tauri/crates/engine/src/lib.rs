//! Keeps what marketplaces show in agreement with the catalogue.
//!
//! For every listing the engine knows what is *wanted*, what the marketplace has *acknowledged*
//! and what was last *observed* there. The difference becomes changes in the outbox, which
//! [`Engine::push`] sends in as few calls as the marketplace allows; orders come the other way.
//! Every step is stored before the next one is taken, so that a run may end anywhere.
//!
//! It speaks to marketplaces through `market` alone, opens no sockets, reads no clock of its own
//! and decides nothing by chance but names: time and randomness are given to it. It knows no
//! single adapter and no HTTP.
//!
//! Start reading at [`Engine`], then `plan.rs` (what is to be done), `push.rs` (how it is sent)
//! and `outbox.rs` (what became of it).

mod adopt;
mod aftersales;
mod cases;
mod demands;
mod engine;
mod error;
mod explain;
mod family;
mod fees;
mod lane;
mod messages;
mod outbox;
mod plan;
mod prepare;
mod pull;
mod push;
mod quarantine;
mod reconcile;
mod report;
mod rules;
mod safety;
mod send;
mod settlement;
mod standing;
mod stop;
mod wanted;

pub use adopt::Unmatched;
pub use aftersales::{Queued, RefundOrder, ShipOrder, lines_to_ship};
pub use engine::{
    Accounts, Engine, EngineParts, FAULT_POINTS, FaultPoints, NoFaults, Progress, ProgressEvent,
    Silent, Stage,
};
pub use error::{EngineError, Result};
pub use explain::{Explanation, Step, StepKind};
pub use outbox::PULL_AGE_MAX;
pub use plan::{LaneCalls, Plan, PlannedChange, PlannedRefusal};
pub use pull::{AccountPull, PullOptions, PullSummary};
pub use push::{PushOptions, Summary, Told};
pub use quarantine::QuarantineSummary;
pub use reconcile::Observation;
pub use rules::{
    DefaultCondition, PriceBase, PriceInput, PriceRule, QuantityInput, Rate, RateLookup, Rules,
    RulesError, SafetyRule, StockRule, price, quantity, round_price,
};
pub use stop::Stop;
