//! Keys and passphrases: read from standard input or asked for, never taken from arguments and
//! never shown.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal, Read};

use barrow_api::{FieldView, GivenSecrets};
use barrow_model::Secret;
use zeroize::Zeroizing;

use crate::output::{Failure, can_ask, tell};

/// Keys and tokens are short: what is longer is no list of them.
const INPUT_BYTES_MAX: u64 = 256 * 1024;

/// Reads `key=value` lines from standard input where it is no terminal, else asks for each field.
pub(crate) fn read(fields: &[FieldView]) -> Result<GivenSecrets, Failure> {
    if !io::stdin().is_terminal() {
        return from_input(fields);
    }
    if can_ask() {
        ask(fields)
    } else {
        Ok(GivenSecrets::default())
    }
}

fn from_input(fields: &[FieldView]) -> Result<GivenSecrets, Failure> {
    let mut text = Zeroizing::new(String::new());
    let mut input = io::stdin().lock().take(INPUT_BYTES_MAX + 1);
    input.read_to_string(&mut text).map_err(|error| {
        Failure::Usage(format!(
            "The keys on standard input cannot be read: {error}."
        ))
    })?;
    if text.len() as u64 > INPUT_BYTES_MAX {
        return Err(Failure::Usage(
            "Standard input holds too much for a list of keys.".into(),
        ));
    }
    lines(&text, fields).map(GivenSecrets)
}

/// One line that a person pastes, or that stands on standard input. It is not shown: whoever reads
/// it on the screen could use it first.
pub(crate) fn pasted(prompt: &str) -> Result<Secret, Failure> {
    if can_ask() {
        return hidden(prompt);
    }
    let mut line = Zeroizing::new(String::new());
    let mut input = io::BufReader::new(io::stdin().lock().take(INPUT_BYTES_MAX));
    input
        .read_line(&mut line)
        .map_err(|error| Failure::Usage(format!("Standard input cannot be read: {error}.")))?;
    Ok(Secret::new(line.trim()))
}

/// `key=value` lines; blank ones and those that begin with `#` are left out. A value is never
/// repeated in what goes wrong.
fn lines(text: &str, fields: &[FieldView]) -> Result<BTreeMap<String, Secret>, Failure> {
    let mut secrets = BTreeMap::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = number + 1;
        let Some((key, value)) = line.split_once('=') else {
            let words = format!(
                "Line {place} of standard input is not key=value. Write one key a line: {}.",
                keys(fields)
            );
            return Err(Failure::Usage(words));
        };
        let (key, value) = (key.trim(), value.trim());
        if secrets.insert(key.to_owned(), Secret::new(value)).is_some() {
            let words = format!("The key on line {place} of standard input stands there twice.");
            return Err(Failure::Usage(words));
        }
    }
    Ok(secrets)
}

fn keys(fields: &[FieldView]) -> String {
    let keys: Vec<String> = fields
        .iter()
        .map(|field| format!("{}=VALUE", field.key))
        .collect();
    keys.join(", ")
}

fn ask(fields: &[FieldView]) -> Result<GivenSecrets, Failure> {
    let mut secrets = BTreeMap::new();
    for field in fields {
        tell(&format!("{}: {}", field.label, field.help));
        let optional = if field.required {
            ""
        } else {
            " (may stay empty)"
        };
        let given = hidden(&format!("{}{optional}: ", field.key))?;
        if !given.is_empty() {
            secrets.insert(field.key.clone(), given);
        }
    }
    Ok(GivenSecrets(secrets))
}

/// Asks on the terminal without showing what is typed.
fn hidden(prompt: &str) -> Result<Secret, Failure> {
    let typed = rpassword::prompt_password(prompt).map(Zeroizing::new);
    let typed = typed.map_err(|error| {
        Failure::Other("input", format!("The terminal cannot be asked: {error}."))
    })?;
    Ok(Secret::new(typed.trim()))
}

/// The passphrase of the encrypted vault, from a person; none where nobody can be asked.
pub(crate) fn passphrase() -> Option<Secret> {
    if !can_ask() {
        return None;
    }
    hidden("Passphrase of this folder's keys: ")
        .ok()
        .filter(|secret| !secret.is_empty())
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn keys_are_read_line_by_line_and_never_repeated() {
        let check = |text: &str, expected: Result<&[(&str, &str)], &str>| {
            let read = lines(text, &[]);
            match (read, expected) {
                (Ok(read), Ok(expected)) => {
                    let read: Vec<(&str, &str)> = read
                        .iter()
                        .map(|(key, value)| (key.as_str(), value.expose()))
                        .collect();
                    assert_eq!(read, expected, "{text}");
                }
                (Err(error), Err(part)) => {
                    let words = format!("{error:?}");
                    assert!(words.contains(part), "{words}");
                    assert!(!words.contains("hunter2"), "{words}");
                }
                (read, expected) => panic!("{read:?} is not {expected:?}"),
            }
        };
        check(
            "\u{feff}client_id = a\n\n# note\nclient_secret=b=c\r\n",
            Ok(&[("client_id", "a"), ("client_secret", "b=c")]),
        );
        check("", Ok(&[]));
        check("a=1\nhunter2", Err("Line 2"));
        check("a=hunter2\na=hunter2", Err("line 2"));
    }
}
