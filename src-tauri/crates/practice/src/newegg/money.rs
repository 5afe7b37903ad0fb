//! Amounts as Newegg reads and writes them: text of at most two decimals.

use serde_json::{Number, Value};

/// The highest price that is taken, in cents (newegg.md §5.1).
pub(super) const PRICE_MAX: i64 = 9_999_900;

/// Reads digits with at most two decimals as cents; none where the text is no such amount.
pub(super) fn cents(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let plain = !whole.is_empty() && digits(whole) && digits(decimals);
    if !plain || decimals.len() > 2 || text.ends_with('.') {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let decimals: i64 = format!("{decimals:0<2}").parse().ok()?;
    whole.checked_mul(100)?.checked_add(decimals)
}

/// Returns cents as text, such as `19.90`.
pub(super) fn text(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let whole = cents.unsigned_abs();
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}

/// Returns cents as a JSON number, such as 19.9.
pub(super) fn number(cents: i64) -> Value {
    if cents % 100 == 0 {
        return Value::from(cents / 100);
    }
    // The text of an amount is always a JSON number.
    text(cents)
        .parse::<Number>()
        .map(Value::Number)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{cents, text};

    #[test]
    fn amounts_are_read_to_the_cent_or_not_at_all() {
        let check = |text: &str, expected| assert_eq!(cents(text), expected, "{text}");
        check("19.99", Some(1999));
        check("20", Some(2000));
        check("0.5", Some(50));
        check("1.999", None);
        check("-1", None);
        check("1e3", None);
        check("5.", None);
        check("", None);
        assert_eq!(text(-5), "-0.05");
    }
}
