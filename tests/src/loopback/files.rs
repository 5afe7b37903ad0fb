//! The window's built files.

use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use bytes::Bytes;
use http::HeaderValue;
use serde_json::Value;

/// What the desktop app is made of, with the policy that it gives its page.
const SHELL: &str = include_str!("../../../src-tauri/tauri.conf.json");

/// The policy that the desktop app gives its page, so that tests meet it too. Commands are called
/// here over the page's own address instead of the shell's.
pub(crate) static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let shell: Value = serde_json::from_str(SHELL).expect("the shell's configuration is JSON");
    let policy = shell["app"]["security"]["csp"].as_str();
    let calls = "connect-src ipc: http://ipc.localhost;";
    let policy = policy.filter(|policy| policy.contains(calls));
    let policy = policy.expect("a policy that lets the page call the shell");
    let policy = policy.replace(calls, "connect-src 'self'; frame-ancestors 'none';");
    HeaderValue::try_from(policy).expect("a policy is a header")
});

/// A file and its kind; the page itself for addresses of its views.
pub(crate) fn read(dist: &Path, path: &str) -> Option<(&'static str, Bytes)> {
    let wanted = Path::new(path.trim_start_matches('/'));
    // Nothing outside the folder, whatever the address says.
    let is_inside = wanted
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let mut file: PathBuf = dist.join(wanted);
    if path == "/" || is_inside && wanted.extension().is_none() {
        file = dist.join("index.html");
    } else if !is_inside {
        return None;
    }
    let content = std::fs::read(&file).ok()?;
    Some((kind(&file), Bytes::from(content)))
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn files_are_served_from_the_folder_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let dist = folder.path().join("dist");
        std::fs::create_dir_all(dist.join("assets")).expect("a folder");
        std::fs::write(dist.join("index.html"), "page").expect("writes");
        std::fs::write(dist.join("assets/a.js"), "code").expect("writes");
        std::fs::write(folder.path().join("secret.txt"), "no").expect("writes");
        let check = |path: &str, expected: Option<&str>| {
            let found = read(&dist, path).map(|(_, bytes)| bytes);
            assert_eq!(found.as_deref(), expected.map(str::as_bytes), "{path}");
        };
        check("/", Some("page"));
        check("/orders", Some("page"));
        check("/assets/a.js", Some("code"));
        check("/assets/b.js", None);
        check("/../secret.txt", None);
        check("/assets/../../secret.txt", None);
        check("//etc/hosts.txt", None);
    }
}
