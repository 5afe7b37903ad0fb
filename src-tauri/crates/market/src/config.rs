//! What an adapter wants to know of the seller.

/// What `host` and the window know of a marketplace without connecting to it.
#[derive(Clone, Copy, Debug)]
pub struct ConnectorInfo {
    /// The marketplace's name on the command line, such as `ebay`.
    pub marketplace: &'static str,
    /// Its name as people write it, such as `eBay`.
    pub title: &'static str,
    /// Settings and keys, in the order in which they are asked for.
    pub fields: &'static [SettingField],
    /// The pool that the quantity of a SKU belongs to where the marketplace keeps one for all sites
    /// of an account; empty where each listing has a quantity of its own.
    pub stock_pool: &'static str,
    /// A page of the marketplace's about getting keys.
    pub help_url: &'static str,
}

/// One setting or key of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingField {
    /// Its name, as the marketplace names it.
    pub key: &'static str,
    /// Its label in English; other languages go by `settings.<marketplace>.<key>` in messages.
    pub label: &'static str,
    /// Where to find it.
    pub help: &'static str,
    /// What it is.
    pub kind: SettingKind,
    /// Whether the account cannot work without it.
    pub required: bool,
    /// What it is when the seller says nothing.
    pub default: Option<&'static str>,
}

/// What a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// Kept in the vault, never shown.
    Secret,
    /// A text.
    Text,
    /// One of these values.
    Choice(&'static [&'static str]),
    /// Fills what listings leave open; its choices come from [`crate::Core::choices`].
    Default,
}

impl ConnectorInfo {
    /// The field of a key.
    pub fn field(&self, key: &str) -> Option<&'static SettingField> {
        self.fields.iter().find(|field| field.key == key)
    }
}
