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

/// Where buyers see each site.
pub(crate) static SHOPS: &[(&str, &str)] = &[
    ("ATVPDKIKX0DER", "www.amazon.com"),
    ("A2EUQ1WTGCTBG2", "www.amazon.ca"),
    ("A1AM78C64UM0Y8", "www.amazon.com.mx"),
    ("A2Q3Y263D00KWC", "www.amazon.com.br"),
    ("A1F83G8C2ARO7P", "www.amazon.co.uk"),
    ("A1PA6795UKMFR9", "www.amazon.de"),
    ("A13V1IB3VIYZZH", "www.amazon.fr"),
    ("APJ6JRA9NG5V4", "www.amazon.it"),
    ("A1RKKUPIHCS9HS", "www.amazon.es"),
    ("A1805IZSGTT6HS", "www.amazon.nl"),
    ("AMEN7PMS3EDWL", "www.amazon.com.be"),
    ("A28R8C7NBKEWEA", "www.amazon.ie"),
    ("A2NODRKZP88ZB9", "www.amazon.se"),
    ("A1C3SOZRARQ6R3", "www.amazon.pl"),
    ("A33AVAJ2PDY3EV", "www.amazon.com.tr"),
    ("ARBP9OOSHTCHU", "www.amazon.eg"),
    ("A17E79C6D8DWNP", "www.amazon.sa"),
    ("A2VIGQ35RCS4UG", "www.amazon.ae"),
    ("AE08WJ6YKNBMC", "www.amazon.co.za"),
    ("A21TJRUUN4KGV", "www.amazon.in"),
    ("A19VAU5U5O7RUS", "www.amazon.sg"),
    ("A39IBJ37TRP1C6", "www.amazon.com.au"),
    ("A1VC38T7YXB528", "www.amazon.co.jp"),
];

/// Where sellers work on each site.
pub(crate) static SELLER_CENTRALS: &[(&str, &str)] = &[
    ("ATVPDKIKX0DER", "sellercentral.amazon.com"),
    ("A2EUQ1WTGCTBG2", "sellercentral.amazon.ca"),
    ("A1AM78C64UM0Y8", "sellercentral.amazon.com.mx"),
    ("A2Q3Y263D00KWC", "sellercentral.amazon.com.br"),
    ("A1F83G8C2ARO7P", "sellercentral.amazon.co.uk"),
    ("A1PA6795UKMFR9", "sellercentral.amazon.de"),
    ("A13V1IB3VIYZZH", "sellercentral.amazon.fr"),
    ("APJ6JRA9NG5V4", "sellercentral.amazon.it"),
    ("A1RKKUPIHCS9HS", "sellercentral.amazon.es"),
    ("A1805IZSGTT6HS", "sellercentral.amazon.nl"),
    ("AMEN7PMS3EDWL", "sellercentral.amazon.com.be"),
    ("A28R8C7NBKEWEA", "sellercentral.amazon.ie"),
    ("A2NODRKZP88ZB9", "sellercentral.amazon.se"),
    ("A1C3SOZRARQ6R3", "sellercentral.amazon.pl"),
    ("A33AVAJ2PDY3EV", "sellercentral.amazon.com.tr"),
    ("ARBP9OOSHTCHU", "sellercentral.amazon.eg"),
    ("A17E79C6D8DWNP", "sellercentral.amazon.sa"),
    ("A2VIGQ35RCS4UG", "sellercentral.amazon.ae"),
    ("AE08WJ6YKNBMC", "sellercentral.amazon.co.za"),
    ("A21TJRUUN4KGV", "sellercentral.amazon.in"),
    ("A19VAU5U5O7RUS", "sellercentral.amazon.sg"),
    ("A39IBJ37TRP1C6", "sellercentral.amazon.com.au"),
    ("A1VC38T7YXB528", "sellercentral.amazon.co.jp"),
];

/// The site of an id.
pub(crate) fn site_of(id: &str) -> Option<&'static SiteFacts> {
    SITES.iter().find(|site| site.id == id)
}

#[cfg(test)]
mod tests {
    use super::{Region, SELLER_CENTRALS, SHOPS, SITES, site_of};

    #[test]
    fn each_site_has_its_pages() {
        for pages in [SHOPS, SELLER_CENTRALS] {
            let with_pages: Vec<&str> = pages.iter().map(|(id, _)| *id).collect();
            let known: Vec<&str> = SITES.iter().map(|site| site.id).collect();
            assert_eq!(with_pages, known);
        }
    }

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
