//! The real window, driven through the system's own WebDriver.
//!
//! Start reading at [`Program::find`] and [`Window::open`].

// Helpers of tests are tests too: what is wrong is told where it is found.
#![allow(clippy::panic)]

use std::any::Any;
use std::env;
use std::fs;
use std::future::Future;
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use futures_util::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::PASSPHRASE;

/// Where the window's program is; `cargo xtask test` builds it and sets this.
const PROGRAM: &str = "BARROW_DESKTOP";

/// Drives WebKitGTK; comes with it.
const DRIVER: &str = "WebKitWebDriver";

/// How long what a click shows is waited for, on a machine that is kept busy by others as well.
pub const SEEN: Duration = Duration::from_secs(180);

/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Tries of other ports before a driver is given up.
const START_TRIES: u32 = 5;

/// Variables of the person who runs the test that must not reach the window.
const NOT_OURS: [&str; 8] = [
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "DBUS_SESSION_BUS_ADDRESS",
    // With these the driver's pictures hang.
    "WEBKIT_DISABLE_COMPOSITING_MODE",
    "WEBKIT_DISABLE_DMABUF_RENDERER",
    "BARROW_KILL_AT",
];

/// The window's program, where it can be driven.
#[derive(Debug)]
pub struct Program(PathBuf);

impl Program {
    /// A program that was built otherwise: measured in a release build.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// None, with words, where something is missing.
    ///
    /// # Panics
    /// In continuous integration, where nothing is left out.
    pub fn find() -> Option<Self> {
        match Self::look() {
            Ok(program) => Some(program),
            Err(missing) if env::var_os("CI").is_some() => panic!("{missing}"),
            Err(missing) => {
                eprintln!("Skipped: {missing}");
                None
            }
        }
    }

    fn look() -> Result<Self, String> {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        for name in [PROGRAM, "BARROW_BIN"] {
            let path = set(name).map(PathBuf::from);
            if !path.is_some_and(|path| path.is_file()) {
                return Err(format!(
                    "{name} does not name a program that is there; `cargo xtask test` sets it."
                ));
            }
        }
        if ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .all(|name| set(name).is_none())
        {
            return Err("There is no display; `xvfb-run` makes one.".to_owned());
        }
        let folders = set("PATH").unwrap_or_default();
        if !env::split_paths(&folders).any(|folder| folder.join(DRIVER).is_file()) {
            return Err(format!("{DRIVER} is not installed."));
        }
        Ok(Self(set(PROGRAM).map(PathBuf::from).unwrap_or_default()))
    }
}

/// The driver and the window that it started. Both end with it, however the test ends.
#[derive(Debug)]
struct Processes {
    driver: Child,
    port: u16,
}

impl Processes {
    fn start(data: &Path, home: &Path) -> Self {
        for _ in 0..START_TRIES {
            let free = TcpListener::bind("127.0.0.1:0").and_then(|on| on.local_addr());
            let port = free.expect("a port is free").port();
            let mut command = Command::new(DRIVER);
            command.arg(format!("--port={port}"));
            for name in NOT_OURS {
                command.env_remove(name);
            }
            command
                .env("TAURI_WEBVIEW_AUTOMATION", "true")
                .env("BARROW_DATA", data)
                .env("BARROW_PASSPHRASE", PASSPHRASE)
                .env("HOME", home)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                // The window belongs to the driver's group, and ends with it.
                .process_group(0);
            let driver = command.spawn().expect("the driver starts");
            let mut started = Self { driver, port };
            if started.listens() {
                return started;
            }
        }
        panic!("{DRIVER} does not listen");
    }

    fn listens(&mut self) -> bool {
        let began = Instant::now();
        while began.elapsed() < SEEN {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return true;
            }
            if self.driver.try_wait().is_ok_and(|ended| ended.is_some()) {
                return false;
            }
            std::thread::sleep(PAUSE);
        }
        false
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        kill(&format!("-{}", self.driver.id()));
        let _ = self.driver.wait();
    }
}

/// Ends a process, or with `-` a group, as suddenly as a power cut.
fn kill(process: &str) {
    // It may have ended already.
    let _ = Command::new("kill")
        .args(["-9", "--", process])
        .stderr(Stdio::null())
        .status();
}

/// The real window. It ends when this is dropped.
#[derive(Debug)]
pub struct Window {
    client: Client,
    home: TempDir,
    _processes: Processes,
}

impl Window {
    /// Opens it on a folder, for a person without settings.
    pub async fn open(program: &Program, data: &Path) -> Self {
        let home = TempDir::new().expect("a folder can be made");
        settle(home.path());
        let processes = Processes::start(data, home.path());
        let options = json!({ "binary": program.0, "args": [] });
        let mut capabilities = Capabilities::new();
        capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", processes.port))
            .await
            .expect("the window opens");
        Self {
            client,
            home,
            _processes: processes,
        }
    }

    /// What drives it, for what is not here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The person's folder of downloads.
    pub fn downloads(&self) -> PathBuf {
        self.home.path().join("Downloads")
    }

    /// Closes it as a person does.
    pub async fn close(self) {
        self.client.close().await.expect("the window closes");
    }

    /// Ends the window's process in the middle of its work, as the lock that it holds names it.
    pub fn cut_power(self, data: &Path) {
        let holder = fs::read(data.join("engine.lock")).expect("it is at work");
        let holder: Value = serde_json::from_slice(&holder).expect("the lock tells who has it");
        kill(&holder["process"].to_string());
    }

