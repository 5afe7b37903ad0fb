//! Settings, their labels, platforms and addresses (newegg.md §1, §2).

use barrow_market::{
    Connection, ConnectorInfo, Error, ErrorKind, Pages, Result, SettingField, SettingKind,
};
use barrow_model::{Currency, Endpoint, Problem, ProblemKind, Settings};

use crate::map::item::ITEM_NUMBER;

pub(crate) const API_KEY: &str = "api_key";
pub(crate) const SECRET_KEY: &str = "secret_key";
pub(crate) const SELLER_ID: &str = "seller_id";
pub(crate) const PLATFORM: &str = "platform";
pub(crate) const MANUFACTURER: &str = "manufacturer";
const PART_NUMBER: &str = "part_number";
const SHIPPING: &str = "shipping";

/// What is known of Newegg without connecting.
pub(crate) static INFO: ConnectorInfo = ConnectorInfo {
    marketplace: "newegg",
    title: "Newegg",
    fields: &[
        SettingField {
            key: API_KEY,
            label: "API key",
            help: "Seller Portal, Manage Account, API; or from your developer",
            kind: SettingKind::Secret,
            required: true,
            default: None,
        },
        SettingField {
            key: SECRET_KEY,
            label: "Secret key",
            help: "Beside the API key; with a developer's API key, the one you made for it",
            kind: SettingKind::Secret,
            required: true,
            default: None,
        },
        SettingField {
            key: SELLER_ID,
            label: "Seller ID",
            help: "Four or more letters and digits such as A0XX; capitals count",
            kind: SettingKind::Text,
            required: true,
            default: None,
        },
        SettingField {
            key: PLATFORM,
            label: "Platform",
            help: "newegg.com, Newegg Business or newegg.ca; each has its own keys",
            kind: SettingKind::Choice(&["US", "B2B", "CAN"]),
            required: true,
            default: Some("US"),
        },
        SettingField {
            key: MANUFACTURER,
            label: "Manufacturer",
            help: "For products without a brand; spelled as Newegg has it registered",
            kind: SettingKind::Text,
            required: false,
            default: None,
        },
        SettingField {
            key: PART_NUMBER,
            label: "Part number",
            help: "What stands for a missing manufacturer part number: nothing, or the SKU",
            kind: SettingKind::Choice(&["mpn", "sku"]),
            required: false,
            default: Some("mpn"),
        },
        SettingField {
            key: SHIPPING,
            label: "Shipping",
            help: "Default: as your shipping settings say; Free: the buyer pays none",
            kind: SettingKind::Choice(&["Default", "Free"]),
            required: false,
            default: Some("Default"),
        },
    ],
    stock_pool: "",
    family_members_max: 0,
    help_url: "https://developer.newegg.com/newegg_marketplace_api/",
    order_pages: None,
    listing_pages: Some((
        ITEM_NUMBER,
        Pages {
            hosts: &[("US", "www.newegg.com"), ("CAN", "www.newegg.ca")],
            path: "/p/",
        },
    )),
    consent: None,
    elsewhere: false,
    ships_untracked: false,
    made_secrets: &[],
};

/// Where an account sells (newegg.md §1). Each is a seller account of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    /// newegg.com: the international price and stock endpoints.
    Us,
    /// Newegg Business: the classic endpoints.
    Business,
    /// newegg.ca: the classic endpoints.
    Canada,
}

impl Platform {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "US" => Some(Self::Us),
            "B2B" => Some(Self::Business),
            "CAN" => Some(Self::Canada),
            _ => None,
        }
    }

    /// The site that it is.
    pub(crate) fn site(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Business => "B2B",
            Self::Canada => "CAN",
        }
    }

    /// What amounts are in where Newegg does not say.
    pub(crate) fn currency(self) -> Currency {
        match self {
            Self::Us | Self::Business => Currency::USD,
            Self::Canada => Currency::parse("CAD").expect("three letters"),
        }
    }

    /// Whether prices and stock go over the classic endpoints, whose verbs are the other way round
    /// (newegg.md §4).
    pub(crate) fn is_classic(self) -> bool {
        self != Self::Us
    }

    fn path(self) -> &'static str {
        match self {
            Self::Us => "/marketplace",
            Self::Business => "/marketplace/b2b",
            Self::Canada => "/marketplace/can",
        }
    }
}

