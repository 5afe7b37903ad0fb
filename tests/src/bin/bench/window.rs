//! The real window with very much in it, beside a window with one word in it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use barrow_tests::window::{Program, Window};
use fantoccini::wd::TimeoutConfiguration;
use serde_json::{Value, json};

use crate::figures::{line, p99, shown};

/// Times in the page, by its own clock.
const TIMES: &str = include_str!("window.js");

/// What tells the programs; `cargo xtask bench` sets them.
const DESKTOP: &str = "BARROW_DESKTOP";
const EMPTY: &str = "BARROW_EMPTY_WINDOW";
const LOOPBACK: &str = "BARROW_LOOPBACK";

/// Where a folder that is full already stands, so that it is not filled anew each time.
const FULL: &str = "BARROW_BENCH_FOLDER";

/// Longest that one piece of work in the page takes.
const WORK_MAX: Duration = Duration::from_secs(180);

/// Opens of each window; the median counts.
const OPENINGS: usize = 5;

/// Measures the window with this many products, and a tenth as many orders.
pub(crate) fn window(scratch: &Path, products: u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("threads can be started");
    let folder = fill(scratch, products, products / 10);
    runtime.block_on(measure(&folder));
}

/// Where a program is.
fn place(variable: &str) -> PathBuf {
    let named = std::env::var_os(variable).expect("`cargo xtask bench` says where programs are");
    PathBuf::from(named)
}

/// Fills a folder with products and orders, unless one was given that is full.
fn fill(scratch: &Path, products: u64, orders: u64) -> PathBuf {
    let given = std::env::var_os(FULL).map(PathBuf::from);
    let path = given.unwrap_or_else(|| scratch.join("window"));
    let seed = match path.join("catalogue.barrow").exists() {
        true => "empty",
        false => "many",
    };
    let mut filling = Command::new(place(LOOPBACK))
        .arg("--data")
        .arg(&path)
        .args(["--seed", seed, "--until-eof"])
        .args(["--products", &products.to_string()])
        .args(["--orders", &orders.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the filling program starts");
    let mut ready = String::new();
    let output = filling.stdout.take().expect("it is piped");
    BufReader::new(output)
        .read_line(&mut ready)
        .expect("it says when it is ready");
    drop(filling.stdin.take());
    filling.wait().expect("it ends");
    path
}

async fn measure(folder: &Path) {
    let (empty, desktop) = (Program::at(place(EMPTY)), Program::at(place(DESKTOP)));
    let (mut empty_starts, mut starts) = (Vec::new(), Vec::new());
    for _ in 0..OPENINGS {
        let (window, took) = open(&empty, folder, EMPTY_READY).await;
        empty_starts.push(took);
        window.close().await;
        let (window, took) = open(&desktop, folder, READY).await;
        starts.push(took);
        window.close().await;
    }
    let (yardstick, own) = (median(empty_starts), median(starts));
    line("start to usable", &shown(yardstick), &shown(own), "");

    let (window, _) = open(&empty, folder, EMPTY_READY).await;
    let idle = times(&work(&window, "idle", json!([300])).await);
    window.close().await;
    let (window, _) = open(&desktop, folder, READY).await;
    for view in ["products", "orders", "listings", "sync", "home"] {
        let mut took = Vec::new();
        for _ in 0..OPENINGS {
            took.push(time(&work(&window, "view", json!([view])).await));
            work(&window, "view", json!(["settings"])).await;
        }
        let what = format!("to {view} until all is shown");
        line(&what, "", &shown(median(took)), "");
    }
    list(&window, "products", ["lamp", "hawthorn"], &idle).await;
    list(&window, "orders", ["lamp", "100"], &idle).await;
    window.close().await;
}

/// Searches, scrolls and opens in one list.
async fn list(window: &Window, view: &str, words: [&str; 2], idle: &[Duration]) {
    work(window, "view", json!([view])).await;
    work(window, "all", json!([view])).await;
    let rows = work(window, "rows", json!([])).await;
    println!("{view}: {rows} rows");
    let mut took = Vec::new();
    for word in words {
        took.extend(times(&work(window, "search", json!([word])).await));
    }
    let what = format!("{view}: search, each sign");
    line(&what, "", &spread(&took), "median, p99");
    for (step, speed) in [(84, "quick"), (700, "a page a frame")] {
        let mut frames = times_of(&work(window, "scroll", json!([step, 300])).await);
        let blank = frames.pop().unwrap_or_default();
        let took: Vec<Duration> = frames.into_iter().map(milliseconds).collect();
        let what = format!("{view}: scroll, {speed}");
        let aim = format!("{blank} of 300 blank");
        line(&what, &spread(idle), &spread(&took), &aim);
    }
    let mut took = Vec::new();
    for part in [0.5, 0.9, 0.1, 0.7, 0.3] {
        took.push(time(&work(window, "jump", json!([part])).await));
    }
    let what = format!("{view}: jump into the middle");
    line(&what, "", &shown(median(took)), "");
    let mut took = Vec::new();
    for _ in 0..OPENINGS {
        took.push(time(&work(window, "drawer", json!([])).await));
    }
    let what = format!("{view}: open a drawer");
    line(&what, "", &shown(median(took)), "");
}

/// The word of the empty window is there.
const EMPTY_READY: &str = "return document.querySelector('main.view') !== null;";

/// Home is there, with nothing left to be read.
const READY: &str = "return document.querySelector('main.view') !== null \
                     && document.querySelector('[aria-busy=true], i.bar') === null;";

/// Opens a window and waits until a script says yes.
async fn open(program: &Program, folder: &Path, ready: &str) -> (Window, Duration) {
    let start = Instant::now();
    let window = Window::open(program, folder).await;
    let patience = TimeoutConfiguration::new(Some(WORK_MAX), None, None);
    let set = window.client().update_timeouts(patience).await;
    set.expect("the driver takes a time limit");
    let limit = Duration::from_secs(60);
    loop {
        let answer = window.client().execute(ready, Vec::new()).await;
        if answer.is_ok_and(|answer| answer == Value::Bool(true)) {
            break;
        }
        assert!(start.elapsed() < limit, "the window is not ready in time");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    (window, start.elapsed())
}

/// Does a piece of work in the page.
async fn work(window: &Window, name: &str, given: Value) -> Value {
    let answer = window
        .client()
        .execute_async(TIMES, vec![json!(name), given])
        .await
        .expect("the page answers");
    assert!(answer["error"].is_null(), "{name}: {}", answer["error"]);
    answer["value"].clone()
}

fn milliseconds(value: f64) -> Duration {
    Duration::from_secs_f64(value.max(0.0) / 1000.0)
}

fn time(value: &Value) -> Duration {
    milliseconds(value.as_f64().expect("milliseconds"))
}

fn times_of(value: &Value) -> Vec<f64> {
    let values = value.as_array().expect("a list of milliseconds");
    values.iter().filter_map(Value::as_f64).collect()
}

fn times(value: &Value) -> Vec<Duration> {
    times_of(value).into_iter().map(milliseconds).collect()
}

fn median(mut samples: Vec<Duration>) -> Duration {
    samples.sort_unstable();
    samples.get(samples.len() / 2).copied().unwrap_or_default()
}

/// The median and what 99 of 100 stay below.
fn spread(samples: &[Duration]) -> String {
    let whole = |duration: Duration| duration.as_millis();
    let (middle, most) = (median(samples.to_vec()), p99(samples.to_vec()));
    format!("{}, {} ms", whole(middle), whole(most))
}
