//! Real processes: the program as a seller runs it, and practice marketplaces that it serves.
//!
//! Each process works on a folder of its own. What is still running when the value that stands for
//! it is dropped is ended.

// Helpers of tests are tests too: what is wrong is told where it is found.
#![allow(clippy::panic)]

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

/// Where the program is; `cargo xtask test` builds it and sets this.
const PROGRAM: &str = "BARROW_BIN";

/// Ends the program when it passes a place, as `NAME` or `NAME:N` for the Nth time.
const KILL_AT: &str = "BARROW_KILL_AT";

/// Opens the vault of every folder here. It guards keys of practice marketplaces alone.
pub const PASSPHRASE: &str = "open sesame, for practice only";

/// Ports below those that systems give out by themselves, so that a port that was free stays so.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// Ports of one server, with room for more marketplaces.
const PORTS_EACH: u16 = 8;

/// Tries of other ports before a server is given up.
const START_TRIES: u16 = 100;

/// The program.
///
/// # Panics
/// Without the variable: tests of the program fail then, they are not left out.
pub fn program() -> PathBuf {
    let path = env::var_os(PROGRAM).map(PathBuf::from);
    let path = path.unwrap_or_else(|| {
        panic!("{PROGRAM} must say where the program `barrow` is; `cargo xtask test` sets it")
    });
    assert!(
        path.is_file(),
        "{PROGRAM} is {}, which is no file",
        path.display()
    );
    path
}

/// A seller with a folder, on which one process after another works.
#[derive(Debug)]
pub struct Seller {
    folder: TempDir,
}

