//! Settings of an eBay account, eBay's sites and addresses.

use std::collections::BTreeMap;

use barrow_market::{
    BrowserConsent, CONSENT_SELLER, CONSENT_UNTIL, Connection, ConnectorInfo, Error, ErrorKind,
    Pages, Result, SettingField, SettingKind,
};
use barrow_model::{Endpoint, Problem, ProblemKind, Site};
use chrono::{DateTime, Utc};

use crate::LISTING_ID;

/// App ID of the keyset.
pub const CLIENT_ID: &str = "client_id";
/// Cert ID of the keyset.
pub const CLIENT_SECRET: &str = "client_secret";
/// The RuName of the keyset.
pub const RU_NAME: &str = "ru_name";
/// The seller's consent.
pub const REFRESH_TOKEN: &str = "refresh_token";
/// The permissions that are asked for, where they are not [`SCOPES`].
pub const SCOPES_ASKED: &str = "scopes";
/// Key and certificate of digital signatures, made and kept by the adapter (ebay.md §2.6).
pub const SIGNING_KEY: &str = "signing_key";
/// The site that is sold on.
pub const MARKETPLACE_ID: &str = "marketplace_id";
/// The language that is listed in, of a site that has two.
pub const LANGUAGE: &str = "language";
/// The default shipping policy.
pub const FULFILLMENT_POLICY_ID: &str = "fulfillment_policy_id";
/// The default payment policy.
pub const PAYMENT_POLICY_ID: &str = "payment_policy_id";
/// The default return policy.
pub const RETURN_POLICY_ID: &str = "return_policy_id";
/// The default place that goods ship from.
pub const MERCHANT_LOCATION_KEY: &str = "merchant_location_key";

/// The path of the consent page (ebay.md §2.2).
pub const AUTHORIZE: &str = "/oauth2/authorize";

/// The base scope; the others are written behind it and a slash (ebay.md §2.4).
pub const BASE_SCOPE: &str = "https://api.ebay.com/oauth/api_scope";

/// The permissions that a seller is asked for, all at once: a later one takes a whole new consent
/// (ebay.md §2.2, §2.4).
pub const SCOPES: &[&str] = &[
    "sell.inventory",
    "sell.account",
    "sell.fulfillment",
    "sell.finances",
    "sell.payment.dispute",
    "commerce.identity.readonly",
    "commerce.message",
    "commerce.feedback",
    "sell.analytics.readonly",
    "commerce.notification.subscription",
];

/// What is known of eBay without connecting.
pub static INFO: ConnectorInfo = ConnectorInfo {
    marketplace: "ebay",
    title: "eBay",
    fields: FIELDS,
    stock_pool: "",
    // eBay's help on listings with variations: 250.
    family_members_max: 250,
    help_url: "https://developer.ebay.com/my/keys",
    order_pages: Some(Pages {
        hosts: SHOPS,
        path: "/mesh/ord/details?orderid=",
    }),
    listing_pages: Some((
        LISTING_ID,
        Pages {
            hosts: SHOPS,
            path: "/itm/",
        },
    )),
    elsewhere: true,
    // ebay.md §8.3: carrier and number go together or not at all.
    ships_untracked: true,
    consent: Some(BrowserConsent {
        yields: REFRESH_TOKEN,
        pages: &[
            "https://auth.ebay.com/oauth2/authorize",
            "https://auth.sandbox.ebay.com/oauth2/authorize",
        ],
        path: AUTHORIZE,
    }),
    made_secrets: &[SIGNING_KEY],
};

/// Where each site is seen.
static SHOPS: &[(&str, &str)] = &[
    ("EBAY_US", "www.ebay.com"),
    ("EBAY_MOTORS_US", "www.ebay.com"),
    ("EBAY_CA", "www.ebay.ca"),
    ("EBAY_GB", "www.ebay.co.uk"),
    ("EBAY_DE", "www.ebay.de"),
    ("EBAY_AT", "www.ebay.at"),
    ("EBAY_CH", "www.ebay.ch"),
    ("EBAY_FR", "www.ebay.fr"),
    ("EBAY_IT", "www.ebay.it"),
    ("EBAY_ES", "www.ebay.es"),
    ("EBAY_NL", "www.ebay.nl"),
    ("EBAY_BE", "www.ebay.be"),
    ("EBAY_IE", "www.ebay.ie"),
    ("EBAY_PL", "www.ebay.pl"),
    ("EBAY_AU", "www.ebay.com.au"),
    ("EBAY_HK", "www.ebay.com.hk"),
    ("EBAY_SG", "www.ebay.com.sg"),
    ("EBAY_MY", "www.ebay.com.my"),
    ("EBAY_PH", "www.ebay.ph"),
];