/// What stands for a manufacturer part number that a product has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartNumber {
    /// Nothing.
    Own,
    /// The SKU: goods of one's own make.
    Sku,
}

/// One account's settings, checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Scheme, host, port and the platform's path.
    pub(crate) base: String,
    /// As Newegg gave it; its case counts.
    pub(crate) seller_id: String,
    pub(crate) platform: Platform,
    manufacturer: Option<String>,
    part_number: PartNumber,
    shipping: String,
}

impl Config {
    /// Checks an account's settings; an error names the setting.
    pub(crate) fn read(connection: &Connection) -> Result<Self> {
        let settings = &connection.settings;
        let platform = value(settings, PLATFORM).unwrap_or_else(|| "US".to_owned());
        let platform = Platform::parse(&platform).ok_or_else(|| invalid(PLATFORM))?;
        let seller_id = value(settings, SELLER_ID).ok_or_else(|| {
            let problem = Problem::new(ProblemKind::SettingMissing).param("setting", SELLER_ID);
            Error::new(ErrorKind::Config, "connect").because(problem)
        })?;
        let part_number = match value(settings, PART_NUMBER) {
            None => PartNumber::Own,
            Some(word) => part_number(&word).ok_or_else(|| invalid(PART_NUMBER))?,
        };
        let shipping = value(settings, SHIPPING).unwrap_or_else(|| "Default".to_owned());
        if !is_shipping(&shipping) {
            return Err(invalid(SHIPPING));
        }
        Ok(Self {
            base: format!("{}{}", host(&connection.endpoint)?, platform.path()),
            seller_id,
            platform,
            manufacturer: value(settings, MANUFACTURER),
            part_number,
            shipping,
        })
    }

    /// A listing's own setting, else the account's.
    pub(crate) fn manufacturer_of(&self, settings: &Settings) -> Option<String> {
        value(settings, MANUFACTURER).or_else(|| self.manufacturer.clone())
    }

    /// A listing's own setting, else the account's.
    pub(crate) fn part_number_of(&self, settings: &Settings) -> PartNumber {
        value(settings, PART_NUMBER)
            .and_then(|word| part_number(&word))
            .unwrap_or(self.part_number)
    }

    /// A listing's own setting, else the account's.
    pub(crate) fn shipping_of(&self, settings: &Settings) -> String {
        value(settings, SHIPPING)
            .filter(|word| is_shipping(word))
            .unwrap_or_else(|| self.shipping.clone())
    }
}

fn part_number(word: &str) -> Option<PartNumber> {
    match word {
        "mpn" => Some(PartNumber::Own),
        "sku" => Some(PartNumber::Sku),
        _ => None,
    }
}

fn is_shipping(word: &str) -> bool {
    matches!(word, "Default" | "Free")
}

/// The address of an endpoint (newegg.md §1). There is no public sandbox.
fn host(endpoint: &Endpoint) -> Result<String> {
    match endpoint {
        Endpoint::Production => Ok("https://api.newegg.com".to_owned()),
        Endpoint::Custom(address) => Ok(address.clone()),
        // Where the folder's practice marketplaces listen is known to `host`, which hands over
        // their address instead.
        Endpoint::Sandbox | Endpoint::Practice => Err(invalid("endpoint")),
    }
}

fn value(settings: &Settings, key: &str) -> Option<String> {
    let text = settings.get(key)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn invalid(setting: &'static str) -> Error {
    let problem = Problem::new(ProblemKind::SettingInvalid).param("setting", setting);
    Error::new(ErrorKind::Config, "connect").because(problem)
}