    /// Does what the test does. If that fails, what the window shows is kept at the place, as a
    /// picture and as text, before it goes on failing.
    pub async fn save_what_is_seen_if_it_fails(
        &self,
        place: &Path,
        work: impl Future<Output = ()>,
    ) {
        if let Err(failure) = AssertUnwindSafe(work).catch_unwind().await {
            self.save(place).await;
            // The trace of calls before it is long, and who reads only the end should find it.
            eprintln!("What failed: {}", said(failure.as_ref()));
            resume_unwind(failure);
        }
    }

    async fn save(&self, place: &Path) {
        let folder = place.parent().expect("a place in a folder");
        fs::create_dir_all(folder).expect("a folder can be made");
        let read = "return document.body.innerText";
        let text = self.client.execute(read, Vec::new()).await;
        let text = text.unwrap_or_default();
        let text = text.as_str().unwrap_or_default();
        fs::write(place.with_extension("txt"), text).expect("a file can be written");
        // A picture before the next frame may show the page before.
        let frames = "const done = arguments[0];\
                      requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        let _ = self.client.execute_async(frames, Vec::new()).await;
        if let Ok(picture) = self.client.screenshot().await {
            fs::write(place.with_extension("png"), picture).expect("a file can be written");
        }
        eprintln!("What the window showed: {}.png and .txt", place.display());
    }

    /// Looks until something is there.
    ///
    /// # Panics
    /// If it does not come.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        self.until_within(SEEN, what, look).await
    }

    /// The same, for as long as is said.
    pub async fn until_within<T>(
        &self,
        most: Duration,
        what: &str,
        look: impl AsyncFn() -> Option<T>,
    ) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(began.elapsed() < most, "not seen within {most:?}: {what}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What is at a place now.
    pub async fn find(&self, place: &str) -> Option<Element> {
        self.client.find(Locator::XPath(place)).await.ok()
    }

    /// Waits until something is at a place.
    pub async fn see(&self, place: &str) -> Element {
        self.until(place, async || self.find(place).await).await
    }

    /// What is written at a place now.
    pub async fn text(&self, place: &str) -> Option<String> {
        // What the driver takes for a text leaves out what is cut in a narrow column.
        self.find(place).await?.prop("textContent").await.ok()?
    }

    /// Clicks on what is at a place, as soon as it is there and can be clicked.
    pub async fn click(&self, place: &str) {
        let click = async || self.find(place).await?.click().await.ok();
        self.until(place, click).await;
    }

    /// Clicks on what is in a list that may have to be scrolled to it.
    pub async fn click_in_list(&self, place: &str) {
        let show = "arguments[0].scrollIntoView({ block: 'center' });";
        let click = async || {
            let element = self.find(place).await?;
            let there = serde_json::to_value(&element).ok()?;
            self.client.execute(show, vec![there]).await.ok()?;
            element.click().await.ok()
        };
        self.until(place, click).await;
    }

    /// Clicks twice on what is at a place.
    pub async fn double_click(&self, place: &str) {
        let element = self.see(place).await;
        let to_it = PointerAction::MoveToElement {
            element,
            duration: None,
            x: 0.0,
            y: 0.0,
        };
        let mut mouse = MouseActions::new("mouse".to_owned()).then(to_it);
        for _ in 0..2 {
            mouse = mouse
                .then(PointerAction::Down { button: 0 })
                .then(PointerAction::Up { button: 0 });
        }
        let done = self.client.perform_actions(mouse).await;
        done.expect("the mouse can be moved");
    }

    /// Types a text where the focus is.
    pub async fn type_text(&self, text: &str) {
        let keys = text.chars().fold(keyboard(), press);
        let done = self.client.perform_actions(keys).await;
        done.expect("keys can be pressed");
    }

    /// Presses a key.
    pub async fn press(&self, key: Key) {
        let done = self
            .client
            .perform_actions(press(keyboard(), key.into()))
            .await;
        done.expect("keys can be pressed");
    }

    /// Chooses all of the text where the focus is, so that what is typed takes its place.
    pub async fn choose_all(&self) {
        let control: char = Key::Control.into();
        let keys = keyboard().then(KeyAction::Down { value: control });
        let keys = press(keys, 'a').then(KeyAction::Up { value: control });
        let done = self.client.perform_actions(keys).await;
        done.expect("keys can be pressed");
    }
}

/// What a panic said.
fn said(failure: &(dyn Any + Send)) -> &str {
    let text = failure.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| failure.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words")
}

/// A person's settings: where downloads go, and that nothing moves, so that no click misses what is
/// on its way to its place.
fn settle(home: &Path) {
    let files = [
        ("user-dirs.dirs", "XDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\n"),
        (
            "gtk-3.0/settings.ini",
            "[Settings]\ngtk-enable-animations=0\n",
        ),
    ];
    let config = home.join(".config");
    fs::create_dir_all(config.join("gtk-3.0")).expect("a folder can be made");
    for (name, text) in files {
        fs::write(config.join(name), text).expect("a file can be written");
    }
}

fn keyboard() -> KeyActions {
    KeyActions::new("keyboard".to_owned())
}

fn press(keys: KeyActions, value: char) -> KeyActions {
    keys.then(KeyAction::Down { value })
        .then(KeyAction::Up { value })
}
