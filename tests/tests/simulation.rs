//! Walks through seeded simulations: `BARROW_SEED=N` walks that one alone, `BARROW_SEEDS=N` walks
//! more of them.

use barrow_tests::simulation::run;

/// Seeds that a usual run walks in each test; tests run side by side.
const SEEDS: u64 = 6;
const TESTS: u64 = 4;
const STEPS: u32 = 60;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn walk(test: u64) {
    if let Some(seed) = number("BARROW_SEED") {
        if seed % TESTS == test {
            run(seed, STEPS);
        }
        return;
    }
    let seeds = number("BARROW_SEEDS").unwrap_or(SEEDS * TESTS);
    (0..seeds)
        .filter(|seed| seed % TESTS == test)
        .for_each(|seed| run(seed, STEPS));
}

#[test]
fn rules_hold_whatever_happens_first_quarter_of_seeds() {
    walk(0);
}

#[test]
fn rules_hold_whatever_happens_second_quarter_of_seeds() {
    walk(1);
}

#[test]
fn rules_hold_whatever_happens_third_quarter_of_seeds() {
    walk(2);
}

#[test]
fn rules_hold_whatever_happens_last_quarter_of_seeds() {
    walk(3);
}
