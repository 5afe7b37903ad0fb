//! The marketplaces of eBay (ebay.md §4).

/// One marketplace.
pub(super) struct Site {
    pub(super) id: &'static str,
    /// Locales with a hyphen, the first is the usual one.
    pub(super) locales: &'static [&'static str],
    pub(super) tree: &'static str,
    pub(super) currency: &'static str,
    pub(super) country: &'static str,
}

const fn site(
    id: &'static str,
    locales: &'static [&'static str],
    tree: &'static str,
    currency: &'static str,
    country: &'static str,
) -> Site {
    Site {
        id,
        locales,
        tree,
        currency,
        country,
    }
}

/// All of them. Where ebay.md §4 leaves the tree to be asked for, it has the site's number here.
pub(super) const SITES: &[Site] = &[
    site("EBAY_US", &["en-US"], "0", "USD", "US"),
    site("EBAY_MOTORS_US", &["en-US"], "100", "USD", "US"),
    site("EBAY_CA", &["en-CA", "fr-CA"], "2", "CAD", "CA"),
    site("EBAY_GB", &["en-GB"], "3", "GBP", "GB"),
    site("EBAY_DE", &["de-DE"], "77", "EUR", "DE"),
    site("EBAY_AT", &["de-AT"], "16", "EUR", "AT"),
    site("EBAY_CH", &["de-CH"], "193", "CHF", "CH"),
    site("EBAY_FR", &["fr-FR"], "71", "EUR", "FR"),
    site("EBAY_IT", &["it-IT"], "101", "EUR", "IT"),
    site("EBAY_ES", &["es-ES"], "186", "EUR", "ES"),
    site("EBAY_NL", &["nl-NL"], "146", "EUR", "NL"),
    site("EBAY_BE", &["fr-BE", "nl-BE"], "23", "EUR", "BE"),
    site("EBAY_IE", &["en-IE"], "205", "EUR", "IE"),
    site("EBAY_PL", &["pl-PL"], "212", "PLN", "PL"),
    site("EBAY_AU", &["en-AU"], "15", "AUD", "AU"),
    site("EBAY_HK", &["zh-HK"], "201", "HKD", "HK"),
    site("EBAY_SG", &["en-US", "en-PH"], "216", "SGD", "SG"),
    site("EBAY_MY", &["en-US", "en-PH"], "207", "MYR", "MY"),
    site("EBAY_PH", &["en-US", "en-PH"], "211", "PHP", "PH"),
];

/// The marketplace of an id.
pub(super) fn site_by_id(id: &str) -> Option<&'static Site> {
    SITES.iter().find(|site| site.id == id)
}

/// The first marketplace whose categories stand in a tree.
pub(super) fn site_by_tree(tree: &str) -> Option<&'static Site> {
    SITES.iter().find(|site| site.tree == tree)
}

/// Whether any marketplace speaks a locale, written with a hyphen.
pub(super) fn is_locale(locale: &str) -> bool {
    SITES.iter().any(|site| site.locales.contains(&locale))
}

/// The spelling of bodies, `en_US`, for the spelling of headers, `en-US`.
pub(super) fn body_locale(header: &str) -> String {
    header.replace('-', "_")
}
