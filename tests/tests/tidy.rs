//! Style is tested: lengths, imports, the edges between crates, words. Each rule is a function
//! over a text, tested on a bad and a good example, then run over all tracked files.

use std::path::{Path, PathBuf};
use std::process::Command;

const FILE_LINES_MAX: usize = 600;
const LINE_COLUMNS_MAX: usize = 100;
const FUNCTION_LINES_MAX: usize = 70;

/// Who may depend on whom, among our own crates. A new edge is a change of design: it is argued
/// in the commit that adds it here.
const EDGES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("market", &["model"]),
    ("wire", &["market", "model"]),
    ("ebay", &["market", "wire", "model"]),
    ("amazon", &["market", "wire", "model"]),
    ("walmart", &["market", "wire", "model"]),
    ("newegg", &["market", "wire", "model"]),
    ("store", &["model"]),
    ("vault", &["model"]),
    ("intake", &["model"]),
    ("engine", &["model", "market", "store"]),
    ("api", &["engine", "intake", "store", "market", "model"]),
    ("practice", &[]),
    (
        "host",
        &[
            "api", "ebay", "amazon", "walmart", "newegg", "engine", "intake", "market", "model",
            "practice", "store", "vault", "wire",
        ],
    ),
    ("cli", &["host", "api", "model"]),
    ("xtask", &[]),
    ("desktop", &["host", "api", "model"]),
    (
        "tests",
        &[
            "api", "cli", "ebay", "amazon", "walmart", "newegg", "engine", "host", "intake",
            "market", "model", "practice", "store", "vault", "wire",
        ],
    ),
];

