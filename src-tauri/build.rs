//! Puts the window's files and rights into the program.

fn main() {
    // The window's files are part of the program: built anew, they make it anew.
    println!("cargo:rerun-if-changed=../ui/dist");
    // Commands that are named here are refused unless a capability allows them.
    let commands = tauri_build::AppManifest::new().commands(&["call", "open_page", "free_place"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("{error:#}");
        std::process::exit(1);
    }
}
