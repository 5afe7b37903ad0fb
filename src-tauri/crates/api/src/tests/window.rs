//! What the window is told first, what it hears, and what it keeps.

use std::time::Duration;

use barrow_engine::{Progress, ProgressEvent, Stage};
use serde_json::{Value, json};

use super::World;
use crate::{ApiErrorKind, CacheTag, Event, Events, Listening, RunStage};

/// What there is to hear now.
async fn heard(listening: &mut Listening) -> Vec<Event> {
    let mut events = Vec::new();
    // Everything that was told is there already; only the end has to be waited for.
    while let Ok(event) = tokio::time::timeout(Duration::ZERO, listening.next()).await {
        events.push(event);
    }
    events
}

#[tokio::test]
async fn home_tells_what_must_leave_what_needs_a_person_and_what_was_sold() {
    let world = World::with_mug().await;
    world
        .call("listing_add", json!({"account": "shop", "all": true}))
        .await;
    world.call("push", json!({"patience_seconds": 0})).await;
    let home = world.call("home", json!({"offset_minutes": 480})).await;

    assert_eq!(home["skus"], 1, "{home}");
    assert_eq!(home["to_ship"]["count"], 1, "{home}");
    assert_eq!(home["accounts"][0]["account"], "shop", "{home}");
    assert_eq!(home["accounts"][0]["title"], "Bazaar");
    assert_ne!(home["accounts"][0]["pulled_at"], Value::Null);
    let needs = home["needs"].as_array().expect("a list");
    let brand = needs.iter().find(|need| need["mend"] == "set_field");
    let brand = brand.expect("the missing brand is told");
    assert_eq!(brand["count"], 1);
    assert_eq!(brand["problem"]["kind"], "brand_missing");
    assert_eq!(brand["sku"], "MUG-1");
    assert_eq!(home["sales"]["orders"], 1, "{home}");
    assert_eq!(home["sales"]["days"][0]["marketplace"], "bazaar");
    assert_eq!(home["sales"]["orders_before"], 0);
}

#[tokio::test]
async fn home_of_an_empty_catalogue_is_empty() {
    let home = World::new().call("home", json!({})).await;
    assert_eq!(home["to_ship"]["count"], 0, "{home}");
    assert_eq!(home["needs"], json!([]));
    assert_eq!(home["accounts"], json!([]));
    assert_eq!(home["sales"]["days"], json!([]));
}