const FIELDS: &[SettingField] = &[
    secret(
        CLIENT_ID,
        "App ID (Client ID)",
        "Application keys page of the eBay developer account",
    ),
    secret(
        CLIENT_SECRET,
        "Cert ID (Client Secret)",
        "Application keys page of the eBay developer account",
    ),
    SettingField {
        required: false,
        ..secret(
            RU_NAME,
            "RuName",
            "User tokens page of the eBay developer account",
        )
    },
    SettingField {
        required: false,
        ..secret(
            REFRESH_TOKEN,
            "Refresh token",
            "Leave it empty and agree in the browser; or paste one that eBay gave you",
        )
    },
    SettingField {
        key: MARKETPLACE_ID,
        label: "Site",
        help: "The eBay site that is sold on",
        kind: SettingKind::Choice(SITE_IDS),
        required: true,
        default: Some("EBAY_US"),
    },
    SettingField {
        key: LANGUAGE,
        label: "Language",
        help: "Only for eBay Canada and eBay Belgium, which have two; otherwise the site's own",
        kind: SettingKind::Choice(&["en-CA", "fr-CA", "fr-BE", "nl-BE"]),
        required: false,
        default: None,
    },
    SettingField {
        key: SCOPES_ASKED,
        label: "Permissions",
        help: "Only where eBay says invalid_scope: the permissions that your keyset has, such as \
               sell.inventory, with blanks between them",
        kind: SettingKind::Text,
        required: false,
        default: None,
    },
    choice(FULFILLMENT_POLICY_ID, "Shipping policy"),
    choice(PAYMENT_POLICY_ID, "Payment policy"),
    choice(RETURN_POLICY_ID, "Return policy"),
    choice(MERCHANT_LOCATION_KEY, "Location that goods ship from"),
];

const fn secret(key: &'static str, label: &'static str, help: &'static str) -> SettingField {
    SettingField {
        key,
        label,
        help,
        kind: SettingKind::Secret,
        required: true,
        default: None,
    }
}

const fn choice(key: &'static str, label: &'static str) -> SettingField {
    SettingField {
        key,
        label,
        help: "Chosen from what the eBay account has; listings may differ",
        kind: SettingKind::Default,
        required: false,
        default: None,
    }
}

/// A country site (ebay.md §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteFacts {
    /// eBay's id.
    pub id: &'static str,
    /// Language of its records, for `Content-Language` and `Accept-Language`.
    pub language: &'static str,
    /// Its currency.
    pub currency: &'static str,
    /// Which identifier says that there is none, and in which words (ebay.md §6.2).
    pub identifier: &'static str,
    /// "Does not apply" in the site's language.
    pub does_not_apply: &'static str,
    /// Its names of the aspects that hold brand and part number: names of aspects are the site's
    /// (ebay.md §6.2, §7).
    pub brand: &'static str,
    /// See [`SiteFacts::brand`].
    pub part_number: &'static str,
}

const fn site(
    id: &'static str,
    language: &'static str,
    currency: &'static str,
    identifier: &'static str,
    does_not_apply: &'static str,
) -> SiteFacts {
    let (brand, part_number) = match language.as_bytes() {
        [b'd', b'e', ..] => ("Marke", "Herstellernummer"),
        [b'f', b'r', ..] => ("Marque", "Numéro de pièce fabricant"),
        [b'i', b't', ..] | [b'e', b's', ..] => ("Marca", "MPN"),
        [b'n', b'l', ..] => ("Merk", "MPN"),
        [b'p', b'l', ..] => ("Marka", "MPN"),
        [b'z', b'h', ..] => ("品牌", "MPN"),
        _ => ("Brand", "MPN"),
    };
    SiteFacts {
        id,
        language,
        currency,
        identifier,
        does_not_apply,
        brand,
        part_number,
    }
}

/// Whether a name is that of the brand's aspect, on whichever site.
pub fn names_brand(name: &str) -> bool {
    name == "Brand" || SITES.iter().any(|site| site.brand == name)
}

