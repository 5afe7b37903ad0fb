//! A catalogue goes up to eBay, is changed there, and comes back into an empty Barrow as it was:
//! equal in everything that eBay gives back.

use std::collections::BTreeMap;
use std::path::PathBuf;

use barrow_engine::{Stop, Told, Unmatched};
use barrow_intake::{Form, Options, open};
use barrow_model::{
    Attributes, CategoryId, Condition, Currency, Gtin, ImageSource, Money, Origin, ProblemKind,
    Row, RowImages, Settings, Sku,
};
use barrow_store::{Item, ProductDetail, Value};
use barrow_tests::goods::barcode;
use barrow_tests::rig::RigOptions;
use barrow_tests::shop::{EBAY, Shop, site};

/// Every how many variants are changed after they went up, each in another way.
const CHANGED_OF: usize = 5;
/// Longest title that eBay takes (ebay.md §6.2).
const TITLE_CHARS_MAX: usize = 80;
/// What the account that finds the listings has for its own; none of them has it.
const OTHER_POLICY: &str = "4711";

fn catalogue(name: &str) -> Option<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/catalogues");
    let path = PathBuf::from(folder).join(name);
    if !path.exists() {
        eprintln!("{name} is not beside the checkout; nothing was checked");
        return None;
    }
    Some(path)
}

/// The rows of a file, completed with what eBay demands and the file has not.
fn rows(name: &str, first_barcode: u64) -> Option<Vec<Row>> {
    let options = Options {
        form: Form::GUESSED,
        mapping: Vec::new(),
        defaults: Vec::new(),
        currency: Currency::USD,
    };
    let mut import = open(&catalogue(name)?, &options).expect("it can be opened");
    let batch = import.next_batch(10_000).expect("it can be read");
    let mut rows = batch.expect("it has rows").rows;
    for (number, row) in rows.iter_mut().enumerate() {
        let number = number as u64;
        if row.sku.is_none() {
            continue;
        }
        row.gtin = Gtin::parse(&barcode(first_barcode + number)).ok();
        row.condition = Some(Condition::New);
        row.title = row.title.as_deref().map(within_title);
        terms(number, row);
        row.quantity = Some(3 + i64::try_from(number % 9).expect("small"));
        row.price = row.price.or(Some(Money::new(1_990, Currency::USD)));
        row.brand = row.brand.clone().or_else(|| Some("Alder".to_owned()));
        let described = || Some("Described by the test.".to_owned());
        row.description = row.description.clone().or_else(described);
        if row.images == RowImages::default() {
            let image = format!("https://images.example/{name}/{number}.jpg");
            row.images.product = vec![ImageSource::Url(image)];
        }
    }
    Some(rows)
}

/// A title that fits, cut between words.
fn within_title(title: &str) -> String {
    let mut cut = String::new();
    for word in title.split_whitespace() {
        if cut.chars().count() + 1 + word.chars().count() > TITLE_CHARS_MAX {
            break;
        }
        if !cut.is_empty() {
            cut.push(' ');
        }
        cut.push_str(word);
    }
    cut
}

/// What a seller says of some of his goods beside what his supplier tells.
fn terms(number: u64, row: &mut Row) {
    let alone = row.options.is_empty();
    let mut say = |name: &str, values: &[&str]| {
        let values = values.iter().map(|value| (*value).to_owned());
        row.attributes.insert(name.to_owned(), values.collect());
    };
    match number % 7 {
        0 if alone => {
            say("eBay: Best Offer", &["Yes"]);
            say("eBay: Best Offer accepted from", &["5.50"]);
            say("eBay: Best Offer declined up to", &["5.00"]);
        }
        1 if alone => {
            row.condition = Some(Condition::ForParts);
            let shown = "<div style=\"color: red\" class=\"note\">Sold <b>as it is</b></div>";
            row.description = Some(shown.to_owned());
            row.attributes.insert(
                "eBay: Condition description".to_owned(),
                vec!["The case is scratched; sold for parts.".to_owned()],
            );
        }
        2 => {
            say("eBay: Manufacturer", &["Alder Works"]);
            say("eBay: Manufacturer e-mail", &["hello@alder.example"]);
        }
        3 => {
            say("eBay: Store category", &["/Shop/New", "/Shop/All"]);
            say("eBay: Most per buyer", &["3"]);
        }
        4 if alone => {
            say("eBay: Lot size", &["12"]);
            say("eBay: Subtitle", &["A dozen in one box"]);
        }
        _ => {}
    }
}

