//! Pictures put at eBay (ebay.md §6.8).

use barrow_market::Result;
use barrow_model::PictureForm;
use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE};

use super::{address_wrong, encoded, get};
use crate::config::SiteFacts;

const IMAGE: &str = "/commerce/media/v1_beta/image";

/// Puts a picture at eBay, as a form whose part is called `image`. The digest of its content parts
/// the form: no file holds its own.
pub fn upload_picture(
    media: &str,
    site: &SiteFacts,
    (form, digest): (PictureForm, &str),
    content: &[u8],
) -> Result<Request<Bytes>> {
    let (kind, ending) = (form.media_type(), form.ending());
    let head = format!(
        "--{digest}\r\nContent-Disposition: form-data; name=\"image\"; \
         filename=\"picture.{ending}\"\r\nContent-Type: {kind}\r\n\r\n"
    );
    let foot = format!("\r\n--{digest}--\r\n");
    let body = [head.as_bytes(), content, foot.as_bytes()].concat();
    Request::post(format!("{media}{IMAGE}/create_image_from_file"))
        .header(ACCEPT, "application/json")
        .header(ACCEPT_LANGUAGE, site.language)
        .header(
            CONTENT_TYPE,
            format!("multipart/form-data; boundary={digest}"),
        )
        .body(Bytes::from(body))
        .map_err(|_| address_wrong())
}

/// Where a picture is that was put there, by its id.
pub fn picture(media: &str, site: &SiteFacts, id: &str) -> Result<Request<Bytes>> {
    get(media, &format!("{IMAGE}/{}", encoded(id)), site)
}
