//! What buyers read of a listing, out of its item, offer and group.

use barrow_model::{
    Attributes, CategoryId, Dimensions, Length, LengthUnit, ObservedDetails, ObservedFamily,
    OptionValue, Settings, Weight, WeightUnit,
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::rules::condition_code;
use super::terms;
use crate::config::{
    FULFILLMENT_POLICY_ID, MERCHANT_LOCATION_KEY, PAYMENT_POLICY_ID, RETURN_POLICY_ID, SiteFacts,
};

/// What an item, its offer of a site and the group that shows it tell buyers; none where nobody has
/// given it a title, or where it is in a condition that Barrow has no word for.
pub fn details(
    site: &SiteFacts,
    item: &Value,
    offer: &Value,
    group: Option<(&str, &Value)>,
) -> Option<ObservedDetails> {
    let product = &item["product"];
    let shown = group.map(|(_, group)| group);
    let of_group = |name: &str| shown.and_then(|group| text(&group[name]));
    let title = of_group("title").or_else(|| text(&product["title"]))?;
    let condition = match item["condition"].as_str() {
        Some(word) => Some(condition_code(word)?),
        None => None,
    };
    let description = text(&offer["listingDescription"])
        .or_else(|| of_group("description"))
        .or_else(|| text(&product["description"]));
    let axes = shown.map(axes).unwrap_or_default();
    let mut attributes = aspects(&product["aspects"]);
    for (name, values) in shown.iter().flat_map(|group| aspects(&group["aspects"])) {
        attributes.entry(name).or_insert(values);
    }
    attributes.extend(terms::observed(item, offer));
    let first = |attributes: &Attributes, name: &str| {
        attributes
            .get(name)
            .and_then(|values| values.first())
            .cloned()
    };
    let options = axes.iter().filter_map(|axis| {
        Some(OptionValue {
            name: axis.clone(),
            value: first(&attributes, axis)?,
        })
    });
    let options: Vec<OptionValue> = options.collect();
    let told = |value: Option<String>| value.filter(|value| value != site.does_not_apply);
    let brand = text(&product["brand"]).or_else(|| first(&attributes, site.brand));
    let mpn = text(&product["mpn"]).or_else(|| first(&attributes, site.part_number));
    let own = [site.brand, site.part_number];
    attributes.retain(|name, _| !own.contains(&name.as_str()) && !axes.contains(name));
    let own = texts(&product["imageUrls"]);
    let family = group.map(|(key, group)| ObservedFamily {
        key: key.to_owned(),
        shared: aspects(&group["aspects"]).into_keys().collect(),
        images: texts(&group["imageUrls"]),
    });
    let of_family = family.as_ref().map(|family| family.images.clone());
    Some(ObservedDetails {
        title,
        description: description.unwrap_or_default(),
        brand: told(brand),
        mpn: told(mpn),
        condition,
        category: text(&offer["categoryId"]).map(CategoryId),
        attributes,
        options,
        images: if own.is_empty() {
            of_family.unwrap_or_default()
        } else {
            own
        },
        weight: weight(&item["packageWeightAndSize"]["weight"]),
        dimensions: dimensions(&item["packageWeightAndSize"]["dimensions"]),
        settings: settings(offer),
        family,
    })
}

/// What an offer has of the settings that accounts set for their listings (ebay.md §6.4).
fn settings(offer: &Value) -> Settings {
    let policies = &offer["listingPolicies"];
    let own = [
        (FULFILLMENT_POLICY_ID, &policies["fulfillmentPolicyId"]),
        (PAYMENT_POLICY_ID, &policies["paymentPolicyId"]),
        (RETURN_POLICY_ID, &policies["returnPolicyId"]),
        (MERCHANT_LOCATION_KEY, &offer["merchantLocationKey"]),
    ];
    let told = own
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), text(value)?)));
    told.collect()
}

fn text(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(text).collect()
}

