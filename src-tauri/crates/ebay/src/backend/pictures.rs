//! Pictures that are files on the seller's computer are put at eBay before a listing is written
//! that shows them (ebay.md §6.8).
//!
//! Where a picture was put is remembered by its content. One that nobody shows goes after some
//! thirty days: it is put there again, which does no harm.

use std::collections::{BTreeMap, BTreeSet};

use barrow_market::{Error, ErrorKind, Fate, HostedPicture, PictureError, Result, Retry};
use barrow_model::{Action, ChangeId, Content, Offer, PictureFacts, PictureForm, Problem};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream};
use http::header::LOCATION;
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

use super::EbayAdapter;
use super::bulk::Told;
use super::listings::Listed;
use crate::error::{may_have_happened, refusal_of};
use crate::limits::{GET_PICTURE, UPLOAD_PICTURE};
use crate::map::{
    PICTURE_BYTES_MAX, picture_files, picture_form, refused_picture, unread_picture, with_addresses,
};
use crate::request;
use crate::types::HostedImage;

/// Files that are read and sent at the same time: with eBay's largest, some fifty megabytes.
const AT_ONCE: usize = 4;
/// A picture that goes so soon is put there again: a publish may come later than its item.
const KEPT_FOR_MIN: TimeDelta = TimeDelta::days(1);

/// What became of a file.
type Put = std::result::Result<String, Fault>;

/// Why a file has no address.
#[derive(Clone, Debug)]
enum Fault {
    /// The file itself.
    File(Box<Problem>),
    /// The call.
    Call(Error),
}

/// The offers of changes with addresses in place of files, for those that have any.
pub(super) type WithPictures = BTreeMap<ChangeId, Offer>;

