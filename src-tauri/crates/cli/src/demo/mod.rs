//! `barrow demo`: the whole job on practice marketplaces, in a fresh folder.
//!
//! It plays seller and buyers through the same commands that everybody uses, and at the end
//! compares what the catalogue wants with what the marketplaces hold.

mod file;
mod play;
mod tale;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use barrow_host::{Host, PracticeOptions, VaultChoice};

use crate::args::DemoArgs;
use crate::catalogue;
use crate::demo::play::Play;
use crate::demo::tale::Tale;
use crate::output::{End, Failure};
use crate::session::Session;

/// So many times as fast as real marketplaces: a feed of a quarter of an hour takes two seconds.
const SPEED: u32 = 600;

/// The same keys, catalogue pages and buyers every time.
const SEED: u64 = 1;

pub(crate) async fn run(session: &Session, args: DemoArgs) -> Result<End, Failure> {
    let given = catalogue::named(&args.defaults)?;
    let folder = fresh_folder()?;
    let done = in_folder(session, &folder, args.file, given).await;
    session.line.clear();
    if done.is_err() {
        // Nobody is told of the folder of a demo that failed: it would only stay.
        std::fs::remove_dir_all(&folder).ok();
    }
    done
}

fn fresh_folder() -> Result<PathBuf, Failure> {
    let made = tempfile::Builder::new().prefix("barrow-demo-").tempdir();
    made.map(tempfile::TempDir::keep).map_err(|error| {
        let words = format!("No folder for the demo can be made: {error}.");
        Failure::Other("file_unwritable", words)
    })
}

async fn in_folder(
    session: &Session,
    folder: &Path,
    file: Option<PathBuf>,
    given: Vec<barrow_api::NamedValue>,
) -> Result<End, Failure> {
    let practice = PracticeOptions {
        port: 0,
        seed: SEED,
        speed: SPEED,
        orders_per_hour: 0,
    };
    let host = session.open_at(Some(folder.to_owned()), practice, VaultChoice::Memory)?;
    let told = tokio::select! {
        told = tell(session, &host, folder, file, given) => told,
        () = session.stop.asked() => Err(Failure::Stopped),
    };
    let stopped = host.practice.stop().await;
    session.line.clear();
    let tale = told?;
    stopped.map_err(crate::practice::failure)?;
    tale.end()
}

async fn tell(
    session: &Session,
    host: &Host,
    folder: &Path,
    file: Option<PathBuf>,
    given: Vec<barrow_api::NamedValue>,
) -> Result<Tale, Failure> {
    let mut tale = Tale::begin(session.output, folder)?;
    let ready = host
        .practice
        .serve_here()
        .await
        .map_err(crate::practice::failure)?;
    tale.served(&ready)?;
    let mut play = Play {
        api: Arc::clone(&host.api),
        practice: Arc::clone(&host.practice),
        line: Arc::clone(&session.line),
        tale: &mut tale,
    };
    let accounts = play.open_accounts().await?;
    let file = match file {
        Some(file) => file::Chosen::Given(file),
        None => file::Chosen::Sample(folder.join("sample.csv")),
    };
    play.import(file, given).await?;
    play.list_and_publish(&accounts).await?;
    play.sell().await?;
    play.compare_and_close(&accounts).await?;
    Ok(tale)
}
