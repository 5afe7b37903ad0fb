//! Dates as Newegg writes and reads them: all in US Pacific, with its summer time (newegg.md §3).

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::America::Los_Angeles;

fn pacific(at: DateTime<Utc>, format: &str) -> String {
    at.with_timezone(&Los_Angeles).format(format).to_string()
}

/// `1/31/2026 7:05:09`: orders and feeds.
pub(super) fn slashed(at: DateTime<Utc>) -> String {
    pacific(at, "%-m/%-d/%Y %-H:%M:%S")
}

/// `01/31/2026 07:05:09`: reports and packages.
pub(super) fn padded(at: DateTime<Utc>) -> String {
    pacific(at, "%m/%d/%Y %H:%M:%S")
}

/// `2026-01-31 07:05:09`: replies of kill item.
pub(super) fn dashed(at: DateTime<Utc>) -> String {
    pacific(at, "%Y-%m-%d %H:%M:%S")
}

/// `2026-01-31T07:05:09`: the time of the automatic void.
pub(super) fn iso(at: DateTime<Utc>) -> String {
    pacific(at, "%Y-%m-%dT%H:%M:%S")
}

/// `2026-01-31T07:05:09.1234567-08:00`: batch reads, the only ones with an offset.
pub(super) fn with_offset(at: DateTime<Utc>) -> String {
    let ticks = at.timestamp_subsec_nanos() / 100;
    let local = at.with_timezone(&Los_Angeles);
    let (date, offset) = (local.format("%Y-%m-%dT%H:%M:%S"), local.format("%:z"));
    format!("{date}.{ticks:07}{offset}")
}

/// `1/31/2026 7:05:09 AM`: when a limit renews.
pub(super) fn reset(at: DateTime<Utc>) -> String {
    pacific(at, "%-m/%-d/%Y %-I:%M:%S %p")
}

/// Reads `2026-01-31 07:05:09` or `2026-01-31`, which is midnight. Of two instants with the same
/// local time, at the end of summer time, the earlier is meant; a local time that summer time
/// skips counts as an hour later.
pub(super) fn read(text: &str) -> Option<DateTime<Utc>> {
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN);
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
        .or_else(|_| NaiveDate::parse_from_str(text, "%Y-%m-%d").map(midnight))
        .ok()?;
    let at = match Los_Angeles.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at,
        LocalResult::None => {
            let later = local.checked_add_signed(chrono::Duration::hours(1))?;
            Los_Angeles.from_local_datetime(&later).earliest()?
        }
    };
    Some(at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::{dashed, iso, padded, read, reset, slashed, with_offset};

    #[test]
    fn every_form_is_pacific_with_summer_time() {
        let winter = "2026-01-31T15:05:09.12345678Z".parse().unwrap();
        assert_eq!(slashed(winter), "1/31/2026 7:05:09");
        assert_eq!(padded(winter), "01/31/2026 07:05:09");
        assert_eq!(dashed(winter), "2026-01-31 07:05:09");
        assert_eq!(iso(winter), "2026-01-31T07:05:09");
        assert_eq!(reset(winter), "1/31/2026 7:05:09 AM");
        assert_eq!(with_offset(winter), "2026-01-31T07:05:09.1234567-08:00");
        let summer = "2026-05-02T03:00:00Z".parse().unwrap();
        assert_eq!(slashed(summer), "5/1/2026 20:00:00");
        assert_eq!(reset(summer), "5/1/2026 8:00:00 PM");
    }

    #[test]
    fn what_is_read_is_pacific_too() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(read(text), expected.map(|at| at.parse().unwrap()), "{text}");
        };
        check("2026-01-31 07:05:09", Some("2026-01-31T15:05:09Z"));
        check("2026-05-01", Some("2026-05-01T07:00:00Z"));
        check("2026-11-01 01:30:00", Some("2026-11-01T08:30:00Z"));
        check("2026-03-08 02:30:00", Some("2026-03-08T10:30:00Z"));
        check("1/31/2026", None);
        check("2026-01-31T07:05:09", None);
    }
}
