//! The program is ended as by `kill -9` at every named place of an import, a push and a pull, is
//! started again, and ends in the same state as without; so does it when the marketplaces are
//! ended in the middle of a call.
//!
//! Start reading at the table of cases below; `story.rs` is what the seller does, `stand.rs` what
//! is compared.

// Systems without signals have no `kill -9`; the places themselves are the same everywhere.
#![cfg(unix)]
#![allow(clippy::panic)] // Helpers of tests are tests too.

mod stand;
mod story;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use stand::undisturbed;
use story::{Disturbance, Step, Story};

/// Where a run of the story is disturbed.
struct Case {
    /// The step in which it happens.
    step: Step,
    /// The places at which the program ends, one after the other: the next time it is started it
    /// ends at the next one.
    places: &'static [&'static str],
}

/// One test for each line, so that they run beside each other.
macro_rules! killed {
    ($($name:ident: $step:ident at $($place:literal),+;)+) => {
        const CASES: &[Case] = &[
            $(Case { step: Step::$step, places: &[$($place),+] }),+
        ];

        $(
            #[test]
            fn $name() {
                ends_as_undisturbed(Step::$step, Disturbance::Program(&[$($place),+]));
            }
        )+
    };
}

killed! {
    import_with_a_batch_staged: Import at "import.batch_staged";
    import_with_all_rows_staged: Import at "import.staged";
    import_with_all_written_and_nothing_committed: Import at "import.written";
    import_with_all_committed: Import at "import.applied";
    second_import_with_all_rows_staged: Edit at "import.staged";
    second_import_with_nothing_committed: Edit at "import.written", "import.written";
    second_import_with_all_committed: Edit at "import.applied";

    publish_with_orders_received: Publish at "pull.page_received";
    publish_with_orders_stored: Publish at "pull.page_stored";
    publish_after_planning: Publish at "push.planned", "push.planned:2";
    publish_before_the_first_sending: Publish at "push.attempt_committed";
    publish_before_a_later_sending: Publish at "push.attempt_committed:4";
    publish_with_an_answer_lost: Publish at "push.answered";
    publish_with_answers_lost_again_and_again: Publish at
        "push.answered", "push.answered", "push.answered:2";
    publish_with_a_late_answer_lost: Publish at "push.answered:5";
    publish_with_an_answer_stored: Publish at "push.outcomes_stored:3";
    publish_between_two_steps: Publish at "push.advanced_stored";
    publish_between_later_steps: Publish at "push.advanced_stored:2";
    publish_with_a_feed_asked_about: Publish at "poll.answered";
    publish_while_looking_up: Publish at "push.answered:5", "look_up.answered";
    publish_while_looking_up_twice: Publish at
        "push.answered:5", "look_up.answered", "look_up.answered";

    update_before_sending: Update at "push.attempt_committed";
    update_with_an_answer_lost: Update at "push.answered";
    update_with_later_answers_lost: Update at "push.answered:3", "push.answered:5";
    update_with_an_answer_stored: Update at "push.outcomes_stored:2";

    pull_with_a_page_received: Pull at "pull.page_received";
    pull_with_the_next_page_received: Pull at "pull.page_received:2";
    pull_with_a_page_stored: Pull at "pull.page_stored";
    pull_with_later_pages_stored: Pull at "pull.page_stored:2", "pull.page_stored:4";
    pull_with_everything_read: Pull at "pull.completed";
    second_pull_with_a_page_stored: Confirm at "pull.page_stored:2";

    shipments_before_sending: Tell at "push.attempt_committed";
    shipments_before_later_sending: Tell at "push.attempt_committed:3";
    shipments_with_an_answer_lost: Tell at "push.answered";
    shipments_with_answers_lost_again_and_again: Tell at
        "push.answered", "push.answered", "push.answered:2";
    shipments_with_a_later_answer_lost: Tell at "push.answered:3";
    shipments_with_an_answer_stored: Tell at "push.outcomes_stored:2";
    shipments_while_looking_up: Tell at "push.answered:2", "look_up.answered";

    refund_before_sending: Settle at "push.attempt_committed";
    refund_with_an_answer_lost: Settle at "push.answered";
    refund_with_a_later_answer_lost: Settle at "push.answered:2";

    look_with_a_page_read: Look at "observe.answered";
}

#[test]
fn marketplaces_with_a_publish_written_down() {
    ends_as_undisturbed(
        Step::Publish,
        Disturbance::Marketplaces("practice.written:14"),
    );
}

#[test]
fn marketplaces_with_a_publish_done() {
    ends_as_undisturbed(
        Step::Publish,
        Disturbance::Marketplaces("practice.acted:19"),
    );
}

#[test]
fn marketplaces_with_an_update_done() {
    ends_as_undisturbed(Step::Update, Disturbance::Marketplaces("practice.acted:6"));
}

#[test]
fn marketplaces_with_orders_read() {
    ends_as_undisturbed(Step::Pull, Disturbance::Marketplaces("practice.acted:3"));
}

#[test]
fn marketplaces_with_a_shipment_written_down() {
    ends_as_undisturbed(Step::Tell, Disturbance::Marketplaces("practice.written:4"));
}

#[test]
fn marketplaces_with_a_shipment_done() {
    ends_as_undisturbed(Step::Tell, Disturbance::Marketplaces("practice.acted:5"));
}

fn ends_as_undisturbed(step: Step, disturbance: Disturbance) {
    let found = Story::new().run(Some((step, disturbance)));
    found.hold_to_rules();
    undisturbed().compare(&found);
}

#[test]
fn undisturbed_everything_is_sold_once() {
    undisturbed().hold_to_rules();
}

/// The places that the program and the practice marketplaces say they pass.
fn listed() -> BTreeSet<&'static str> {
    let lists = [
        barrow_engine::FAULT_POINTS,
        barrow_api::IMPORT_FAULT_POINTS,
        barrow_practice::FAULT_POINTS,
    ];
    lists.into_iter().flatten().copied().collect()
}

#[test]
fn every_place_is_one_at_which_a_test_ends_the_program() {
    let name = |place: &'static str| place.split(':').next().unwrap_or(place);
    let of_program = CASES
        .iter()
        .flat_map(|case| case.places)
        .map(|place| name(place));
    let of_practice = ["practice.written", "practice.acted"];
    let covered: BTreeSet<&str> = of_program.chain(of_practice).collect();
    assert_eq!(covered, listed());
}

#[test]
fn every_step_of_a_case_is_one_that_can_be_disturbed() {
    for case in CASES {
        assert!(
            case.step.command().is_some(),
            "{:?} runs no command",
            case.step
        );
    }
}

#[test]
fn the_lists_name_every_place_in_the_source() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/crates");
    let mut found = BTreeSet::new();
    for name in ["engine", "api", "practice", "store", "host"] {
        sources(&crates.join(name).join("src"), &mut |text| {
            for call in ["faults.at(\"", "self.pass(\""] {
                let places = text
                    .split(call)
                    .skip(1)
                    .filter_map(|rest| rest.split('"').next());
                found.extend(places.map(str::to_owned));
            }
        });
    }
    let listed: BTreeSet<String> = listed().into_iter().map(str::to_owned).collect();
    assert_eq!(found, listed);
}

/// Shows every source file below a folder.
fn sources(folder: &Path, show: &mut impl FnMut(&str)) {
    let entries = fs::read_dir(folder).expect("the checkout has the folder");
    let paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    for path in paths {
        if path.is_dir() {
            sources(&path, show);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            show(&fs::read_to_string(&path).expect("source is text"));
        }
    }
}