impl Seller {
    /// A folder without anything in it.
    pub fn open() -> Self {
        Self {
            folder: TempDir::new().expect("a folder can be made"),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command to its end.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ran {
        run(self.command(arguments), "")
    }

    /// Runs a command that reads keys from standard input.
    pub fn run_with<S: AsRef<OsStr>>(&self, arguments: &[S], input: &str) -> Ran {
        run(self.command(arguments), input)
    }

    /// Runs a command that ends as by `kill -9` when it passes a place.
    pub fn run_until<S: AsRef<OsStr>>(&self, place: &str, arguments: &[S]) -> Ran {
        let mut command = self.command(arguments);
        command.env(KILL_AT, place);
        run(command, "")
    }

    fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = barrow(self.path());
        command.args(arguments);
        command
    }
}

fn barrow(folder: &Path) -> Command {
    let mut command = Command::new(program());
    command
        .arg("--json")
        .arg("--data")
        .arg(folder)
        .env("BARROW_PASSPHRASE", PASSPHRASE)
        .env_remove(KILL_AT)
        .env_remove("BARROW_PAGE_LIMIT");
    command
}

fn run(mut command: Command, input: &str) -> Ran {
    let piped = [Stdio::piped(), Stdio::piped(), Stdio::piped()];
    let [stdin, stdout, stderr] = piped;
    let mut child = command
        .stdin(stdin)
        .stdout(stdout)
        .stderr(stderr)
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    if let Some(mut stdin) = child.stdin.take() {
        // A command that reads nothing may have closed it already.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child
        .wait_with_output()
        .expect("a child of ours can be waited for");
    Ran {
        what: command
            .get_args()
            .skip(3)
            .map(OsStr::to_string_lossy)
            .collect::<Vec<_>>()
            .join(" "),
        status: output.status,
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        told: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A command that ended.
#[derive(Debug)]
pub struct Ran {
    /// Its arguments.
    pub what: String,
    /// How it ended.
    pub status: ExitStatus,
    /// What it printed.
    pub out: String,
    /// What it told on standard error.
    pub told: String,
}

impl Ran {
    /// The document that it printed, where it did everything that was asked.
    ///
    /// # Panics
    /// If it did not.
    pub fn done(&self) -> Value {
        assert!(self.status.success(), "{self:#?}");
        self.document()
    }

    /// The document that it printed, however it ended.
    ///
    /// # Panics
    /// If it printed anything else.
    pub fn document(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error} in what was printed: {self:#?}"))
    }

    /// Whether it ended as by `kill -9`.
    pub fn was_killed(&self) -> bool {
        was_killed(self.status)
    }
}

/// Whether a process ended as by `kill -9`.
#[cfg(unix)]
fn was_killed(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const SIGKILL: i32 = 9;
    status.signal() == Some(SIGKILL)
}

/// Elsewhere there are no signals: an abort is as sudden, and told by a failure without a word.
#[cfg(not(unix))]
fn was_killed(status: ExitStatus) -> bool {
    !status.success()
}

/// How practice marketplaces are served.
#[derive(Clone, Copy, Debug)]
pub struct Practice<'a> {
    /// What is left to chance derives from it.
    pub seed: u64,
    /// How many times as fast as real ones they are.
    pub speed: u32,
    /// The place of a call at which the process ends as by `kill -9`.
    pub kill_at: Option<&'a str>,
}

/// Practice marketplaces that a process of their own serves.
#[derive(Debug)]
pub struct Served {
    child: Child,
    port: u16,
    claim: Arc<File>,
    ready: Value,
}

impl Served {
    /// Serves them out of a folder, on ports that are free.
    pub fn start(folder: &Path, practice: Practice<'_>) -> Self {
        let places = (PORTS.end - PORTS.start) / PORTS_EACH;
        // Processes that run beside each other begin in different places.
        let begin = u16::try_from(std::process::id() % u32::from(places)).unwrap_or_default();
        for attempt in 0..START_TRIES {
            let port = PORTS.start + (begin + attempt) % places * PORTS_EACH;
            let Some(claim) = claim(port) else { continue };
            if let Ok(served) = Self::start_at(folder, practice, port, Arc::new(claim)) {
                return served;
            }
        }
        panic!("no ports are free; the last try said: {}", log(folder))
    }

    /// Serves them at the ports of a process that is gone, as clients expect them there.
    pub fn start_again(folder: &Path, practice: Practice<'_>, gone: &Self) -> Self {
        Self::start_at(folder, practice, gone.port, Arc::clone(&gone.claim))
            .unwrap_or_else(|()| panic!("the ports are taken: {}", log(folder)))
    }

    fn start_at(
        folder: &Path,
        practice: Practice<'_>,
        port: u16,
        claim: Arc<File>,
    ) -> Result<Self, ()> {
        let told = File::create(folder.join("practice.log")).expect("a file can be made");
        let numbers = [
            port.to_string(),
            practice.seed.to_string(),
            practice.speed.to_string(),
        ];
        let mut command = barrow(folder);
        command.args(["practice", "--port", &numbers[0], "--seed", &numbers[1]]);
        command.args(["--speed", &numbers[2], "--orders", "0"]);
        if let Some(place) = practice.kill_at {
            command.env(KILL_AT, place);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(told)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        let read = out.read_line(&mut line);
        if read.is_err() || line.is_empty() {
            child.wait().expect("a child of ours can be waited for");
            return Err(());
        }
        // Whatever else it prints must not fill the pipe.
        thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        let ready = serde_json::from_str(&line).expect("the first line says that it is ready");
        Ok(Self {
            child,
            port,
            claim,
            ready,
        })
    }

    /// What a client needs to know of a marketplace: `endpoint`, `settings`, `secrets`.
    pub fn marketplace(&self, name: &str) -> &Value {
        &self.ready["marketplaces"][name]
    }

    /// What every marketplace holds.
    pub fn state(&self) -> Value {
        self.ask("GET", "/state", "")
    }

    /// A buyer orders; returns the order's id there.
    pub fn order(&self, marketplace: &str, lines: &[(&str, u32)]) -> String {
        let lines: Vec<Value> = lines
            .iter()
            .map(|(sku, quantity)| serde_json::json!({ "sku": sku, "quantity": quantity }))
            .collect();
        let body = serde_json::json!({ "marketplace": marketplace, "lines": lines });
        let placed = self.ask("POST", "/orders", &body.to_string());
        let id = placed["order_id"].as_str();
        id.unwrap_or_else(|| panic!("no order: {placed}"))
            .to_owned()
    }

    /// Ends the process as suddenly as a power cut.
    pub fn stop(&mut self) {
        self.child.kill().expect("a child of ours can be ended");
        self.child
            .wait()
            .expect("a child of ours can be waited for");
    }

    /// Waits until the process ended by itself; tells whether as by `kill -9`.
    pub fn wait_killed(&mut self) -> bool {
        was_killed(
            self.child
                .wait()
                .expect("a child of ours can be waited for"),
        )
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let control = self.ready["control"].as_str().unwrap_or_default();
        let host = control.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("the control port answers");
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        );
        stream
            .write_all(head.as_bytes())
            .expect("the control port reads");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .expect("the control port answers in text");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        assert!(
            head.starts_with("HTTP/1.1 200"),
            "{method} {path}: {answer}"
        );
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error} in {answer}"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps ports for one test also while nobody listens there; none where another one has them.
fn claim(port: u16) -> Option<File> {
    let path = env::temp_dir().join(format!("barrow-test-ports-{port}.lock"));
    let file = File::create(path).ok()?;
    file.try_lock().is_ok().then_some(file)
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("practice.log")).unwrap_or_default()
}
