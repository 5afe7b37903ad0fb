//! A file on its way in: opened, looked at page by page, and applied or let go.

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::World;

fn file(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("writes");
    path
}

const SUPPLIER: &str = "Artikel;Bezeichnung;UVP;Bestand;Farbe\n\
    MUG-1;Blue mug;13,50;3;blau\nMUG-2;Red mug;20,00;7;\n;;9,00;1;\nMUG-3;Low mug;call;1;rot\n";

fn map() -> Value {
    json!([{"name": "Artikel", "value": "sku"}, {"name": "Bezeichnung", "value": "title"},
        {"name": "UVP", "value": "price"}, {"name": "Bestand", "value": "quantity"},
        {"name": "Farbe", "value": "attribute:Colour"}])
}

#[tokio::test]
async fn a_file_is_opened_with_its_form_and_first_values() {
    let world = World::with_mug().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(
        &folder,
        "week-47.csv",
        "sku;title;price;remarks\nA;Mug A;1,50;x\nB;Mug B;2,50;\n",
    );
    let opened = world.call("import_open", json!({"file": path})).await;
    assert_eq!(
        [
            &opened["file"],
            &opened["delimiter"],
            &opened["numbers"],
            &opened["profile"]
        ],
        [
            &json!("week-47.csv"),
            &json!(";"),
            &json!("comma"),
            &Value::Null
        ],
        "{opened}"
    );
    assert_eq!(
        opened["columns"][2],
        json!({"column": "price", "field": "price", "known": false, "unit": null,
            "unit_assumed": false, "samples": ["1,50", "2,50"]})
    );
    assert_eq!(
        (
            &opened["columns"][3]["field"],
            &opened["columns"][3]["samples"]
        ),
        (&json!("ignore"), &json!(["x"]))
    );
    let missing = world
        .call("import_open", json!({"file": path, "profile": "nobody"}))
        .await;
    assert_eq!(missing["error"]["kind"], "not_found");
}

#[tokio::test]
async fn a_preview_is_paged_by_what_it_changes() {
    let world = World::with_mug().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(&folder, "supplier.csv", SUPPLIER);
    let shown = world
        .call("import_preview", json!({"file": path, "map": map()}))
        .await;
    let counts = ["new", "changed", "unchanged", "refused"].map(|name| &shown["import"][name]);
    assert_eq!(counts, [1, 1, 0, 2].map(Value::from).each_ref(), "{shown}");
    assert_eq!(
        shown["fields"],
        json!([{"field": "attributes", "rows": 1}, {"field": "price", "rows": 1}])
    );
    assert_eq!(shown["not_in_file"], 0);
    let staged = &shown["staged"];
    let changed = world
        .call(
            "import_rows",
            json!({"staged": staged, "state": "changed", "field": "price"}),
        )
        .await;
    assert_eq!(changed["rows"][0]["sku"], "MUG-1");
    assert!(
        changed["rows"][0]["fields"]
            .to_string()
            .contains("13.50 USD"),
        "{changed}"
    );
    let none = world
        .call(
            "import_rows",
            json!({"staged": staged, "state": "changed", "field": "mpn"}),
        )
        .await;
    assert_eq!(none, json!({"rows": [], "next": null}));
    let kinds = shown["issues"].as_array().expect("issues").iter();
    let kinds: Vec<_> = kinds.filter_map(|group| group["kind"].as_str()).collect();
    assert!(kinds.contains(&"not_an_amount"), "{shown}");
    let issues = world
        .call(
            "import_issues",
            json!({"staged": staged, "kind": "not_an_amount", "column": "UVP"}),
        )
        .await;
    assert_eq!(
        (&issues["issues"][0]["line"], &issues["issues"][0]["value"]),
        (&json!(5), &json!("call"))
    );
}

#[tokio::test]
async fn what_was_looked_at_is_applied_whole_and_its_form_is_kept() {
    let world = World::with_mug().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(&folder, "supplier.csv", SUPPLIER);
    let shown = world
        .call("import_preview", json!({"file": path, "map": map()}))
        .await;
    let staged = &shown["staged"];
    let out = folder.path().join("errors.csv");
    let written = world
        .call("import_errors", json!({"staged": staged, "out": out}))
        .await;
    assert_eq!(written["done"], 2, "{written}");
    assert!(
        std::fs::read_to_string(&out)
            .expect("reads")
            .contains("MUG-3")
    );
    let applied = world
        .call(
            "import_apply",
            json!({"staged": staged, "profile": "Supplier"}),
        )
        .await;
    assert_eq!(
        (&applied["import"]["id"], &applied["import"]["new"]),
        (&json!(2), &json!(1)),
        "{applied}"
    );
    let again = world.call("import_apply", json!({"staged": staged})).await;
    assert_eq!(again["error"]["kind"], "not_found");
    // The next file of the supplier is recognised by its columns.
    let opened = world.call("import_open", json!({"file": path})).await;
    assert_eq!(
        (&opened["profile"], &opened["columns"][0]["known"]),
        (&json!("Supplier"), &json!(true))
    );
    let undone = world.call("undo", json!({"id": 2})).await;
    assert_eq!(undone["refused"], json!([]));
}

