//! Where the window stood last time. Kept in the folder, so that each has its own.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tauri::{Runtime, WebviewWindow};

/// As drawn.
pub(crate) const SIZE: (f64, f64) = (1280.0, 800.0);
/// Less shows no list and panel side by side.
pub(crate) const SIZE_MIN: (f64, f64) = (800.0, 560.0);

/// A window's size in the system's units, and whether it fills the screen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) is_maximized: bool,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            width: SIZE.0,
            height: SIZE.1,
            is_maximized: false,
        }
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("window.json")
}

/// The place of last time; as drawn where there is none, or none that could be.
pub(crate) fn read(folder: &Path) -> Place {
    let kept = fs::read(file(folder)).ok();
    let place: Option<Place> = kept.and_then(|text| serde_json::from_slice(&text).ok());
    place
        .filter(|place| place.width >= SIZE_MIN.0 && place.height >= SIZE_MIN.1)
        .unwrap_or_default()
}

/// Keeps the place. A folder that cannot be written forgets it, and nothing else.
pub(crate) fn keep<R: Runtime>(folder: &Path, window: &WebviewWindow<R>) {
    let is_maximized = window.is_maximized().unwrap_or_default();
    let scale = window.scale_factor().unwrap_or(1.0);
    let Ok(size) = window.inner_size() else {
        return;
    };
    let size = size.to_logical::<f64>(scale);
    // Restored from full screen, it has the size that it had before.
    let before = read(folder);
    let place = match is_maximized {
        true => Place {
            is_maximized,
            ..before
        },
        false => Place {
            width: size.width,
            height: size.height,
            is_maximized,
        },
    };
    if let Ok(text) = serde_json::to_vec(&place) {
        fs::write(file(folder), text).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, file, read};

    #[test]
    fn a_place_that_cannot_be_is_the_one_that_was_drawn() {
        let folder = tempfile::tempdir().expect("a folder");
        let check = |kept: &str, expected: Place| {
            std::fs::write(file(folder.path()), kept).expect("writes");
            assert_eq!(read(folder.path()), expected, "{kept}");
        };
        assert_eq!(read(folder.path()), Place::default());
        check(
            r#"{"width":1600.0,"height":900.0,"is_maximized":true}"#,
            Place {
                width: 1600.0,
                height: 900.0,
                is_maximized: true,
            },
        );
        check(
            r#"{"width":2.0,"height":900.0,"is_maximized":false}"#,
            Place::default(),
        );
        check("nonsense", Place::default());
    }
}
