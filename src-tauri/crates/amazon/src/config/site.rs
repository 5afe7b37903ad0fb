//! Amazon's country sites (amazon.md §1).

use barrow_model::Currency;

/// The part of the world that an account and its keys belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    /// North and South America.
    NorthAmerica,
    /// Europe, the Middle East, Africa and India.
    Europe,
    /// Singapore, Australia, Japan.
    FarEast,
}

impl Region {
    /// Its code in Amazon's addresses.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NorthAmerica => "na",
            Self::Europe => "eu",
            Self::FarEast => "fe",
        }
    }
}

/// One country site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SiteFacts {
    /// Amazon's id of the marketplace.
    pub(crate) id: &'static str,
    /// What prices are in there.
    currency: [u8; 3],
    /// The language of texts, such as `en_US`.
    pub(crate) locale: &'static str,
    /// Where it belongs.
    pub(crate) region: Region,
}

impl SiteFacts {
    /// What prices are in there.
    pub(crate) fn currency(&self) -> Currency {
        std::str::from_utf8(&self.currency)
            .ok()
            .and_then(|code| Currency::parse(code).ok())
            .expect("the table's codes are three capital letters")
    }
}

const fn site(
    id: &'static str,
    currency: &[u8; 3],
    locale: &'static str,
    region: Region,
) -> SiteFacts {
    SiteFacts {
        id,
        currency: *currency,
        locale,
        region,
    }
}

/// All sites that are known; the account's own come from Amazon, which also names pseudo sites.
static SITES: &[SiteFacts] = &[
    site("ATVPDKIKX0DER", b"USD", "en_US", Region::NorthAmerica),
    site("A2EUQ1WTGCTBG2", b"CAD", "en_CA", Region::NorthAmerica),
    site("A1AM78C64UM0Y8", b"MXN", "es_MX", Region::NorthAmerica),
    site("A2Q3Y263D00KWC", b"BRL", "pt_BR", Region::NorthAmerica),
    site("A1F83G8C2ARO7P", b"GBP", "en_GB", Region::Europe),
    site("A1PA6795UKMFR9", b"EUR", "de_DE", Region::Europe),
    site("A13V1IB3VIYZZH", b"EUR", "fr_FR", Region::Europe),
    site("APJ6JRA9NG5V4", b"EUR", "it_IT", Region::Europe),
    site("A1RKKUPIHCS9HS", b"EUR", "es_ES", Region::Europe),
    site("A1805IZSGTT6HS", b"EUR", "nl_NL", Region::Europe),
    site("AMEN7PMS3EDWL", b"EUR", "fr_FR", Region::Europe),
    site("A28R8C7NBKEWEA", b"EUR", "en_GB", Region::Europe),
    site("A2NODRKZP88ZB9", b"SEK", "sv_SE", Region::Europe),
    site("A1C3SOZRARQ6R3", b"PLN", "pl_PL", Region::Europe),
    site("A33AVAJ2PDY3EV", b"TRY", "tr_TR", Region::Europe),
    site("ARBP9OOSHTCHU", b"EGP", "ar_AE", Region::Europe),
    site("A17E79C6D8DWNP", b"SAR", "ar_AE", Region::Europe),
    site("A2VIGQ35RCS4UG", b"AED", "en_AE", Region::Europe),
    site("AE08WJ6YKNBMC", b"ZAR", "en_US", Region::Europe),
    site("A21TJRUUN4KGV", b"INR", "en_IN", Region::Europe),
    site("A19VAU5U5O7RUS", b"SGD", "en_SG", Region::FarEast),
    site("A39IBJ37TRP1C6", b"AUD", "en_AU", Region::FarEast),
    site("A1VC38T7YXB528", b"JPY", "ja_JP", Region::FarEast),
];

/// The site of an id.
pub(crate) fn site_of(id: &str) -> Option<&'static SiteFacts> {
    SITES.iter().find(|site| site.id == id)
}

#[cfg(test)]
mod tests {
    use super::{Region, SITES, site_of};

    #[test]
    fn each_site_is_there_once_and_has_a_currency() {
        for site in SITES {
            let same = SITES.iter().filter(|other| other.id == site.id);
            assert_eq!(same.count(), 1, "{}", site.id);
            assert_eq!(site.currency().as_str().as_bytes(), site.currency);
        }
        let japan = site_of("A1VC38T7YXB528").expect("Japan");
        assert_eq!(japan.region, Region::FarEast);
        assert_eq!(japan.currency().decimals(), 0);
        assert_eq!(site_of("EBAY_US"), None);
    }
}
