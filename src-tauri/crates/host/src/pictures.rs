//! The seller's own pictures: read from the disk, with their places at marketplaces in the
//! catalogue.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use barrow_market::{HostedPicture, PictureError, Pictures};
use barrow_model::{AccountId, Endpoint};
use barrow_store::{PictureKey, PicturePlace, Store};

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

/// A path that is not whole means another file wherever the program was started: it is none.
fn read_file(path: &Path, bytes_max: usize) -> Result<Vec<u8>, PictureError> {
    if !path.is_absolute() {
        return Err(PictureError::Missing);
    }
    let unreadable = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => PictureError::Missing,
        _ => PictureError::Unreadable {
            reason: error.to_string(),
        },
    };
    // What is no file, such as a pipe, might be waited for without end.
    let facts = std::fs::metadata(path).map_err(unreadable)?;
    if !facts.is_file() {
        return Err(PictureError::Missing);
    }
    let most = u64::try_from(bytes_max).unwrap_or(u64::MAX);
    if facts.len() > most {
        return Err(PictureError::TooLarge { bytes_max });
    }
    let mut content = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    let mut file = file.take(most.saturating_add(1));
    file.read_to_end(&mut content).map_err(unreadable)?;
    // It may have grown meanwhile.
    if content.len() > bytes_max {
        return Err(PictureError::TooLarge { bytes_max });
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use barrow_market::PictureError;

    use super::read_file;

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