#[tokio::test]
async fn a_file_that_is_let_go_changes_nothing() {
    let world = World::with_mug().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(&folder, "supplier.csv", SUPPLIER);
    let ask = json!({"file": path, "map": map()});
    let first = world.call("import_preview", ask.clone()).await;
    let second = world.call("import_preview", ask).await;
    assert_ne!(first["staged"], second["staged"]);
    let rows = json!({"staged": first["staged"], "state": "new"});
    let gone = world.call("import_rows", rows).await;
    assert_eq!(gone["error"]["kind"], "not_found");
    let dropped = world
        .call("import_drop", json!({"staged": second["staged"]}))
        .await;
    assert_eq!(dropped["done"], 1);
    let count = world.call("products_count", json!({})).await;
    assert_eq!(count["skus"], 1);
}

#[tokio::test]
async fn the_form_of_a_file_is_what_a_person_says() {
    let world = World::with_mug().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("supplier.csv");
    std::fs::write(&path, b"sku|title|price\nC|\xB4\xFA\xB8\xD5|1,50\n").expect("writes");
    let guessed = world.call("import_open", json!({"file": path})).await;
    assert_eq!(
        (&guessed["encoding"], &guessed["columns"][1]["samples"]),
        (&json!("windows1252"), &json!(["´ú¸Õ"]))
    );
    let form = json!({"encoding": "big5", "delimiter": "|", "numbers": "comma"});
    let ask = json!({"file": path, "form": form});
    let opened = world.call("import_open", ask.clone()).await;
    assert_eq!(
        [
            &opened["encoding"],
            &opened["delimiter"],
            &opened["numbers"],
            &opened["columns"][1]["samples"]
        ],
        [
            &json!("big5"),
            &json!("|"),
            &json!("comma"),
            &json!(["測試"])
        ],
        "{opened}"
    );
    let shown = world.call("import_preview", ask).await;
    let rows = json!({"staged": shown["staged"], "state": "new"});
    let rows = world.call("import_rows", rows).await;
    assert_eq!(rows["rows"][0]["title"], "測試");
    // Under a separator that the file does not have, its columns are shown and can be mapped.
    let form = json!({"encoding": "big5", "delimiter": ";"});
    let ask = json!({"file": path, "form": form});
    let opened = world.call("import_open", ask.clone()).await;
    assert_eq!(opened["columns"][0]["column"], "sku|title|price");
    let refused = world.call("import_preview", ask).await;
    assert_eq!(refused["error"]["params"]["why"], "no_header", "{refused}");
    let ask = json!({"file": path, "form": {"delimiter": "."}});
    let refused = world.call("import_open", ask).await;
    assert_eq!(refused["error"]["params"]["why"], "delimiter_unknown");
}

#[tokio::test]
async fn a_profile_keeps_how_its_files_are_written() {
    let world = World::with_mug().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("supplier.csv");
    std::fs::write(&path, b"sku|title|price\nC|\xB4\xFA\xB8\xD5|1,50\n").expect("writes");
    let form = json!({"encoding": "big5", "delimiter": "|", "numbers": null});
    let shown = world
        .call(
            "import_preview",
            json!({"file": path, "form": form, "map": [{"name": "price", "value": "cost"}]}),
        )
        .await;
    let applied = world
        .call(
            "import_apply",
            json!({"staged": shown["staged"], "profile": "Taipei"}),
        )
        .await;
    assert_eq!(applied["import"]["new"], 1, "{applied}");
    let open = async |ask: Value| world.call("import_open", ask).await;
    let told = |opened: &Value| (opened["profile"].clone(), opened["form"].clone());
    // The next file is known by its columns, which are found only as it is written.
    let opened = open(json!({"file": path})).await;
    assert_eq!(told(&opened), (json!("Taipei"), form.clone()), "{opened}");
    assert_eq!(opened["columns"][1]["samples"], json!(["測試"]));
    // What is said now goes before it, also that the file itself shall tell.
    let plain = json!({"encoding": null, "delimiter": null, "numbers": null});
    let opened = open(json!({"file": path, "profile": "Taipei", "form": plain})).await;
    assert_eq!(told(&opened), (json!("Taipei"), plain), "{opened}");
    assert_eq!(opened["encoding"], "windows1252");
    // An import under the name alone is read so too.
    let ask = json!({"file": path, "profile": "Taipei", "preview": true});
    let import = world.call("import", ask).await;
    assert_eq!(import["import"]["encoding"], "big5", "{import}");
}