/// Libraries that only some of our crates may know.
const FENCED: &[(&str, &[&str])] = &[
    ("rusqlite", &["store", "tests"]),
    ("reqwest", &["wire"]),
    ("keyring", &["vault"]),
    ("tauri", &["desktop"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The tracked files that are texts, with their paths from the root.
fn tracked() -> Vec<(String, String)> {
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output();
    let output = output.expect("git lists the tracked files");
    assert!(
        output.status.success(),
        "git ls-files failed: this is not a git checkout"
    );
    let names = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let names = names.split('\0').filter(|name| !name.is_empty());
    // A file that was just moved is still tracked under its old name.
    names
        .filter_map(|name| Some((name.to_owned(), text_of(&root().join(name))?)))
        .collect()
}

fn text_of(file: &Path) -> Option<String> {
    String::from_utf8(std::fs::read(file).ok()?).ok()
}

/// Runs a rule over the tracked files whose name ends so, and fails with all that it found.
fn hold(ending: &str, rule: impl Fn(&str, &str) -> Vec<String>) {
    let files = tracked();
    let chosen: Vec<_> = files
        .iter()
        .filter(|(name, _)| name.ends_with(ending))
        .collect();
    assert!(!chosen.is_empty(), "no tracked file ends with {ending:?}");
    let mut found = Vec::new();
    for (name, text) in chosen {
        found.extend(
            rule(name, text)
                .into_iter()
                .map(|fault| format!("{name}: {fault}")),
        );
    }
    assert!(
        found.is_empty(),
        "{} faults of style:\n{}",
        found.len(),
        found.join("\n")
    );
}

/// The source with the insides of strings, characters and comments blanked; lines stay.
fn code_of(source: &str) -> String {
    let letters: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < letters.len() {
        let end = literal_end(&letters, at);
        if end == at {
            out.push(letters[at]);
            at += 1;
        } else {
            out.extend(
                letters[at..end]
                    .iter()
                    .map(|c| if *c == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        }
    }
    out
}

/// Where the comment, string or character that begins here ends; `at` itself if none does.
fn literal_end(letters: &[char], at: usize) -> usize {
    let is = |offset: usize, wanted: char| letters.get(at + offset) == Some(&wanted);
    let word_before = at > 0 && (letters[at - 1].is_alphanumeric() || letters[at - 1] == '_');
    if is(0, '/') && is(1, '/') {
        return find(letters, at, &['\n']).saturating_sub(1);
    }
    if is(0, '/') && is(1, '*') {
        return find(letters, at + 2, &['*', '/']);
    }
    if is(0, 'r') && !word_before || is(0, 'r') && at > 0 && letters[at - 1] == 'b' {
        let hashes = letters[at + 1..].iter().take_while(|c| **c == '#').count();
        if is(1 + hashes, '"') {
            let mut closing = vec!['"'];
            closing.extend(std::iter::repeat_n('#', hashes));
            return find(letters, at + 2 + hashes, &closing);
        }
    }
    if is(0, '"') {
        return quoted_end(letters, at, '"');
    }
    // A lifetime has no closing mark.
    if is(0, '\'') && (is(1, '\\') || is(2, '\'')) {
        return quoted_end(letters, at, '\'');
    }
    at
}

/// The place after a sequence, or the end.
fn find(letters: &[char], from: usize, wanted: &[char]) -> usize {
    let from = from.min(letters.len());
    let place = letters[from..]
        .windows(wanted.len())
        .position(|window| window == wanted);
    place.map_or(letters.len() + usize::from(wanted == ['\n']), |p| {
        from + p + wanted.len()
    })
}

fn quoted_end(letters: &[char], at: usize, mark: char) -> usize {
    let mut at = at + 1;
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 1,
            letter if letter == mark => return at + 1,
            _ => {}
        }
        at += 1;
    }
    letters.len()
}

/// Where the tests of a file begin: the index of a line.
fn tests_start(name: &str, code: &str) -> usize {
    if name.contains("tests/tests/") || name.ends_with("/tests.rs") || name.contains("/src/tests/")
    {
        return 0;
    }
    code.lines()
        .position(|line| line.trim() == "#[cfg(test)]")
        .unwrap_or(usize::MAX)
}

fn file_length(_: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    let head = text.lines().take_while(|line| line.starts_with("//"));
    let argued = head
        .map(str::to_lowercase)
        .any(|line| line.contains("long:"));
    if lines <= FILE_LINES_MAX || argued {
        return Vec::new();
    }
    vec![format!(
        "{lines} lines, at most {FILE_LINES_MAX}, or a head comment `Long: why`"
    )]
}

fn line_length(_: &str, text: &str) -> Vec<String> {
    let long = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.chars().count() > LINE_COLUMNS_MAX && !line.contains("://"));
    long.map(|(number, line)| format!("line {}: {} columns", number + 1, line.chars().count()))
        .collect()
}

/// Counts braces from each `fn` to the end of its body. Tests are exempt, and a function with a
/// comment `// long: why` in or just above it.
fn function_length(name: &str, text: &str) -> Vec<String> {
    let code = code_of(text);
    let (code, lines): (Vec<&str>, Vec<&str>) = (code.lines().collect(), text.lines().collect());
    let mut found = Vec::new();
    for (start, line) in code
        .iter()
        .enumerate()
        .take(tests_start(name, &code.join("\n")))
    {
        let Some(function) = function_name(line) else {
            continue;
        };
        let Some(end) = body_end(&code, start) else {
            continue;
        };
        let length = end - start + 1;
        let argued = lines[start.saturating_sub(3)..=end]
            .iter()
            .any(|l| l.contains("// long: "));
        if length > FUNCTION_LINES_MAX && !argued {
            found.push(format!(
                "line {}: fn {function} has {length} lines",
                start + 1
            ));
        }
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let words = [
        "pub",
        "pub(crate)",
        "pub(super)",
        "const",
        "async",
        "unsafe",
        "extern",
    ];
    let all_words = before.split_whitespace().all(|word| words.contains(&word));
    let name = after
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .next()?;
    (all_words && !name.is_empty()).then_some(name)
}

/// The line that closes the first brace opened from a line on; `None` for a body-less `fn`.
fn body_end(code: &[&str], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (number, line) in code.iter().enumerate().skip(start) {
        for letter in line.chars() {
            match letter {
                ';' if depth == 0 && !line.contains('[') => return None,
                '{' => depth += 1,
                '}' if depth == 1 => return Some(number),
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    None
}

fn globs(name: &str, text: &str) -> Vec<String> {
    let code = code_of(text);
    let tests = tests_start(name, &code);
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let import = line.trim().trim_start_matches("pub ");
        let in_test_module = import == "use super::*;" && number > tests;
        if import.starts_with("use ") && import.contains("::*") && !in_test_module {
            found.push(format!("line {}: import by name, not `*`", number + 1));
        }
    }
    found
}

fn unfinished(_: &str, text: &str) -> Vec<String> {
    let code = code_of(text);
    let marks = ["todo!(", "unimplemented!(", "dbg!(", "#[ignore"];
    let lines = code.lines().enumerate();
    lines
        .flat_map(|(number, line)| {
            let here = marks.iter().filter(move |mark| line.contains(**mark));
            here.map(move |mark| format!("line {}: {mark}", number + 1))
        })
        .collect()
}

/// Names that say nothing of the trade.
fn empty_names(_: &str, text: &str) -> Vec<String> {
    let code = code_of(text);
    let empty = ["Manager", "Helper", "Helpers", "Util", "Utils", "Processor"];
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let declares = ["struct", "enum", "trait", "type", "mod"];
        if words.by_ref().any(|word| declares.contains(&word)) {
            let name = words.next().unwrap_or_default();
            let lower = empty.iter().any(|word| word.to_lowercase() == name);
            if lower || empty.iter().any(|word| name.ends_with(word)) {
                found.push(format!("line {}: the name {name} says nothing", number + 1));
            }
        }
    }
    found
}

/// What a reader of the project has no use for: other people's machines, and notes to oneself.
fn foreign_words(name: &str, text: &str) -> Vec<String> {
    if name == "Cargo.lock" || name == "LICENSE" {
        return Vec::new();
    }
    // Written in two parts, so that this file does not hold them.
    let mut words = vec![
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/home/", "user"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("sub", "agent"),
        concat!("cla", "ude"),
        concat!("anth", "ropic"),
        concat!("chat", "gpt"),
        concat!("open", "ai"),
        concat!("co", "pilot"),
    ];
    // Tests may name where the references are; what ships may not.
    if !name.starts_with("tests/") && !name.contains("/tests/") {
        words.push("../shared");
    }
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for word in &words {
            if holds_word(line, word) {
                found.push(format!("line {}: {word:?}", number + 1));
            }
        }
    }
    found
}

/// Whether a line holds a word, in any case and not as a part of a longer word. Words in
/// capitals are looked for in capitals.
fn holds_word(line: &str, word: &str) -> bool {
    let capitals = word.chars().all(|c| c.is_ascii_uppercase());
    let line = if capitals {
        line.to_owned()
    } else {
        line.to_lowercase()
    };
    line.match_indices(word).any(|(at, _)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let inner = word.starts_with(char::is_alphanumeric);
        let before = inner && letter(line[..at].chars().next_back());
        let after = inner && letter(line[at + word.len()..].chars().next());
        !before && !after
    })
}

/// The names of the libraries that a manifest depends on, in every section.
fn dependencies(manifest: &str) -> Vec<&str> {
    let mut section = "";
    let mut names = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']');
            let table = section.rsplit_once('.');
            names.extend(
                table
                    .filter(|(before, _)| before.ends_with("dependencies"))
                    .map(|t| t.1),
            );
        } else if section.ends_with("dependencies") && !line.is_empty() && !line.starts_with('#') {
            names.extend(line.split(['.', '=', ' ']).next());
        }
    }
    names
}

