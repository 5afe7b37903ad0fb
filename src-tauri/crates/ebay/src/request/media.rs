//! Pictures put at eBay (ebay.md §6.8).

use barrow_market::Result;
use barrow_model::PictureForm;
use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE};

use super::{address_wrong, encoded, get};
use crate::config::SiteFacts;

const IMAGE: &str = "/commerce/media/v1_beta/image";

/// A file that goes as a part of a form.
#[derive(Clone, Copy, Debug)]
pub struct FormFile<'a> {
    /// Its name, without its ending.
    pub name: &'a str,
    /// How it is written.
    pub form: PictureForm,
    /// The digest of its content. It parts the form: no file holds its own.
    pub digest: &'a str,
    /// What is in it.
    pub content: &'a [u8],
}

/// A form of one part with a file.
pub(super) fn form(
    host: &str,
    path: &str,
    site: &SiteFacts,
    (part, file): (&str, &FormFile<'_>),
) -> Result<Request<Bytes>> {
    let FormFile {
        name,
        form,
        digest,
        content,
    } = *file;
    let (kind, ending) = (form.media_type(), form.ending());
    let head = format!(
        "--{digest}\r\nContent-Disposition: form-data; name=\"{part}\"; \
         filename=\"{name}.{ending}\"\r\nContent-Type: {kind}\r\n\r\n"
    );
    let foot = format!("\r\n--{digest}--\r\n");
    let body = [head.as_bytes(), content, foot.as_bytes()].concat();
    Request::post(format!("{host}{path}"))
        .header(ACCEPT, "application/json")
        .header(ACCEPT_LANGUAGE, site.language)
        .header(
            CONTENT_TYPE,
            format!("multipart/form-data; boundary={digest}"),
        )
        .body(Bytes::from(body))
        .map_err(|_| address_wrong())
}

/// Puts a picture at eBay, as a form whose part is called `image`.
pub fn upload_picture(
    media: &str,
    site: &SiteFacts,
    (form_of, digest): (PictureForm, &str),
    content: &[u8],
) -> Result<Request<Bytes>> {
    let file = FormFile {
        name: "picture",
        form: form_of,
        digest,
        content,
    };
    let path = format!("{IMAGE}/create_image_from_file");
    form(media, &path, site, ("image", &file))
}

/// Where a picture is that was put there, by its id.
pub fn picture(media: &str, site: &SiteFacts, id: &str) -> Result<Request<Bytes>> {
    get(media, &format!("{IMAGE}/{}", encoded(id)), site)
}
