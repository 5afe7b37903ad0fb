//! The adapters that the conformance suite is run against. A marketplace is added to it by one
//! entry here and one file of tests that names it.

use std::collections::BTreeMap;
use std::time::Duration;

use barrow_amazon::AmazonConnector;
use barrow_ebay::EbayConnector;
use barrow_market::Connector;
use barrow_model::{
    Condition, Content, Currency, Dimensions, Gtin, Image, ImageSource, Length, LengthUnit, Money,
    Offer, Weight, WeightUnit,
};
use barrow_newegg::NeweggConnector;
use barrow_practice::Marketplace;
use barrow_practice::newegg::{Newegg, Platform};
use barrow_walmart::WalmartConnector;
use barrow_wire::Parts;
use rust_decimal::Decimal;

use crate::contract::{Contract, Specs};

/// An adapter, with the practice marketplace that it is tried on.
#[derive(Clone, Copy)]
pub struct Subject {
    /// The marketplace's name on the command line; its practice marketplace has the same.
    pub name: &'static str,
    /// The country site that is sold on.
    pub site: &'static str,
    /// Makes the adapter's connector.
    pub connector: fn(Parts) -> Box<dyn Connector>,
    /// The official contract.
    pub contract: fn(&Specs) -> Contract,
    /// The nth thing to sell; every number gives another. Category, attributes that the category
    /// demands, and settings are filled by what the adapter itself advises.
    pub offer: fn(u32) -> Offer,
    /// Opens its practice marketplace; none where it is the one of that name in every rehearsal.
    pub practice: Option<OpenPractice>,
    /// Settings that differ from those that the practice marketplace advises.
    pub settings: &'static [(&'static str, &'static str)],
    /// What the site calls the colour in which variants may differ.
    pub colour: &'static str,
    /// Parts of a check that can be mended from here, with what is said for it.
    pub mends: &'static [(&'static str, &'static [(&'static str, &'static str)])],
    /// Whether goods are offered on pages of the marketplace's own, which have texts and pictures
    /// already: then those of the seller are not sent.
    pub on_pages: bool,
    /// Whether a parcel may hold some of the units of a line.
    pub ships_units: bool,
    /// The calls of the adapter that no behaviour comes by, each with why. None where another
    /// subject of the same adapter answers for it.
    pub unmet: Option<&'static [(&'static str, &'static str)]>,
    /// Longer than anything takes that the seller began, and shorter than what the marketplace
    /// does by itself.
    pub settled: Duration,
}

/// Opens a practice marketplace.
pub type OpenPractice = fn(barrow_practice::Settings) -> Box<dyn Marketplace>;

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.site)
    }
}

/// eBay.
pub const EBAY: Subject = Subject {
    name: "ebay",
    site: "EBAY_US",
    connector: |parts| Box::new(EbayConnector::new(parts)),
    contract: Specs::ebay,
    offer: headphones,
    practice: None,
    settings: &[],
    colour: "Color",
    mends: &[
        ("programs", &[]),
        ("out_of_stock", &[]),
        (
            "merchant_location_key",
            &[
                ("name", "Back room"),
                ("country", "US"),
                ("postal_code", "95125"),
                ("city", "San Jose"),
                ("region", "CA"),
                ("line1", "2025 Hamilton Ave"),
            ],
        ),
    ],
    on_pages: false,
    ships_units: true,
    unmet: Some(&[]),
    settled: hours(3),
};

/// eBay in Germany: aspects have German names there.
pub const EBAY_GERMANY: Subject = Subject {
    site: "EBAY_DE",
    offer: headphones_in_germany,
    settings: &[("marketplace_id", "EBAY_DE")],
    colour: "Farbe",
    unmet: None,
    ..EBAY
};

/// Walmart.
pub const WALMART: Subject = Subject {
    name: "walmart",
    site: "WALMART_US",
    connector: |parts| Box::new(WalmartConnector::new(parts)),
    contract: Specs::walmart,
    offer: headphones,
    practice: None,
    settings: &[],
    colour: "Color",
    mends: &[],
    on_pages: false,
    ships_units: true,
    unmet: Some(&[]),
    settled: hours(3),
};

/// Amazon.
pub const AMAZON: Subject = Subject {
    name: "amazon",
    site: "ATVPDKIKX0DER",
    connector: |parts| Box::new(AmazonConnector::new(parts)),
    contract: Specs::amazon,
    offer: headphones,
    practice: None,
    settings: &[],
    colour: "Color",
    mends: &[],
    on_pages: true,
    ships_units: true,
    unmet: Some(&[(
        "getListingsRestrictions",
        "asked after a refusal for want of an approval alone",
    )]),
    settled: hours(3),
};

