//! What an adapter wants to know of the seller.

use crate::consent::BrowserConsent;

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
    /// Most variants that one listing shows; zero where every variant is listed alone. What a
    /// family is promised stands at [`crate::Listings`].
    pub family_members_max: usize,
    /// A page of the marketplace's about getting keys.
    pub help_url: &'static str,
    /// Its pages about one order, by the order's number; none where their address is not known.
    pub order_pages: Option<Pages>,
    /// Its pages about one listing, and under which name a binding has what they are found by.
    pub listing_pages: Option<(&'static str, Pages)>,
    /// How the seller agrees in a browser, where that is how keys are given.
    pub consent: Option<BrowserConsent>,
    /// Whether its adapters tell what was listed by other means, see
    /// [`crate::Adapter::elsewhere`].
    pub elsewhere: bool,
    /// Whether it takes a shipment without carrier and tracking number.
    pub ships_untracked: bool,
    /// Secrets that the adapter makes and keeps in the vault by itself; they go with the account.
    pub made_secrets: &'static [&'static str],
}

/// Pages of a marketplace for people, opened in a browser and never read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    /// Sites with the host that has their pages, such as `EBAY_US` and `www.ebay.com`.
    pub hosts: &'static [(&'static str, &'static str)],
    /// What stands between the host and what the page is found by, such as `/itm/`.
    pub path: &'static str,
}

/// Characters of what a page is found by.
const FOUND_BY_CHARS_MAX: usize = 100;

impl Pages {
    /// The address of the page of something on a site; none where the site has none, or where the
    /// marketplace's name for it is no plain number or code.
    pub fn address(&self, site: &str, found_by: &str) -> Option<String> {
        let (_, host) = self.hosts.iter().find(|(name, _)| *name == site)?;
        is_plain(found_by).then(|| format!("https://{host}{}{found_by}", self.path))
    }

    /// Whether an address is that of one of the pages.
    pub fn has(&self, address: &str) -> bool {
        self.hosts.iter().any(|(_, host)| {
            let rest = address.strip_prefix("https://");
            let rest = rest.and_then(|rest| rest.strip_prefix(host));
            let rest = rest.and_then(|rest| rest.strip_prefix(self.path));
            rest.is_some_and(is_plain)
        })
    }
}

fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !text.is_empty() && text.len() <= FOUND_BY_CHARS_MAX && text.chars().all(plain)
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

#[cfg(test)]
mod tests {
    use super::Pages;

    const PAGES: Pages = Pages {
        hosts: &[
            ("US", "www.bazaar.example"),
            ("DE", "www.bazaar-de.example"),
        ],
        path: "/itm/",
    };

    #[test]
    fn a_page_is_found_by_site_and_name() {
        let check = |site: &str, name: &str, expected: Option<&str>| {
            assert_eq!(
                PAGES.address(site, name).as_deref(),
                expected,
                "{site} {name}"
            );
        };
        check("US", "12-3", Some("https://www.bazaar.example/itm/12-3"));
        check("DE", "B0X", Some("https://www.bazaar-de.example/itm/B0X"));
        check("FR", "12", None);
        check("US", "", None);
        check("US", "1/../2", None);
        check("US", "1?x=2", None);
    }

    #[test]
    fn only_addresses_of_its_pages_are_its_own() {
        let check = |address: &str, expected: bool| {
            assert_eq!(PAGES.has(address), expected, "{address}");
        };
        check("https://www.bazaar.example/itm/12-3", true);
        check("http://www.bazaar.example/itm/12-3", false);
        check("https://www.bazaar.example.evil.example/itm/12", false);
        check("https://user@www.bazaar.example/itm/12", false);
        check("https://www.bazaar.example/itm/", false);
        check("https://www.bazaar.example/itm/12/../../x", false);
        check("https://www.bazaar.example/other/12", false);
        check("file:///etc/passwd", false);
    }
}
