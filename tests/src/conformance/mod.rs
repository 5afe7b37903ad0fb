//! One suite of behaviours that every adapter passes, chosen by what its capability says.
//!
//! The documentation of each role in `barrow_market` lists how it behaves, by name; here stands a
//! test of each name, written against the contract alone. It is tried over real HTTP on loopback
//! against the marketplace's practice marketplace, with the adapter's time paused: nothing waits
//! in earnest. Every exchange is held to the official contract on the way.
//!
//! `cargo nextest run -p barrow-tests --test conformance --no-capture` runs it, a test for each
//! subject, and prints, operation by operation, what was held to the official contract.
//!
//! A marketplace is added by an entry in [`crate::subjects`].
//!
//! Start reading at `each_behaviour`, which names all behaviours, then `bench`, on which they are
//! tried, and `drive`, which carries changes to their end.

#![allow(
    clippy::panic,
    reason = "a behaviour that an adapter does not have fails its test"
)]

pub mod account;
mod advice;
pub mod aftersales;
mod bench;
pub mod cases;
mod clock;
pub mod consent;
mod coverage;
mod deeds;
mod drive;
pub mod ebay_own;
pub mod ebay_terms;
pub mod elsewhere;
pub mod ends;
pub mod families;
pub mod faults;
pub mod limits;
pub mod messages;
pub mod observing;
pub mod orders;
pub mod orders_again;
pub mod publishing;
mod pulling;
mod record;
pub mod secrets;
mod tap;
pub mod values;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use record::Record;

use crate::subjects::Subject;

/// What behaviours are tried on: one adapter, and what is held to its contract.
pub struct Suite {
    subject: &'static Subject,
    record: Arc<Record>,
}

impl std::fmt::Debug for Suite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Suite")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

impl Suite {
    /// Opens the suite for an adapter.
    pub fn open(subject: &'static Subject) -> Self {
        let record = Arc::new(Record::open(subject));
        Self { subject, record }
    }

    /// What was held to the official contract, operation by operation; none where it is absent.
    pub fn report(&self) -> Option<String> {
        self.record.report()
    }

    /// Calls of the adapter that were not done once while all behaviours were tried, so that
    /// nothing of them was held to the official contract; none where the contract is absent.
    pub fn unmet(&self) -> Option<Vec<String>> {
        let calls = coverage::calls(self.subject.name).into_iter();
        let unmet = calls.filter(|call| self.record.met(call).1 == 0);
        self.record.holds().then(|| unmet.collect())
    }

    /// Fails if an exchange broke the official contract.
    pub fn finish(&self) {
        let breaches = self.record.breaches();
        let told = breaches.join("\n");
        assert!(breaches.is_empty(), "the contract was broken:\n{told}");
    }
}

/// A behaviour of the contract.
pub struct Behaviour {
    /// Its name in the contract's documentation.
    pub name: &'static str,
    /// Tries it.
    pub run: for<'a> fn(&'a Suite) -> Pin<Box<dyn Future<Output = ()> + 'a>>,
}

impl std::fmt::Debug for Behaviour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Gives a macro the names of all behaviours, by module. Beside those of the contract's
/// documentation stand a few that follow from it.
macro_rules! each_behaviour {
    ($table:ident $($with:tt)*) => {
        $table! {
            ($($with)*)
            account:
                roles_match_capability,
                what_is_not_offered_is_refused_unsent,
                check_tells_wrong_keys,
                check_tells_missing_keys,
                check_names_what_is_missing,
                choices_fill_defaults,
                validate_is_told_before_sending,
                a_closed_port_is_told_as_unreachable,
                a_connection_that_is_not_safe_is_told;
            consent:
                consent_keeps_to_its_state,
                consent_yields_keys,
                mending_again_does_no_harm;
            publishing:
                submit_takes_one_step,
                one_bad_change_spoils_no_other,
                publish_makes_it_live,
                publish_again_is_harmless,
                revise_erases_nothing,
                ticket_is_polled_until_answered;
            values:
                price_and_quantity_are_set,
                quantity_zero_keeps_or_ends_as_declared;
            ends:
                end_ends;
            families:
                a_family_is_one_listing,
                a_bad_variant_spoils_no_other,
                a_variant_leaves_its_family,
                a_variant_listed_alone_is_told,
                a_family_is_looked_up;
            observing:
                observe_sees_every_listing;
            elsewhere:
                a_report_is_whole_or_none,
                what_is_taken_over_can_be_adopted;
            limits:
                limits_are_kept,
                a_refusal_for_now_is_heeded;
            faults:
                submit_answers_every_change_once,
                submit_err_means_no_effect,
                look_up_tells_what_happened;
            orders:
                pull_gives_every_order,
                an_empty_answer_is_no_error,
                one_unreadable_record_stops_no_other,
                fetch_reads_by_id,
                a_pending_order_waits;
            orders_again:
                pull_again_gives_the_overlap,
                covered_through_is_honest,
                cursor_survives_a_restart;
            aftersales:
                ship_tells_lines_and_tracking,
                ship_again_is_not_doubled,
                acknowledge_again_is_harmless,
                cancel_is_seen_in_the_order,
                a_rejected_wish_is_gone,
                a_wish_that_is_agreed_to_cancels,
                refund_is_seen_in_the_order,
                what_must_be_signed_is_signed;
            cases:
                cases_that_wait_are_given,
                an_answered_case_waits_no_more,
                no_words_of_buyers,
                fees_of_orders_are_given;
            messages:
                what_buyers_write_is_given,
                an_answer_is_in_its_conversation,
                what_was_read_is_unread_no_more,
                words_of_buyers_stay_secret;
            ebay_own:
                evidence_goes_before_a_contest,
                a_group_without_members_goes,
                a_disabled_location_is_used_again,
                a_program_is_joined,
                a_picture_is_put_there_and_found,
                quirks_of_orders_are_understood,
                a_variation_sold_has_a_number_of_its_own,
                a_closed_value_is_told_as_ebay_tells_it,
                a_retired_category_names_the_one_in_its_place;
            ebay_terms:
                offers_and_makers_are_kept,
                safety_is_kept,
                grades_are_kept;
            secrets:
                secrets_stay_secret;
        }
    };
}

macro_rules! list {
    (() $($module:ident: $($name:ident),+ $(,)?;)+) => {
        /// All behaviours.
        pub const ALL: &[Behaviour] = &[$($(
            Behaviour {
                name: stringify!($name),
                run: |suite| Box::pin($module::$name(suite)),
            },
        )+)+];
    };
}

each_behaviour!(list);
