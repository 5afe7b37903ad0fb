//! What single cells mean: barcode numbers, conditions, measures, pictures.

use barrow_model::{
    CellIssueKind, Condition, Gtin, GtinError, ImageSource, Length, LengthUnit, MeasureError, Sku,
    Weight, WeightUnit,
};
use rust_decimal::Decimal;

use crate::columns::{split_escaped, split_list, unescape};
use crate::number::{NumberFormat, parse_number};

/// A barcode number, and whether it had to be repaired.
pub(crate) fn parse_gtin(text: &str) -> Result<Option<(Gtin, bool)>, CellIssueKind> {
    // Shopify writes an apostrophe before numbers, so that spreadsheets leave them alone.
    let text = text.trim_start_matches('\'').trim();
    if says_none(text) {
        return Ok(None);
    }
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let error = match Gtin::parse(whole) {
        Ok(gtin) => return Ok(Some((gtin, whole.len() != text.len()))),
        Err(error) => error,
    };
    if whole.len() == 11
        && whole.bytes().all(|b| b.is_ascii_digit())
        && let Ok(gtin) = Gtin::parse(&format!("0{whole}"))
    {
        return Ok(Some((gtin, true)));
    }
    Err(match error {
        GtinError::Rounded => CellIssueKind::GtinRounded,
        GtinError::CheckDigit { expected, .. } => CellIssueKind::GtinCheckDigit { expected },
        GtinError::NotDigits | GtinError::Length(_) => CellIssueKind::GtinInvalid,
    })
}

/// What sellers write where there is no barcode number.
fn says_none(text: &str) -> bool {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    const WORDS: [&str; 9] = [
        "",
        "-",
        "n/a",
        "na",
        "none",
        "null",
        "does not apply",
        "exempt",
        "no barcode",
    ];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

const CONDITIONS: &[(&str, Condition)] = &[
    ("brandnew", Condition::New),
    ("newwithtags", Condition::New),
    ("newwithbox", Condition::New),
    ("neu", Condition::New),
    ("novo", Condition::New),
    ("nova", Condition::New),
    ("neuf", Condition::New),
    ("nuevo", Condition::New),
    ("全新", Condition::New),
    ("openbox", Condition::NewOther),
    ("newopenbox", Condition::NewOther),
    ("newwithoutbox", Condition::NewOther),
    ("newwithouttags", Condition::NewOther),
    ("refurbished", Condition::SellerRefurbished),
    ("renewed", Condition::SellerRefurbished),
    ("manufacturerrefurbished", Condition::CertifiedRefurbished),
    ("generalüberholt", Condition::SellerRefurbished),
    ("recondicionado", Condition::SellerRefurbished),
    ("reacondicionado", Condition::SellerRefurbished),
    ("reconditionné", Condition::SellerRefurbished),
    ("整新", Condition::SellerRefurbished),
    ("usedlikenew", Condition::LikeNew),
    ("usedverygood", Condition::VeryGood),
    ("usedgood", Condition::Good),
    ("usedacceptable", Condition::Acceptable),
    ("used", Condition::Good),
    ("preowned", Condition::Good),
    ("gebraucht", Condition::Good),
    ("usado", Condition::Good),
    ("usada", Condition::Good),
    ("occasion", Condition::Good),
    ("二手", Condition::Good),
    ("fair", Condition::Acceptable),
    ("forpartsornotworking", Condition::ForParts),
    ("notworking", Condition::ForParts),
    ("defekt", Condition::ForParts),
];

/// A condition by its code, as marketplaces call it, or in one of the languages of headers.
pub(crate) fn parse_condition(text: &str) -> Result<Condition, CellIssueKind> {
    if let Some(condition) = Condition::from_code(text) {
        return Ok(condition);
    }
    let word: String = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let by_code = Condition::ALL
        .into_iter()
        .find(|condition| condition.code().replace('_', "") == word);
    by_code
        .or_else(|| {
            let known = CONDITIONS.iter().find(|(name, _)| *name == word);
            known.map(|(_, condition)| *condition)
        })
        .ok_or(CellIssueKind::ConditionUnknown)
}

/// The unit of a name as people write it.
pub(crate) fn weight_unit(name: &str) -> Option<WeightUnit> {
    match name {
        "lb" => return Some(WeightUnit::Pound),
        "kg" => return Some(WeightUnit::Kilogram),
        _ => {}
    }
    match name.trim_end_matches('.').to_lowercase().as_str() {
        "g" | "gr" | "gm" | "gram" | "grams" | "gramm" | "grama" | "gramas" | "gramme"
        | "grammes" | "gramo" | "gramos" | "克" | "公克" => Some(WeightUnit::Gram),
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" | "kilogramm" | "公斤" => {
            Some(WeightUnit::Kilogram)
        }
        "oz" | "ozs" | "ounce" | "ounces" => Some(WeightUnit::Ounce),
        "lb" | "lbs" | "pound" | "pounds" | "#" => Some(WeightUnit::Pound),
        _ => None,
    }
}

/// A unit of length and by how much numbers in it are divided: a millimetre is a tenth of a
/// centimetre.
pub(crate) fn length_unit(name: &str) -> Option<(LengthUnit, i64)> {
    match name.trim_end_matches('.').to_lowercase().as_str() {
        "mm" | "millimeter" | "millimeters" | "millimetre" | "millimetres" | "毫米" | "公釐" => {
            Some((LengthUnit::Centimetre, 10))
        }
        "cm" | "centimeter" | "centimeters" | "centimetre" | "centimetres" | "公分" | "厘米" => {
            Some((LengthUnit::Centimetre, 1))
        }
        "m" | "meter" | "meters" | "metre" | "metres" | "公尺" => Some((LengthUnit::Metre, 1)),
        "in" | "inch" | "inches" | "\"" | "″" | "”" | "zoll" | "polegadas" | "英吋" => {
            Some((LengthUnit::Inch, 1))
        }
        "ft" | "foot" | "feet" | "'" | "′" => Some((LengthUnit::Foot, 1)),
        _ => None,
    }
}