/// The sites that Barrow sells on (ebay.md §4); those with two languages by their first, see
/// [`SECOND_LANGUAGES`].
pub const SITES: &[SiteFacts] = &[
    site("EBAY_US", "en-US", "USD", "upc", "Does not apply"),
    site("EBAY_MOTORS_US", "en-US", "USD", "upc", "Does not apply"),
    site("EBAY_CA", "en-CA", "CAD", "upc", "Does not apply"),
    site("EBAY_GB", "en-GB", "GBP", "ean", "Does not apply"),
    site("EBAY_DE", "de-DE", "EUR", "ean", "Nicht zutreffend"),
    site("EBAY_AT", "de-AT", "EUR", "ean", "Nicht zutreffend"),
    site("EBAY_CH", "de-CH", "CHF", "ean", "Nicht zutreffend"),
    site("EBAY_FR", "fr-FR", "EUR", "ean", "Non applicable"),
    site("EBAY_IT", "it-IT", "EUR", "ean", "Non applicabile"),
    site("EBAY_ES", "es-ES", "EUR", "ean", "No aplicable"),
    site("EBAY_NL", "nl-NL", "EUR", "ean", "Niet van toepassing"),
    site("EBAY_BE", "fr-BE", "EUR", "ean", "Non applicable"),
    site("EBAY_IE", "en-IE", "EUR", "ean", "Does not apply"),
    site("EBAY_PL", "pl-PL", "PLN", "ean", "Nie dotyczy"),
    site("EBAY_AU", "en-AU", "AUD", "upc", "Does not apply"),
    site("EBAY_HK", "zh-HK", "HKD", "upc", "Does not apply"),
    site("EBAY_SG", "en-US", "SGD", "upc", "Does not apply"),
    site("EBAY_MY", "en-US", "MYR", "upc", "Does not apply"),
    site("EBAY_PH", "en-PH", "PHP", "upc", "Does not apply"),
];

/// The sites with two languages by their second (ebay.md §4).
pub const SECOND_LANGUAGES: &[SiteFacts] = &[
    site("EBAY_CA", "fr-CA", "CAD", "upc", "Non applicable"),
    site("EBAY_BE", "nl-BE", "EUR", "ean", "Niet van toepassing"),
];

/// The site in one of its languages; none for a language that it does not have.
fn speaking(site: &SiteFacts, language: &str) -> Option<&'static SiteFacts> {
    let mut all = SITES.iter().chain(SECOND_LANGUAGES);
    all.find(|one| one.id == site.id && one.language == language)
}

const SITE_IDS: &[&str] = &site_ids();

const fn site_ids() -> [&'static str; SITES.len()] {
    let mut ids = [""; SITES.len()];
    let mut index = 0;
    while index < SITES.len() {
        ids[index] = SITES[index].id;
        index += 1;
    }
    ids
}

/// What is known of a site; none for one that eBay has not or that takes no listings.
pub fn site_facts(site: &Site) -> Option<&'static SiteFacts> {
    SITES.iter().find(|facts| facts.id == site.0)
}

/// What is known of a site, or that the setting is wrong.
pub fn known_site(site: &Site, operation: &'static str) -> Result<&'static SiteFacts> {
    site_facts(site).ok_or_else(|| invalid(operation, MARKETPLACE_ID))
}

/// eBay's hosts (ebay.md §1). On an address of one's own all of them are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// Most REST APIs and the token endpoint.
    pub api: String,
    /// Identity, Key Management, Finances.
    pub apiz: String,
    /// The consent page.
    pub auth: String,
    /// Pictures.
    pub media: String,
}

/// An account's settings, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where to.
    pub hosts: Hosts,
    /// The account's site.
    pub site: &'static SiteFacts,
    /// The scopes that consent is asked for, written out, with a blank between them.
    pub scopes: String,
    /// When the seller's consent ends, where that is known.
    pub consent_until: Option<DateTime<Utc>>,
    /// What of his policies and places is chosen for his listings, by the setting's key.
    pub chosen: BTreeMap<&'static str, String>,
    /// The id of the seller who gave it, where that is known.
    pub seller: Option<String>,
}

