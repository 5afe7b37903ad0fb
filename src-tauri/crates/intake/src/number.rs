//! Numbers and amounts as sellers and spreadsheets write them.

use barrow_model::{CellIssueKind, Currency, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Which mark separates decimals where a number alone does not tell: `1,234` is a thousand and
/// more in one file and one and a bit in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NumberFormat {
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

/// Digits of a number at most; more are a mistake.
const DIGITS_MAX: u32 = 18;

/// A number as it was written: `mantissa` over ten to the power of `scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) negative: bool,
    pub(crate) mantissa: i64,
    pub(crate) scale: u32,
}

impl Number {
    pub(crate) fn to_decimal(self) -> Decimal {
        let sign = if self.negative { -1 } else { 1 };
        Decimal::new(sign * self.mantissa, self.scale)
    }
}

/// What a single number tells about the format of its file; none where it could be either.
pub(crate) fn evidence(text: &str) -> Option<NumberFormat> {
    let marks = Marks::of(text.trim_matches(|c: char| !c.is_ascii_digit()));
    let format = |mark| match mark {
        '.' => NumberFormat::Point,
        _ => NumberFormat::Comma,
    };
    match (marks.points, marks.commas) {
        (0, 0) => None,
        (1.., 1..) => Some(format(marks.last)),
        (1, 0) | (0, 1) => (!marks.could_be_thousands()).then(|| format(marks.last)),
        (2.., 0) => Some(NumberFormat::Comma),
        (0, 2..) => Some(NumberFormat::Point),
    }
}

/// What separators a number has.
struct Marks {
    points: usize,
    commas: usize,
    last: char,
    before: usize,
    after: usize,
    leading_zero: bool,
}

impl Marks {
    fn of(text: &str) -> Self {
        let mut marks = Self {
            points: 0,
            commas: 0,
            last: '.',
            before: 0,
            after: 0,
            leading_zero: text.starts_with('0'),
        };
        for c in text.chars() {
            match c {
                '.' | ',' => {
                    marks.points += usize::from(c == '.');
                    marks.commas += usize::from(c == ',');
                    marks.last = c;
                    marks.before += marks.after;
                    marks.after = 0;
                }
                _ if c.is_ascii_digit() => marks.after += 1,
                _ => {}
            }
        }
        marks
    }

    fn could_be_thousands(&self) -> bool {
        self.after == 3 && (1..=3).contains(&self.before) && !self.leading_zero
    }

    /// The mark that separates decimals; none where all separate thousands.
    fn decimal(&self, format: NumberFormat) -> Option<char> {
        match (self.points, self.commas) {
            (0, 0) => None,
            (1.., 1..) => Some(self.last),
            (1, 0) if self.could_be_thousands() => (format == NumberFormat::Point).then_some('.'),
            (0, 1) if self.could_be_thousands() => (format == NumberFormat::Comma).then_some(','),
            (1, 0) | (0, 1) => Some(self.last),
            _ => None,
        }
    }
}

fn is_blank_between(c: char) -> bool {
    matches!(c, ' ' | '\u{A0}' | '\u{202F}' | '\u{2009}' | '\'' | '’')
}

/// Reads a number without unit or currency; the sign may stand on either side.
pub(crate) fn parse_number(text: &str, format: NumberFormat) -> Option<Number> {
    if let Some(number) = parse_plain(text) {
        // `1.234` may be a thousand and more in a file with decimal commas.
        if number.scale != 3 || format == NumberFormat::Point {
            return Some(number);
        }
    }
    let (negative, body) = take_sign(text.trim())?;
    let decimal = Marks::of(body).decimal(format);
    let mut number = Number {
        negative,
        mantissa: 0,
        scale: 0,
    };
    let mut digits = 0;
    let mut group = 0;
    let mut grouped = false;
    let mut fraction = false;
    for c in body.chars() {
        if let Some(digit) = c.to_digit(10) {
            digits += 1;
            group += 1;
            number.scale += u32::from(fraction);
            if digits > DIGITS_MAX {
                return None;
            }
            number.mantissa = number.mantissa * 10 + i64::from(digit);
            continue;
        }
        let whole_group = if grouped {
            group == 3
        } else {
            (1..=3).contains(&group)
        };
        if fraction {
            return None;
        } else if Some(c) == decimal {
            if grouped && !whole_group {
                return None;
            }
            fraction = true;
        } else if matches!(c, '.' | ',') || is_blank_between(c) {
            if !whole_group {
                return None;
            }
            grouped = true;
        } else {
            return None;
        }
        group = 0;
    }
    let ends_well = fraction || !grouped || group == 3;
    (digits > 0 && ends_well).then_some(number)
}

