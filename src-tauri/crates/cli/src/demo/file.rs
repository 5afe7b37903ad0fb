//! The file of the demo, and what it lacks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use barrow_api::{Api, ApiError, ImportForm, ImportRequest, ImportResponse, NamedValue, RowChange};

use crate::output::Failure;

/// What a file that lacks it is given, so that marketplaces can take its goods.
const SUPPLIED: [(&str, &str); 6] = [
    ("quantity", "10"),
    ("condition", "new"),
    ("brand", "Unbranded"),
    ("description", "As named in the title."),
    ("images", "https://images.example.com/no-picture.jpg"),
    ("weight", "1 lb"),
];

/// Which file is imported.
#[derive(Debug)]
pub(super) enum Chosen {
    /// A file of the person's own.
    Given(PathBuf),
    /// Our own, which is written first.
    Sample(PathBuf),
}

impl Chosen {
    fn path(&self) -> &PathBuf {
        match self {
            Self::Given(path) | Self::Sample(path) => path,
        }
    }
}

/// What came of the import.
#[derive(Debug)]
pub(super) struct Imported {
    pub(super) file: PathBuf,
    pub(super) response: ImportResponse,
    /// What filled cells that the file leaves blank.
    pub(super) supplied: BTreeMap<String, String>,
}

/// Imports the file. What it lacks is supplied; what the person gives comes first.
pub(super) async fn import(
    api: &Api,
    chosen: Chosen,
    given: Vec<NamedValue>,
) -> Result<Imported, Failure> {
    if let Chosen::Sample(path) = &chosen {
        barrow_api::write_sample(path)
            .map_err(|error| Failure::Api(ApiError::unwritable(path, &error)))?;
    }
    let is_given = matches!(chosen, Chosen::Given(_));
    let file = chosen.path().clone();
    let request = |preview: bool, defaults: Vec<NamedValue>| ImportRequest {
        file: file.clone(),
        profile: None,
        map: Vec::new(),
        defaults,
        form: ImportForm::default(),
        preview,
        errors: None,
        after: None,
    };
    let mut defaults = given.clone();
    let mut supplied: BTreeMap<String, String> = given
        .iter()
        .map(|named| (named.name.clone(), named.value.clone()))
        .collect();
    if !is_given {
        let response = api.import(request(false, defaults)).await?;
        return Ok(Imported {
            file,
            response,
            supplied,
        });
    }
    let before = filled(&api.import(request(true, given)).await?.changes);
    for (name, value) in SUPPLIED {
        if !supplied.contains_key(name) {
            defaults.push(NamedValue {
                name: name.to_owned(),
                value: value.to_owned(),
            });
        }
    }
    let response = api.import(request(false, defaults)).await?;
    let after = filled(&response.changes);
    for (name, value) in SUPPLIED {
        let fills = after
            .iter()
            .any(|cell| cell.1 == name && !before.contains(cell));
        if fills && !supplied.contains_key(name) {
            supplied.insert(name.to_owned(), value.to_owned());
        }
    }
    Ok(Imported {
        file,
        response,
        supplied,
    })
}

/// The cells that rows fill, by line and field.
fn filled(changes: &[RowChange]) -> BTreeSet<(u64, String)> {
    changes
        .iter()
        .flat_map(|row| {
            row.fields
                .iter()
                .map(|field| (row.line, field.field.clone()))
        })
        .collect()
}
