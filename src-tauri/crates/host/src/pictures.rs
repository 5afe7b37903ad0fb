//! The seller's own pictures: read from the disk, with their places at marketplaces in the
//! catalogue.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use barrow_market::{HostedPicture, PictureError, PictureLook, Pictures};
use barrow_model::{AccountId, Endpoint, PictureFacts};
use barrow_store::{PictureKey, PicturePlace, Store};

/// A picture's size stands within these many bytes, behind what cameras write before it.
const BEGINNING_BYTES: u64 = 256 << 10;

/// The pictures of one account.
pub struct CataloguePictures {
    store: Arc<Store>,
    account_id: AccountId,
    endpoint: String,
}

impl CataloguePictures {
    /// The pictures that an account shows at an endpoint.
    pub fn new(store: Arc<Store>, account_id: AccountId, endpoint: &Endpoint) -> Self {
        Self {
            store,
            account_id,
            endpoint: endpoint.to_string(),
        }
    }

    fn key(&self, digest: &str) -> PictureKey {
        PictureKey {
            account_id: self.account_id,
            endpoint: self.endpoint.clone(),
            digest: digest.to_owned(),
        }
    }
}

impl fmt::Debug for CataloguePictures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CataloguePictures")
    }
}

#[async_trait]
impl Pictures for CataloguePictures {
    fn look(&self, file: &str) -> Result<PictureLook, PictureError> {
        look_at(Path::new(file))
    }

    async fn read(&self, file: &str, bytes_max: usize) -> Result<Vec<u8>, PictureError> {
        let file = file.to_owned();
        let read = tokio::task::spawn_blocking(move || read_file(Path::new(&file), bytes_max));
        let stopped = |_| PictureError::Unreadable {
            reason: "reading it was stopped".to_owned(),
        };
        read.await.map_err(stopped)?
    }

    async fn hosted(&self, digest: &str) -> Option<HostedPicture> {
        let (store, key) = (Arc::clone(&self.store), self.key(digest));
        let read = move || store.read(|db| db.picture_place(&key));
        let place = match tokio::task::spawn_blocking(read).await.ok()? {
            Ok(place) => place?,
            Err(error) => {
                tracing::warn!(%error, "the place of a picture could not be read");
                return None;
            }
        };
        Some(HostedPicture {
            address: place.address,
            until: place.until,
        })
    }

    async fn keep(&self, digest: &str, hosted: &HostedPicture) {
        let (store, key) = (Arc::clone(&self.store), self.key(digest));
        let place = PicturePlace {
            address: hosted.address.clone(),
            until: hosted.until,
        };
        let write = move || store.write(|tx| tx.keep_picture_place(&key, &place));
        match tokio::task::spawn_blocking(write).await {
            Ok(Ok(())) | Err(_) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the place of a picture could not be kept"),
        }
    }
}

/// A file, and how large it is in bytes. A path that is not whole means another file wherever the
/// program was started: it is none.
fn open(path: &Path) -> Result<(File, u64), PictureError> {
    if !path.is_absolute() {
        return Err(PictureError::Missing);
    }
    // What is no file, such as a pipe, might be waited for without end.
    let facts = std::fs::metadata(path).map_err(unreadable)?;
    if !facts.is_file() {
        return Err(PictureError::Missing);
    }
    let file = File::open(path).map_err(unreadable)?;
    Ok((file, facts.len()))
}

fn look_at(path: &Path) -> Result<PictureLook, PictureError> {
    let (file, bytes) = open(path)?;
    let mut beginning = Vec::new();
    let read = file.take(BEGINNING_BYTES).read_to_end(&mut beginning);
    read.map_err(unreadable)?;
    Ok(PictureLook {
        bytes,
        facts: PictureFacts::read(&beginning),
    })
}

fn read_file(path: &Path, bytes_max: usize) -> Result<Vec<u8>, PictureError> {
    let (file, bytes) = open(path)?;
    let most = u64::try_from(bytes_max).unwrap_or(u64::MAX);
    if bytes > most {
        return Err(PictureError::TooLarge { bytes_max });
    }
    let mut content = Vec::new();
    let mut file = file.take(most.saturating_add(1));
    file.read_to_end(&mut content).map_err(unreadable)?;
    // It may have grown meanwhile.
    if content.len() > bytes_max {
        return Err(PictureError::TooLarge { bytes_max });
    }
    Ok(content)
}

fn unreadable(error: std::io::Error) -> PictureError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => PictureError::Missing,
        _ => PictureError::Unreadable {
            reason: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use barrow_market::PictureError;

    use super::{look_at, read_file};

    #[test]
    fn a_look_tells_size_and_pixels_without_reading_all() {
        let path = std::env::temp_dir().join(format!("barrow-look-{}", std::process::id()));
        let mut content = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x03\x20\0\0\x02\x58".to_vec();
        content.resize(1 << 20, 0);
        std::fs::write(&path, &content).unwrap();
        let look = look_at(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(look.bytes, 1 << 20);
        assert_eq!(look.facts.unwrap().size, Some((800, 600)));
        assert_eq!(look_at(&path), Err(PictureError::Missing));
    }

    #[test]
    fn a_file_is_read_whole_or_told_why_not() {
        let path = std::env::temp_dir().join(format!("barrow-picture-{}", std::process::id()));
        std::fs::write(&path, b"12345").unwrap();
        assert_eq!(read_file(&path, 5).unwrap(), b"12345");
        let too_large = PictureError::TooLarge { bytes_max: 4 };
        assert_eq!(read_file(&path, 4), Err(too_large));
        std::fs::remove_file(&path).unwrap();
        for missing in [path.as_path(), &std::env::temp_dir(), Path::new("mug.jpg")] {
            assert_eq!(read_file(missing, 5), Err(PictureError::Missing));
        }
    }
}
