//! SKUs for rows that have none: the same row gets the same one in every import.

use barrow_model::Sku;
use sha2::{Digest, Sha256};

/// Characters of a derived SKU at most; eBay and Walmart take 50, Amazon 40, of which listings
/// may need some.
const CHARS_MAX: usize = 50;
const HASH_CHARS: usize = 6;

/// A SKU from the parts that make a row unique, such as a handle and its options' values.
pub(crate) fn derived_sku(parts: &[&str]) -> Option<Sku> {
    let mut slug = String::new();
    let mut lossy = false;
    for part in parts {
        lossy |= append(&mut slug, part);
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() && parts.iter().all(|part| part.trim().is_empty()) {
        return None;
    }
    let too_long = slug.chars().count() > CHARS_MAX;
    // What was cut or replaced would make different rows the same; the hash keeps them apart.
    if !lossy && !too_long && !slug.is_empty() {
        return Sku::new(slug).ok();
    }
    let kept: String = slug.chars().take(CHARS_MAX - HASH_CHARS - 1).collect();
    let kept = kept.trim_end_matches('-');
    let hash = hash_of(parts);
    let sku = if kept.is_empty() {
        hash
    } else {
        format!("{kept}-{hash}")
    };
    Sku::new(sku).ok()
}

/// Appends a part in small letters; tells whether characters were lost.
fn append(slug: &mut String, part: &str) -> bool {
    let mut lossy = false;
    let mut gap = !slug.is_empty();
    for c in part.trim().chars() {
        if c.is_alphanumeric() || c == '.' || c == '_' {
            if gap && !slug.is_empty() {
                slug.push('-');
            }
            gap = false;
            slug.extend(c.to_lowercase());
        } else {
            lossy |= !c.is_whitespace() && c != '-';
            gap = true;
        }
    }
    lossy
}

fn hash_of(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.trim().to_lowercase().as_bytes());
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    let hex: String = digest.iter().take(4).map(|b| format!("{b:02x}")).collect();
    hex.chars().take(HASH_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::derived_sku;

    #[test]
    fn derived_skus_are_readable_stable_and_distinct() {
        let check = |parts: &[&str], expected: Option<&str>| {
            let found = derived_sku(parts);
            assert_eq!(
                found.as_ref().map(|sku| sku.as_str()),
                expected,
                "{parts:?}"
            );
        };
        check(&["ocean-blue-shirt"], Some("ocean-blue-shirt"));
        check(
            &["classic-varsity-top", "Small"],
            Some("classic-varsity-top-small"),
        );
        check(&["shoe", "10.5", "Hellgrün"], Some("shoe-10.5-hellgrün"));
        check(&["棉質上衣", "紅"], Some("棉質上衣-紅"));
        check(&["", " "], None);
        let slash = derived_sku(&["tee", "S/M"]).expect("a SKU");
        let plus = derived_sku(&["tee", "S+M"]).expect("a SKU");
        assert!(slash.as_str().starts_with("tee-s-m-"));
        assert_ne!(slash, plus);
        let long = derived_sku(&[&"long ".repeat(30), "Red"]).expect("a SKU");
        assert_eq!(long.as_str().chars().count(), 50);
        assert_ne!(Some(long), derived_sku(&[&"long ".repeat(30), "Blue"]));
        assert!(derived_sku(&["!!!"]).is_some());
    }
}
