//! `barrow practice`: serves the folder's practice marketplaces until stopped.

use std::sync::Arc;

use barrow_host::{Fault, Folder, PracticeError, PracticeHost, PracticeOptions, SystemClock};
use serde_json::Value;

use crate::args::PracticeArgs;
use crate::output::{End, Failure, Text, tell};
use crate::parse;
use crate::session::Session;

/// A fault that is switched on at the start meets so many calls.
const FAULT_TIMES: u32 = 1;

pub(crate) async fn run(session: &Session, args: PracticeArgs) -> Result<End, Failure> {
    let folder = Folder::open(session.folder.as_deref())
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let options = PracticeOptions {
        port: args.port,
        seed: args.seed,
        speed: args.speed,
        orders_per_hour: args.orders,
    };
    let practice = PracticeHost::new(folder, Arc::new(SystemClock), options);
    let ready = practice.serve_here().await.map_err(failure)?;
    for text in &args.faults {
        if let Err(error) = switch_on(&practice, text).await {
            practice.stop().await.ok();
            return Err(error);
        }
    }
    let printed = if session.output.json {
        session.output.document(&ready)
    } else {
        session.output.text(&ready_text(&ready))
    };
    if let Err(error) = printed {
        practice.stop().await.ok();
        return Err(error);
    }
    session.stop.asked().await;
    practice.stop().await.map_err(failure)?;
    Ok(End::Done)
}

/// A fault without a marketplace is switched on at every one that knows it.
async fn switch_on(practice: &PracticeHost, text: &str) -> Result<(), Failure> {
    let (marketplace, name) = parse::fault(text, PracticeHost::names());
    let chosen: Vec<&str> = match marketplace {
        Some(marketplace) => vec![marketplace],
        None => PracticeHost::names().to_vec(),
    };
    let mut unknown = None;
    let mut known = false;
    for marketplace in chosen {
        let fault = Fault {
            name: name.to_owned(),
            times: FAULT_TIMES,
        };
        match practice.set_fault(marketplace, fault).await {
            Ok(()) => known = true,
            Err(error) => unknown = Some(error),
        }
    }
    match unknown {
        Some(error) if !known => Err(Failure::Usage(format!("{error}."))),
        _ => Ok(()),
    }
}

pub(crate) fn failure(error: PracticeError) -> Failure {
    Failure::Other(
        "practice",
        format!("The practice marketplaces cannot be served: {error}."),
    )
}

fn ready_text(ready: &Value) -> Text {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut text = Text::new().line("Practice marketplaces on this computer, until Ctrl-C:");
    let marketplaces = ready["marketplaces"].as_object().into_iter().flatten();
    for (name, at) in marketplaces {
        text = text
            .line("")
            .line(format!("{name}  {}", word(&at["endpoint"])));
        for part in ["settings", "secrets"] {
            let values = at[part].as_object().into_iter().flatten();
            text = text.lines(values.map(|(key, value)| format!("  {key}={}", word(value))));
        }
    }
    tell("An account reaches them with: barrow account add ebay NAME --endpoint practice");
    text.line("")
        .line(format!("control  {}", word(&ready["control"])))
}
