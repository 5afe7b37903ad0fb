//! `barrow new`, `barrow remove`, and `barrow undo` of the last edit.

use barrow_api::{
    EditUndoRequest, ProductMakeRequest, ProductsRemoveRequest, ProductsRemoveResponse,
};

use crate::catalogue::FIELD_FORM;
use crate::output::{End, Failure, Text};
use crate::session::Session;
use crate::{parse, report};

pub(crate) async fn make(
    session: &Session,
    sku: String,
    fields: &[String],
    copy_of: Option<String>,
) -> Result<End, Failure> {
    let mut fields = parse::pairs(fields, FIELD_FORM)?;
    fields.insert("sku".to_owned(), sku);
    session
        .with_api(async |api| {
            let request = ProductMakeRequest { fields, copy_of };
            let response = api.product_make(request).await?;
            session.output.answer(&response, |response| {
                let told = match &response.sku {
                    Some(sku) => format!("{sku} is in the catalogue."),
                    None => "Nothing was made.".to_owned(),
                };
                report::text(&response.report, told)
            })?;
            Ok(End::complete(response.report.is_complete()))
        })
        .await
}

pub(crate) async fn remove(
    session: &Session,
    skus: Vec<String>,
    preview: bool,
) -> Result<End, Failure> {
    session
        .with_api(async |api| {
            let request = ProductsRemoveRequest {
                skus,
                preview,
                ..ProductsRemoveRequest::default()
            };
            let response = api.products_remove(request).await?;
            session
                .output
                .answer(&response, |response| removed(response, preview))?;
            Ok(End::complete(response.report.is_complete()))
        })
        .await
}

fn removed(response: &ProductsRemoveResponse, preview: bool) -> Text {
    let count = report::counted(response.removable, "product", "products");
    let listings = report::counted(response.listings, "listing", "listings");
    let told = match preview {
        true => format!("{count} can be removed, with {listings} of theirs that are nowhere."),
        false => format!("Removed: {count}, with {listings} of theirs that were nowhere."),
    };
    report::text(&response.report, told)
}

pub(crate) async fn undo(session: &Session) -> Result<End, Failure> {
    session
        .with_api(async |api| {
            let response = api.edit_undo(EditUndoRequest::default()).await?;
            session.output.answer(&response, |response| {
                let told = match &response.batch {
                    Some(batch) => {
                        let of = report::counted(batch.count, "product", "products");
                        let values = report::counted(response.report.done, "value", "values");
                        format!("The last edit, of {of}, is undone: {values} restored.")
                    }
                    None => "There is nothing to undo.".to_owned(),
                };
                report::text(&response.report, told)
            })?;
            Ok(End::complete(response.report.is_complete()))
        })
        .await
}
