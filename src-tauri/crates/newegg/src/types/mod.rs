//! What Newegg sends, whatever shape it comes in (newegg.md §3).

pub(crate) mod node;
pub(crate) mod time;
