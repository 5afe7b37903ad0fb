//! The categories that are practised: a small tree of leaves under their first level, the same on
//! every marketplace, with what each asks of a listing.

use std::cmp::Reverse;

/// One aspect that a category knows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Aspect {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) multi: bool,
    /// Whether a listing's variations may differ in it.
    pub(super) varies: bool,
    /// Whether no values but these are taken.
    pub(super) closed: bool,
    /// Values that are suggested, or all that are taken.
    pub(super) values: &'static [&'static str],
    /// What the values are, beside the suggested ones.
    pub(super) form: Form,
    /// Values that go only with some values of another aspect.
    pub(super) bounds: &'static [Bound],
    /// The day from which it is expected to be demanded.
    pub(super) required_from: Option<&'static str>,
}

/// What an aspect's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    WholeNumber,
    Year,
}

impl Form {
    /// eBay's words for the type of data and its format.
    pub(super) fn words(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Text => ("STRING", None),
            Self::WholeNumber => ("NUMBER", Some("int32")),
            Self::Year => ("DATE", Some("YYYY")),
        }
    }

    pub(super) fn takes(self, value: &str) -> bool {
        let digits = value.bytes().all(|sign| sign.is_ascii_digit());
        match self {
            Self::Text => true,
            Self::WholeNumber => value.parse::<i32>().is_ok(),
            Self::Year => value.len() == 4 && digits,
        }
    }
}

/// A value that goes only with some values of another aspect.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) value: &'static str,
    pub(super) aspect: &'static str,
    pub(super) values: &'static [&'static str],
}

const fn aspect(
    name: &'static str,
    required: bool,
    varies: bool,
    values: &'static [&'static str],
) -> Aspect {
    Aspect {
        name,
        required,
        multi: false,
        varies,
        closed: false,
        values,
        form: Form::Text,
        required_from: None,
        bounds: &[],
    }
}

/// What the leaves of one kind have in common.
#[derive(Debug, PartialEq, Eq)]
struct Kind {
    aspects: &'static [Aspect],
    variations: bool,
    conditions: &'static [&'static str],
    /// Whether a code of goods is demanded, which no call tells (ebay.md §7).
    identifier: bool,
}

const COLORS: &[&str] = &[
    "Beige",
    "Black",
    "Blue",
    "Brown",
    "Clear",
    "Gold",
    "Gray",
    "Green",
    "Multicolor",
    "Orange",
    "Pink",
    "Purple",
    "Red",
    "Silver",
    "White",
    "Yellow",
];
const SIZES: &[&str] = &["XS", "S", "M", "L", "XL", "2XL", "3XL", "One Size"];
const DEPARTMENTS: &[&str] = &[
    "Men",
    "Women",
    "Unisex Adults",
    "Boys",
    "Girls",
    "Unisex Kids",
];
const PLATFORMS: &[&str] = &[
    "Microsoft Xbox One",
    "Microsoft Xbox Series X",
    "Nintendo Switch",
    "PC",
    "Sony PlayStation 4",
    "Sony PlayStation 5",
];

const BRAND: Aspect = aspect("Brand", true, false, &["Unbranded"]);
const BRAND_IF_ANY: Aspect = aspect("Brand", false, false, &["Unbranded"]);
const MPN: Aspect = aspect("MPN", false, false, &["Does Not Apply"]);
const COLOR: Aspect = aspect("Color", false, true, COLORS);
const SIZE: Aspect = aspect("Size", false, true, SIZES);
const MATERIAL: Aspect = Aspect {
    multi: true,
    ..aspect("Material", false, true, &["Cotton", "Leather", "Wood"])
};
const DEPARTMENT: Aspect = Aspect {
    closed: true,
    ..aspect("Department", false, false, DEPARTMENTS)
};
const SIZE_TYPE: Aspect = Aspect {
    closed: true,
    bounds: &[
        Bound {
            value: "Big & Tall",
            aspect: "Department",
            values: &["Men", "Boys"],
        },
        Bound {
            value: "Maternity",
            aspect: "Department",
            values: &["Women"],
        },
    ],
    ..aspect(
        "Size Type",
        false,
        false,
        &["Regular", "Big & Tall", "Maternity"],
    )
};
const RELEASE_YEAR: Aspect = Aspect {
    form: Form::Year,
    ..aspect("Release Year", false, false, &["1960-1969", "2023"])
};
const NUMBER_OF_ITEMS: Aspect = Aspect {
    form: Form::WholeNumber,
    ..aspect("Number of Items", false, false, &[])
};
const CONNECTIVITY: Aspect = Aspect {
    closed: true,
    ..aspect(
        "Connectivity",
        false,
        false,
        &["Wired", "Wireless", "Wired & Wireless"],
    )
};
const FEATURES: Aspect = Aspect {
    multi: true,
    ..aspect("Features", false, false, &[])
};

