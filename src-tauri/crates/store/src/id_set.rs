//! Sets of rows: what passes each of several conditions is put together without reading a row.

/// Rows by their ids, one bit each.
pub(crate) struct IdSet {
    bits: Vec<u64>,
    pub(crate) count: usize,
}

impl IdSet {
    pub(crate) fn of(ids: &[i64]) -> Self {
        let (last, _) = place(ids.iter().copied().max().unwrap_or(0));
        let mut bits = vec![0; last + 1];
        for id in ids {
            let (word, bit) = place(*id);
            if let Some(word) = bits.get_mut(word) {
                *word |= bit;
            }
        }
        Self::counted(bits)
    }

    fn counted(bits: Vec<u64>) -> Self {
        let count = bits.iter().map(|word| word.count_ones() as usize).sum();
        Self { bits, count }
    }

    pub(crate) fn has(&self, id: i64) -> bool {
        let (word, bit) = place(id);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.bits.truncate(other.bits.len());
        for (own, others) in self.bits.iter_mut().zip(&other.bits) {
            *own &= others;
        }
        Self::counted(self.bits)
    }

    pub(crate) fn without(mut self, other: &Self) -> Self {
        for (own, others) in self.bits.iter_mut().zip(&other.bits) {
            *own &= !others;
        }
        Self::counted(self.bits)
    }

    /// All of them, the smallest first.
    pub(crate) fn ids(&self) -> Vec<i64> {
        let mut ids = Vec::with_capacity(self.count);
        for (place, word) in self.bits.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                // A catalogue has far fewer rows than i64 can count.
                ids.push(place as i64 * 64 + i64::from(left.trailing_zeros()));
                left &= left - 1;
            }
        }
        ids
    }
}

/// The word of an id and its bit there; rows are numbered from 1.
fn place(id: i64) -> (usize, u64) {
    let id = id.unsigned_abs();
    (
        usize::try_from(id / 64).unwrap_or(usize::MAX - 1),
        1 << (id % 64),
    )
}