/// What eBay gives back of one SKU.
#[derive(Debug, PartialEq)]
struct Seen {
    title: String,
    description: String,
    brand: Option<String>,
    attributes: Attributes,
    options: Vec<(String, String)>,
    gtin: Option<Gtin>,
    mpn: Option<String>,
    condition: Option<Condition>,
    weight: Option<String>,
    size: Option<[String; 3]>,
    price: Option<Money>,
    on_hand: i64,
    images: Vec<String>,
    category: Option<CategoryId>,
    settings: Settings,
}

/// The account's settings that an offer has.
const OF_LISTINGS: [&str; 4] = [
    "fulfillment_policy_id",
    "payment_policy_id",
    "return_policy_id",
    "merchant_location_key",
];

fn is_sent(name: &str, values: &[String]) -> bool {
    let fits = |text: &str, limit: usize| !text.is_empty() && text.chars().count() <= limit;
    name.starts_with("eBay: ") || fits(name, 40) && values.iter().any(|value| fits(value, 50))
}

fn seen(shop: &Shop, sku: &Sku) -> Seen {
    let product = shop
        .rig
        .store
        .read(|db| db.product(sku))
        .expect("it is there");
    let ProductDetail { product, items } = product;
    let variant = items.iter().find_map(|item| match item {
        Item::Variant(variant) if variant.sku == *sku => Some(variant),
        _ => None,
    });
    let variant = variant.expect("it is a variant");
    let mut attributes = product.attributes.clone();
    attributes.extend(variant.attributes.clone());
    attributes.retain(|name, values| is_sent(name, values));
    let pictures = variant.images.iter().chain(&product.images);
    let mut images: Vec<String> = Vec::new();
    for image in pictures {
        if let ImageSource::Url(url) = &image.source
            && url.starts_with("https://")
            && !images.contains(url)
        {
            images.push(url.clone());
        }
    }
    let sides = |size: barrow_model::Dimensions| {
        [size.length, size.width, size.height].map(|side| format!("{side:?}"))
    };
    let options = product.option_names.iter().cloned();
    let row = shop.listings_of(EBAY, sku).pop().expect("it is listed");
    let overrides = row.listing.overrides;
    let account = shop.account(EBAY);
    let account = shop.rig.store.read(|db| db.account(account));
    let mut settings = account.expect("it is there").settings;
    settings.retain(|key, _| OF_LISTINGS.contains(&key.as_str()));
    settings.extend(overrides.settings);
    let price = overrides.price.or(variant.price);
    Seen {
        category: overrides.category.or(row.category),
        settings,
        description: barrow_ebay::map::full_description(&product.title, &product.description),
        title: product.title,
        brand: product.brand,
        attributes,
        options: options.zip(variant.options.iter().cloned()).collect(),
        gtin: variant.gtin,
        mpn: variant.mpn.clone(),
        condition: variant.condition,
        // A weight of nothing is none.
        weight: variant
            .weight
            .filter(|weight| !weight.value().is_zero())
            .map(|weight| format!("{weight:?}")),
        size: variant.dimensions.map(sides),
        price,
        on_hand: shop.stock(sku).on_hand,
        images,
    }
}

/// Mends what was told before anything was sent, as the seller would.
fn mend(shop: &Shop, refused: &[Told]) {
    for told in refused {
        let sku = Sku::new(&told.sku).expect("a SKU");
        let product = shop.rig.store.read(|db| db.product(&sku));
        let mut attributes = product.expect("it is there").product.attributes;
        let mut values = Vec::new();
        match (told.problem.kind, told.problem.params.get("attribute")) {
            (ProblemKind::AttributeMissing, Some(name)) => {
                attributes.insert(name.clone(), vec!["Unknown".to_owned()]);
            }
            (ProblemKind::ConditionInvalid, _) => {
                attributes.remove("eBay: Condition description");
                values.push(("condition", Value::Condition(Condition::New)));
            }
            _ => continue,
        }
        values.push(("attributes", Value::Map(attributes)));
        let write = shop
            .rig
            .store
            .write(|tx| tx.set_fields(&sku, &values, None, Origin::User));
        write.expect("it can be set");
    }
}

