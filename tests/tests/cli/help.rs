//! Every command explains itself.

use crate::barrow::Shop;

const COMMANDS: &[&[&str]] = &[
    &["account", "add"],
    &["account", "list"],
    &["account", "check"],
    &["account", "consent"],
    &["account", "mend"],
    &["account", "choices"],
    &["account", "limits"],
    &["account", "set"],
    &["account", "remove"],
    &["import"],
    &["imports"],
    &["undo"],
    &["products"],
    &["set"],
    &["new"],
    &["remove"],
    &["image", "add"],
    &["stock"],
    &["listing", "add"],
    &["listing", "together"],
    &["listing", "alone"],
    &["listing", "set"],
    &["listing", "categories"],
    &["listing", "attributes"],
    &["listing", "pause"],
    &["listing", "resume"],
    &["listing", "end"],
    &["listing", "adopt"],
    &["listing", "compare"],
    &["listing", "elsewhere"],
    &["listing", "take-over"],
    &["listings"],
    &["plan"],
    &["push"],
    &["pull"],
    &["orders"],
    &["cases"],
    &["cases", "answer"],
    &["messages"],
    &["messages", "show"],
    &["messages", "answer"],
    &["messages", "read"],
    &["messages", "take-back"],
    &["ship"],
    &["take-back"],
    &["erase"],
    &["cancel"],
    &["refund"],
    &["match"],
    &["problems"],
    &["receipts"],
    &["quarantine", "list"],
    &["quarantine", "retry"],
    &["export"],
    &["sync"],
    &["practice"],
    &["demo"],
];

#[test]
fn every_command_has_an_example_that_names_it() {
    let shop = Shop::new();
    for command in COMMANDS {
        let help = shop.run(&[*command, &["--help"]].concat()).done();
        let (_, examples) = help.out.split_once("Example").unwrap_or_else(|| {
            panic!("{command:?} has no example: {}", help.out);
        });
        let name = format!("barrow {}", command.join(" "));
        assert!(examples.contains(&name), "{command:?}: {examples}");
    }
}

#[test]
fn the_list_of_commands_is_whole() {
    let shop = Shop::new();
    let listed = |arguments: &[&str]| -> Vec<String> {
        let help = shop.run(&[arguments, &["--help"]].concat()).done().out;
        let (_, rest) = help.split_once("Commands:\n").expect("there are commands");
        let lines = rest.lines().take_while(|line| !line.is_empty());
        lines
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| *name != "help")
            .map(str::to_owned)
            .collect()
    };
    let mut all = Vec::new();
    for name in listed(&[]) {
        if ["account", "image", "listing", "quarantine"].contains(&name.as_str()) {
            all.extend(
                listed(&[&name])
                    .into_iter()
                    .map(|below| format!("{name} {below}")),
            );
        } else {
            // `cases` and `messages` list them, and answer one.
            let below = match name.as_str() {
                "cases" | "messages" => listed(&[&name]),
                _ => Vec::new(),
            };
            let below = below.into_iter().map(|below| format!("{name} {below}"));
            let below: Vec<String> = below.collect();
            all.push(name);
            all.extend(below);
        }
    }
    let known: Vec<String> = COMMANDS.iter().map(|command| command.join(" ")).collect();
    assert_eq!(all, known);
}

#[test]
fn bad_usage_ends_with_2_and_says_so() {
    let shop = Shop::new();
    let check = |arguments: &[&str], words: &str| {
        let run = shop.run(arguments);
        assert_eq!(run.status, 2, "{run:?}");
        assert_eq!(run.out, "", "{arguments:?}");
        assert!(run.err.contains(words), "{run:?}");
        let with = [arguments, &["--json"]].concat();
        let run = shop.run(&with);
        assert_eq!(
            (run.status, run.error().as_str()),
            (2, "bad_usage"),
            "{run:?}"
        );
    };
    check(&["sell"], "sell");
    check(&["import"], "FILE");
    check(&["undo", "x"], "x");
    check(&["stock", "A"], "--set");
    check(&["stock", "A", "--set", "1", "--add", "1"], "--add");
    check(&["listing", "add", "a"], "--all");
    check(&["products", "--limit", "0"], "0");
    check(&["set", "A", "price"], "field=value");
    check(&["set", "A", "price=1", "price=2"], "twice");
    check(&["import", "a.csv", "--map", "sku"], "Column=field");
    check(&["pull", "--since", "yesterday"], "2026-11-01");
    check(
        &[
            "ship",
            "1",
            "--carrier",
            "USPS",
            "--tracking",
            "9",
            "--line",
            "1",
        ],
        "LINE=QTY",
    );
    check(&["cancel", "1", "--reason", "mood"], "out_of_stock");
    check(
        &["account", "add", "ebay", "a", "--set", "client_secret=x"],
        "secret",
    );
    assert!(!shop.data().join("vault.json").exists());
}