const ELECTRONICS: Kind = Kind {
    aspects: &[
        BRAND,
        MPN,
        aspect("Model", false, false, &[]),
        Aspect {
            required_from: Some("2027-06-30"),
            ..aspect("Type", false, false, &[])
        },
        COLOR,
        aspect(
            "Storage Capacity",
            false,
            true,
            &["64 GB", "128 GB", "256 GB", "512 GB", "1 TB"],
        ),
        CONNECTIVITY,
        FEATURES,
    ],
    variations: true,
    conditions: &[
        "1000", "1500", "2000", "2010", "2020", "2030", "2500", "3000", "7000",
    ],
    identifier: false,
};
const PHONE: Kind = Kind {
    aspects: &[
        BRAND,
        aspect("Model", true, false, &[]),
        MPN,
        COLOR,
        aspect(
            "Storage Capacity",
            false,
            true,
            &["64 GB", "128 GB", "256 GB", "512 GB", "1 TB"],
        ),
        FEATURES,
    ],
    variations: true,
    conditions: &["1000", "1500", "2010", "2020", "2030", "3000", "7000"],
    identifier: true,
};
const GAME: Kind = Kind {
    aspects: &[
        aspect("Game Name", true, false, &[]),
        aspect("Platform", true, true, PLATFORMS),
        aspect("Genre", false, false, &[]),
    ],
    variations: true,
    conditions: &["1000", "2750", "4000", "5000", "6000"],
    identifier: false,
};
const CLOTHING: Kind = Kind {
    aspects: &[
        BRAND,
        DEPARTMENT,
        SIZE,
        SIZE_TYPE,
        COLOR,
        aspect("Style", false, true, &[]),
        MATERIAL,
    ],
    variations: true,
    conditions: &["1000", "1500", "1750", "2990", "3000", "3010"],
    identifier: false,
};
const ACCESSORY: Kind = Kind {
    aspects: &[
        BRAND,
        MPN,
        COLOR,
        SIZE,
        MATERIAL,
        aspect("Style", false, true, &[]),
    ],
    variations: true,
    conditions: &["1000", "1500", "1750", "2990", "3000", "3010"],
    identifier: false,
};
const MEDIA: Kind = Kind {
    aspects: &[
        aspect("Artist", false, false, &[]),
        aspect("Release Title", false, false, &[]),
        aspect("Format", false, true, &["CD", "DVD", "Blu-ray", "Vinyl"]),
        aspect("Genre", false, false, &[]),
        RELEASE_YEAR,
    ],
    variations: true,
    conditions: &["1000", "2750", "4000", "5000", "6000"],
    identifier: false,
};
const CARD: Kind = Kind {
    aspects: &[
        aspect("Game", true, false, &[]),
        aspect("Card Name", false, false, &[]),
        aspect("Set", false, false, &[]),
        aspect("Language", false, false, &["English", "Japanese"]),
    ],
    variations: false,
    conditions: &["2750", "4000"],
    identifier: false,
};
const BOOK: Kind = Kind {
    aspects: &[
        aspect("Author", true, false, &[]),
        aspect("Book Title", true, false, &[]),
        aspect(
            "Language",
            true,
            false,
            &["English", "French", "German", "Spanish"],
        ),
        aspect("Format", false, false, &["Hardcover", "Paperback"]),
    ],
    variations: false,
    conditions: &["1000", "2750", "4000", "5000", "6000"],
    identifier: true,
};
const HOME: Kind = Kind {
    aspects: &[
        BRAND_IF_ANY,
        MPN,
        COLOR,
        SIZE,
        MATERIAL,
        aspect("Type", false, false, &[]),
        NUMBER_OF_ITEMS,
    ],
    variations: true,
    conditions: &["1000", "1500", "3000", "7000"],
    identifier: false,
};
const OTHER: Kind = Kind {
    aspects: &[
        BRAND_IF_ANY,
        MPN,
        COLOR,
        SIZE,
        aspect("Type", false, true, &[]),
        MATERIAL,
    ],
    variations: true,
    conditions: &[
        "1000", "1500", "2750", "3000", "4000", "5000", "6000", "7000",
    ],
    identifier: false,
};

