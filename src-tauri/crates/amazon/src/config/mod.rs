//! Settings, their labels, and addresses (amazon.md §1, §2).

mod site;

use barrow_market::{
    Connection, ConnectorInfo, Error, ErrorKind, Pages, Result, SettingField, SettingKind,
};
use barrow_model::{Endpoint, Problem, ProblemKind, Settings, Site};

use crate::map::listing::ASIN;
use site::{SELLER_CENTRALS, SHOPS};

pub(crate) use site::{Region, SiteFacts, site_of};

pub(crate) const CLIENT_ID: &str = "client_id";
pub(crate) const CLIENT_SECRET: &str = "client_secret";
pub(crate) const REFRESH_TOKEN: &str = "refresh_token";
pub(crate) const SELLER_ID: &str = "seller_id";
pub(crate) const MARKETPLACE_IDS: &str = "marketplace_ids";
pub(crate) const MATCH_BY_TITLE: &str = "match_by_title";
pub(crate) const HANDLING_DAYS: &str = "handling_days";

/// Longest time to ship that Amazon takes, in days (amazon.md §4.3).
pub(crate) const HANDLING_DAYS_MAX: u8 = 30;
/// More sites than a region has.
const SITES_MAX: usize = 50;

/// What is known of Amazon without connecting.
pub(crate) static INFO: ConnectorInfo = ConnectorInfo {
    marketplace: "amazon",
    title: "Amazon",
    fields: &[
        SettingField {
            key: CLIENT_ID,
            label: "Client ID",
            help: "Seller Central, Develop Apps, your private app, LWA credentials: the client \
                identifier, beginning amzn1.application-oa2-client",
            kind: SettingKind::Secret,
            required: true,
            default: None,
        },
        SettingField {
            key: CLIENT_SECRET,
            label: "Client secret",
            help: "Beside the client ID; Amazon wants it changed every 180 days",
            kind: SettingKind::Secret,
            required: true,
            default: None,
        },
        SettingField {
            key: REFRESH_TOKEN,
            label: "Refresh token",
            help: "Develop Apps, Authorize, Authorize app: begins Atzr| and is shown once",
            kind: SettingKind::Secret,
            required: true,
            default: None,
        },
        SettingField {
            key: SELLER_ID,
            label: "Merchant token",
            help: "Seller Central, Account Info, Your Merchant Token: begins with A",
            kind: SettingKind::Text,
            required: true,
            default: None,
        },
        SettingField {
            key: MARKETPLACE_IDS,
            label: "Marketplaces",
            help: "Amazon's ids of the country sites, separated by commas, such as ATVPDKIKX0DER; \
                the first one is used where none is named. All of one region",
            kind: SettingKind::Text,
            required: true,
            default: None,
        },
        SettingField {
            key: MATCH_BY_TITLE,
            label: "Find pages by title",
            help: "Where a product has neither ASIN nor barcode number, offer it on the page whose \
                title, and brand where both have one, are exactly the same",
            kind: SettingKind::Choice(&["no", "yes"]),
            required: false,
            default: Some("no"),
        },
        SettingField {
            key: HANDLING_DAYS,
            label: "Days until shipping",
            help: "Working days from order to parcel, 0 to 30; left open, Amazon's own default",
            kind: SettingKind::Text,
            required: false,
            default: None,
        },
    ],
    // Amazon keeps one quantity of a SKU for all sites of a region (amazon.md §4.4).
    stock_pool: "region",
    family_members_max: 0,
    help_url: "https://developer-docs.amazon.com/sp-api/docs/self-authorization",
    order_pages: Some(Pages {
        hosts: SELLER_CENTRALS,
        path: "/orders-v3/order/",
    }),
    listing_pages: Some((
        ASIN,
        Pages {
            hosts: SHOPS,
            path: "/dp/",
        },
    )),
    consent: None,
    elsewhere: false,
    ships_untracked: false,
    made_secrets: &[],
};

/// One account's settings, checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Scheme, host and port of the API.
    pub(crate) base: String,
    /// Scheme, host and port of Login with Amazon.
    pub(crate) login: String,
    /// The merchant token.
    pub(crate) seller_id: String,
    /// Country sites, at least one; the first is the default.
    pub(crate) sites: Vec<&'static SiteFacts>,
    /// Whether pages are looked for by title.
    pub(crate) match_by_title: bool,
    /// Days until shipping.
    handling_days: Option<u8>,
}

impl Config {
    /// Checks an account's settings; an error names the setting.
    pub(crate) fn read(connection: &Connection) -> Result<Self> {
        let settings = &connection.settings;
        let seller_id = value(settings, SELLER_ID).ok_or_else(|| missing(SELLER_ID))?;
        if seller_id.len() > 40 || !seller_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(invalid(SELLER_ID));
        }
        let sites = sites(settings)?;
        let region = sites.first().map_or(Region::NorthAmerica, |s| s.region);
        let match_by_title = match value(settings, MATCH_BY_TITLE).as_deref() {
            None | Some("no") => false,
            Some("yes") => true,
            Some(_) => return Err(invalid(MATCH_BY_TITLE)),
        };
        let handling_days = match value(settings, HANDLING_DAYS) {
            None => None,
            Some(text) => Some(days(&text).ok_or_else(|| invalid(HANDLING_DAYS))?),
        };
        let (base, login) = addresses(&connection.endpoint, region)?;
        Ok(Self {
            base,
            login,
            seller_id,
            sites,
            match_by_title,
            handling_days,
        })
    }

    /// The facts of one of the account's sites.
    pub(crate) fn site(&self, site: &Site) -> Option<&'static SiteFacts> {
        self.sites.iter().copied().find(|facts| facts.id == site.0)
    }

    /// The site that is meant where none is named.
    pub(crate) fn default_site(&self) -> &'static SiteFacts {
        self.sites.first().expect("reading refuses an empty list")
    }

    /// A listing's own days until shipping, else the account's; an error where they cannot be.
    pub(crate) fn handling_days_of(
        &self,
        settings: &Settings,
    ) -> std::result::Result<Option<u8>, Box<Problem>> {
        match value(settings, HANDLING_DAYS) {
            None => Ok(self.handling_days),
            Some(text) => days(&text).map(Some).ok_or_else(|| {
                Box::new(setting_problem(ProblemKind::SettingInvalid, HANDLING_DAYS))
            }),
        }
    }
}

