//! The window's bindings are those of the commands as they are now.

use std::path::Path;

#[test]
fn the_windows_bindings_are_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/backend/bindings.ts");
    let made = barrow_api::bindings().expect("the commands' types can be written");
    if std::env::var_os("BARROW_BLESS").is_some() {
        std::fs::write(&path, &made).expect("the bindings can be written");
    }
    let kept = std::fs::read_to_string(&path).expect("the bindings are there");
    assert_eq!(kept, made, "stale: run `cargo xtask generate`");
}