#[tokio::test]
async fn practice_starts_with_one_click_and_a_second_one_adds_nothing() {
    let world = World::new();
    let started = world
        .call("practice_start", json!({"sample": true, "run": "first"}))
        .await;
    assert_eq!(started["accounts"], json!(["Bazaar practice"]), "{started}");
    assert!(started["skus"].as_u64() > Some(60), "{started}");
    assert_eq!(started["listed"], started["skus"]);
    // What is the seller's own is not listed because somebody rehearses.
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("own.csv");
    std::fs::write(&file, "sku,title\nOWN-1,Own\n").expect("writes");
    let own = world.call("import", json!({"file": file})).await;
    assert_eq!(own["error"], Value::Null, "{own}");
    let again = world.call("practice_start", json!({"sample": true})).await;
    assert_eq!(again["accounts"], json!(["Bazaar practice"]), "{again}");
    assert_eq!((&again["skus"], &again["listed"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn nobody_rehearses_in_a_catalogue_that_sells_for_real() {
    let world = World::new();
    let real = json!({"marketplace": "bazaar", "name": "real",
        "settings": {"site": "BAZAAR_US"}, "secrets": {"key": "hunter2"}});
    let added = world.call("account_add", real).await;
    assert_eq!(added["error"], Value::Null, "{added}");
    let refused = world.call("practice_start", json!({"sample": true})).await;
    let error = &refused["error"];
    assert_eq!(error["params"]["why"], "practice_beside_real", "{refused}");
    assert_eq!(error["params"]["account"], "real");
    let skus = world.call("products_count", json!({})).await["skus"].clone();
    assert_eq!(skus, 0);
}

#[tokio::test]
async fn what_is_chosen_for_the_window_is_kept_and_taken_away_again() {
    let world = World::new();
    let set = |request: Value| world.call("settings_set", request);
    let chosen = set(
        json!({"language": "pt-BR", "theme": "dark", "sync_minutes": 15,
        "layouts": {"products": "[1]"}}),
    )
    .await;
    assert_eq!(chosen["language"], "pt-BR", "{chosen}");
    assert_eq!(chosen["theme"], "dark");
    assert_eq!(chosen["density"], "regular");
    assert_eq!(chosen["sync_minutes"], 15);
    assert_eq!(chosen["layouts"]["products"], "[1]");
    let less = set(json!({"language": "", "sync_minutes": 0, "layouts": {"products": ""}})).await;
    assert_eq!(less["language"], Value::Null, "{less}");
    assert_eq!(less["sync_minutes"], Value::Null);
    assert_eq!(less["layouts"], json!({}));
    assert_eq!(less["theme"], "dark");
    assert_eq!(world.call("settings", json!({})).await, less);
    let refused = set(json!({"sync_minutes": 5000})).await;
    assert_eq!(refused["error"]["kind"], "invalid_input", "{refused}");
}

#[tokio::test]
async fn a_run_is_heard_to_begin_to_touch_and_to_end() {
    let world = World::new();
    let mut listening = world.api.events();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("products.csv");
    std::fs::write(&file, "sku,title\nMUG-1,Blue mug\n").expect("writes");
    world
        .call("import", json!({"file": file, "run": "import 1"}))
        .await;
    let events = heard(&mut listening).await;
    let touched = events.iter().position(|event| match event {
        Event::Touched { tags } => tags.contains(&CacheTag::Products),
        _ => false,
    });
    let read = events.iter().position(|event| match event {
        Event::Progress { run, stage, .. } => {
            run.as_deref() == Some("import 1") && *stage == RunStage::Read
        }
        _ => false,
    });
    let ended = events.iter().position(|event| match event {
        Event::Finished { run } => run == "import 1",
        _ => false,
    });
    assert!(touched.is_some() && read.is_some(), "{events:?}");
    assert!(touched < ended && read < ended, "{events:?}");
}

#[tokio::test]
async fn a_command_that_fails_is_told_of_as_well() {
    let world = World::new();
    let mut listening = world.api.events();
    world.call("set", json!({"sku": "NOBODY"})).await;
    let events = heard(&mut listening).await;
    assert!(
        matches!(&events[..], [Event::Touched { tags }] if tags.contains(&CacheTag::Products)),
        "{events:?}"
    );
}

#[tokio::test]
async fn a_slow_listener_misses_progress_and_never_that_something_is_out_of_date() {
    let events = Events::default();
    let mut slow = events.listen();
    events.touched(&[CacheTag::Orders]);
    for done in 0..10_000 {
        events.tell(ProgressEvent {
            account_id: None,
            stage: Stage::Pull,
            done,
            total: None,
        });
    }
    events.touched(&[CacheTag::Stock]);
    let events = heard(&mut slow).await;
    assert_eq!(
        events,
        [
            Event::Touched {
                tags: vec![CacheTag::Stock, CacheTag::Orders]
            },
            Event::Progress {
                run: None,
                account: None,
                stage: RunStage::Pull,
                done: 9_999,
                total: None
            }
        ]
    );
}

#[tokio::test]
async fn what_another_process_wrote_puts_everything_out_of_date() {
    let world = World::new();
    let mut listening = world.api.events();
    world.api.touched_elsewhere();
    let events = heard(&mut listening).await;
    assert!(
        matches!(&events[..], [Event::Touched { tags }] if tags.len() == CacheTag::ALL.len()),
        "{events:?}"
    );
}

#[tokio::test]
async fn a_run_is_stopped_by_its_name_while_it_is_under_way() {
    let world = World::with_mug().await;
    let unknown = world.call("run_cancel", json!({"run": "nothing"})).await;
    assert_eq!(unknown["asked"], false, "{unknown}");

    let run = world
        .api
        .runs
        .begin("push 1", &Events::default())
        .expect("begins");
    let api = world.api.running(run);
    let stopped = world.call("run_cancel", json!({"run": "push 1"})).await;
    assert_eq!(stopped["asked"], true, "{stopped}");
    let pushed = api.push(crate::PushRequest::default()).await.expect("ends");
    assert!(pushed.stopped);
    assert_eq!(pushed.report.done, 0);
    let pulled = api.pull(crate::PullRequest::default()).await.expect("ends");
    assert!(pulled.stopped && !pulled.accounts[0].complete);
    let refused = api.go_on().expect_err("it was stopped");
    assert_eq!(refused.kind, ApiErrorKind::Cancelled);
}

#[tokio::test]
async fn two_runs_do_not_have_one_name_and_short_commands_have_none() {
    let world = World::new();
    let _first = world
        .api
        .runs
        .begin("twice", &Events::default())
        .expect("begins");
    let second = world.call("pull", json!({"run": "twice"})).await;
    assert_eq!(second["error"]["kind"], "duplicate", "{second}");
    let short = world.call("accounts", json!({"run": "short"})).await;
    assert_eq!(short["error"]["kind"], "invalid_input", "{short}");
}

#[tokio::test]
async fn a_rehearsal_needs_no_vault_and_a_real_account_does() {
    let world = World::new();
    *world.vault.locked.lock().expect("nobody panicked") = true;
    let started = world.call("practice_start", json!({})).await;
    assert_eq!(started["accounts"], json!(["Bazaar practice"]), "{started}");
    let real = json!({"marketplace": "bazaar", "name": "real",
        "settings": {"site": "BAZAAR_US"}, "secrets": {"key": "hunter2"}});
    let refused = world.call("account_add", real).await;
    assert_eq!(refused["error"]["kind"], "vault", "{refused}");
}
