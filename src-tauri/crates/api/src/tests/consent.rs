//! Consent in a browser, its end, and what a check finds missing.

use async_trait::async_trait;
use barrow_market::{
    CheckMend, Consent, Consented, Error, ErrorKind, MendField, MendKind, Mended, Result,
};
use barrow_model::{Problem, ProblemKind, Secret, Settings};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Clock, Scripted, Still, World};

/// How long a consent of the scripted marketplace lasts.
const LASTS: TimeDelta = TimeDelta::days(31);

#[async_trait]
impl Consent for Scripted {
    async fn address(&self, state: &str) -> Result<Secret> {
        let page = "https://auth.bazaar.example/authorize";
        Ok(Secret::new(format!("{page}?state={state}")))
    }

    async fn exchange(&self, given: &Secret, state: &str) -> Result<Consented> {
        // Who agreed stands before what came back.
        let given = given.expose().split_once(" agreed ");
        let Some((agreed, _)) = given.filter(|(_, came)| *came == state) else {
            let problem = Problem::new(ProblemKind::ConsentRefused).param("why", "other");
            return Err(Error::new(ErrorKind::Refused, "exchange").because(problem));
        };
        Ok(Consented {
            secrets: vec![("key", Secret::new("new-hunter2"))],
            seller: Some(agreed.to_owned()),
            until: Some(Still.now() + LASTS),
        })
    }
}

/// What mends the scripted marketplace's missing policy.
pub(super) fn mend() -> CheckMend {
    CheckMend {
        kind: MendKind::CreateLocation,
        fields: vec![
            MendField::needed("name").with("Main"),
            MendField::free("city"),
        ],
    }
}

pub(super) fn mended(item: &str, fields: &Settings) -> Result<Mended> {
    if item != "policies" {
        return Err(Error::new(ErrorKind::Unsupported, "mend").with("feature", item));
    }
    let name = fields.get("name").cloned().unwrap_or_default();
    Ok(Mended {
        settings: [("site".to_owned(), name)].into(),
        hours_max: Some(24),
    })
}

async fn consent(world: &World) -> Value {
    consent_of(world, "ann").await
}

async fn consent_of(world: &World, seller: &str) -> Value {
    let asked = world.call("account_consent", json!({"name": "shop"})).await;
    let state = asked["state"].as_str().unwrap();
    assert_eq!(state.len(), 32, "{asked}");
    let page = format!("https://auth.bazaar.example/authorize?state={state}");
    assert_eq!(asked["url"], page.as_str());
    assert_eq!(world.api.openable(&page).await.unwrap(), page);
    let given = format!("{seller} agreed {state}");
    let request = json!({"name": "shop", "state": state, "given": given});
    world.call("account_consent_finish", request).await
}