/// Changes some of what went up: prices, numbers, texts, item specifics, what was said beside.
fn change(shop: &Shop, skus: &[Sku]) {
    for (number, sku) in skus.iter().step_by(CHANGED_OF).enumerate() {
        let text = |text: &str| Value::Text(text.to_owned());
        let values = match number % 4 {
            0 => {
                let minor = 3_000 + i64::try_from(number).expect("small");
                shop.set_price(sku, Money::new(minor, Currency::USD));
                shop.count(sku, 2);
                continue;
            }
            1 => vec![
                ("title", text("A title that was changed")),
                ("brand", text("Birch")),
            ],
            2 => vec![(
                "description",
                text("<p>It was <em>described</em> anew.</p>"),
            )],
            _ => {
                let product = shop.rig.store.read(|db| db.product(sku));
                let mut attributes = product.expect("it is there").product.attributes;
                attributes.remove("eBay: Most per buyer");
                attributes.insert("Material".to_owned(), vec!["Steel".to_owned()]);
                vec![("attributes", Value::Map(attributes))]
            }
        };
        let write = shop
            .rig
            .store
            .write(|tx| tx.set_fields(sku, &values, None, Origin::User));
        write.expect("it can be set");
    }
}

fn live_skus(shop: &Shop) -> Vec<Sku> {
    let held = shop.held(EBAY).listings.into_iter();
    let live = held.filter(|one| one.state == "live");
    live.map(|one| Sku::new(one.sku).expect("a SKU")).collect()
}

async fn goes_up_and_comes_back(
    name: &str,
    first_barcode: u64,
    (told_max, together_min): (usize, usize),
) {
    let Some(rows) = rows(name, first_barcode) else {
        return;
    };
    let named = rows.iter().filter(|row| row.sku.is_some()).count();
    let shop = Shop::open(RigOptions::quiet(21));
    shop.import_rows(&rows);
    shop.list_together(EBAY);
    let summary = shop
        .push_with(true, std::time::Duration::from_secs(86_400))
        .await;
    mend(&shop, &summary.refused);
    let summary = shop
        .push_with(true, std::time::Duration::from_secs(86_400))
        .await;
    let skus = live_skus(&shop);
    let (live, told) = (skus.len(), summary.refused.len());
    assert_eq!(live + told, named, "what is not live is told: {summary:?}");
    assert!(told <= told_max, "{:?}", summary.refused);
    change(&shop, &skus);
    let summary = shop
        .push_with(true, std::time::Duration::from_secs(86_400))
        .await;
    assert!(summary.done > 0 && summary.waiting == 0, "{summary:?}");

    let empty = shop.beside(22);
    let account = empty.account(EBAY);
    let others = [("fulfillment_policy_id".to_owned(), OTHER_POLICY.to_owned())];
    let set = empty.rig.store.write(|tx| {
        let mut settings = tx.account(account)?.settings;
        settings.extend(others);
        tx.set_account_settings(account, &settings, None)
    });
    set.expect("it can be set");
    let found = empty
        .rig
        .engine
        .adopt((account, &site(EBAY)), Unmatched::Create, &Stop::default())
        .await;
    let found = found.expect("it can be read");
    assert_eq!(
        (found.adopted, found.unmatched_count),
        (skus.len() as u64, 0),
        "{found:?}"
    );
    let mut families: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for sku in &skus {
        let (before, after) = (seen(&shop, sku), seen(&empty, sku));
        assert_eq!(after, before, "{sku}");
        let key = |shop: &Shop| {
            let row = shop.listings_of(EBAY, sku).pop().expect("it is listed");
            let binding = row.listing.binding;
            (
                binding.get("group").map(str::to_owned),
                binding.get("listing_id").map(str::to_owned),
            )
        };
        assert_eq!(key(&empty), key(&shop), "{sku}");
        *families.entry(key(&empty).0).or_default() += 1;
    }
    let together: usize = families
        .iter()
        .filter(|(key, _)| key.is_some())
        .map(|(_, count)| count)
        .sum();
    assert!(
        together >= together_min,
        "{together} are shown with others: {families:?}"
    );
    let before = empty.writes();
    let summary = empty.push().await;
    let sent = empty.writes_since(&before);
    assert_eq!(sent, [], "nothing goes back: {summary:?}");
}

#[tokio::test(start_paused = true)]
async fn electronics_come_back_from_ebay_as_they_went_up() {
    goes_up_and_comes_back("electronics.csv", 0, (0, 0)).await;
}

#[tokio::test(start_paused = true)]
async fn variations_come_back_from_ebay_as_they_went_up() {
    goes_up_and_comes_back("shopify-apparel.csv", 2_000, (0, 3)).await;
}

#[tokio::test(start_paused = true)]
async fn a_shop_of_woocommerce_comes_back_from_ebay_as_it_went_up() {
    goes_up_and_comes_back("woocommerce-products.csv", 3_000, (3, 6)).await;
}
