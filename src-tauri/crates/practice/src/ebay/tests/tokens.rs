use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};

use super::{ACCOUNT, Desk, Seen, TAXONOMY};
use crate::{Marketplace, Reply};

#[test]
fn a_refresh_token_is_exchanged_for_an_access_token_that_lives_two_hours() {
    let mut desk = Desk::quiet();
    assert_eq!(desk.get(&format!("{ACCOUNT}/privilege")).status, 200);
    desk.pass(7199);
    assert_eq!(desk.get(&format!("{ACCOUNT}/privilege")).status, 200);
    desk.pass(1);
    let seen = desk.get(&format!("{ACCOUNT}/privilege"));
    assert_eq!((seen.status, seen.error()), (401, 1001));
    desk.token = desk.refresh();
    assert_eq!(desk.get(&format!("{ACCOUNT}/privilege")).status, 200);
}

#[test]
fn a_refresh_gives_no_new_refresh_token() {
    let mut desk = Desk::quiet();
    let token = super::super::call::percent_encode(&desk.secret("refresh_token"));
    let seen = desk.form(&format!("grant_type=refresh_token&refresh_token={token}"));
    assert_eq!(seen.body["expires_in"], 7200);
    assert_eq!(seen.body["token_type"], "User Access Token");
    assert!(seen.body.get("refresh_token").is_none());
}

#[test]
fn what_the_token_endpoint_refuses() {
    let check = |form: &str, status: u16, error: &str| {
        let seen = Desk::quiet().form(form);
        assert_eq!(
            (seen.status, seen.body["error"].as_str().unwrap()),
            (status, error),
            "{form}"
        );
    };
    check(
        "grant_type=refresh_token&refresh_token=other",
        400,
        "invalid_grant",
    );
    check("grant_type=refresh_token", 400, "invalid_grant");
    check("grant_type=password", 400, "unsupported_grant_type");
    check(
        "grant_type=authorization_code&code=x&redirect_uri=y",
        400,
        "invalid_grant",
    );
    check(
        "grant_type=client_credentials&scope=https://other.example",
        400,
        "invalid_scope",
    );
}

#[test]
fn only_the_keys_of_the_connection_are_accepted() {
    let mut desk = Desk::quiet();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/identity/v1/oauth2/token")
        .header("authorization", "Basic b3RoZXI6a2V5cw==")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from_static(b"grant_type=client_credentials"))
        .unwrap();
    let seen = desk.send(request);
    assert_eq!(
        (seen.status, seen.body["error"].as_str()),
        (401, Some("invalid_client"))
    );
}

#[test]
fn an_application_token_reads_categories_but_not_the_sellers_account() {
    let mut desk = Desk::quiet();
    let seen =
        desk.form("grant_type=client_credentials&scope=https://api.ebay.com/oauth/api_scope");
    desk.token = seen.body["access_token"].as_str().unwrap().to_owned();
    let tree = format!("{TAXONOMY}/get_default_category_tree_id?marketplace_id=EBAY_DE");
    assert_eq!(desk.get(&tree).body["categoryTreeId"], "77");
    let seen = desk.get(&format!("{ACCOUNT}/privilege"));
    assert_eq!((seen.status, seen.error()), (403, 1100));
}

#[test]
fn a_narrower_token_reaches_only_what_its_scopes_allow() {
    let mut desk = Desk::quiet();
    let token = super::super::call::percent_encode(&desk.secret("refresh_token"));
    let scope = "https://api.ebay.com/oauth/api_scope/sell.inventory";
    let seen = desk.form(&format!(
        "grant_type=refresh_token&refresh_token={token}&scope={scope}"
    ));
    desk.token = seen.body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(desk.get("/sell/inventory/v1/location").status, 200);
    assert_eq!(desk.get(&format!("{ACCOUNT}/privilege")).error(), 1100);
}

fn asked(desk: &Desk) -> String {
    format!(
        "client_id={}&redirect_uri={}&response_type=code&state=s%201",
        desk.secret("client_id"),
        desk.secret("ru_name")
    )
}

/// The seller answers the page.
fn consent(desk: &mut Desk, answer: &str) -> Seen {
    let request = Request::builder()
        .method(Method::POST)
        .uri("http://127.0.0.1:1/oauth2/authorize")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(format!("{}&answer={answer}", asked(desk))))
        .unwrap();
    desk.send(request)
}

#[test]
fn the_seller_is_asked_on_a_page_and_may_decline() {
    let mut desk = Desk::quiet();
    let path = format!("/oauth2/authorize?{}", asked(&desk));
    let request = desk.request(Method::GET, &path, None);
    let Reply::Answer(page) = desk.reply(request) else {
        panic!("a page")
    };
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let page = String::from_utf8_lossy(page.body()).into_owned();
    for part in ["value=\"agree\"", "value=\"decline\"", "value=\"s 1\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let seen = consent(&mut desk, "decline");
    assert_eq!(seen.status, 302);
    assert!(
        seen.location.contains("isAuthSuccessful=false"),
        "{}",
        seen.location
    );
    assert!(!seen.location.contains("code="), "{}", seen.location);
    let check = |desk: &mut Desk, path: &str, error: &str| {
        assert_eq!(desk.get(path).body["error"], error, "{path}");
    };
    check(
        &mut desk,
        &format!("{path}&scope=sell.everything"),
        "invalid_scope",
    );
    check(
        &mut desk,
        "/oauth2/authorize?client_id=x",
        "unauthorized_client",
    );
}

#[test]
fn consent_gives_a_code_that_is_good_once_for_five_minutes() {
    let mut desk = Desk::quiet();
    let code = |desk: &mut Desk| {
        let seen = consent(desk, "agree");
        assert_eq!(seen.status, 302);
        assert!(seen.location.contains("isAuthSuccessful=true&state=s%201"));
        let landed = desk.get(seen.location.as_str());
        assert_eq!(landed.status, 200);
        let rest = seen.location.split("code=").nth(1).unwrap();
        rest.split('&').next().unwrap().to_owned()
    };
    let first = code(&mut desk);
    // The code comes encoded; it goes back encoded once.
    assert!(first.contains("%23") && first.contains("%5E"));
    let form = format!(
        "grant_type=authorization_code&code={first}&redirect_uri={}",
        desk.secret("ru_name")
    );
    let seen = desk.form(&form);
    assert_eq!(seen.status, 200, "{}", seen.body);
    assert_eq!(seen.body["refresh_token_expires_in"], 47_304_000);
    let refresh = seen.body["refresh_token"].as_str().unwrap();
    let refresh = super::super::call::percent_encode(refresh);
    assert_eq!(desk.form(&form).body["error"], "invalid_grant");
    let seen = desk.form(&format!("grant_type=refresh_token&refresh_token={refresh}"));
    assert_eq!(seen.status, 200);
    let late = code(&mut desk);
    desk.pass(300);
    let form = format!(
        "grant_type=authorization_code&code={late}&redirect_uri={}",
        desk.secret("ru_name")
    );
    assert_eq!(desk.form(&form).body["error"], "invalid_grant");
}

#[test]
fn keys_and_buyers_stay_out_of_debug() {
    let desk = Desk::quiet();
    let shown = format!("{:?}", desk.ebay);
    assert!(!shown.contains(&desk.secret("client_secret")));
    assert_eq!(desk.ebay.name(), "ebay");
    assert_eq!(desk.now.elapsed, Duration::ZERO);
}
