//! Which kept mapping a file fits: its columns, read as the mapping says the file is written.

use barrow_intake::Options;
use barrow_store::MappingProfile;

use crate::api::Api;
use crate::error::Result;
use crate::import_stage::ImportOpenRequest;
use crate::imports::{ImportForm, ImportRequest};

/// Forms that a file is looked at in, to find the profile that it fits.
const FORMS_MAX: usize = 20;

impl Api {
    /// The last profile whose columns a file has, read as the request or else the profile says.
    pub(crate) async fn fitting(
        &self,
        request: &ImportOpenRequest,
        profiles: Vec<(String, MappingProfile)>,
    ) -> Result<Option<(String, MappingProfile)>> {
        let mut looked: Vec<(ImportForm, Vec<String>)> = Vec::new();
        for (name, profile) in profiles {
            let kept = || ImportForm::kept(&profile.form);
            let form = request.form.clone().unwrap_or_else(kept);
            let known = looked.iter().position(|(known, _)| *known == form);
            let at = match known {
                Some(at) => at,
                None if looked.len() == FORMS_MAX => continue,
                None => {
                    let plain = self.import_request(request.file.clone(), None, form.clone());
                    let (options, _) = self.read_options(&plain).await?;
                    // A file that cannot be read so is not of this supplier.
                    let headers = self.headers(&plain, options).await.unwrap_or_default();
                    looked.push((form, headers));
                    looked.len() - 1
                }
            };
            if fits(&profile, &looked[at].1) {
                return Ok(Some((name, profile)));
            }
        }
        Ok(None)
    }

    pub(crate) async fn headers(
        &self,
        request: &ImportRequest,
        options: Options,
    ) -> Result<Vec<String>> {
        let file = request.file.clone();
        self.blocking(move || {
            let looked = barrow_intake::look(&file, &options, 0)?;
            let columns = looked.mapping.columns.iter();
            Ok(columns.map(|column| column.header.clone()).collect())
        })
        .await
    }
}

/// Whether a file has all columns of a profile.
fn fits(profile: &MappingProfile, headers: &[String]) -> bool {
    let mut columns = profile.columns.iter();
    !profile.columns.is_empty() && columns.all(|(header, _)| headers.contains(header))
}