/// A category below the root.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Category {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// None for the first level.
    pub(super) parent: Option<&'static str>,
    /// Words of a title that speak for it.
    words: &'static str,
    kind: Option<&'static Kind>,
}

const fn branch(id: &'static str, name: &'static str) -> Category {
    Category {
        id,
        name,
        parent: None,
        words: "",
        kind: None,
    }
}

const fn leaf(
    parent: &'static str,
    id: &'static str,
    name: &'static str,
    kind: &'static Kind,
    words: &'static str,
) -> Category {
    Category {
        id,
        name,
        parent: Some(parent),
        words,
        kind: Some(kind),
    }
}

/// The root of every tree.
pub(super) const ROOT_ID: &str = "0";

/// Leaves that are gone, and those that took their place.
pub(super) const EXPIRED: &[(&str, &str)] = &[("63867", "53159"), ("155187", "155183")];

/// The leaf that takes everything.
const FALLBACK_ID: &str = "88433";

impl Category {
    pub(super) fn leaf(&self) -> bool {
        self.kind.is_some()
    }

    pub(super) fn aspects(&self) -> &'static [Aspect] {
        self.kind.map(|kind| kind.aspects).unwrap_or_default()
    }

    pub(super) fn variations(&self) -> bool {
        self.kind.is_some_and(|kind| kind.variations)
    }

    /// Whether goods in it must have a code: an EAN, a UPC or an ISBN.
    pub(super) fn identifier(&self) -> bool {
        self.kind.is_some_and(|kind| kind.identifier)
    }

    /// Ids of the conditions that it allows.
    pub(super) fn conditions(&self) -> &'static [&'static str] {
        self.kind.map(|kind| kind.conditions).unwrap_or_default()
    }

    fn score(&self, words: &[String]) -> usize {
        self.words
            .split(' ')
            .filter(|own| words.iter().any(|word| word == own))
            .count()
    }
}

/// The category of an id.
pub(super) fn category_by_id(id: &str) -> Option<&'static Category> {
    CATEGORIES.iter().find(|category| category.id == id)
}

/// Leaves for a title, best first; the last resort always among them.
pub(super) fn suggestions(title: &str, max: usize) -> Vec<&'static Category> {
    let letters = |sign: char| !(sign.is_alphanumeric() || sign == '-');
    let words: Vec<String> = title
        .to_lowercase()
        .split(letters)
        .map(|word| word.trim_matches('-').to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    let mut scored: Vec<(usize, &Category)> = CATEGORIES
        .iter()
        .filter(|category| category.leaf())
        .map(|category| (category.score(&words), category))
        .filter(|(score, category)| *score > 0 || category.id == FALLBACK_ID)
        .collect();
    scored.sort_by_key(|(score, _)| Reverse(*score));
    let last = scored
        .iter()
        .position(|(_, category)| category.id == FALLBACK_ID);
    if let Some(place) = last.filter(|place| *place >= max.max(1)) {
        scored.swap(max.max(1) - 1, place);
    }
    scored.truncate(max.max(1));
    scored.into_iter().map(|(_, category)| category).collect()
}

