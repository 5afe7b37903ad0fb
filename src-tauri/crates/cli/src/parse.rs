//! Arguments that are more than a word: read in one place, with words on what is wrong.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::output::Failure;

/// `key=value`; only the first `=` divides.
pub(crate) fn pair(text: &str, form: &str) -> Result<(String, String), Failure> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err(Failure::Usage(format!("“{text}” is not {form}."))),
    }
}

/// `key=value` arguments, each key once.
pub(crate) fn pairs(texts: &[String], form: &str) -> Result<BTreeMap<String, String>, Failure> {
    let mut pairs = BTreeMap::new();
    for text in texts {
        let (key, value) = pair(text, form)?;
        if pairs.insert(key.clone(), value).is_some() {
            return Err(Failure::Usage(format!("“{key}” is given twice.")));
        }
    }
    Ok(pairs)
}

/// `Column=field`. A column's name may contain `=`: the last one divides.
pub(crate) fn column(text: &str) -> Result<(String, String), Failure> {
    match text.rsplit_once('=') {
        Some((column, field)) if !column.is_empty() && !field.trim().is_empty() => {
            Ok((column.to_owned(), field.trim().to_owned()))
        }
        _ => {
            let words = format!("“{text}” is not Column=field, such as \"Item no.=sku\".");
            Err(Failure::Usage(words))
        }
    }
}

/// A day in UTC, or an instant.
pub(crate) fn date(text: &str) -> Result<DateTime<Utc>, Failure> {
    let text = text.trim();
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.with_timezone(&Utc))
        .map_err(|_| {
            Failure::Usage(format!(
                "“{text}” is not a date. Write it as 2026-11-01 or 2026-11-01T12:00:00Z."
            ))
        })
}

/// `LINE=QTY`. A line's id may contain `=`: the last one divides.
pub(crate) fn line_quantity(text: &str) -> Result<(String, u32), Failure> {
    let wrong = || {
        Failure::Usage(format!(
            "“{text}” is not LINE=QTY, such as 10012345=2, with at least one unit."
        ))
    };
    let (line, quantity) = text.rsplit_once('=').ok_or_else(wrong)?;
    let quantity: u32 = quantity.trim().parse().map_err(|_| wrong())?;
    if line.is_empty() || quantity == 0 {
        return Err(wrong());
    }
    Ok((line.to_owned(), quantity))
}

/// A fault of a practice marketplace: `NAME`, or `MARKETPLACE:NAME`.
pub(crate) fn fault<'a>(text: &'a str, known: &[&str]) -> (Option<&'a str>, &'a str) {
    match text.split_once(':') {
        Some((marketplace, name)) if known.contains(&marketplace) => (Some(marketplace), name),
        _ => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::{column, date, fault, line_quantity, pair, pairs};
    use crate::output::Failure;

    fn words<T>(result: Result<T, Failure>) -> Result<T, String> {
        result.map_err(|failure| match failure {
            Failure::Usage(words) => words,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn pairs_divide_at_the_first_sign() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let read = words(pair(text, "key=value"));
            let read = read
                .as_ref()
                .ok()
                .map(|(key, value)| (key.as_str(), value.as_str()));
            assert_eq!(read, expected, "{text}");
        };
        check("price=12.90", Some(("price", "12.90")));
        check("title=a=b", Some(("title", "a=b")));
        check("brand=", Some(("brand", "")));
        check("price", None);
        check("=1", None);
        let twice = words(pairs(&["a=1".into(), "a=2".into()], "key=value"));
        assert_eq!(twice, Err("“a” is given twice.".to_owned()));
    }

    #[test]
    fn columns_and_lines_divide_at_the_last_sign() {
        assert_eq!(words(column("a=b=sku")), Ok(("a=b".into(), "sku".into())));
        assert!(words(column("sku")).is_err());
        let check = |text: &str, expected: Option<(&str, u32)>| {
            let read = words(line_quantity(text)).ok();
            assert_eq!(
                read.as_ref().map(|(l, q)| (l.as_str(), *q)),
                expected,
                "{text}"
            );
        };
        check("1001=2", Some(("1001", 2)));
        check("v1=x=1", Some(("v1=x", 1)));
        check("1001=0", None);
        check("1001=-1", None);
        check("1001=1.5", None);
        check("1001", None);
        check("=1", None);
    }

    #[test]
    fn dates_are_days_or_instants() {
        let check = |text: &str, expected: Option<&str>| {
            let read = words(date(text)).ok().map(|at| at.to_rfc3339());
            assert_eq!(read.as_deref(), expected, "{text}");
        };
        check("2026-11-01", Some("2026-11-01T00:00:00+00:00"));
        check(
            "2026-11-01T12:00:00+01:00",
            Some("2026-11-01T11:00:00+00:00"),
        );
        check("2026-02-30", None);
        check("01.11.2026", None);
        check("", None);
    }

    #[test]
    fn faults_may_name_their_marketplace() {
        let known = ["ebay", "walmart"];
        assert_eq!(
            fault("ebay:500@publishOffer", &known),
            (Some("ebay"), "500@publishOffer")
        );
        assert_eq!(fault("timeout", &known), (None, "timeout"));
    }
}