/// Sites in the order in which the seller names them, each once, all of one region: keys belong to
/// one (amazon.md §1).
fn sites(settings: &Settings) -> Result<Vec<&'static SiteFacts>> {
    let text = value(settings, MARKETPLACE_IDS).ok_or_else(|| missing(MARKETPLACE_IDS))?;
    let mut sites: Vec<&'static SiteFacts> = Vec::new();
    for id in text.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        let site = site_of(id).ok_or_else(|| invalid(MARKETPLACE_IDS))?;
        if sites.iter().any(|known| known.region != site.region) || sites.len() >= SITES_MAX {
            return Err(invalid(MARKETPLACE_IDS));
        }
        if !sites.contains(&site) {
            sites.push(site);
        }
    }
    if sites.is_empty() {
        return Err(missing(MARKETPLACE_IDS));
    }
    Ok(sites)
}

/// The addresses of the API and of the login (amazon.md §1, §2.1). On an address of one's own both
/// are there.
fn addresses(endpoint: &Endpoint, region: Region) -> Result<(String, String)> {
    let login = "https://api.amazon.com".to_owned();
    let code = region.code();
    match endpoint {
        Endpoint::Production => Ok((
            format!("https://sellingpartnerapi-{code}.amazon.com"),
            login,
        )),
        Endpoint::Sandbox => Ok((
            format!("https://sandbox.sellingpartnerapi-{code}.amazon.com"),
            login,
        )),
        Endpoint::Custom(address) => Ok((address.clone(), address.clone())),
        // Where the folder's practice marketplaces listen is known to `host`, which hands over
        // their address instead.
        Endpoint::Practice => Err(invalid("endpoint")),
    }
}

fn days(text: &str) -> Option<u8> {
    text.parse().ok().filter(|days| *days <= HANDLING_DAYS_MAX)
}

fn value(settings: &Settings, key: &str) -> Option<String> {
    let text = settings.get(key)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A problem with a setting.
pub(crate) fn setting_problem(kind: ProblemKind, setting: &'static str) -> Problem {
    Problem::new(kind).param("setting", setting)
}

fn invalid(setting: &'static str) -> Error {
    Error::new(ErrorKind::Config, "connect")
        .because(setting_problem(ProblemKind::SettingInvalid, setting))
}

fn missing(setting: &'static str) -> Error {
    Error::new(ErrorKind::Config, "connect")
        .because(setting_problem(ProblemKind::SettingMissing, setting))
}

#[cfg(test)]
mod tests {
    use barrow_model::{Endpoint, Settings};

    use super::{MARKETPLACE_IDS, Region, addresses, days, sites};

    #[test]
    fn sites_are_known_and_of_one_region() {
        let check = |text: &str, expected: Option<usize>| {
            let settings = Settings::from([(MARKETPLACE_IDS.to_owned(), text.to_owned())]);
            assert_eq!(sites(&settings).ok().map(|s| s.len()), expected, "{text}");
        };
        check("ATVPDKIKX0DER", Some(1));
        check("A1PA6795UKMFR9, A13V1IB3VIYZZH,A1PA6795UKMFR9", Some(2));
        check("ATVPDKIKX0DER,A1PA6795UKMFR9", None);
        check("EBAY_US", None);
        check(" , ", None);
        check("", None);
    }

    #[test]
    fn the_login_has_a_host_of_its_own_but_for_custom_addresses() {
        let check = |endpoint: Endpoint, region: Region, expected: (&str, &str)| {
            let (base, login) = addresses(&endpoint, region).expect("an address");
            assert_eq!((base.as_str(), login.as_str()), expected);
        };
        let login = "https://api.amazon.com";
        let europe = "https://sellingpartnerapi-eu.amazon.com";
        check(Endpoint::Production, Region::Europe, (europe, login));
        let sandbox = "https://sandbox.sellingpartnerapi-fe.amazon.com";
        check(Endpoint::Sandbox, Region::FarEast, (sandbox, login));
        let own = Endpoint::Custom("http://127.0.0.1:1".to_owned());
        let both = ("http://127.0.0.1:1", "http://127.0.0.1:1");
        check(own, Region::NorthAmerica, both);
    }

    #[test]
    fn handling_takes_thirty_days_at_most() {
        let check = |text: &str, expected: Option<u8>| assert_eq!(days(text), expected, "{text}");
        check("0", Some(0));
        check("30", Some(30));
        check("31", None);
        check("-1", None);
        check("two", None);
    }
}
