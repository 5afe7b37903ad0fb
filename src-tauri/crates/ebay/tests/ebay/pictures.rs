//! Pictures from files, against scripted answers (ebay.md §6.8).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use barrow_market::{Fate, HostedPicture, PictureError, PictureLook, Pictures};
use barrow_model::{Image, ImageSource, Offer, PictureFacts, ProblemKind, Site};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::listings::{CREATE, ITEMS, batch, change, publish, responses};
use crate::requests::offer;
use crate::script::{Reply, Script, answer, beginning, connect_showing};

const UPLOAD: &str = "POST /commerce/media/v1_beta/image/create_image_from_file";
const ADDRESS: &str = "https://i.ebayimg.example/images/g/1/s-l1600.jpg";

/// A disk and a memory of places.
#[derive(Default)]
pub(crate) struct Shelf {
    files: BTreeMap<&'static str, Vec<u8>>,
    places: Mutex<BTreeMap<String, HostedPicture>>,
}

#[async_trait]
impl Pictures for Shelf {
    fn look(&self, file: &str) -> Result<PictureLook, PictureError> {
        let content = self.files.get(file).ok_or(PictureError::Missing)?;
        Ok(PictureLook {
            bytes: content.len() as u64,
            facts: PictureFacts::read(content),
        })
    }

    async fn read(&self, file: &str, bytes_max: usize) -> Result<Vec<u8>, PictureError> {
        let content = self.files.get(file).ok_or(PictureError::Missing)?;
        match content.len() > bytes_max {
            true => Err(PictureError::TooLarge { bytes_max }),
            false => Ok(content.clone()),
        }
    }

    async fn hosted(&self, digest: &str) -> Option<HostedPicture> {
        self.places.lock().unwrap().get(digest).cloned()
    }

    async fn keep(&self, digest: &str, hosted: &HostedPicture) {
        let mut places = self.places.lock().unwrap();
        places.insert(digest.to_owned(), hosted.clone());
    }
}

fn png(side: u32) -> Vec<u8> {
    let side = side.to_be_bytes();
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice();
    [head, &side, &side, b"\x08\x02\0\0\0crc.\0\0\0\0IDAT"].concat()
}

pub(crate) fn shelf() -> Arc<Shelf> {
    let files = [
        ("/mug.png", png(800)),
        ("/copy.png", png(800)),
        ("/small.png", png(80)),
        ("/notes.png", b"%PDF-1.7".to_vec()),
        ("/huge.png", vec![0; (12 << 20) + 1]),
    ];
    Arc::new(Shelf {
        files: files.into(),
        ..Shelf::default()
    })
}

fn showing(files: &[&str]) -> Offer {
    let mut offer = offer();
    let sources = files.iter().map(|file| match file.starts_with("https://") {
        true => ImageSource::Url((*file).to_owned()),
        false => ImageSource::File((*file).to_owned()),
    });
    let images = sources.map(|source| Image { source, alt: None });
    offer.content.images = images.collect();
    offer
}

fn uploaded(until: DateTime<Utc>) -> Reply {
    let body = json!({"imageUrl": ADDRESS, "expirationDate": until.to_rfc3339()});
    answer(201, body)
}

fn made() -> [Reply; 2] {
    [
        responses(json!([{"statusCode": 200, "sku": "A"}])),
        responses(
            json!([{"statusCode": 200, "sku": "A", "marketplaceId": "EBAY_US",
            "format": "FIXED_PRICE", "offerId": "9"}]),
        ),
    ]
}

async fn published(script: &Arc<Script>, shelf: &Arc<Shelf>, offers: Vec<Offer>) -> Vec<Fate> {
    let adapter = connect_showing(script, Arc::clone(shelf) as Arc<dyn Pictures>);
    let names = ["A", "B", "C"];
    let changes = names.iter().zip(offers).zip(1..);
    let changes = changes.map(|((sku, offer), id)| change(id, sku, &[], publish(offer)));
    let batch = batch("publish", changes.collect());
    let outcomes = adapter.listings().unwrap().submit(&batch).await.unwrap();
    outcomes.into_iter().map(|outcome| outcome.fate).collect()
}

