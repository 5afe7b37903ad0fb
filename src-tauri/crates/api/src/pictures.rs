//! Pictures that are files on this computer: looked at before they are taken, and named with their
//! whole path.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use barrow_model::{
    Image, ImageSource, Origin, PictureFacts, Problem, ProblemKind, Revision, Row, Sku,
};
use barrow_store::{BatchKind, Item, ProductDetail, Store, Value};
use serde::{Deserialize, Serialize};

use crate::api::{Api, at_most, sku};
use crate::error::{ApiError, Result};
use crate::fields::SetResponse;
use crate::report::{ActionReport, RefusedItem};

/// Files that one request adds at most.
const FILES_MAX: usize = 100;
/// Largest file that is taken, in bytes: no marketplace takes a larger one.
const PICTURE_BYTES_MAX: u64 = 12 << 20;

/// Adds pictures that are files on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ProductImagesAddRequest {
    /// Which SKU.
    pub sku: String,
    /// The files, with their whole paths; behind the pictures that are there, in this order.
    pub files: Vec<PathBuf>,
    /// Adds them to the variant itself, instead of the whole product.
    #[serde(default)]
    pub variant: bool,
}

impl Api {
    /// Adds pictures that are files on this computer: all of them or none. One that is there
    /// already is not added again.
    pub async fn product_images_add(
        &self,
        request: ProductImagesAddRequest,
    ) -> Result<SetResponse> {
        at_most(request.files.len(), FILES_MAX)?;
        let sku = sku(&request.sku)?;
        let (asked, variant) = (sku.clone(), request.variant);
        let store = Arc::clone(&self.parts.store);
        let (done, wrong, revision) = self
            .blocking(move || add(&store, &asked, &request.files, variant))
            .await?;
        let mut report = ActionReport::done(done);
        for problem in wrong {
            report.refuse(RefusedItem {
                account: None,
                sku: Some(sku.to_string()),
                order: None,
                kind: problem.kind.code().to_owned(),
                field: problem.field.clone(),
                reason: self.words.problem(&problem, ""),
                vendor: None,
            });
        }
        Ok(SetResponse {
            report,
            sku,
            revision,
        })
    }
}

/// How many were added, what is wrong with files, and the SKU's revision since.
type Added = (u64, Vec<Problem>, Revision);

fn add(store: &Store, sku: &Sku, files: &[PathBuf], variant: bool) -> Result<Added> {
    let detail = store.read(|db| db.product(sku))?;
    let item = detail.items.iter().find(|item| item.sku() == sku);
    let item = item.ok_or_else(|| ApiError::not_found("sku", sku))?;
    let revision = match item {
        Item::Variant(variant) => variant.revision,
        Item::Kit(kit) => kit.revision,
    };
    let wrong: Vec<Problem> = files.iter().filter_map(|file| fault(file)).collect();
    if !wrong.is_empty() {
        return Ok((0, wrong, revision));
    }
    let field = match variant {
        true => "variant_images",
        false => "images",
    };
    Ok(store.write(|tx| {
        // What is there now counts, not what was there when the files were looked at.
        let mut images = shown(&tx.product(sku)?, sku, variant);
        let before = images.len();
        for file in files {
            let source = ImageSource::File(file.to_string_lossy().into_owned());
            if !images.iter().any(|image| image.source == source) {
                images.push(Image { source, alt: None });
            }
        }
        let added = images.len().saturating_sub(before) as u64;
        if added == 0 {
            return Ok((0, Vec::new(), revision));
        }
        let batch = tx.begin_batch(BatchKind::Set)?;
        let change = [(field, Value::Images(images))];
        let revision = tx.set_fields(sku, &change, None, Origin::User)?;
        tx.end_batch(batch, &[field.to_owned()], Some(sku), 1)?;
        Ok((added, Vec::new(), revision))
    })?)
}

fn shown(detail: &ProductDetail, sku: &Sku, own: bool) -> Vec<Image> {
    if !own {
        return detail.product.images.clone();
    }
    let mut items = detail.items.iter();
    let images = items.find_map(|item| match item {
        Item::Variant(variant) if &variant.sku == sku => Some(variant.images.clone()),
        Item::Variant(_) | Item::Kit(_) => None,
    });
    images.unwrap_or_default()
}

/// What is wrong with a picture's file; none where it can be used.
fn fault(path: &Path) -> Option<Problem> {
    let because = |why: &str| {
        let problem = Problem::new(ProblemKind::PictureFile).field("images");
        problem.param("file", path.display()).param("why", why)
    };
    let content = match read_whole(path, PICTURE_BYTES_MAX) {
        Ok(content) => content,
        Err(unread) => return Some(unread.told(because(unread.why))),
    };
    match PictureFacts::read(&content) {
        None => Some(because("form")),
        Some(facts) if facts.several => Some(because("several")),
        Some(_) => None,
    }
}

/// Why a file cannot be read.
pub(crate) struct Unread {
    /// missing, unreadable or too_large.
    pub(crate) why: &'static str,
    reason: Option<String>,
}

impl Unread {
    /// The problem with the system's own words, where it said any.
    pub(crate) fn told(&self, problem: Problem) -> Problem {
        match &self.reason {
            Some(reason) => problem.param("reason", reason),
            None => problem,
        }
    }
}

/// Reads a file of this computer whole, where it is no larger than that.
pub(crate) fn read_whole(path: &Path, bytes_max: u64) -> std::result::Result<Vec<u8>, Unread> {
    let because = |why| Unread { why, reason: None };
    let unread = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => because("missing"),
        _ => Unread {
            why: "unreadable",
            reason: Some(error.to_string()),
        },
    };
    // Another folder may be the current one when it is sent; text is what the catalogue keeps.
    if !path.is_absolute() || path.to_str().is_none() {
        return Err(because("missing"));
    }
    let facts = std::fs::metadata(path).map_err(unread)?;
    if !facts.is_file() {
        return Err(because("missing"));
    }
    if facts.len() > bytes_max {
        return Err(because("too_large"));
    }
    let mut content = Vec::new();
    let file = File::open(path).map_err(unread)?;
    file.take(bytes_max)
        .read_to_end(&mut content)
        .map_err(unread)?;
    Ok(content)
}

/// Files that a catalogue names without their whole path lie beside it.
pub(crate) fn beside(folder: &Path, row: &mut Row) {
    let images = &mut row.images;
    for source in images.product.iter_mut().chain(&mut images.variant) {
        if let ImageSource::File(file) = source
            && !is_whole(file)
        {
            let whole = folder.join(&*file);
            *file = whole.to_string_lossy().into_owned();
        }
    }
}

/// Whether a path is whole, on this system or on another: a catalogue may come from there.
fn is_whole(path: &str) -> bool {
    let mut bytes = path.bytes();
    let letter = bytes
        .next()
        .is_some_and(|letter| letter.is_ascii_alphabetic());
    let drive = letter && bytes.next() == Some(b':') && matches!(bytes.next(), Some(b'\\' | b'/'));
    path.starts_with(['/', '\\']) || drive
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn whole_paths_of_any_system_stay_as_they_are() {
        let check = |path: &str, expected: bool| assert_eq!(is_whole(path), expected, "{path}");
        check("/home/ana/mug.jpg", true);
        check("C:\\Pictures\\mug.jpg", true);
        check("D:/mug.jpg", true);
        check("\\\\server\\shop\\mug.jpg", true);
        check("pictures/mug.jpg", false);
        check("mug.jpg", false);
        check("..\\mug.jpg", false);
    }
}
