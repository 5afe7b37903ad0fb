//! Imports and exports.

use serde_json::{Value, json};

use super::World;
use crate::{ApiErrorKind, ExportRequest, ExportWhat, ImportControl, ImportRequest};

const CSV: &str = "sku,title,price,quantity,mpn\n\
                   MUG-1,Blue mug,12.50,3,\n\
                   ,Red mug,abc,1,RM\n\
                   ,Green mug,9.00,2,GM\n";

#[tokio::test]
async fn an_import_reports_what_it_did_and_what_it_refused() {
    let world = World::new();
    let report = world.import(CSV).await;
    let import = &report["import"];
    assert_eq!(import["id"], 1, "{report}");
    assert_eq!(import["file"], "products.csv");
    assert_eq!(import["layout"], "plain");
    assert_eq!(import["encoding"], "utf8");
    assert_eq!(import["delimiter"], ",");
    assert_eq!(
        [&import["new"], &import["changed"], &import["unchanged"]],
        [2, 0, 0]
    );
    assert_eq!([&import["refused"], &import["derived_skus"]], [1, 1]);
    assert_eq!(import["defaults"], json!({"currency": "USD"}));
    assert_eq!(
        import["mapping"][2],
        json!({"column": "price", "field": "price", "unit": null, "unit_assumed": false})
    );
    assert_eq!(
        report["refused"],
        json!([{"line": 3, "column": "price", "value": "abc", "kind": "not_an_amount",
            "reason": "“abc” in price is not an amount of money. Write it like 34.90."}])
    );
    assert_eq!(report["changes"][0]["sku"], "MUG-1");
    assert_eq!(report["changes"][0]["state"], "new");
    assert_eq!(report["next"], Value::Null);
    let summary = report["summary"].as_str().unwrap_or_default();
    assert!(summary.contains("was made from their handle"), "{summary}");
    let again = world.import(CSV).await;
    assert_eq!(again["import"]["same_as"], 1, "{again}");
    assert_eq!(again["import"]["unchanged"], 2);
}

#[tokio::test]
async fn a_preview_changes_nothing_and_refused_rows_can_be_corrected() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    let (file, errors) = (
        folder.path().join("a.csv"),
        folder.path().join("errors.csv"),
    );
    std::fs::write(&file, CSV).expect("writes");
    let request = json!({"file": file, "preview": true, "errors": errors});
    let report = world.call("import", request).await;
    assert_eq!(report["import"]["id"], Value::Null);
    assert_eq!(report["import"]["new"], 2);
    let listed = world.call("products", json!({})).await;
    assert_eq!(listed["products"], json!([]));
    let text = std::fs::read_to_string(&errors).expect("reads");
    let mended = text.replace("abc", "7.00");
    assert_eq!(text.lines().count(), 2, "{text}");
    std::fs::write(&errors, mended).expect("writes");
    let report = world.call("import", json!({"file": errors})).await;
    assert_eq!(
        [&report["import"]["new"], &report["import"]["refused"]],
        [1, 0],
        "{report}"
    );
}

#[tokio::test]
async fn an_import_that_is_stopped_changes_nothing() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.csv");
    std::fs::write(&file, CSV).expect("writes");
    let request: ImportRequest = serde_json::from_value(json!({"file": file})).expect("a request");
    let control = ImportControl::default();
    control.cancel.cancel();
    let stopped = world.api.import_watched(request, control).await;
    assert_eq!(
        stopped.map_err(|error| error.kind),
        Err(ApiErrorKind::Cancelled)
    );
    assert_eq!(world.store.read(|db| db.sku_count()).expect("reads"), 0);
}

#[tokio::test]
async fn an_import_is_taken_back() {
    let world = World::new();
    world.import(CSV).await;
    let undone = world.call("undo", json!({"id": 1})).await;
    assert_eq!(
        undone,
        json!({"done": 2, "held": [], "refused": [], "id": 1})
    );
    let imports = world.call("imports", json!({})).await;
    assert_eq!(
        imports["imports"][0]["undone_at"], "2026-11-22T00:00:00Z",
        "{imports}"
    );
}

#[tokio::test]
async fn files_that_cannot_be_read_are_told_apart() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.csv");
    std::fs::write(&empty, "").expect("writes");
    let missing = folder.path().join("missing.csv");
    for (file, kind) in [
        (missing.as_path(), "file_not_found"),
        (folder.path(), "file_is_directory"),
        (empty.as_path(), "not_a_table"),
    ] {
        let told = world.call("import", json!({"file": file})).await;
        assert_eq!(told["error"]["kind"], kind, "{told}");
        let message = told["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(&*file.to_string_lossy()), "{message}");
    }
}

#[tokio::test]
async fn what_is_exported_is_imported_without_a_change() {
    let world = World::new();
    world
        .import(
            "handle,sku,title,description,tags,price,quantity,weight,attribute:Colour,\
             option1_name,option1_value\n\
             mug,MUG-B,Mug,\"A \"\"big\"\" mug\",a|b,12.50,3,1.5 lb,Blue|Navy,Colour,Blue\n\
             mug,MUG-R,Mug,,,13.00,0,,,Colour,Red\n=x,=SUM(A1),-minus,,,1.00,5,,,,\n",
        )
        .await;
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out.csv");
    let written = world
        .call("export", json!({"what": "products", "out": out}))
        .await;
    assert_eq!([&written["done"]], [3], "{written}");
    let report = world.call("import", json!({"file": out})).await;
    let import = &report["import"];
    let counts = [
        &import["new"],
        &import["changed"],
        &import["unchanged"],
        &import["refused"],
    ];
    assert_eq!(counts, [0, 0, 3, 0], "{report}");
}