#[tokio::test]
async fn a_file_is_put_there_once_and_its_address_is_shown() {
    let [items, offers] = made();
    let until = beginning() + TimeDelta::days(30);
    let script = Script::new([uploaded(until), items, offers]);
    let shelf = shelf();
    let shown = showing(&["/mug.png", "https://images.example/2.jpg", "/mug.png"]);
    let fates = published(&script, &shelf, vec![shown.clone()]).await;
    assert!(matches!(fates[..], [Fate::Advanced { .. }]), "{fates:?}");
    assert_eq!(script.lines(), [UPLOAD, ITEMS, CREATE]);
    let asked = script.asked();
    assert!(
        asked[0]
            .body
            .contains("name=\"image\"; filename=\"picture.png\"")
    );
    let urls = json!([ADDRESS, "https://images.example/2.jpg"]);
    assert_eq!(asked[1].json()["requests"][0]["product"]["imageUrls"], urls);

    // The same content under another name, after a restart.
    let script = Script::new(made());
    let shown = showing(&["/copy.png"]);
    let fates = published(&script, &shelf, vec![shown]).await;
    assert!(matches!(fates[..], [Fate::Advanced { .. }]), "{fates:?}");
    assert_eq!(script.lines(), [ITEMS, CREATE]);
}

#[tokio::test]
async fn a_picture_that_has_gone_or_goes_within_a_day_is_put_there_again() {
    for hours in [-1, 1, 23] {
        let [items, offers] = made();
        let soon = beginning() + TimeDelta::hours(hours);
        let script = Script::new([uploaded(soon), items, offers]);
        let shelf = shelf();
        published(&script, &shelf, vec![showing(&["/mug.png"])]).await;
        let [items, offers] = made();
        let later = beginning() + TimeDelta::days(30);
        let script = Script::new([uploaded(later), items, offers]);
        published(&script, &shelf, vec![showing(&["/mug.png"])]).await;
        assert_eq!(script.lines(), [UPLOAD, ITEMS, CREATE], "{hours}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_told_and_keeps_no_other_listing_back() {
    let check = async |file: &str, why: &str| {
        let [items, _] = made();
        let script = Script::new([
            items,
            responses(
                json!([{"statusCode": 200, "sku": "B", "marketplaceId": "EBAY_US",
                "format": "FIXED_PRICE", "offerId": "9"}]),
            ),
        ]);
        let shown = vec![showing(&[file]), showing(&["https://images.example/2.jpg"])];
        let fates = published(&script, &shelf(), shown).await;
        let told = fates.iter().find_map(|fate| match fate {
            Fate::Refused { problem, .. } => Some(problem),
            _ => None,
        });
        let problem = told.unwrap_or_else(|| panic!("{file}: {fates:?}"));
        assert_eq!(problem.kind, ProblemKind::PictureFile, "{file}");
        assert_eq!(problem.params["why"], why, "{file}");
        assert_eq!(problem.params["file"], file);
        // It is told before anything is sent, too.
        let shelf = shelf();
        let adapter = connect_showing(&script, shelf as Arc<dyn Pictures>);
        let site = Site("EBAY_US".to_owned());
        let before = adapter.core().validate(&site, &showing(&[file]), None);
        assert!(before.contains(problem), "{file}: {before:?}");
        assert_eq!(script.lines()[0], ITEMS, "{file}: nothing of it is sent");
        assert_eq!(script.asked()[0].json()["requests"][0]["sku"], "B");
    };
    check("/gone.png", "missing").await;
    check("/small.png", "side").await;
    check("/notes.png", "form").await;
    check("/huge.png", "too_large").await;
}

#[tokio::test]
async fn what_ebay_says_of_a_file_is_told_by_the_file() {
    let refusal = answer(
        400,
        json!({"errors": [{"errorId": 190_203, "domain": "API_MEDIA", "message": "No."}]}),
    );
    let script = Script::new([refusal]);
    let fates = published(&script, &shelf(), vec![showing(&["/mug.png"])]).await;
    let [Fate::Refused { problem, .. }] = &fates[..] else {
        panic!("{fates:?}")
    };
    assert_eq!(problem.kind, ProblemKind::PictureFile);
    assert_eq!(
        (
            problem.params["why"].as_str(),
            problem.params["file"].as_str()
        ),
        ("form", "/mug.png")
    );
    let vendor = problem.vendor.as_ref().unwrap();
    assert_eq!(
        (vendor.code.as_str(), vendor.text.as_str()),
        ("190203", "No.")
    );
    assert_eq!(script.lines(), [UPLOAD]);
}