async fn needs(world: &World) -> Vec<Value> {
    let home = world.call("home", json!({})).await;
    home["needs"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_consent_is_asked_for_and_kept_with_its_end() {
    let world = World::new();
    world.add_account().await;
    let done = consent(&world).await;
    let until = Still.now() + LASTS;
    let told: DateTime<Utc> = done["until"].as_str().unwrap().parse().unwrap();
    assert_eq!(told, until);
    assert_eq!(done["account"]["secrets"]["key"], true, "{done}");
    let kept = done["account"]["settings"]["consent_until"].as_str();
    let kept: DateTime<Utc> = kept.unwrap().parse().unwrap();
    assert_eq!(kept, until);
}

#[tokio::test]
async fn nobody_but_the_seller_who_agreed_first_agrees_for_an_account() {
    let world = World::new();
    world.add_account().await;
    let done = consent(&world).await;
    assert_eq!(done["account"]["settings"]["consent_seller"], "ann");
    let account = world.api.account("shop").await.unwrap();
    world.api.keep_consent(&account, None, None).await.unwrap();
    let refused = consent_of(&world, "bob").await;
    assert_eq!(refused["error"]["params"]["why"], "seller", "{refused}");
    let words = refused["error"]["message"].as_str().unwrap();
    assert!(words.contains("another seller account"), "{words}");
    // Nothing of it was kept.
    let account = world.api.account("shop").await.unwrap();
    assert_eq!(account.settings["consent_seller"], "ann");
    assert_eq!(account.settings.get("consent_until"), None);
    let again = consent(&world).await;
    assert!(again["until"].is_string(), "{again}");
}

#[tokio::test]
async fn a_consent_is_given_once_and_only_where_it_was_asked_for() {
    let world = World::new();
    world.add_account().await;
    let asked = world.call("account_consent", json!({"name": "shop"})).await;
    let state = asked["state"].as_str().unwrap();
    let finish = async |state: &str, given: String| {
        let request = json!({"name": "shop", "state": state, "given": given});
        world.call("account_consent_finish", request).await
    };
    let other = finish("0", "ann agreed 0".to_owned()).await;
    assert_eq!(other["error"]["params"]["why"], "other", "{other}");
    // What was pasted wrongly is pasted again.
    let wrong = finish(state, "something else".to_owned()).await;
    assert_eq!(wrong["error"]["params"]["why"], "other", "{wrong}");
    let done = finish(state, format!("ann agreed {state}")).await;
    assert!(done["until"].is_string(), "{done}");
    let again = finish(state, format!("ann agreed {state}")).await;
    assert_eq!(again["error"]["params"]["why"], "other", "{again}");
}

#[tokio::test]
async fn settings_that_were_set_meanwhile_stay() {
    let world = World::new();
    world.add_account().await;
    let before = world.api.account("shop").await.unwrap();
    let set = json!({"name": "shop", "settings": {"site": "BAZAAR_DE"}});
    world.call("account_set", set).await;
    let soon = Some(Still.now() + LASTS);
    let since = world.api.keep_consent(&before, soon, None).await.unwrap();
    assert_eq!(since.settings["site"], "BAZAAR_DE");
    assert!(since.settings.contains_key("consent_until"));
}

#[tokio::test]
async fn an_answer_of_another_sign_in_changes_nothing_and_is_not_repeated() {
    let world = World::new();
    world.add_account().await;
    let request = json!({"name": "shop", "state": "a", "given": "ann agreed hunter2"});
    let refused = world.call("account_consent_finish", request).await;
    assert_eq!(refused["error"]["params"]["problem"], "consent_refused");
    let words = refused["error"]["message"].as_str().unwrap();
    assert!(words.contains("another sign-in"), "{words}");
    assert!(!refused.to_string().contains("hunter2"), "{refused}");
    let long = json!({"name": "shop", "state": "a", "given": "x".repeat(10_000)});
    let refused = world.call("account_consent_finish", long).await;
    assert_eq!(refused["error"]["params"]["why"], "too_many");
    let accounts = world.call("accounts", json!({})).await;
    let settings = &accounts["accounts"][0]["settings"];
    assert_eq!(settings.get("consent_until"), None, "{settings}");
}

#[tokio::test]
async fn a_consent_that_ends_within_a_month_waits_for_a_person() {
    let world = World::new();
    world.add_account().await;
    consent(&world).await;
    assert_eq!(needs(&world).await, Vec::<Value>::new());
    let account = world.api.account("shop").await.unwrap();
    let soon = Some(Still.now() + TimeDelta::days(30));
    world.api.keep_consent(&account, soon, None).await.unwrap();
    let told = needs(&world).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let need = &told[0];
    assert_eq!(
        (&need["kind"], &need["mend"]),
        (&json!("account"), &json!("connect"))
    );
    assert_eq!(need["problem"]["kind"], "consent_ends", "{need}");
    // A key that is given by hand has an end that nobody knows.
    let key = json!({"name": "shop", "secrets": {"key": "another"}});
    world.call("account_set", key).await;
    assert_eq!(needs(&world).await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_a_check_finds_missing_is_mended() {
    let world = World::new();
    world.add_account().await;
    let check = world.call("account_check", json!({"name": "shop"})).await;
    let mend = &check["items"][0]["mend"];
    assert_eq!(
        (&mend["kind"], &mend["label"]),
        (&json!("create_location"), &json!("Create a location"))
    );
    let field = json!({"key": "name", "label": "Name", "required": true, "value": "Main"});
    assert_eq!(mend["fields"][0], field);
    let request = json!({"name": "shop", "item": "policies", "fields": {"name": "BAZAAR_DE"}});
    let done = world.call("account_mend", request).await;
    assert_eq!(
        (&done["hours_max"], &done["item"]),
        (&json!(24), &json!("policies"))
    );
    assert!(done["told"].as_str().unwrap().contains("24"), "{done}");
    assert_eq!(done["account"]["settings"]["site"], "BAZAAR_DE");
    let unknown = json!({"name": "shop", "item": "other"});
    let refused = world.call("account_mend", unknown).await;
    assert_eq!(refused["error"]["params"]["problem"], "unsupported");
}

#[tokio::test]
async fn only_consent_pages_of_marketplaces_are_opened() {
    let world = World::new();
    let check = async |address: &str, expected: bool| {
        assert_eq!(
            world.api.openable(address).await.is_ok(),
            expected,
            "{address}"
        );
    };
    check("https://auth.bazaar.example/authorize?a=1", true).await;
    check("https://auth.bazaar.example/other?a=1", false).await;
    check("http://127.0.0.1:4000/authorize?a=1", false).await;
    let own = json!({"marketplace": "bazaar", "name": "own", "endpoint": "http://127.0.0.1:4000",
        "settings": {"site": "BAZAAR_US"}, "secrets": {"key": "hunter2"}});
    world.call("account_add", own).await;
    check("http://127.0.0.1:4000/authorize?a=1", true).await;
    check("http://127.0.0.1:4001/authorize?a=1", false).await;
}

#[tokio::test]
async fn a_picture_of_a_product_is_opened_and_no_other() {
    let world = World::new();
    let own = "https://pictures.example/a.jpg?size=\"big\"";
    let other = "https://pictures.example/a.jpg";
    let rows = "sku,title,price,quantity\nMUG-1,Blue mug,12.50,3\n";
    world.import(rows).await;
    assert!(world.api.openable(own).await.is_err());
    let set = json!({"sku": "MUG-1", "fields": {"images": own}});
    let answer = world.call("set", set).await;
    assert_eq!(answer["done"], 1, "{answer}");
    assert_eq!(world.api.openable(own).await.unwrap(), own);
    assert!(world.api.openable(other).await.is_err());
}