/// All categories: each branch, then its leaves. One line each reads as the table that it is.
#[rustfmt::skip]
pub(super) const CATEGORIES: &[Category] = &[
    branch("293", "Consumer Electronics"),
    leaf("293", "112529", "Headphones", &ELECTRONICS,
        "headphone headphones earphone earphones earbud earbuds headset kopfhörer"),
    leaf("293", "11071", "TVs", &ELECTRONICS, "tv television hdtv smart led lcd oled"),
    leaf("293", "79646", "TV Mounts & Brackets", &ELECTRONICS,
        "mount mounts bracket brackets tv motion tilting"),
    leaf("293", "14981", "Home Theater Systems", &ELECTRONICS,
        "theater theatre stereo system surround ch"),
    leaf("293", "14990", "Home Speakers & Subwoofers", &ELECTRONICS,
        "speaker speakers subwoofer subwoofers bookshelf loudspeaker"),
    leaf("293", "111694", "Bluetooth Speakers & Docks", &ELECTRONICS,
        "bluetooth portable speaker wireless dock"),
    leaf("293", "14970", "Home Audio Receivers", &ELECTRONICS,
        "receiver receivers amplifier amp preamp"),
    leaf("293", "32820", "Car Speakers & Speaker Systems", &ELECTRONICS,
        "car speaker speakers coaxial 6x9 tweeter"),
    leaf("293", "18795", "Car Amplifiers", &ELECTRONICS,
        "car amplifier amp channel mono subwoofer"),
    leaf("293", "156955", "GPS Units", &ELECTRONICS, "gps navigation navigator"),
    leaf("293", "67891", "Radios", &ELECTRONICS, "radio radios am fm clock alarm"),
    leaf("293", "48446", "Multipurpose Batteries", &ELECTRONICS,
        "battery batteries rechargeable aa aaa lithium"),
    leaf("293", "50602", "Surge Protectors & Power Strips", &ELECTRONICS,
        "power surge protector strip outlet ups"),
    branch("58058", "Computers/Tablets & Networking"),
    leaf("58058", "177", "PC Laptops & Netbooks", &ELECTRONICS,
        "laptop notebook chromebook netbook"),
    leaf("58058", "171485", "Tablets & eBook Readers", &ELECTRONICS, "tablet ipad kindle reader"),
    leaf("58058", "179", "PC Desktops & All-In-Ones", &ELECTRONICS, "desktop pc computer"),
    leaf("58058", "80053", "Monitors", &ELECTRONICS, "monitor monitors display"),
    leaf("58058", "33963", "Keyboards & Keypads", &ELECTRONICS, "keyboard keyboards keypad"),
    leaf("58058", "23160", "Mice, Trackballs & Touchpads", &ELECTRONICS,
        "mouse mice trackball touchpad"),
    leaf("58058", "56083", "Internal Hard Disk Drives", &ELECTRONICS,
        "hard drive disk hdd internal"),
    leaf("58058", "175669", "Solid State Drives", &ELECTRONICS, "ssd solid state drive nvme"),
    leaf("58058", "51071", "USB Flash Drives", &ELECTRONICS, "usb flash drive stick"),
    leaf("58058", "170083", "Memory (RAM)", &ELECTRONICS, "ram memory ddr3 ddr4 ddr5 dimm"),
    leaf("58058", "44995", "Wireless Routers", &ELECTRONICS,
        "router routers wifi wi-fi mesh modem"),
    leaf("58058", "1245", "Printers", &ELECTRONICS, "printer printers inkjet laser"),
    leaf("58058", "31491", "Computer Power Supplies & Chargers", &ELECTRONICS,
        "charger adapter laptop supply"),
    leaf("58058", "182094", "Audio & Video Cables", &ELECTRONICS,
        "cable cables cord hdmi displayport adapter"),
    branch("15032", "Cell Phones & Accessories"),
    leaf("15032", "9355", "Cell Phones & Smartphones", &PHONE,
        "smartphone phone unlocked android iphone"),
    leaf("15032", "20349", "Cases, Covers & Skins", &ACCESSORY,
        "case cases cover covers skin iphone galaxy"),
    leaf("15032", "123417", "Chargers & Docks", &ELECTRONICS, "charger chargers charging dock qi"),
    leaf("15032", "58540", "Screen Protectors", &ACCESSORY, "screen protector protectors glass"),
    branch("625", "Cameras & Photo"),
    leaf("625", "31388", "Digital Cameras", &ELECTRONICS, "camera cameras digital dslr mirrorless"),
    leaf("625", "11724", "Camcorders", &ELECTRONICS, "camcorder camcorders video action cam"),
    leaf("625", "3323", "Camera Lenses", &ELECTRONICS, "lens lenses zoom telephoto"),
    leaf("625", "30093", "Tripods & Monopods", &ELECTRONICS, "tripod tripods monopod"),
    leaf("625", "48638", "Security Cameras", &ELECTRONICS, "security surveillance camera doorbell"),
    leaf("625", "18871", "Memory Cards", &ELECTRONICS, "memory card cards sd microsd sdhc sdxc"),
    branch("1249", "Video Games & Consoles"),
    leaf("1249", "139973", "Video Games", &GAME, "game games playstation xbox nintendo switch"),
    leaf("1249", "139971", "Video Game Consoles", &ELECTRONICS,
        "console consoles playstation xbox"),
    leaf("1249", "117042", "Controllers & Attachments", &ELECTRONICS,
        "controller controllers gamepad joystick"),
    branch("11450", "Clothing, Shoes & Accessories"),
    leaf("11450", "15687", "T-Shirts", &CLOTHING, "t-shirt tshirt tee tees t-shirts"),
    leaf("11450", "57990", "Casual Button-Down Shirts", &CLOTHING,
        "shirt shirts button flannel chequered"),
    leaf("11450", "155183", "Hoodies & Sweatshirts", &CLOTHING,
        "hoodie hoodies sweatshirt sweatshirts"),
    leaf("11450", "11484", "Sweaters", &CLOTHING, "sweater sweaters cardigan pullover"),
    leaf("11450", "53159", "Women's Tops", &CLOTHING, "top tops blouse camisole tank varsity"),
    leaf("11450", "63861", "Dresses", &CLOTHING, "dress dresses gown"),
    leaf("11450", "11483", "Jeans", &CLOTHING, "jeans denim"),
    leaf("11450", "57989", "Pants", &CLOTHING, "pants trousers chino chinos leggings"),
    leaf("11450", "57988", "Coats, Jackets & Vests", &CLOTHING,
        "jacket jackets coat coats vest parka bomber"),
    leaf("11450", "15709", "Athletic Shoes", &CLOTHING, "shoes sneakers shoe trainers running"),
    leaf("11450", "52365", "Hats", &CLOTHING, "hat hats cap caps beanie"),
    leaf("11450", "2993", "Belts", &CLOTHING, "belt belts"),
    leaf("11450", "45238", "Scarves & Wraps", &CLOTHING, "scarf scarves wrap shawl"),
    leaf("11450", "169291", "Handbags", &ACCESSORY, "bag bags handbag purse tote clutch"),
    leaf("11450", "79720", "Sunglasses", &ACCESSORY, "sunglasses shades"),
    leaf("11450", "2996", "Wallets", &ACCESSORY, "wallet wallets"),
    leaf("11450", "11511", "Socks", &CLOTHING, "socks sock"),
    branch("281", "Jewelry & Watches"),
    leaf("281", "31387", "Wristwatches", &ACCESSORY, "watch watches wristwatch smartwatch"),
    leaf("281", "261993", "Necklaces & Pendants", &ACCESSORY, "necklace necklaces pendant chain"),
    leaf("281", "261988", "Bracelets & Charms", &ACCESSORY, "bracelet bracelets bangle charm"),
    leaf("281", "261990", "Earrings", &ACCESSORY, "earring earrings studs"),
    branch("11233", "Music"),
    leaf("11233", "176984", "CDs", &MEDIA, "cd cds album soundtrack single"),
    leaf("11233", "176985", "Vinyl Records", &MEDIA, "vinyl lp record records"),
    leaf("11233", "180009", "Guitars", &ACCESSORY, "guitar guitars acoustic ukulele"),
    branch("267", "Books, Movies & Music"),
    leaf("267", "261186", "Books", &BOOK, "book books paperback hardcover novel"),
    leaf("267", "617", "DVDs & Blu-ray Discs", &MEDIA, "dvd blu-ray bluray movie"),
    branch("11700", "Home & Garden"),
    leaf("11700", "41511", "Posters & Prints", &HOME,
        "poster posters print prints canvas art wall"),
    leaf("11700", "112581", "Lamps", &HOME, "lamp lamps light lantern"),
    leaf("11700", "46782", "Candles", &HOME, "candle candles scented"),
    leaf("11700", "20696", "Mugs", &HOME, "mug mugs cup"),
    leaf("11700", "20445", "Bedding Sets", &HOME, "bedding sheets duvet pillow blanket quilt"),
    leaf("11700", "45510", "Rugs & Carpets", &HOME, "rug rugs carpet mat"),
    leaf("11700", "38172", "Outdoor Furniture", &HOME, "chair table bench furniture deck garden"),
    leaf("11700", "20518", "Vases", &HOME, "vase vases pot planter"),
    leaf("11700", "20667", "Small Kitchen Appliances", &HOME,
        "blender toaster kettle coffee mixer kitchen"),
    leaf("11700", "122928", "Power Tools", &HOME, "drill saw sander tool tools"),
    branch("220", "Toys & Hobbies"),
    leaf("220", "183446", "Building Toys", &HOME, "lego blocks brick building"),
    leaf("220", "2617", "Games", &HOME, "board puzzle puzzles dice cards"),
    leaf("220", "19006", "Stuffed Animals", &HOME, "plush teddy bear doll"),
    leaf("220", "261328", "Trading Card Singles", &CARD,
        "trading card pokemon tcg rookie graded foil"),
    branch("888", "Sporting Goods"),
    leaf("888", "15273", "Fitness Equipment", &HOME, "dumbbell yoga fitness gym weights"),
    leaf("888", "181383", "Camping Equipment", &HOME, "tent camping sleeping backpack hiking"),
    leaf("888", "7294", "Cycling", &HOME, "bike bicycle cycling helmet"),
    branch("99", "Everything Else"),
    leaf("99", "88433", "Other", &OTHER, ""),
];
