//! Seeded chance: the same seed draws the same numbers, also after saving and restoring.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A stream of numbers drawn from a seed. It is saved as the seed and how far it was drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Position", into = "Position")]
pub struct Random {
    seed: u64,
    stream: ChaCha8Rng,
}

#[derive(Serialize, Deserialize)]
struct Position {
    seed: u64,
    drawn: u64,
}

impl From<Position> for Random {
    fn from(position: Position) -> Self {
        let mut random = Self::new(position.seed);
        random.stream.set_word_pos(u128::from(position.drawn));
        random
    }
}

impl From<Random> for Position {
    fn from(random: Random) -> Self {
        // 2^64 draws are never reached, so that the position always fits.
        let drawn = u64::try_from(random.stream.get_word_pos()).unwrap_or(u64::MAX);
        Self {
            seed: random.seed,
            drawn,
        }
    }
}

impl Random {
    /// Starts the stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            stream: ChaCha8Rng::seed_from_u64(seed),
        }
    }

    /// Starts a stream of its own for one purpose, so that draws for one purpose do not shift
    /// those for another.
    pub fn named(seed: u64, purpose: &str) -> Self {
        Self::new(seeded_hash(seed, purpose))
    }

    /// Returns the next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.stream.next_u64()
    }

    /// Returns a number below `bound`; 0 where `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let bits = self.bits();
        // The bias of the remainder is irrelevant for bounds far below 2^64.
        if bound == 0 { 0 } else { bits % bound }
    }

    /// Returns a number from `low` to `high`, both included; `low` where they are reversed.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// Returns true in `percent` of 100 draws.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Returns one of the items, or none where there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = self.below(items.len() as u64);
        items.get(usize::try_from(index).unwrap_or(0))
    }

    /// Returns text of `length` characters of `alphabet` (ASCII).
    pub fn text(&mut self, length: usize, alphabet: &str) -> String {
        let letters = alphabet.as_bytes();
        (0..length)
            .filter_map(|_| self.pick(letters).copied())
            .map(char::from)
            .collect()
    }

    /// Returns `length` decimal digits, the first of them not 0.
    pub fn digits(&mut self, length: usize) -> String {
        let first = self.text(length.min(1), "123456789");
        first + &self.text(length.saturating_sub(1), "0123456789")
    }
}

/// Returns a number that depends on nothing but the seed and the text: what is left to chance but
/// must be the same whenever it is asked, such as whether a barcode has a catalogue page.
pub fn seeded_hash(seed: u64, text: &str) -> u64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(text.as_bytes());
    let digest = hash.finalize();
    digest
        .iter()
        .take(8)
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::{Random, seeded_hash};

    #[test]
    fn a_restored_stream_goes_on_where_it_was_saved() {
        let mut random = Random::named(7, "orders");
        random.digits(5);
        random.bits();
        let saved = serde_json::to_string(&random).unwrap();
        let mut restored: Random = serde_json::from_str(&saved).unwrap();
        assert_eq!(
            (0..20).map(|_| random.bits()).collect::<Vec<_>>(),
            (0..20).map(|_| restored.bits()).collect::<Vec<_>>()
        );
    }

    #[test]
    fn purposes_and_seeds_draw_differently() {
        assert_ne!(Random::named(1, "a").bits(), Random::named(1, "b").bits());
        assert_ne!(Random::named(1, "a").bits(), Random::named(2, "a").bits());
        assert_eq!(
            seeded_hash(3, "012345678905"),
            seeded_hash(3, "012345678905")
        );
    }

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut random = Random::new(1);
        for _ in 0..1000 {
            assert!(random.below(7) < 7);
            assert!((3..=5).contains(&random.between(3, 5)));
        }
        assert_eq!(random.below(0), 0);
        assert_eq!(random.pick::<u8>(&[]), None);
        let digits = random.digits(12);
        assert_eq!(digits.len(), 12);
        assert!(!digits.starts_with('0'));
    }
}
