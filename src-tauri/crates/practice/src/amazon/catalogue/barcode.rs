//! Barcodes, all of them as 14 digits: the index of the catalogue knows no others (amazon.md §4.5).

/// Returns a barcode of a kind as 14 digits; none where it is not one.
pub(in crate::amazon) fn gtin14(kind: &str, value: &str) -> Option<String> {
    if kind == "ISBN" && value.len() == 10 {
        let payload = format!("0978{}", value.get(..9)?);
        let digits = payload.bytes().all(|c| c.is_ascii_digit());
        return digits.then(|| format!("{payload}{}", check_digit(&payload)));
    }
    let fits = match kind {
        "UPC" => value.len() == 12,
        "EAN" | "JAN" => matches!(value.len(), 8 | 12 | 13),
        "ISBN" => value.len() == 13,
        "GTIN" => matches!(value.len(), 8 | 12 | 13 | 14),
        _ => false,
    };
    if !fits || !value.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let padded = format!("{value:0>14}");
    let (payload, digit) = padded.split_at(13);
    (check_digit(payload) == digit).then(|| padded.clone())
}

/// The digit that makes the sum of all, weighted 3 and 1 from the right, end in 0.
pub(super) fn check_digit(payload: &str) -> String {
    let sum: u32 = payload
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, c)| u32::from(c.wrapping_sub(b'0')) * if index % 2 == 0 { 3 } else { 1 })
        .sum();
    ((10 - sum % 10) % 10).to_string()
}

#[cfg(test)]
mod tests {
    use super::gtin14;

    #[test]
    fn every_kind_of_barcode_becomes_fourteen_digits() {
        let check = |kind, value, expected: Option<&str>| {
            assert_eq!(gtin14(kind, value).as_deref(), expected, "{kind} {value}");
        };
        check("UPC", "012345678905", Some("00012345678905"));
        check("UPC", "012345678904", None);
        check("EAN", "4006381333931", Some("04006381333931"));
        check("GTIN", "00012345678905", Some("00012345678905"));
        check("ISBN", "0306406152", Some("09780306406157"));
        check("ISBN", "9780306406157", Some("09780306406157"));
        check("UPC", "4006381333931", None);
        check("MINSAN", "123456789", None);
    }
}
