//! Made-up buyers in the United States. Cities and ZIP codes belong together; streets, names and
//! numbers are invented, e-mail addresses are in a reserved domain and phone numbers in the range
//! kept for fiction.

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// A person who orders something and where it goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// First and last name.
    pub name: String,
    /// A login name.
    pub username: String,
    /// An address that never reaches anyone.
    pub email: String,
    /// Ten digits.
    pub phone: String,
    /// Street and number.
    pub line1: String,
    /// Apartment or unit, for some.
    pub line2: Option<String>,
    /// City.
    pub city: String,
    /// Two-letter state.
    pub state: String,
    /// Five-digit ZIP code.
    pub postal_code: String,
}

// Even invented people are treated as people: logs show none of it.
impl std::fmt::Debug for Buyer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Buyer").finish_non_exhaustive()
    }
}

const FIRST_NAMES: [&str; 24] = [
    "Ada", "Ben", "Carla", "Diego", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jamal", "Keiko",
    "Liam", "Maya", "Noor", "Oscar", "Priya", "Quinn", "Rosa", "Søren", "Tara", "Umar", "Vera",
    "Wanda", "Zoë",
];

const LAST_NAMES: [&str; 24] = [
    "Abbott",
    "Barnes",
    "Castillo",
    "Dubois",
    "Ellison",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ito",
    "Jensen",
    "Kowalski",
    "Lopez",
    "Müller",
    "Nguyen",
    "O'Brien",
    "Patel",
    "Quintana",
    "Reyes",
    "Sato",
    "Turner",
    "Ueda",
    "Vargas",
    "Whitfield",
    "Young",
];

const STREETS: [&str; 16] = [
    "Maple St",
    "Oak Ave",
    "Juniper Ln",
    "Mill Rd",
    "Harbor Blvd",
    "Willow Ct",
    "Prospect Ave",
    "Spring St",
    "Orchard Dr",
    "Quarry Rd",
    "Meadow Ln",
    "Chapel St",
    "Foundry Way",
    "Lantern Ct",
    "Granite Pl",
    "Heron Dr",
];

const CITIES: [(&str, &str, &str); 20] = [
    ("Portland", "OR", "97205"),
    ("Austin", "TX", "78704"),
    ("Columbus", "OH", "43215"),
    ("Madison", "WI", "53703"),
    ("Tucson", "AZ", "85705"),
    ("Richmond", "VA", "23220"),
    ("Boise", "ID", "83702"),
    ("Savannah", "GA", "31401"),
    ("Providence", "RI", "02903"),
    ("Sacramento", "CA", "95814"),
    ("Duluth", "MN", "55802"),
    ("Asheville", "NC", "28801"),
    ("Santa Fe", "NM", "87501"),
    ("Burlington", "VT", "05401"),
    ("Omaha", "NE", "68102"),
    ("Louisville", "KY", "40202"),
    ("Spokane", "WA", "99201"),
    ("Albany", "NY", "12207"),
    ("Denver", "CO", "80202"),
    ("Honolulu", "HI", "96813"),
];

impl Buyer {
    /// Makes a buyer up.
    pub fn made_up(random: &mut Random) -> Self {
        let word = |random: &mut Random, words: &[&'static str]| {
            random.pick(words).copied().unwrap_or_default()
        };
        let first = word(random, &FIRST_NAMES);
        let last = word(random, &LAST_NAMES);
        let street = word(random, &STREETS);
        let (city, state, zip) = random.pick(&CITIES).copied().unwrap_or_default();
        let login: String = format!("{first}{last}")
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let username = format!("{}{}", login.to_lowercase(), random.between(10, 9999));
        Self {
            name: format!("{first} {last}"),
            email: format!("{username}@buyers.example"),
            username,
            phone: format!(
                "{}55501{}",
                random.between(201, 989),
                random.between(10, 99)
            ),
            line1: format!("{} {street}", random.between(1, 9899)),
            line2: random
                .chance(25)
                .then(|| format!("Apt {}", random.between(1, 60))),
            city: city.to_owned(),
            state: state.to_owned(),
            postal_code: zip.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Buyer;
    use crate::random::Random;

    #[test]
    fn the_same_seed_makes_up_the_same_buyers() {
        let names = |seed| {
            let mut random = Random::new(seed);
            (0..30)
                .map(|_| Buyer::made_up(&mut random))
                .collect::<Vec<_>>()
        };
        assert!(names(5) == names(5));
        assert!(names(5) != names(6));
        for buyer in names(5) {
            assert_eq!(buyer.phone.len(), 10);
            assert_eq!(buyer.postal_code.len(), 5);
            assert!(buyer.email.ends_with(".example"));
            assert!(!format!("{buyer:?}").contains(&buyer.name));
        }
    }
}
