//! Simulation: a seller, buyers, faults and crashes in a seeded random walk over the real engine,
//! store and adapters; after each step the rules are checked that must hold.
//!
//! Start reading at [`run`]; `world` is what there is, `seller` and `trouble` what happens,
//! `watch` checks each call as it arrives, `money` what buyers get back and `checks` each step and
//! the end.

mod chance;
mod checks;
mod money;
mod seller;
mod trouble;
mod watch;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use self::world::World;

/// Walks one seed for so many steps, then lets everything settle.
///
/// # Panics
/// If a rule is broken; what led to it is printed, and how to see it again.
pub fn run(seed: u64, steps: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a thread can be started");
    let trace = Arc::default();
    let walked = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async { walk(&mut World::open(seed, &trace), steps).await })
    }));
    let broken = match walked {
        Ok(Ok(())) => return,
        Ok(Err(broken)) => broken,
        Err(_) => "it panicked, as is said above".to_owned(),
    };
    eprintln!("the walk of seed {seed}:\n{}", trace.text());
    unreachable!(
        "seed {seed}: {broken}\nsee it again: BARROW_SEED={seed} cargo nextest run \
         -p barrow-tests --test simulation"
    );
}

/// A rule that was broken, in words.
type Checked = Result<(), String>;

async fn walk(world: &mut World, steps: u32) -> Checked {
    world.begin().await?;
    for step in 0..steps {
        world.note(format!("-- step {step}"));
        world.step().await?;
        world.check()?;
    }
    world.settle().await
}
