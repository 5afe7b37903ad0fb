//! The command line `barrow`: reads arguments, calls the commands of `api`, prints what they say.
//!
//! It owns the runtime, the terminal and the exit status, and decides nothing about the trade.
//!
//! Start reading at `run`, then `args` (every command with its help) and `output` (how answers are
//! printed); the commands stand in files by area.

mod account;
mod account_facts;
mod args;
mod cases;
mod catalogue;
mod consent;
mod demo;
mod elsewhere;
mod export;
mod listings;
mod messages;
mod orders;
mod output;
mod parse;
mod practice;
mod products;
mod progress;
mod report;
mod secrets;
mod session;
mod sync;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use barrow_api::PlanRowsRequest;
use clap::Parser;
use clap::error::ErrorKind;

use crate::args::{Cli, Command};
use crate::output::{End, Failure, Output};
use crate::progress::Line;
use crate::session::{Session, Stop};

/// How long what is being written may take to end after the command has.
const END_TIMEOUT: Duration = Duration::from_secs(30);

const IN_PART: u8 = 3;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return bad_usage(&error),
    };
    let output = Output::new(cli.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            let words = format!("The program cannot start its threads: {error}.");
            return ended(output, Err(Failure::Other("internal", words)));
        }
    };
    let done = runtime.block_on(async {
        let session = Session {
            output,
            folder: cli.data,
            stop: Stop::listen(),
            line: Arc::new(Line::new()),
        };
        // Tasks of a command are large: on the heap they do not use up the main thread's stack.
        Box::pin(run(&session, cli.command)).await
    });
    runtime.shutdown_timeout(END_TIMEOUT);
    ended(output, done)
}

fn ended(output: Output, done: Result<End, Failure>) -> ExitCode {
    match done {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::InPart) => ExitCode::from(IN_PART),
        Err(failure) => {
            output.failure(&failure);
            ExitCode::from(failure.status())
        }
    }
}

/// Help is no error. Programs get what is wrong as a document, people in clap's words.
fn bad_usage(error: &clap::Error) -> ExitCode {
    let help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    let json = std::env::args_os().any(|argument| argument == "--json");
    if help {
        // Whoever does not read the help to its end has read enough.
        write!(std::io::stdout(), "{}", error.render()).ok();
        return ExitCode::SUCCESS;
    }
    if json {
        let words = error.render().to_string();
        let words = words
            .trim_start_matches("error: ")
            .lines()
            .next()
            .unwrap_or_default();
        let failure = Failure::Usage(words.to_owned());
        Output::new(true).failure(&failure);
    } else {
        error.print().ok();
    }
    ExitCode::from(2)
}

async fn run(session: &Session, command: Command) -> Result<End, Failure> {
    match command {
        Command::Account(command) => account::run(session, command).await,
        Command::Import(args) => catalogue::import(session, args).await,
        Command::Imports => catalogue::imports(session).await,
        Command::Undo { id: Some(id) } => catalogue::undo(session, id).await,
        Command::Undo { id: None } => products::undo(session).await,
        Command::Products(args) => catalogue::products(session, args).await,
        Command::Set { sku, fields } => catalogue::set(session, sku, &fields).await,
        Command::New {
            sku,
            fields,
            copy_of,
        } => products::make(session, sku, &fields, copy_of).await,
        Command::Remove { skus, preview } => products::remove(session, skus, preview).await,
        Command::Image(command) => catalogue::image(session, command).await,
        Command::Stock(args) => catalogue::stock(session, args).await,
        Command::Listing(command) => listings::run(session, command).await,
        Command::Listings(args) => listings::list(session, args).await,
        Command::Plan {
            accounts,
            lines: true,
            search,
            at,
            limit,
        } => {
            let request = PlanRowsRequest {
                at,
                limit: Some(limit.into()),
                search,
                accounts,
                ..PlanRowsRequest::default()
            };
            sync::plan_lines(session, request).await
        }
        Command::Plan { accounts, .. } => sync::plan(session, accounts).await,
        Command::Push { accounts, yes } => sync::push(session, accounts, yes).await,
        Command::Pull { accounts, since } => sync::pull(session, accounts, since).await,
        Command::Orders(args) => orders::list(session, args).await,
        Command::Cases(args) => cases::run(session, args).await,
        Command::Messages(args) => messages::run(session, args).await,
        Command::Ship(args) => orders::ship(session, args).await,
        Command::TakeBack { order, shipment } => orders::take_back(session, order, shipment).await,
        Command::Erase { order, yes } => orders::erase(session, order, yes).await,
        Command::Cancel(args) => orders::cancel(session, args).await,
        Command::Refund(args) => orders::refund(session, args).await,
        Command::Match { order, line, sku } => orders::match_line(session, order, line, sku).await,
        Command::Problems { account } => orders::problems(session, account).await,
        Command::Receipts { sku } => orders::receipts(session, sku).await,
        Command::Quarantine(command) => orders::quarantine(session, command).await,
        Command::Export(args) => export::run(session, args).await,
        Command::Sync { watch, yes, every } => sync::sync(session, watch, yes, every).await,
        Command::Practice(args) => practice::run(session, args).await,
        Command::Demo(args) => demo::run(session, args).await,
    }
}