fn edges(name: &str, text: &str) -> Vec<String> {
    let Some(package) = text.lines().find_map(|line| line.strip_prefix("name = ")) else {
        return Vec::new(); // The workspace's own manifest names versions, not edges.
    };
    let package = package.trim_matches('"');
    let package = package.strip_prefix("barrow-").unwrap_or(package);
    let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == package) else {
        return vec![format!("{package} is not in the table of edges ({name})")];
    };
    let mut found = Vec::new();
    for dependency in dependencies(text) {
        let ours = dependency
            .strip_prefix("barrow-")
            .filter(|ours| *ours != package);
        if let Some(ours) = ours.filter(|ours| !allowed.contains(ours)) {
            found.push(format!("{package} must not depend on {ours}"));
        }
        for (library, users) in FENCED {
            let is = dependency == *library || dependency.starts_with(&format!("{library}-"));
            if is && !users.contains(&package) {
                found.push(format!("{package} must not know {dependency}"));
            }
        }
    }
    found
}

#[test]
fn files_are_short_enough_to_read() {
    hold(".rs", file_length);
}

#[test]
fn lines_fit_a_screen() {
    hold(".rs", line_length);
}

#[test]
fn functions_fit_a_screen() {
    hold(".rs", function_length);
}

#[test]
fn imports_are_by_name() {
    hold(".rs", globs);
}

#[test]
fn nothing_is_left_unfinished() {
    hold(".rs", unfinished);
}

#[test]
fn names_say_something() {
    hold(".rs", empty_names);
}

