//! The seller's own pictures, for marketplaces that take them as files.

use async_trait::async_trait;
use barrow_model::PictureFacts;
use chrono::{DateTime, Utc};

/// Files of pictures, and where each was put at one account's marketplace.
///
/// # Requires
/// - A digest is the SHA-256 of the file's content, in hexadecimal digits: a file that was changed
///   is another picture, and one that was moved or copied is the same.
#[async_trait]
pub trait Pictures: Send + Sync {
    /// What can be told of a file by its beginning, without a wait that anybody would notice.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    fn look(&self, file: &str) -> Result<PictureLook, PictureError>;

    /// Reads a file whole.
    ///
    /// # Errors
    /// Too large beyond `bytes_max`, of which nothing more is read.
    async fn read(&self, file: &str, bytes_max: usize) -> Result<Vec<u8>, PictureError>;

    /// Where the picture of this digest was put; none where that is not known, also where it could
    /// not be looked up: putting it there again does no harm.
    async fn hosted(&self, digest: &str) -> Option<HostedPicture>;

    /// Remembers where a picture was put, also over restarts. That it could not be kept is no
    /// error: it is put there again some day.
    async fn keep(&self, digest: &str, hosted: &HostedPicture);
}

/// What can be told of a picture's file without reading it whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureLook {
    /// How large the file is, in bytes.
    pub bytes: u64,
    /// What its beginning tells; none where it is no picture of a form that is known. That it is
    /// several pictures may stand further on.
    pub facts: Option<PictureFacts>,
}

/// Where a picture was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostedPicture {
    /// The marketplace's own address of it, for listings.
    pub address: String,
    /// Until when it is there without being used; none where nothing is said.
    pub until: Option<DateTime<Utc>>,
}

/// A file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// It is larger than was asked for.
    #[error("it is larger than {bytes_max} bytes")]
    TooLarge {
        /// What was asked for.
        bytes_max: usize,
    },
    /// It is there and cannot be read.
    #[error("it cannot be read: {reason}")]
    Unreadable {
        /// Why, in the system's words.
        reason: String,
    },
}

/// For whoever has no files: each is missing, and nothing is remembered.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPictures;

#[async_trait]
impl Pictures for NoPictures {
    fn look(&self, _file: &str) -> Result<PictureLook, PictureError> {
        Err(PictureError::Missing)
    }

    async fn read(&self, _file: &str, _bytes_max: usize) -> Result<Vec<u8>, PictureError> {
        Err(PictureError::Missing)
    }

    async fn hosted(&self, _digest: &str) -> Option<HostedPicture> {
        None
    }

    async fn keep(&self, _digest: &str, _hosted: &HostedPicture) {}
}