/// Newegg in the United States.
pub const NEWEGG: Subject = Subject {
    name: "newegg",
    site: "US",
    connector: |parts| Box::new(NeweggConnector::new(parts)),
    contract: Specs::newegg,
    offer: headphones,
    practice: None,
    settings: &[],
    colour: "Color",
    mends: &[],
    on_pages: true,
    ships_units: false,
    unmet: Some(&[
        ("killItem", "takes single lines off an order"),
        ("readInventory", "of the other platforms"),
        ("writeInventoryAndPrice", "of the other platforms"),
    ]),
    // A new offer is reviewed for up to six hours.
    settled: hours(8),
};

/// Newegg Business.
pub const NEWEGG_B2B: Subject = Subject {
    site: "B2B",
    practice: Some(|settings| Box::new(Newegg::open_on(Platform::B2b, settings))),
    unmet: None,
    ..NEWEGG
};

/// Newegg in Canada.
pub const NEWEGG_CANADA: Subject = Subject {
    site: "CAN",
    offer: headphones_in_canada,
    practice: Some(|settings| Box::new(Newegg::open_on(Platform::Can, settings))),
    unmet: None,
    ..NEWEGG
};

const fn hours(count: u64) -> Duration {
    Duration::from_secs(count * 60 * 60)
}

/// All of them.
pub const ALL: &[Subject] = &[
    EBAY,
    EBAY_GERMANY,
    AMAZON,
    WALMART,
    NEWEGG,
    NEWEGG_B2B,
    NEWEGG_CANADA,
];

/// Headphones with everything that a seller may know of them.
fn headphones(number: u32) -> Offer {
    headphones_for(number, Currency::USD)
}

fn headphones_in_canada(number: u32) -> Offer {
    let currency = Currency::parse("CAD").expect("three letters");
    headphones_for(number, currency)
}

fn headphones_in_germany(number: u32) -> Offer {
    let mut offer = headphones_for(number, Currency::EUR);
    let content = &mut offer.content;
    content.title = format!("Kabelloser Kopfhörer Modell {number}");
    content.description = format!("<p>Ohrumschließend, dreißig Stunden, Größe {number}.</p>");
    content.category_path = vec!["Audio".to_owned(), "Kopfhörer".to_owned()];
    content.attributes = BTreeMap::from([("Farbe".to_owned(), vec!["Blau".to_owned()])]);
    offer
}

fn headphones_for(number: u32, currency: Currency) -> Offer {
    let cents = |minor| Money::new(minor, currency);
    let length = |centimetres: i64| {
        Length::new(Decimal::from(centimetres), LengthUnit::Centimetre).expect("a length")
    };
    let image = |view: &str| Image {
        source: ImageSource::Url(format!(
            "https://images.example/headphones-{number}-{view}.jpg"
        )),
        alt: None,
    };
    let content = Content {
        title: format!("Wireless Headphones Model {number}"),
        description: format!("<p>Over the ear, thirty hours, model {number}.</p>"),
        brand: Some("Kestrel".to_owned()),
        gtin: Some(barcode(number)),
        mpn: Some(format!("KST-{number:04}")),
        asin: None,
        condition: Condition::New,
        category_path: vec!["Audio".to_owned(), "Headphones".to_owned()],
        category: None,
        attributes: BTreeMap::from([("Color".to_owned(), vec!["Blue".to_owned()])]),
        options: Vec::new(),
        images: vec![image("front"), image("side")],
        weight: Some(Weight::new(Decimal::from(420), WeightUnit::Gram).expect("a weight")),
        dimensions: Some(Dimensions {
            length: length(22),
            width: length(18),
            height: length(9),
        }),
        compare_at: None,
        family: None,
    };
    Offer {
        content,
        price: cents(3_490 + i64::from(number)),
        quantity: 7,
        settings: BTreeMap::new(),
    }
}

/// A barcode number of twelve digits with its check digit. Its prefix is the one of examples:
/// every practice marketplace has a page, and only one, for goods with such a number.
fn barcode(number: u32) -> Gtin {
    let body = format!("614141{:05}", 42_000 + number);
    let digits = body.bytes().map(|digit| u32::from(digit - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { digit * 3 } else { digit })
        .sum();
    let check = (10 - sum % 10) % 10;
    Gtin::parse(&format!("{body}{check}")).expect("the check digit is right")
}
