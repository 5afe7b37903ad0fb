//! Pictures that are files on the seller's computer: which eBay takes, and their addresses in
//! place of them (ebay.md §6.8).

use std::collections::BTreeMap;

use barrow_market::PictureError;
use barrow_model::{
    Content, Image, ImageSource, PictureFacts, PictureForm, Problem, ProblemKind, evidence_problem,
};

use super::listing::IMAGES_MAX;

/// Largest file that eBay takes, in bytes (ebay.md §6.8: 12 MB, unconfirmed; what it refuses beside
/// is told with its own words).
pub const PICTURE_BYTES_MAX: usize = 12 << 20;
/// Fewest pixels of the longer side (ebay.md §6.8).
const PICTURE_SIDE_MIN: u32 = 500;

/// The files among the pictures that a listing and its family show; each once.
pub fn picture_files(content: &Content) -> Vec<&str> {
    let family = content.family.as_ref().map(|family| &family.images);
    let family = family.map(Vec::as_slice).unwrap_or_default();
    let shown = content.images.iter().take(IMAGES_MAX);
    let mut files = Vec::new();
    for image in shown.chain(family.iter().take(IMAGES_MAX)) {
        if let ImageSource::File(file) = &image.source
            && !files.contains(&file.as_str())
        {
            files.push(file.as_str());
        }
    }
    files
}

/// The same content with addresses in place of files. Two files of the same content have one
/// address, which is shown once.
pub fn with_addresses(content: &Content, addresses: &BTreeMap<String, String>) -> Content {
    let mut content = content.clone();
    put(&mut content.images, addresses);
    if let Some(family) = &mut content.family {
        put(&mut family.images, addresses);
    }
    content
}

fn put(images: &mut Vec<Image>, addresses: &BTreeMap<String, String>) {
    for image in images.iter_mut() {
        if let ImageSource::File(file) = &image.source
            && let Some(address) = addresses.get(file)
        {
            image.source = ImageSource::Url(address.clone());
        }
    }
    let mut kept: Vec<Image> = Vec::with_capacity(images.len());
    for image in images.drain(..) {
        if !kept.iter().any(|other| other.source == image.source) {
            kept.push(image);
        }
    }
    *images = kept;
}

/// The form of a file that eBay takes, or why it does not, by what its content tells.
pub fn picture_form(file: &str, facts: Option<PictureFacts>) -> Result<PictureForm, Problem> {
    let Some(facts) = facts else {
        return Err(picture_problem(file, "form"));
    };
    if facts.several {
        return Err(picture_problem(file, "several"));
    }
    if facts.longest().is_some_and(|side| side < PICTURE_SIDE_MIN) {
        return Err(picture_problem(file, "side"));
    }
    Ok(facts.form)
}

/// Why a file cannot be used: `why` is a word of [`ProblemKind::PictureFile`].
pub fn picture_problem(file: &str, why: &str) -> Problem {
    Problem::new(ProblemKind::PictureFile)
        .field("images")
        .param("file", file)
        .param("why", why)
}

/// Why a picture could not be read.
pub fn unread_picture(file: &str, error: &PictureError) -> Problem {
    unread(error, |why| picture_problem(file, why))
}

/// Why a file of evidence could not be read.
pub fn unread_evidence(file: &str, error: &PictureError) -> Problem {
    unread(error, |why| evidence_problem(file, why))
}

fn unread(error: &PictureError, problem: impl Fn(&str) -> Problem) -> Problem {
    match error {
        PictureError::Missing => problem("missing"),
        PictureError::TooLarge { .. } => problem("too_large"),
        PictureError::Unreadable { reason } => problem("unreadable").param("reason", reason),
    }
}

/// What eBay's refusal of a picture says of the file (ebay.md §6.8); none where it is about
/// something else.
pub fn refused_picture(file: &str, vendor_code: &str) -> Option<Problem> {
    let why = match vendor_code {
        "190201" => "too_large",
        "190202" => "side",
        "190203" => "form",
        _ => return None,
    };
    Some(picture_problem(file, why))
}

#[cfg(test)]
mod tests {
    use barrow_model::PictureFacts;

    use super::{picture_form, refused_picture};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice();
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [head, &size, b"\x08\x02\0\0\0crc.\0\0\0\0IDAT"].concat()
    }

    #[test]
    fn what_ebay_would_refuse_is_told_by_name() {
        let check = |content: &[u8], expected: Option<&str>| {
            let told = picture_form("a.png", PictureFacts::read(content)).err();
            let why = told.as_ref().map(|problem| problem.params["why"].as_str());
            assert_eq!(why, expected);
        };
        check(&png(500, 20), None);
        check(&png(499, 499), Some("side"));
        check(b"%PDF-1.7", Some("form"));
        // Of a form whose size cannot be read eBay is the judge.
        check(b"\xff\xd8\xff\xe0", None);
        assert!(refused_picture("a.png", "190202").is_some());
        assert!(refused_picture("a.png", "190000").is_none());
    }
}