impl EbayAdapter {
    /// Puts the pictures of listings at eBay. A listing of which one cannot be put there is told
    /// and left out of what follows.
    pub(super) async fn put_pictures<'a>(
        &self,
        changes: Vec<Listed<'a>>,
        told: &mut Vec<Told>,
    ) -> (Vec<Listed<'a>>, WithPictures) {
        let shown = changes.iter().filter_map(offer_of).flat_map(files);
        let wanted: BTreeSet<String> = shown.collect();
        if wanted.is_empty() {
            return (changes, WithPictures::new());
        }
        let put = stream::iter(wanted.into_iter().map(|file| async move {
            let put = self.put_picture(&file).await;
            (file, put)
        }));
        let put: BTreeMap<String, Put> = put.buffered(AT_ONCE).collect().await;
        let mut offers = WithPictures::new();
        let mut kept = Vec::with_capacity(changes.len());
        for change in changes {
            let change_id = change.change.id;
            let Some(offer) = offer_of(&change).filter(|offer| !files(offer).is_empty()) else {
                kept.push(change);
                continue;
            };
            match addresses(offer, &put) {
                Ok(addresses) => {
                    let content = with_addresses(&offer.content, &addresses);
                    let with = Offer {
                        content,
                        ..offer.clone()
                    };
                    offers.insert(change_id, with);
                    kept.push(change);
                }
                Err(Fault::File(problem)) => told.push((change_id, Ok(refused(*problem)))),
                // A lost answer is no harm: the listing itself was not touched.
                Err(Fault::Call(error)) if may_have_happened(&error) => {
                    told.push((change_id, Ok(refusal_of(change_id, &error).fate)));
                }
                Err(Fault::Call(error)) => told.push((change_id, Err(error))),
            }
        }
        (kept, offers)
    }

    /// What is wrong with the files that a listing shows, as far as a look at them tells.
    pub(super) fn picture_problems(&self, content: &Content) -> Vec<Problem> {
        let wrong = |file: &str| {
            let look = match self.pictures.look(file) {
                Ok(look) => look,
                Err(error) => return Some(unread_picture(file, &error)),
            };
            if usize::try_from(look.bytes).is_ok_and(|bytes| bytes <= PICTURE_BYTES_MAX) {
                return picture_form(file, look.facts).err();
            }
            let bytes_max = PICTURE_BYTES_MAX;
            Some(unread_picture(file, &PictureError::TooLarge { bytes_max }))
        };
        picture_files(content)
            .into_iter()
            .filter_map(wrong)
            .collect()
    }

    async fn put_picture(&self, file: &str) -> Put {
        let content = self.pictures.read(file, PICTURE_BYTES_MAX).await;
        let content = content.map_err(|error| of_file(unread_picture(file, &error)))?;
        let facts = PictureFacts::read(&content);
        let form = picture_form(file, facts).map_err(of_file)?;
        let digest = digest_of(&content);
        let stays = self.clock.now() + KEPT_FOR_MIN;
        if let Some(hosted) = self.pictures.hosted(&digest).await
            && hosted.until.is_none_or(|until| until > stays)
        {
            return Ok(hosted.address);
        }
        let hosted = match self.upload((form, &digest), &content).await {
            Ok(hosted) => hosted,
            Err(error) => {
                let vendor = error.vendor.as_ref();
                let told = vendor.and_then(|vendor| {
                    let told = refused_picture(file, &vendor.code)?;
                    Some(told.vendor(vendor.code.clone(), vendor.text.clone()))
                });
                return Err(told.map_or(Fault::Call(error), of_file));
            }
        };
        self.pictures.keep(&digest, &hosted).await;
        Ok(hosted.address)
    }

    /// An upload whose answer is lost has left a picture that nobody shows: eBay takes it away.
    async fn upload(&self, named: (PictureForm, &str), content: &[u8]) -> Result<HostedPicture> {
        let (media, site) = (self.config.hosts.media.as_str(), self.config.site);
        let request = request::upload_picture(media, site, named, content)?;
        let answer = self.call(&UPLOAD_PICTURE, request).await?;
        let image: HostedImage = answer.json(UPLOAD_PICTURE.operation).unwrap_or_default();
        if let Some(hosted) = hosted(image) {
            return Ok(hosted);
        }
        // The address of the picture's own page tells its id, where the body does not.
        let place = answer.headers.get(LOCATION);
        let place = place.and_then(|place| place.to_str().ok());
        let id = place.and_then(|place| place.trim_end_matches('/').rsplit('/').next());
        let unreadable = || Error::new(ErrorKind::Unreadable, UPLOAD_PICTURE.operation);
        // An address carries the id encoded, and it is encoded for the next one again.
        let id = id.map(|id| percent_decode_str(id).decode_utf8_lossy());
        let id = id.filter(|id| !id.is_empty()).ok_or_else(unreadable)?;
        let request = request::picture(media, site, &id)?;
        let answer = self.call(&GET_PICTURE, request).await?;
        hosted(answer.json(GET_PICTURE.operation)?).ok_or_else(unreadable)
    }
}

/// The SHA-256 of what is in a file, in hexadecimal digits.
pub(super) fn digest_of(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn offer_of<'a>(change: &Listed<'a>) -> Option<&'a Offer> {
    match change.action() {
        Action::Publish(offer) | Action::Revise(offer) => Some(offer),
        _ => None,
    }
}

fn files(offer: &Offer) -> Vec<String> {
    let files = picture_files(&offer.content).into_iter();
    files.map(str::to_owned).collect()
}

/// The addresses of an offer's files, or the first that has none.
fn addresses(
    offer: &Offer,
    put: &BTreeMap<String, Put>,
) -> std::result::Result<BTreeMap<String, String>, Fault> {
    let mut addresses = BTreeMap::new();
    for file in files(offer) {
        match put.get(&file) {
            Some(Ok(address)) => addresses.insert(file, address.clone()),
            Some(Err(fault)) => return Err(fault.clone()),
            None => None,
        };
    }
    Ok(addresses)
}

fn of_file(problem: Problem) -> Fault {
    Fault::File(Box::new(problem))
}

fn hosted(image: HostedImage) -> Option<HostedPicture> {
    let address = image.image_url.filter(|url| url.starts_with("https://"))?;
    let until = image.expiration_date.as_deref();
    let until = until.and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    Some(HostedPicture {
        address,
        until: until.map(|at| at.with_timezone(&Utc)),
    })
}

fn refused(problem: Problem) -> Fate {
    Fate::Refused {
        problem,
        retry: Retry::No,
    }
}
