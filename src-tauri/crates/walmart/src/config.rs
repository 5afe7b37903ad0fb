//! Settings, their labels, and addresses (walmart.md §1, §2.1).

use barrow_market::{
    Connection, ConnectorInfo, Error, ErrorKind, Result, SettingField, SettingKind,
};
use barrow_model::{Currency, Endpoint, Problem, ProblemKind, Settings};

/// The only site that the adapter serves.
pub(crate) const SITE: &str = "WALMART_US";
/// What prices are in there.
pub(crate) const CURRENCY: Currency = Currency::USD;
/// The newest dated item spec that is known (walmart.md §6.3).
const SPEC_VERSION: &str = "5.0.20260608-18_15_07-api";

pub(crate) const CLIENT_ID: &str = "client_id";
pub(crate) const CLIENT_SECRET: &str = "client_secret";
pub(crate) const SPEC_VERSION_KEY: &str = "item_spec_version";
pub(crate) const SHIP_NODE: &str = "ship_node";
pub(crate) const PRODUCT_TYPE: &str = "product_type";
pub(crate) const GTIN_EXEMPTION: &str = "gtin_exemption";

/// What is known of Walmart without connecting.
pub(crate) static INFO: ConnectorInfo = ConnectorInfo {
    marketplace: "walmart",
    title: "Walmart",
    fields: &[
        SettingField {
            key: CLIENT_ID,
            label: "Client ID",
            help: "Developer portal, My Account, API keys: the production client ID",
            kind: SettingKind::Secret,
            required: true,
            default: None,
        },
        SettingField {
            key: CLIENT_SECRET,
            label: "Client secret",
            help: "Beside the client ID; shown once when the key is made",
            kind: SettingKind::Secret,
            required: true,
            default: None,
        },
        SettingField {
            key: "site",
            label: "Market",
            help: "The country in which the account sells",
            kind: SettingKind::Choice(&[SITE]),
            required: false,
            default: Some(SITE),
        },
        SettingField {
            key: SHIP_NODE,
            label: "Fulfillment center",
            help: "Where the goods ship from; left open, the account's first active one",
            kind: SettingKind::Default,
            required: false,
            default: None,
        },
        SettingField {
            key: PRODUCT_TYPE,
            label: "Product type",
            help: "For items new to Walmart whose category fits none of its product types",
            kind: SettingKind::Text,
            required: false,
            default: None,
        },
        SettingField {
            key: GTIN_EXEMPTION,
            label: "GTIN exemption",
            help: "Whether Walmart has granted the account items without a barcode number",
            kind: SettingKind::Choice(&["no", "yes"]),
            required: false,
            default: Some("no"),
        },
        SettingField {
            key: SPEC_VERSION_KEY,
            label: "Item spec version",
            help: "The dated version of Walmart's item spec, such as 5.0.20260608-18_15_07-api",
            kind: SettingKind::Text,
            required: false,
            default: Some(SPEC_VERSION),
        },
    ],
    stock_pool: "",
    family_members_max: 0,
    help_url: "https://developer.walmart.com/",
    // A WPID is not in the address of a product's page, and an order's page has none of its own.
    order_pages: None,
    listing_pages: None,
    consent: None,
    elsewhere: false,
    ships_untracked: false,
    made_secrets: &[],
};

/// One account's settings, checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Scheme, host and port.
    pub(crate) base: String,
    /// Dated version of the item spec.
    pub(crate) spec_version: String,
    /// The fulfilment centre, where the seller has chosen one.
    pub(crate) ship_node: Option<String>,
    /// Product type for what has none.
    pub(crate) product_type: Option<String>,
    /// Whether items without a barcode number are allowed.
    pub(crate) gtin_exemption: bool,
}

impl Config {
    /// Checks an account's settings; an error names the setting.
    pub(crate) fn read(connection: &Connection) -> Result<Self> {
        let settings = &connection.settings;
        let site = value(settings, "site").unwrap_or_else(|| SITE.to_owned());
        if site != SITE {
            return Err(invalid("site"));
        }
        let spec_version =
            value(settings, SPEC_VERSION_KEY).unwrap_or_else(|| SPEC_VERSION.to_owned());
        if !is_dated(&spec_version) {
            return Err(invalid(SPEC_VERSION_KEY));
        }
        let gtin_exemption = match value(settings, GTIN_EXEMPTION).as_deref() {
            None | Some("no") => false,
            Some("yes") => true,
            Some(_) => return Err(invalid(GTIN_EXEMPTION)),
        };
        Ok(Self {
            base: base(&connection.endpoint)?,
            spec_version,
            ship_node: value(settings, SHIP_NODE),
            product_type: value(settings, PRODUCT_TYPE),
            gtin_exemption,
        })
    }

    /// A setting of one listing, else the account's.
    pub(crate) fn ship_node_of(&self, settings: &Settings) -> Option<String> {
        value(settings, SHIP_NODE).or_else(|| self.ship_node.clone())
    }

    /// A listing's fallback product type, else the account's.
    pub(crate) fn product_type_of(&self, settings: &Settings) -> Option<String> {
        value(settings, PRODUCT_TYPE).or_else(|| self.product_type.clone())
    }
}

/// The address of an endpoint (walmart.md §1).
fn base(endpoint: &Endpoint) -> Result<String> {
    match endpoint {
        Endpoint::Production => Ok("https://marketplace.walmartapis.com".to_owned()),
        Endpoint::Sandbox => Ok("https://sandbox.walmartapis.com".to_owned()),
        Endpoint::Custom(address) => Ok(address.clone()),
        // Where the folder's practice marketplaces listen is known to `host`, which hands over
        // their address instead.
        Endpoint::Practice => Err(invalid("endpoint")),
    }
}

/// A complete version such as `5.0.20260608-18_15_07-api`; a bare `5.0` is refused by Walmart
/// (walmart.md §6.3).
fn is_dated(version: &str) -> bool {
    version
        .strip_prefix("5.0.")
        .is_some_and(|rest| rest.len() >= 8 && rest.bytes().take(8).all(|b| b.is_ascii_digit()))
        && version.len() <= 40
}

fn value(settings: &Settings, key: &str) -> Option<String> {
    let text = settings.get(key)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn invalid(setting: &'static str) -> Error {
    let problem = Problem::new(ProblemKind::SettingInvalid).param("setting", setting);
    Error::new(ErrorKind::Config, "connect").because(problem)
}

#[cfg(test)]
mod tests {
    use super::is_dated;

    #[test]
    fn only_dated_spec_versions_are_taken() {
        let check = |version: &str, expected: bool| assert_eq!(is_dated(version), expected);
        check("5.0.20260608-18_15_07-api", true);
        check("5.0", false);
        check("4.3", false);
        check("5.0.latest", false);
    }
}
