//! Identities of rows. Each is a type of its own, so that one never stands for another.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A product: what has a title and one or more variants.
    ProductId;
    /// A variant or a kit: what has a SKU and can be sold. Both share one namespace.
    SkuId;
    /// A place where stock is counted.
    LocationId;
    /// A seller's login at a marketplace.
    AccountId;
    /// One variant or kit on (account, site, channel SKU).
    ListingId;
    /// The variants that a marketplace shows as one.
    FamilyId;
    /// An order in the catalogue; the marketplace's own id is text.
    OrderRowId;
    /// One thing to do on a marketplace.
    ChangeId;
    /// One sending of a batch of changes.
    AttemptId;
    /// One file that was imported.
    ImportId;
    /// A record that could not be read and waits.
    QuarantineId;
    /// A conversation in the catalogue; the marketplace's own id is text.
    ConversationRowId;
    /// A message in the catalogue; the marketplace's own id is text.
    MessageRowId;
    /// Counts the edits of a row that people edit; a write says which it expects.
    Revision;
}