/// Digits with at most one point, as most files have.
fn parse_plain(text: &str) -> Option<Number> {
    if text.len() > DIGITS_MAX as usize {
        return None;
    }
    let mut mantissa = 0_i64;
    let mut point = None;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(index),
            _ => return None,
        }
    }
    let digits = text.len() - usize::from(point.is_some());
    if digits == 0 {
        return None;
    }
    Some(Number {
        negative: false,
        mantissa,
        scale: point.map_or(0, |index| (text.len() - index - 1) as u32),
    })
}

fn take_sign(text: &str) -> Option<(bool, &str)> {
    if let Some(body) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        return Some((true, body.trim()));
    }
    let minus = ['-', '−'];
    if let Some(body) = text
        .strip_prefix(minus)
        .or_else(|| text.strip_suffix(minus))
    {
        return Some((true, body.trim()));
    }
    Some((false, text.strip_prefix('+').unwrap_or(text)))
}

/// Reads an amount with or without its currency, never negative.
pub(crate) fn parse_money(
    text: &str,
    format: NumberFormat,
    currency: Currency,
) -> Result<Money, CellIssueKind> {
    if let Some(number) = parse_plain(text)
        && (number.scale != 3 || format == NumberFormat::Point)
    {
        return to_money(number, currency);
    }
    let number_start = text.find(|c: char| c.is_ascii_digit());
    let number_end = text.rfind(|c: char| c.is_ascii_digit());
    let (Some(start), Some(last)) = (number_start, number_end) else {
        return Err(CellIssueKind::NotAnAmount);
    };
    // `.50` begins with its point.
    let start = start - usize::from(text[..start].ends_with(['.', ',']));
    let body = &text[start..=last];
    let mut prefix = text[..start].trim().to_owned();
    let mut suffix = text[last + 1..].trim();
    for dash in [",-", ".-", ",–", ".–", ",—", ".—"] {
        suffix = suffix.strip_prefix(dash).unwrap_or(suffix);
    }
    let mut suffix = suffix.trim_end_matches(['.', ',']).to_owned();
    let mut negative = false;
    for affix in [&mut prefix, &mut suffix] {
        let unsigned = affix.replace(['-', '−', '(', ')'], "");
        negative |= unsigned.len() != affix.len();
        *affix = unsigned.trim().trim_start_matches('+').to_owned();
    }
    for affix in [&prefix, &suffix] {
        if !affix.is_empty() {
            check_currency(affix, currency)?;
        }
    }
    let number = parse_number(body, format).ok_or(CellIssueKind::NotAnAmount)?;
    to_money(Number { negative, ..number }, currency)
}

fn to_money(number: Number, currency: Currency) -> Result<Money, CellIssueKind> {
    if number.negative && number.mantissa != 0 {
        return Err(CellIssueKind::Negative);
    }
    let decimals = currency.decimals();
    let (mut mantissa, mut scale) = (number.mantissa, number.scale);
    while scale > decimals && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    if scale > decimals {
        return Err(CellIssueKind::NotAnAmount);
    }
    let minor = mantissa
        .checked_mul(10_i64.pow(decimals - scale))
        .ok_or(CellIssueKind::NotAnAmount)?;
    Ok(Money::new(minor, currency))
}