fn aspects(value: &Value) -> Attributes {
    let named = value.as_object().into_iter().flatten();
    let told = named.map(|(name, values)| (name.clone(), texts(values)));
    told.filter(|(_, values)| !values.is_empty()).collect()
}

/// Names of the aspects that tell the variations of a group apart.
fn axes(group: &Value) -> Vec<String> {
    let list = group["variesBy"]["specifications"].as_array();
    let list = list.map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|axis| text(&axis["name"])).collect()
}

/// eBay writes weights and lengths as numbers (ebay.md §6.2).
fn number(value: &Value) -> Option<Decimal> {
    value.as_number()?.to_string().parse().ok()
}

fn weight(value: &Value) -> Option<Weight> {
    let unit = match value["unit"].as_str()? {
        "GRAM" => WeightUnit::Gram,
        "KILOGRAM" => WeightUnit::Kilogram,
        "OUNCE" => WeightUnit::Ounce,
        "POUND" => WeightUnit::Pound,
        _ => return None,
    };
    Weight::new(number(&value["value"])?.normalize(), unit).ok()
}

fn dimensions(value: &Value) -> Option<Dimensions> {
    let unit = match value["unit"].as_str()? {
        "CENTIMETER" => LengthUnit::Centimetre,
        "METER" => LengthUnit::Metre,
        "INCH" => LengthUnit::Inch,
        "FEET" => LengthUnit::Foot,
        _ => return None,
    };
    let side = |name: &str| Length::new(number(&value[name])?.normalize(), unit).ok();
    Some(Dimensions {
        length: side("length")?,
        width: side("width")?,
        height: side("height")?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::details;
    use crate::config::site_facts;

    #[test]
    fn a_variation_is_read_with_what_its_group_says_of_all() {
        let site = barrow_model::Site("EBAY_US".to_owned());
        let item = json!({
            "condition": "NEW",
            "packageWeightAndSize": {
                "weight": { "value": 1.5, "unit": "POUND" },
                "dimensions": { "length": 10.0, "width": 5, "height": 3, "unit": "INCH" },
            },
            "product": {
                "aspects": { "Color": ["Red"], "MPN": ["Does not apply"], "Sleeve": ["Short"] },
                "brand": "Acme", "mpn": "Does not apply",
                "imageUrls": ["https://i.example/red.jpg"],
            },
        });
        let group = json!({
            "title": "Shirt", "description": "<p>A shirt.</p>",
            "imageUrls": ["https://i.example/all.jpg"],
            "aspects": { "Brand": ["Acme"], "Material": ["Cotton"] },
            "variesBy": { "specifications": [{ "name": "Color", "values": ["Red", "Blue"] }] },
        });
        let offer = json!({ "categoryId": "15687" });
        let facts = site_facts(&site).unwrap();
        let seen = details(facts, &item, &offer, Some(("SHIRT", &group))).unwrap();
        assert_eq!((seen.title.as_str(), seen.mpn), ("Shirt", None));
        assert_eq!(seen.options[0].value, "Red");
        let names: Vec<&str> = seen.attributes.keys().map(String::as_str).collect();
        assert_eq!(names, ["Material", "Sleeve"]);
        assert_eq!(seen.images, ["https://i.example/red.jpg"]);
        let family = seen.family.clone().unwrap();
        assert_eq!(family.shared, ["Brand", "Material"]);
        let weight = seen.weight.unwrap();
        assert_eq!(weight.value().to_string(), "1.5");
        assert!(seen.dimensions.is_some());
        let mut other = item.clone();
        other["product"]["title"] = json!("Shirt, red");
        let again = details(facts, &other, &offer, Some(("SHIRT", &group)));
        assert_eq!(again.unwrap().title, "Shirt", "buyers read the group's");
        other["condition"] = json!("SOMETHING_NEW");
        let unknown = details(facts, &other, &offer, Some(("SHIRT", &group)));
        assert!(unknown.is_none(), "it is not taken for new");
    }
}
