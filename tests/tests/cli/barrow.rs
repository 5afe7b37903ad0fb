//! Runs the program.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The program under test.
pub(crate) fn binary() -> PathBuf {
    let path = std::env::var_os("BARROW_BIN").map(PathBuf::from);
    let path = path.expect(
        "BARROW_BIN must name the program `barrow`; `cargo xtask test` builds it and sets it",
    );
    assert!(
        path.is_file(),
        "BARROW_BIN names {}, which is not there",
        path.display()
    );
    path
}

/// The real catalogues beside the checkout; none, with words, where they are not.
pub(crate) fn catalogue(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/catalogues")
        .join(name);
    if beside.is_file() {
        return Some(beside);
    }
    eprintln!("Skipped: {} is not there.", beside.display());
    None
}

/// A folder with a catalogue of its own.
pub(crate) struct Shop {
    folder: tempfile::TempDir,
}

/// What a run of the program left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
        Self {
            status: output.status.code().expect("the program ends by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// The one JSON document on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("not one JSON document ({error}): {self:?}"))
    }

    pub(crate) fn done(self) -> Self {
        assert_eq!(self.status, 0, "{self:?}");
        self
    }

    /// The kind of the error of a run that failed.
    pub(crate) fn error(&self) -> String {
        let document = self.json();
        let error = &document["error"];
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.len() > 10 && !message.contains('…'), "{document}");
        assert!(error["params"].is_object(), "{document}");
        error["kind"]
            .as_str()
            .expect("an error has a kind")
            .to_owned()
    }
}

impl Shop {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a scratch folder"),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Writes a file into the scratch folder, outside the catalogue's.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).expect("a scratch file");
        path.to_str().expect("scratch paths are UTF-8").to_owned()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(arguments)
            .env("BARROW_DATA", self.data())
            .env("BARROW_PASSPHRASE", "a passphrase of tests")
            .env_remove("BARROW_PAGE_LIMIT")
            .env_remove("BARROW_KILL_AT")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(
            self.command(arguments)
                .output()
                .expect("the program starts"),
        )
    }

    pub(crate) fn run_with(&self, name: &str, value: &str, arguments: &[&str]) -> Run {
        let output = self.command(arguments).env(name, value).output();
        Run::of(output.expect("the program starts"))
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let mut with: Vec<&str> = arguments.to_vec();
        with.push("--json");
        self.run(&with).done().json()
    }

    pub(crate) fn run_given(&self, input: &str, arguments: &[&str]) -> Run {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("it was piped");
        stdin
            .write_all(input.as_bytes())
            .expect("the program reads its input");
        drop(stdin);
        Run::of(child.wait_with_output().expect("the program ends"))
    }

    /// Everything that the catalogue knows, to compare before and after.
    pub(crate) fn snapshot(&self) -> Vec<String> {
        let exports = ["products", "listings", "stock", "orders"]
            .map(|what| self.run(&["export", what, "--format", "json"]).done().out);
        let mut all = exports.to_vec();
        all.push(self.run(&["imports", "--json"]).done().out);
        all.push(self.run(&["account", "list", "--json"]).done().out);
        all
    }
}

/// A program that goes on until it is ended.
pub(crate) struct Going(pub(crate) Child);

impl Drop for Going {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