/// Symbols and the currencies that use them.
const SYMBOLS: &[(&str, &[&str])] = &[
    (
        "$",
        &[
            "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU",
        ],
    ),
    ("US$", &["USD"]),
    ("U$", &["USD"]),
    ("C$", &["CAD"]),
    ("CA$", &["CAD"]),
    ("CDN$", &["CAD"]),
    ("A$", &["AUD"]),
    ("AU$", &["AUD"]),
    ("NZ$", &["NZD"]),
    ("S$", &["SGD"]),
    ("HK$", &["HKD"]),
    ("NT$", &["TWD"]),
    ("MX$", &["MXN"]),
    ("R$", &["BRL"]),
    ("€", &["EUR"]),
    ("EURO", &["EUR"]),
    ("£", &["GBP"]),
    ("¥", &["JPY", "CNY"]),
    ("￥", &["JPY", "CNY"]),
    ("円", &["JPY"]),
    ("元", &["CNY", "TWD"]),
    ("RMB", &["CNY"]),
    ("CN¥", &["CNY"]),
    ("JP¥", &["JPY"]),
    ("₹", &["INR"]),
    ("RS", &["INR"]),
    ("₩", &["KRW"]),
    ("₺", &["TRY"]),
    ("TL", &["TRY"]),
    ("₽", &["RUB"]),
    ("₫", &["VND"]),
    ("₱", &["PHP"]),
    ("฿", &["THB"]),
    ("ZŁ", &["PLN"]),
    ("KČ", &["CZK"]),
    ("FT", &["HUF"]),
    ("KR", &["SEK", "NOK", "DKK", "ISK"]),
    ("LEI", &["RON"]),
    ("FR", &["CHF"]),
    ("SFR", &["CHF"]),
];

/// Whether what stands beside an amount is the currency.
fn check_currency(affix: &str, currency: Currency) -> Result<(), CellIssueKind> {
    let symbol = affix.trim_end_matches('.').trim().to_uppercase();
    let other = || CellIssueKind::Currency {
        expected: currency.as_str().to_owned(),
    };
    if let Some((_, codes)) = SYMBOLS.iter().find(|(known, _)| *known == symbol) {
        let fits = codes.contains(&currency.as_str());
        return if fits { Ok(()) } else { Err(other()) };
    }
    match Currency::parse(&symbol) {
        Ok(found) if found == currency => Ok(()),
        // A code is written in capitals; `12abc` names no currency.
        Ok(_) if affix.trim() == symbol => Err(other()),
        _ => Err(CellIssueKind::NotAnAmount),
    }
}