/// Splits `10.7 pounds` into its number and its unit, which may be empty.
fn split_unit(text: &str, format: NumberFormat) -> Result<(Decimal, &str), CellIssueKind> {
    let end = text
        .rfind(|c: char| c.is_ascii_digit())
        .map_or(0, |at| at + 1);
    let number = parse_number(&text[..end], format).ok_or(CellIssueKind::MeasureInvalid)?;
    Ok((number.to_decimal(), text[end..].trim()))
}

fn measure_issue(error: MeasureError) -> CellIssueKind {
    match error {
        MeasureError::Negative => CellIssueKind::Negative,
        MeasureError::TooLarge => CellIssueKind::MeasureInvalid,
    }
}

/// A weight; a number without unit is in `unit`.
pub(crate) fn parse_weight(
    text: &str,
    unit: WeightUnit,
    format: NumberFormat,
) -> Result<Weight, CellIssueKind> {
    let (number, name) = split_unit(text, format)?;
    let unit = match name {
        "" => unit,
        name => weight_unit(name).ok_or(CellIssueKind::MeasureInvalid)?,
    };
    Weight::new(number, unit).map_err(measure_issue)
}

/// A length; a number without unit is in `unit`.
pub(crate) fn parse_length(
    text: &str,
    unit: (LengthUnit, i64),
    format: NumberFormat,
) -> Result<Length, CellIssueKind> {
    let (number, name) = split_unit(text, format)?;
    let (unit, parts) = match name {
        "" => unit,
        name => length_unit(name).ok_or(CellIssueKind::MeasureInvalid)?,
    };
    Length::new(number / Decimal::from(parts), unit).map_err(measure_issue)
}

/// Pictures, separated by `|`, line breaks, or blanks and commas before the next address.
pub(crate) fn parse_images(text: &str) -> Result<Vec<ImageSource>, CellIssueKind> {
    let mut images = Vec::new();
    for piece in split_escaped(text, &['|', '\n', '\r']) {
        let piece = unescape(piece.trim(), &['|']);
        for address in split_addresses(&piece) {
            let image = parse_image(address)?;
            if !images.contains(&image) {
                images.push(image);
            }
        }
    }
    Ok(images)
}

/// Splits before each further `http`, where a comma, semicolon or blank separates.
fn split_addresses(text: &str) -> Vec<&str> {
    let separates = |c: char| c == ',' || c == ';' || c.is_whitespace();
    let mut addresses = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(offset) = rest[from..].find("http") {
        let at = from + offset;
        let before = rest[..at].trim_end_matches(separates);
        let begins = ["http://", "https://"]
            .iter()
            .any(|scheme| rest[at..].starts_with(scheme));
        if begins && before.len() < at {
            if !before.is_empty() {
                addresses.push(before.trim());
            }
            rest = &rest[at..];
            from = 4;
        } else {
            from = at + 4;
        }
    }
    let last = rest.trim_matches(separates);
    if !last.is_empty() {
        addresses.push(last);
    }
    addresses
}

fn parse_image(text: &str) -> Result<ImageSource, CellIssueKind> {
    let lower = text.to_ascii_lowercase();
    let host = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    if let Some(host) = host {
        let valid = host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
            && !text.contains(|c: char| c.is_whitespace() || c.is_control());
        return if valid {
            Ok(ImageSource::Url(text.to_owned()))
        } else {
            Err(CellIssueKind::ImageInvalid)
        };
    }
    const ENDINGS: [&str; 10] = [
        ".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".heic",
    ];
    let is_file = !lower.contains("://")
        && !text.contains(char::is_control)
        && ENDINGS.iter().any(|ending| lower.ends_with(ending));
    if is_file {
        return Ok(ImageSource::File(text.to_owned()));
    }
    Err(CellIssueKind::ImageInvalid)
}

/// A category path, outermost first, separated by `>`.
pub(crate) fn parse_category(text: &str) -> Vec<String> {
    split_list(text, &['>'])
}

/// Tags, separated by `|`, commas or semicolons; each once.
pub(crate) fn parse_tags(text: &str) -> Vec<String> {
    let mut tags = Vec::new();
    for tag in split_list(text, &['|', ',', ';']) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// Parts of a kit: `SKU:units` with semicolons between; one unit where none is said.
pub(crate) fn parse_parts(text: &str) -> Result<Vec<(Sku, u32)>, CellIssueKind> {
    let mut parts = Vec::new();
    for piece in split_escaped(text, &[';']) {
        if piece.trim().is_empty() {
            continue;
        }
        let halves = split_escaped(piece, &[':']);
        let (name, units) = match halves.as_slice() {
            [name] => (*name, "1"),
            [name, units] => (*name, units.trim()),
            _ => return Err(CellIssueKind::SkuInvalid),
        };
        let sku =
            Sku::new(unescape(name.trim(), &[':', ';'])).map_err(|_| CellIssueKind::SkuInvalid)?;
        let units = units.parse().map_err(|_| CellIssueKind::NotWhole)?;
        if units == 0 {
            return Err(CellIssueKind::NotWhole);
        }
        parts.push((sku, units));
    }
    Ok(parts)
}
