//! What happens is drawn from a seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Numbers that derive from a seed.
#[derive(Debug)]
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.0.next_u64() % (high - low + 1)
    }

    /// Whether something of so many percent happens.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of several; none of none.
    pub(super) fn pick<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        let last = (all.len() as u64).checked_sub(1)?;
        let index = usize::try_from(self.between(0, last)).unwrap_or(0);
        all.get(index).cloned()
    }
}