/// Reads a count of units. `12.0` is twelve, `12.5` is none.
pub(crate) fn parse_count(text: &str, format: NumberFormat) -> Result<i64, CellIssueKind> {
    let number = parse_number(text, format).ok_or(CellIssueKind::NotANumber)?;
    if number.negative && number.mantissa != 0 {
        return Err(CellIssueKind::Negative);
    }
    let (mut count, mut scale) = (number.mantissa, number.scale);
    while scale > 0 {
        if count % 10 != 0 {
            return Err(CellIssueKind::NotWhole);
        }
        count /= 10;
        scale -= 1;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use barrow_model::{CellIssueKind, Currency};

    use super::{NumberFormat, evidence, parse_count, parse_money};

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let check = |text: &str, code: &str, expected: Result<&str, CellIssueKind>| {
            let currency = Currency::parse(code).expect("a code of three letters");
            let found = parse_money(text, NumberFormat::Point, currency);
            assert_eq!(
                found.map(|money| money.amount()),
                expected.map(str::to_owned),
                "{text}"
            );
        };
        let expected = |code: &str| {
            Err(CellIssueKind::Currency {
                expected: code.to_owned(),
            })
        };
        check("104.99", "USD", Ok("104.99"));
        check("69", "USD", Ok("69.00"));
        check("$1,234.50", "USD", Ok("1234.50"));
        check("1.234,50 €", "EUR", Ok("1234.50"));
        check("US$ 12", "USD", Ok("12.00"));
        check("1 234,50", "EUR", Ok("1234.50"));
        check("1\u{202F}234,50 €", "EUR", Ok("1234.50"));
        check("12,5", "EUR", Ok("12.50"));
        check("R$ 1.234,56", "BRL", Ok("1234.56"));
        check("CHF 1'234.50", "CHF", Ok("1234.50"));
        check("49,- €", "EUR", Ok("49.00"));
        check(".50", "USD", Ok("0.50"));
        check("12 USD", "USD", Ok("12.00"));
        check("1,234", "USD", Ok("1234.00"));
        check("1,234,567.8", "USD", Ok("1234567.80"));
        check("1.234.567,8", "EUR", Ok("1234567.80"));
        check("¥1,200", "JPY", Ok("1200"));
        check("0", "USD", Ok("0.00"));
        check("19.990", "USD", Ok("19.99"));
        check("19.999", "USD", Err(CellIssueKind::NotAnAmount));
        check("-5", "USD", Err(CellIssueKind::Negative));
        check("-$5.00", "USD", Err(CellIssueKind::Negative));
        check("$-5.00", "USD", Err(CellIssueKind::Negative));
        check("(5.00)", "USD", Err(CellIssueKind::Negative));
        check("5.00-", "USD", Err(CellIssueKind::Negative));
        check("£5", "USD", expected("USD"));
        check("5 EUR", "USD", expected("USD"));
        check("$5", "EUR", expected("EUR"));
        check("abc", "USD", Err(CellIssueKind::NotAnAmount));
        check("12abc", "USD", Err(CellIssueKind::NotAnAmount));
        check("1,23,456", "USD", Err(CellIssueKind::NotAnAmount));
        check("1.2.3", "USD", Err(CellIssueKind::NotAnAmount));
        check("1e3", "USD", Err(CellIssueKind::NotAnAmount));
        check(
            "9999999999999999999",
            "USD",
            Err(CellIssueKind::NotAnAmount),
        );
        check("999999999999999999", "USD", Err(CellIssueKind::NotAnAmount));
    }

    #[test]
    fn the_file_as_a_whole_decides_what_a_number_alone_does_not_tell() {
        let check = |text: &str, format, expected: &str| {
            let found = parse_money(text, format, Currency::parse("KWD").expect("a code"));
            assert_eq!(found.map(|m| m.amount()), Ok(expected.to_owned()), "{text}");
        };
        check("1,234", NumberFormat::Point, "1234.000");
        check("1,234", NumberFormat::Comma, "1.234");
        check("1.234", NumberFormat::Point, "1.234");
        check("1.234", NumberFormat::Comma, "1234.000");
        check("0.234", NumberFormat::Comma, "0.234");

        assert_eq!(evidence("1,234"), None);
        assert_eq!(evidence("12"), None);
        assert_eq!(evidence("12,50 €"), Some(NumberFormat::Comma));
        assert_eq!(evidence("1.234,50"), Some(NumberFormat::Comma));
        assert_eq!(evidence("1.234.567"), Some(NumberFormat::Comma));
        assert_eq!(evidence("$1,234.50"), Some(NumberFormat::Point));
        assert_eq!(evidence("0.017"), Some(NumberFormat::Point));
    }

    #[test]
    fn counts_are_whole_and_never_negative() {
        let check = |text: &str, expected: Result<i64, CellIssueKind>| {
            assert_eq!(parse_count(text, NumberFormat::Point), expected, "{text}");
        };
        check("10", Ok(10));
        check("10.0", Ok(10));
        check("1,000", Ok(1000));
        check("0", Ok(0));
        check("12.5", Err(CellIssueKind::NotWhole));
        check("-1", Err(CellIssueKind::Negative));
        check("many", Err(CellIssueKind::NotANumber));
    }
}
