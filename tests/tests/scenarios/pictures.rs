//! Pictures that are files on the seller's computer, on their way to eBay.

use std::path::Path;
use std::time::Duration;

use barrow_engine::NoFaults;
use barrow_model::{ImageSource, Origin, ProblemKind};
use barrow_store::Value;
use barrow_tests::goods::{Goods, row, sku};
use barrow_tests::rig::{Rig, RigOptions};
use barrow_tests::shop::{EBAY, Shop};
use std::sync::Arc;

const UPLOADED: &str = "createImageFromFile";

fn photo(folder: &Path, name: &str, side: u32, shade: u8) -> String {
    let side = side.to_be_bytes();
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice();
    let content = [
        head,
        &side,
        &side,
        b"\x08\x02\0\0\0crc.\0\0\0\0IDAT",
        &[shade],
    ]
    .concat();
    let path = folder.join(name);
    std::fs::write(&path, content).expect("the folder can be written");
    path.to_str().expect("a path of text").to_owned()
}

fn uploads(shop: &Shop) -> u64 {
    shop.held(EBAY).calls.get(UPLOADED).copied().unwrap_or(0)
}

fn describe(shop: &Shop, number: u64, words: &str) {
    let change = [("description", Value::Text(words.to_owned()))];
    let set = shop
        .rig
        .store
        .write(|tx| tx.set_fields(&sku(number), &change, None, Origin::User));
    set.expect("it can be described anew");
}

#[tokio::test(start_paused = true)]
async fn files_are_put_at_ebay_once_and_again_when_they_have_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let goods = Goods {
        count: 3,
        price_cents: 2_000,
        quantity: 5,
    };
    let mut rows: Vec<_> = (0..3).map(|number| row(number, &goods)).collect();
    let front = photo(folder.path(), "front.png", 800, 1);
    let back = photo(folder.path(), "back.png", 800, 2);
    let small = photo(folder.path(), "small.png", 80, 3);
    rows[0].images.product = [&front, &back]
        .map(|file| ImageSource::File(file.clone()))
        .into();
    rows[1].images.product = vec![ImageSource::File(front.clone())];
    rows[2].images.product = vec![ImageSource::File(small)];
    let mut shop = Shop {
        rig: Rig::open(RigOptions::quiet(5), &[EBAY]),
    };
    shop.import_rows(&rows);
    shop.list_all();
    let summary = shop.push().await;
    assert_eq!(summary.done, 2, "{summary:?}");
    let refused: Vec<ProblemKind> = summary.refused.iter().map(|one| one.problem.kind).collect();
    assert_eq!(refused, [ProblemKind::PictureFile], "{summary:?}");
    assert_eq!(uploads(&shop), 2, "each file once");

    // What was put there is known after a restart.
    shop.rig.restart(Arc::new(NoFaults));
    describe(&shop, 0, "Described anew.");
    assert_eq!(shop.push().await.done, 1);
    assert_eq!(uploads(&shop), 2);

    // A month later the places are over, and the files are put there again.
    shop.pass(Duration::from_secs(31 * 86_400)).await;
    describe(&shop, 0, "Described once more.");
    assert_eq!(shop.push().await.done, 1);
    assert_eq!(uploads(&shop), 4);

    // A file that has gone is told; the listing stays as it is.
    std::fs::remove_file(&back).expect("it is there");
    describe(&shop, 0, "Described a last time.");
    let summary = shop.push().await;
    let why: Vec<&str> = summary
        .refused
        .iter()
        .filter(|one| one.sku == "G-00000")
        .map(|one| one.problem.params["why"].as_str())
        .collect();
    assert_eq!(why, ["missing"], "{summary:?}");
    assert_eq!(
        shop.shown(EBAY, &sku(0)).map(|shown| shown.quantity),
        Some(5)
    );
}
