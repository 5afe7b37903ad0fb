//! The marketplaces of the account's region, and those of others (amazon.md §1).

/// A marketplace of the region.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Site {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) country: &'static str,
    pub(super) currency: &'static str,
    pub(super) locale: &'static str,
    pub(super) domain: &'static str,
    /// Whether the seller sells there.
    pub(super) participates: bool,
}

const fn site(
    id: &'static str,
    name: &'static str,
    country: &'static str,
    currency: &'static str,
    locale: &'static str,
    domain: &'static str,
) -> Site {
    Site {
        id,
        name,
        country,
        currency,
        locale,
        domain,
        participates: true,
    }
}

/// The site of the account's own country.
pub(super) const HOME: Site = site(
    "ATVPDKIKX0DER",
    "Amazon.com",
    "US",
    "USD",
    "en_US",
    "www.amazon.com",
);

/// Every site of the region. All their currencies have two decimals.
pub(super) const SITES: [Site; 4] = [
    HOME,
    site(
        "A2EUQ1WTGCTBG2",
        "Amazon.ca",
        "CA",
        "CAD",
        "en_CA",
        "www.amazon.ca",
    ),
    site(
        "A1AM78C64UM0Y8",
        "Amazon.com.mx",
        "MX",
        "MXN",
        "es_MX",
        "www.amazon.com.mx",
    ),
    Site {
        participates: false,
        ..site(
            "A2Q3Y263D00KWC",
            "Amazon.com.br",
            "BR",
            "BRL",
            "pt_BR",
            "www.amazon.com.br",
        )
    },
];

/// The answer of participations also has marketplaces that are none (amazon.md §1).
pub(super) const PSEUDO: Site = Site {
    participates: true,
    ..site(
        "A1PRACTICENONA",
        "Non-Amazon US",
        "US",
        "USD",
        "en_US",
        "non-amazon.example",
    )
};

/// Sites that an account of this region must not name.
pub(super) const OTHER_REGIONS: [&str; 19] = [
    "A1F83G8C2ARO7P",
    "A1PA6795UKMFR9",
    "A13V1IB3VIYZZH",
    "APJ6JRA9NG5V4",
    "A1RKKUPIHCS9HS",
    "A1805IZSGTT6HS",
    "AMEN7PMS3EDWL",
    "A28R8C7NBKEWEA",
    "A2NODRKZP88ZB9",
    "A1C3SOZRARQ6R3",
    "A33AVAJ2PDY3EV",
    "ARBP9OOSHTCHU",
    "A17E79C6D8DWNP",
    "A2VIGQ35RCS4UG",
    "AE08WJ6YKNBMC",
    "A21TJRUUN4KGV",
    "A19VAU5U5O7RUS",
    "A39IBJ37TRP1C6",
    "A1VC38T7YXB528",
];

/// Returns the site of an id at which the seller sells.
pub(super) fn find(id: &str) -> Option<&'static Site> {
    SITES.iter().find(|site| site.id == id && site.participates)
}