#[tokio::test]
async fn orders_are_exported_line_by_line() {
    let world = World::with_mug().await;
    world.call("pull", json!({})).await;
    let mut csv = Vec::new();
    let request = ExportRequest {
        what: ExportWhat::Orders,
        format: None,
        out: None,
        shown: None,
    };
    let count = world.api.export_to(&request, &mut csv).expect("writes");
    let text = String::from_utf8(csv).expect("text");
    assert_eq!((count, text.lines().count()), (1, 3), "{text}");
    assert!(text.contains("shop,bazaar,BAZAAR_US,17,"), "{text}");
    let refused = world
        .call(
            "export",
            json!({"what": "stock", "format": "xlsx", "out": "x.xlsx"}),
        )
        .await;
    assert_eq!(refused["error"]["kind"], "unsupported");
    let message = refused["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("Export as csv"), "{message}");
}

#[tokio::test]
async fn json_exports_are_lists() {
    let world = World::with_mug().await;
    let read = |what| {
        let mut json = Vec::new();
        let request = ExportRequest {
            what,
            format: Some(crate::ExportFormat::Json),
            out: None,
            shown: None,
        };
        world.api.export_to(&request, &mut json).expect("writes");
        serde_json::from_slice::<Value>(&json).expect("JSON")
    };
    assert_eq!(
        read(ExportWhat::Stock),
        json!({"stock": [{"sku": "MUG-1", "title": "Blue mug", "on_hand": 3, "reserved": 0,
            "available": 3}], "next": null})
    );
    assert_eq!(
        read(ExportWhat::Orders),
        json!({"orders": [], "next": null})
    );
    assert_eq!(
        read(ExportWhat::Products)["products"][0]["variant"]["sku"],
        "MUG-1"
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_named_and_none_is_left_behind() {
    let world = World::with_mug().await;
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("no/such/out.csv");
    for out in [missing.as_path(), folder.path()] {
        let told = world
            .call("export", json!({"what": "products", "out": out}))
            .await;
        assert_eq!(told["error"]["kind"], "file_unwritable", "{told}");
        let message = told["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(&*out.to_string_lossy()), "{message}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("reads").count(), 0);
}

fn png() -> &'static [u8] {
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x03\x20\0\0\x03\x20\x08\x02\0\0\0crc.\0\0\0\0IDAT"
}

#[tokio::test]
async fn images_are_files_that_can_be_used_and_all_are_added_or_none() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    let named = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("writes");
        path.to_str().expect("text").to_owned()
    };
    let (front, back) = (named("front.png", png()), named("back.jpg", png()));
    let notes = named("notes.jpg", b"%PDF-1.7");
    named("photo.png", png());
    let csv = "sku,title,images\nMUG-1,Blue mug,photo.png|https://images.example/1.jpg\n";
    let file = named("catalogue.csv", csv.as_bytes());
    world.call("import", json!({"file": file})).await;
    let photo = folder.path().join("photo.png");
    let photo = photo.to_str().expect("text");
    let images = async || {
        let product = world.call("product", json!({"sku": "MUG-1"})).await;
        let images = product["product"]["images"].as_array().cloned();
        let sources = images.unwrap_or_default().into_iter();
        sources
            .map(|image| image["source"].clone())
            .collect::<Vec<Value>>()
    };
    let imported = [
        json!({"file": photo}),
        json!({"url": "https://images.example/1.jpg"}),
    ];
    assert_eq!(images().await, imported, "it lies beside the catalogue");

    let gone = folder.path().join("gone.png");
    let wrong = json!({"sku": "MUG-1", "files": [front, notes, gone, "front.png"]});
    let refused = world.call("product_images_add", wrong).await;
    assert_eq!(refused["done"], 0);
    let told: Vec<&str> = refused["refused"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["reason"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("notes.jpg is no image"), "{told:?}");
    assert!(
        told[1].contains("gone.png is not on this computer"),
        "{told:?}"
    );
    assert!(
        told[2].contains("front.png is not on this computer"),
        "{told:?}"
    );
    assert_eq!(images().await, imported);

    let two = json!({"sku": "MUG-1", "files": [front, back, photo, front]});
    let added = world.call("product_images_add", two).await;
    assert_eq!(added["done"], 2, "{added}");
    let added = [json!({"file": front}), json!({"file": back})];
    assert_eq!(images().await, [&imported[..], &added[..]].concat());
    let own = json!({"sku": "MUG-1", "files": [back], "variant": true});
    let answer = world.call("product_images_add", own).await;
    assert_eq!(answer["done"], 1);
    let product = world.call("product", json!({"sku": "MUG-1"})).await;
    assert_eq!(
        product["variants"][0]["images"][0]["source"],
        json!({"file": back})
    );
}
