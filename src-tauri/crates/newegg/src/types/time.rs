//! Newegg's dates: US Pacific with daylight saving, in many forms (newegg.md §3).

use chrono::offset::LocalResult;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::America::Los_Angeles;

/// Forms with a time of day; those with AM and PM first, because the others would read their
/// beginning.
const FORMS: &[&str] = &[
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %H:%M:%S%.f",
    "%m/%d/%Y %H:%M",
    "%Y-%m-%d %I:%M:%S %p",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
];
/// Forms of a day alone.
const DAYS: &[&str] = &["%Y-%m-%d", "%m/%d/%Y"];

/// An instant in the form in which it is sent.
pub(crate) fn pacific_text(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&Los_Angeles);
    local.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// Whether a local time stands for this instant and for another an hour away.
pub(crate) fn is_ambiguous(at: DateTime<Utc>) -> bool {
    let local = at.with_timezone(&Los_Angeles).naive_local();
    matches!(
        Los_Angeles.from_local_datetime(&local),
        LocalResult::Ambiguous(_, _)
    )
}

/// Reads a date in any of its forms. An offset that is told counts; else it is Pacific time, and in
/// the autumn hour the earlier of the two.
pub(crate) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.with_timezone(&Utc));
    }
    let whole = |(time, rest): (NaiveDateTime, &str)| rest.trim().is_empty().then_some(time);
    let timed = FORMS.iter().find_map(|form| {
        NaiveDateTime::parse_and_remainder(text, form)
            .ok()
            .and_then(whole)
    });
    let local = timed.or_else(|| {
        DAYS.iter()
            .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
            .map(|day| day.and_time(NaiveTime::MIN))
    })?;
    Some(earlier(local))
}

/// The first date with a time of day within a text; in the autumn hour the later one, because it is
/// waited for.
pub(crate) fn deadline_within(text: &str) -> Option<DateTime<Utc>> {
    let starts = text.char_indices().filter(|(at, letter)| {
        let before = text[..*at].chars().next_back();
        letter.is_ascii_digit() && !before.is_some_and(|b| b.is_ascii_digit() || b == '/')
    });
    for (at, _) in starts {
        let rest = &text[at..];
        let found = FORMS
            .iter()
            .find_map(|form| NaiveDateTime::parse_and_remainder(rest, form).ok());
        if let Some((local, _)) = found {
            return Some(later(local));
        }
    }
    None
}

fn earlier(local: NaiveDateTime) -> DateTime<Utc> {
    match Los_Angeles.from_local_datetime(&local).earliest() {
        Some(at) => at.with_timezone(&Utc),
        None => in_gap(local),
    }
}

fn later(local: NaiveDateTime) -> DateTime<Utc> {
    match Los_Angeles.from_local_datetime(&local).latest() {
        Some(at) => at.with_timezone(&Utc),
        None => in_gap(local),
    }
}

/// In the spring hour that is left out, clocks that were not turned yet show standard time.
fn in_gap(local: NaiveDateTime) -> DateTime<Utc> {
    local.and_utc() + TimeDelta::hours(8)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{deadline_within, instant, is_ambiguous, pacific_text};

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn every_form_is_read() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(instant(text), expected.map(utc), "{text}");
        };
        check("1/31/2026 7:30:01", Some("2026-01-31T15:30:01Z"));
        check("1/31/2026 17:05:09", Some("2026-02-01T01:05:09Z"));
        check("05/31/2026 17:05:09", Some("2026-06-01T00:05:09Z"));
        check("2026-01-31 15:30:01", Some("2026-01-31T23:30:01Z"));
        check("2026-07-01T15:30:01", Some("2026-07-01T22:30:01Z"));
        check("2026-07-01", Some("2026-07-01T07:00:00Z"));
        check("1/31/2026 5:05:09 PM", Some("2026-02-01T01:05:09Z"));
        check("1/31/2026 12:05:09 AM", Some("2026-01-31T08:05:09Z"));
        check(
            "2026-01-31T15:30:01.1234567-08:00",
            Some("2026-01-31T23:30:01.123456700Z"),
        );
        check(" 2026-01-31T15:30:01+00:00 ", Some("2026-01-31T15:30:01Z"));
        check("soon", None);
        check("", None);
        check("13/45/2026 7:30:01", None);
    }

    #[test]
    fn the_hours_around_a_turn_of_the_clock() {
        let check = |text: &str, expected: &str| assert_eq!(instant(text), Some(utc(expected)));
        // Spring: 2:30 is left out, 3:30 is an hour after 1:30.
        check("2026-03-08 01:30:00", "2026-03-08T09:30:00Z");
        check("2026-03-08 02:30:00", "2026-03-08T10:30:00Z");
        check("2026-03-08 03:30:00", "2026-03-08T10:30:00Z");
        // Autumn: 1:30 comes twice; the first is meant.
        check("2026-11-01 00:30:00", "2026-11-01T07:30:00Z");
        check("2026-11-01 01:30:00", "2026-11-01T08:30:00Z");
        check("2026-11-01 02:30:00", "2026-11-01T10:30:00Z");
        assert!(is_ambiguous(utc("2026-11-01T08:30:00Z")));
        assert!(is_ambiguous(utc("2026-11-01T09:30:00Z")));
        assert!(!is_ambiguous(utc("2026-11-01T10:30:00Z")));
    }

    #[test]
    fn a_time_is_found_within_words() {
        let text = "You may submit again after 11/22/2026 3:15:00 PM (PT). Limit 30000.";
        assert_eq!(deadline_within(text), Some(utc("2026-11-22T23:15:00Z")));
        let text = "Retry from 2026-11-22 15:15:00 PST";
        assert_eq!(deadline_within(text), Some(utc("2026-11-22T23:15:00Z")));
        assert_eq!(deadline_within("Limit 100000 records in 1 hour"), None);
        // Whoever waits, waits for the second 1:30.
        let text = "11/1/2026 1:30:00";
        assert_eq!(deadline_within(text), Some(utc("2026-11-01T09:30:00Z")));
    }

    proptest! {
        #[test]
        fn what_is_sent_is_what_is_read(seconds in 1_600_000_000_i64..2_000_000_000) {
            let at = DateTime::from_timestamp(seconds, 0).expect("a second");
            let read = instant(&pacific_text(at)).expect("our own form");
            if is_ambiguous(at) {
                prop_assert!(read == at || read == at - TimeDelta::hours(1));
            } else {
                prop_assert_eq!(read, at);
            }
        }
    }
}
