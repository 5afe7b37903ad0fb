//! What a marketplace calls aspects and their values: those of brand and part number are told in
//! the words of the country everywhere, all of them in German where German is spoken.

use super::site::Site;

/// German for names of aspects.
const GERMAN_NAMES: &[(&str, &str)] = &[
    ("Artist", "Künstler"),
    ("Author", "Autor"),
    ("Book Title", "Buchtitel"),
    ("Brand", "Marke"),
    ("Color", "Farbe"),
    ("Connectivity", "Konnektivität"),
    ("Department", "Abteilung"),
    ("Features", "Besonderheiten"),
    ("Game Name", "Spielname"),
    ("Language", "Sprache"),
    ("MPN", "Herstellernummer"),
    ("Model", "Modell"),
    ("Number of Items", "Anzahl der Artikel"),
    ("Platform", "Plattform"),
    ("Release Title", "Titel"),
    ("Release Year", "Erscheinungsjahr"),
    ("Size", "Größe"),
    ("Size Type", "Größentyp"),
    ("Storage Capacity", "Speicherkapazität"),
    ("Style", "Stil"),
    ("Type", "Produktart"),
];

/// German for values of aspects.
const GERMAN_VALUES: &[(&str, &str)] = &[
    ("Black", "Schwarz"),
    ("Blue", "Blau"),
    ("Boys", "Jungen"),
    ("Brown", "Braun"),
    ("Clear", "Transparent"),
    ("Cotton", "Baumwolle"),
    ("Does Not Apply", "Nicht zutreffend"),
    ("English", "Englisch"),
    ("French", "Französisch"),
    ("German", "Deutsch"),
    ("Girls", "Mädchen"),
    ("Gray", "Grau"),
    ("Green", "Grün"),
    ("Hardcover", "Gebundene Ausgabe"),
    ("Leather", "Leder"),
    ("Men", "Herren"),
    ("Multicolor", "Mehrfarbig"),
    ("One Size", "Einheitsgröße"),
    ("Paperback", "Taschenbuch"),
    ("Pink", "Rosa"),
    ("Purple", "Lila"),
    ("Red", "Rot"),
    ("Silver", "Silber"),
    ("Spanish", "Spanisch"),
    ("Unbranded", "Markenlos"),
    ("Unisex Adults", "Unisex Erwachsene"),
    ("Unisex Kids", "Unisex Kinder"),
    ("White", "Weiß"),
    ("Wired", "Kabelgebunden"),
    ("Wired & Wireless", "Kabelgebunden & Kabellos"),
    ("Wireless", "Kabellos"),
    ("Women", "Damen"),
    ("Wood", "Holz"),
    ("Yellow", "Gelb"),
];

fn language(site: &Site) -> &str {
    let locale = site.locales.first().copied().unwrap_or_default();
    locale.split('-').next().unwrap_or_default()
}

fn german<'a>(words: &[(&str, &'static str)], word: &'a str) -> &'a str {
    let known = words.iter().find(|(english, _)| *english == word);
    known.map_or(word, |(_, german)| german)
}

/// What a marketplace calls an aspect.
pub(super) fn aspect_name<'a>(site: &Site, name: &'a str) -> &'a str {
    match (name, language(site)) {
        (_, "de") => german(GERMAN_NAMES, name),
        ("Brand", "fr") => "Marque",
        ("Brand", "it" | "es") => "Marca",
        ("Brand", "nl") => "Merk",
        ("Brand", "pl") => "Marka",
        ("Brand", "zh") => "品牌",
        ("MPN", "fr") => "Numéro de pièce fabricant",
        _ => name,
    }
}

/// What a marketplace calls a value of an aspect.
pub(super) fn aspect_value<'a>(site: &Site, value: &'a str) -> &'a str {
    match language(site) {
        "de" => german(GERMAN_VALUES, value),
        _ => value,
    }
}

/// The identifier that a marketplace asks for first, and its words for goods that have none
/// (ebay.md §6.2).
pub(super) fn identifier(site: &Site) -> &'static str {
    match site.country {
        "US" | "CA" | "AU" | "HK" | "SG" | "MY" | "PH" => "UPC",
        _ => "EAN",
    }
}