impl Config {
    /// Reads and checks a connection's settings.
    pub fn read(connection: &Connection) -> Result<Self> {
        let hosts = match &connection.endpoint {
            Endpoint::Production => hosts_of(""),
            Endpoint::Sandbox => hosts_of("sandbox."),
            Endpoint::Custom(address) => Hosts {
                api: address.clone(),
                apiz: address.clone(),
                auth: address.clone(),
                media: address.clone(),
            },
            // Whoever serves the practice marketplaces gives their address before connecting.
            Endpoint::Practice => return Err(invalid("connect", "endpoint")),
        };
        let setting = |key: &str| {
            let value = connection.settings.get(key).map(|value| value.trim());
            value.filter(|value| !value.is_empty())
        };
        let id = setting(MARKETPLACE_ID).unwrap_or("EBAY_US");
        let site = known_site(&Site(id.to_owned()), "connect")?;
        let site = match setting(LANGUAGE) {
            Some(language) => {
                speaking(site, language).ok_or_else(|| invalid("connect", LANGUAGE))?
            }
            None => site,
        };
        let until = setting(CONSENT_UNTIL).and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        let defaults = [
            FULFILLMENT_POLICY_ID,
            PAYMENT_POLICY_ID,
            RETURN_POLICY_ID,
            MERCHANT_LOCATION_KEY,
        ];
        let chosen = defaults.into_iter();
        Ok(Self {
            chosen: chosen
                .filter_map(|key| Some((key, setting(key)?.to_owned())))
                .collect(),
            hosts,
            site,
            scopes: scopes(setting(SCOPES_ASKED)),
            consent_until: until.map(|at| at.with_timezone(&Utc)),
            seller: setting(CONSENT_SELLER).map(str::to_owned),
        })
    }
}

/// The hosts of one of eBay's worlds.
fn hosts_of(world: &str) -> Hosts {
    Hosts {
        api: format!("https://api.{world}ebay.com"),
        apiz: format!("https://apiz.{world}ebay.com"),
        auth: format!("https://auth.{world}ebay.com"),
        // No one has seen the sandbox's own host of pictures; its usual one takes them
        // (ebay.md §1).
        media: match world {
            "" => "https://apim.ebay.com".to_owned(),
            _ => format!("https://api.{world}ebay.com"),
        },
    }
}

/// Scopes as eBay takes them; short names are written out.
fn scopes(asked: Option<&str>) -> String {
    let own: Vec<&str> = asked.unwrap_or_default().split_whitespace().collect();
    let named = if own.is_empty() { SCOPES } else { &own };
    let mut all = vec![BASE_SCOPE.to_owned()];
    for name in named {
        let full = if name.starts_with("https://") {
            (*name).to_owned()
        } else {
            format!("{BASE_SCOPE}/{name}")
        };
        if !all.contains(&full) {
            all.push(full);
        }
    }
    all.join(" ")
}

fn invalid(operation: &'static str, setting: &'static str) -> Error {
    Error::new(ErrorKind::Config, operation)
        .because(Problem::new(ProblemKind::SettingInvalid).param("setting", setting))
}

#[cfg(test)]
mod tests {
    use barrow_model::Site;

    use super::{scopes, site_facts, speaking};

    #[test]
    fn two_sites_may_be_sold_on_in_a_second_language() {
        let check = |id: &str, language: &str, words: Option<&str>| {
            let first = site_facts(&Site(id.to_owned())).expect("a site");
            let found = speaking(first, language);
            assert_eq!(
                found.map(|site| site.does_not_apply),
                words,
                "{id} {language}"
            );
            assert!(found.is_none_or(|site| site.currency == first.currency));
        };
        check("EBAY_CA", "en-CA", Some("Does not apply"));
        check("EBAY_CA", "fr-CA", Some("Non applicable"));
        check("EBAY_BE", "nl-BE", Some("Niet van toepassing"));
        check("EBAY_US", "fr-CA", None);
        check("EBAY_DE", "nl-BE", None);
    }

    #[test]
    fn scopes_are_written_out_once_each() {
        let base = "https://api.ebay.com/oauth/api_scope";
        let check = |asked: Option<&str>, expected: &str| {
            assert_eq!(scopes(asked), expected, "{asked:?}");
        };
        let own = format!("{base} {base}/sell.inventory {base}/sell.account");
        check(Some("sell.inventory  sell.account"), &own);
        check(Some(&own), &own);
        assert!(scopes(None).contains(&format!("{base}/sell.finances ")));
        assert!(!scopes(Some("sell.inventory")).contains("finances"));
    }
}
