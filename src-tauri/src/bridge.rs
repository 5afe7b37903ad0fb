//! What the window may call and what it hears.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use barrow_api::{Api, ApiError, ApiErrorKind};
use serde_json::Value;
use tauri::{AppHandle, Emitter, Manager, Runtime, State};

/// The event under which the window hears.
const EVENT: &str = "barrow";

/// Files of one name that are counted on: whoever has more of them tidies up first.
const SAME_NAME_MAX: u32 = 1_000;

/// Does a command of the table.
#[tauri::command]
pub(crate) async fn call(
    api: State<'_, Arc<Api>>,
    name: String,
    request: Value,
) -> Result<Value, ApiError> {
    api.call(&name, request).await
}

/// Opens a marketplace's page, or the catalogue's own folder, outside. Nothing else is opened: an
/// address that the window was talked into stays closed.
#[tauri::command]
pub(crate) async fn open_page(api: State<'_, Arc<Api>>, url: String) -> Result<(), ApiError> {
    open::that_detached(api.openable(&url).await?)
        .map_err(|error| ApiError::new(ApiErrorKind::Internal).param("reason", error))
}

/// Where a file goes that nobody chose a place for: among the person's downloads, where there is
/// none of its name yet.
#[tauri::command]
pub(crate) async fn free_place<R: Runtime>(
    app: AppHandle<R>,
    name: String,
) -> Result<PathBuf, ApiError> {
    // Not every system has such a folder; each has one of the person.
    let folder = app.path().download_dir().or_else(|_| app.path().home_dir());
    let folder =
        folder.map_err(|error| ApiError::new(ApiErrorKind::Internal).param("reason", error))?;
    fs::create_dir_all(&folder).map_err(|error| ApiError::unwritable(&folder, &error))?;
    free_in(&folder, &name).ok_or_else(|| ApiError::not_found("place", name))
}

/// A file of the name, or of one beside it, that is not there; none for what names a folder.
fn free_in(folder: &Path, name: &str) -> Option<PathBuf> {
    let plain = Path::new(name);
    if plain.file_name()? != name {
        return None;
    }
    let (stem, ending) = (plain.file_stem()?.to_str()?, plain.extension());
    let numbered = |number: u32| match (number, ending.and_then(|ending| ending.to_str())) {
        (1, _) => name.to_owned(),
        (_, Some(ending)) => format!("{stem} ({number}).{ending}"),
        (_, None) => format!("{stem} ({number})"),
    };
    let mut places = (1..=SAME_NAME_MAX).map(|number| folder.join(numbered(number)));
    places.find(|place| !place.exists())
}

/// Passes on what happens, for as long as the window is there.
pub(crate) async fn tell<R: Runtime>(api: Arc<Api>, app: AppHandle<R>) {
    let mut listening = api.events();
    loop {
        let event = listening.next().await;
        if app.emit(EVENT, &event).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::free_in;

    #[test]
    fn a_file_that_is_there_is_not_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let check = |name: &str, expected: Option<&str>| {
            let expected = expected.map(|name| folder.path().join(name));
            assert_eq!(free_in(folder.path(), name), expected, "{name}");
        };
        check("orders.csv", Some("orders.csv"));
        fs::write(folder.path().join("orders.csv"), "").expect("writes");
        check("orders.csv", Some("orders (2).csv"));
        fs::write(folder.path().join("orders (2).csv"), "").expect("writes");
        check("orders.csv", Some("orders (3).csv"));
        fs::write(folder.path().join("orders"), "").expect("writes");
        check("orders", Some("orders (2)"));
        check("../orders.csv", None);
        check("/etc/passwd", None);
        check("..", None);
        check("", None);
    }
}