#[test]
fn the_project_speaks_of_itself_alone() {
    hold("", foreign_words);
}

#[test]
fn crates_know_only_whom_they_may() {
    hold("Cargo.toml", edges);
}

/// Checks a rule on an example: the faults are as many as said.
fn check(rule: fn(&str, &str) -> Vec<String>, name: &str, text: &str, expected: usize) {
    let found = rule(name, text);
    assert_eq!(found.len(), expected, "{name}: {text}\n{found:?}");
}

#[test]
fn rules_of_length_find_what_is_too_long() {
    let file = "let a = 1;\n".repeat(601);
    check(file_length, "a.rs", &file, 1);
    check(
        file_length,
        "a.rs",
        &format!("//! Long: one table.\n{file}"),
        0,
    );
    check(file_length, "a.rs", "let a = 1;\n", 0);
    check(line_length, "a.rs", &format!("// {}", "ä".repeat(98)), 1);
    check(line_length, "a.rs", &format!("// {}", "ä".repeat(97)), 0);
    check(
        line_length,
        "a.rs",
        &format!("// https://{}", "a".repeat(98)),
        0,
    );
    let body = "    a(\"}\"); // }\n    b('}');\n".repeat(35);
    check(
        function_length,
        "a.rs",
        &format!("pub async fn f<'a>() {{\n{body}}}\n"),
        1,
    );
    check(
        function_length,
        "a.rs",
        &format!("// long: a table\nfn f() {{\n{body}}}\n"),
        0,
    );
    check(
        function_length,
        "a.rs",
        &format!("fn f() {{\n{}}}\n", "    a();\n".repeat(68)),
        0,
    );
    check(
        function_length,
        "a.rs",
        &format!("#[cfg(test)]\nmod t {{\nfn f() {{\n{body}}}\n}}\n"),
        0,
    );
    check(
        function_length,
        "a.rs",
        &format!("trait T {{\n    fn f(&self);\n{body}}}\n"),
        0,
    );
}

#[test]
fn rules_of_words_find_what_is_out_of_place() {
    check(globs, "a.rs", "use a::*;\n", 1);
    check(globs, "a.rs", "use super::*;\n", 1);
    check(
        globs,
        "a.rs",
        "#[cfg(test)]\nmod tests {\n    use super::*;\n}\n",
        0,
    );
    check(globs, "a.rs", "pub use a::{b, c::*};\n", 1);
    check(
        unfinished,
        "a.rs",
        "fn f() { todo!() }\n// todo!()\nlet a = \"dbg!(\";\n",
        1,
    );
    check(
        unfinished,
        "a.rs",
        "let a = r#\"\" todo!( \"#; dbg!(a);\n",
        1,
    );
    check(
        empty_names,
        "a.rs",
        "struct OrderManager;\nmod utils;\nstruct Order;\n",
        2,
    );
    check(
        foreign_words,
        "a.md",
        concat!("See /wo", "rk/main.\n// TO", "DO: later\n"),
        2,
    );
    check(
        foreign_words,
        "a.md",
        "workspace, open air, a mastodon, photodocument\n",
        0,
    );
    check(foreign_words, "src/a.rs", "//! in ../shared\n", 1);
    check(foreign_words, "tests/a.rs", "//! in ../shared\n", 0);
}

#[test]
fn the_rule_of_edges_finds_a_new_edge() {
    let manifest = |name: &str, rest: &str| format!("[package]\nname = \"{name}\"\n{rest}");
    let good = manifest(
        "barrow-wire",
        "[dependencies]\nbarrow-model.workspace = true\n",
    );
    check(edges, "Cargo.toml", &good, 0);
    let new = "[dependencies]\nbarrow-store = { path = \"x\" }\n[lints]\nworkspace = true\n";
    check(edges, "Cargo.toml", &manifest("barrow-wire", new), 1);
    let table = "[dependencies.barrow-store]\npath = \"x\"\n";
    check(edges, "Cargo.toml", &manifest("barrow-wire", table), 1);
    let fenced = "[dev-dependencies]\nreqwest.workspace = true\n";
    check(edges, "Cargo.toml", &manifest("barrow-engine", fenced), 1);
    check(edges, "Cargo.toml", &manifest("barrow-unheard", ""), 1);
    check(
        edges,
        "Cargo.toml",
        "[workspace]\n[workspace.dependencies]\ntauri = \"2\"\n",
        0,
    );
}
