//! Tokens, headers, limits and faults: what every call goes through.

use barrow_practice::{Fault, Marketplace, Reply};
use http::{Method, StatusCode};
use serde_json::json;

use crate::{Seller, US, offer};

fn form(seller: &Seller) -> Vec<(&'static str, String)> {
    let secrets = seller.market.connection().secrets;
    vec![
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", secrets["refresh_token"].clone()),
        ("client_id", secrets["client_id"].clone()),
        ("client_secret", secrets["client_secret"].clone()),
    ]
}

#[test]
fn a_token_opens_for_an_hour_and_not_one_second_more() {
    let mut seller = Seller::new();
    seller.renew_at = None;
    assert!(seller.token.starts_with("Atza|"));
    let path = seller.item_path("A", US);
    seller.wait(3_599);
    assert_eq!(seller.get(&path).status, StatusCode::NOT_FOUND);
    seller.wait(1);
    let expired = seller.get(&path);
    assert_eq!(
        (expired.status, expired.code()),
        (StatusCode::FORBIDDEN, "Unauthorized")
    );
    assert!(expired.text.contains("expired"), "{}", expired.text);
    // Other gateways say the same with another status and without details.
    let expired = seller.get("/feeds/2021-06-30/feeds/1");
    assert_eq!(
        (expired.status, expired.code()),
        (StatusCode::UNAUTHORIZED, "Unauthorized")
    );
    seller.sign_in();
    assert_eq!(seller.get(&path).status, StatusCode::NOT_FOUND);
}

#[test]
fn wrong_keys_are_refused_in_the_format_of_the_token_service() {
    let mut seller = Seller::new();
    let right = form(&seller);
    let mut check = |field: &str, value: &str, status: u16, error: &str| {
        let mut form = right.clone();
        form.iter_mut()
            .filter(|(name, _)| *name == field)
            .for_each(|(_, old)| value.clone_into(old));
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let seen = seller.ask_token(&form);
        assert_eq!(
            (seen.status.as_u16(), &seen.body["error"]),
            (status, &json!(error))
        );
        assert!(seen.body["error_description"].is_string() && seen.body["request_id"].is_string());
        assert!(seen.body.get("errors").is_none());
    };
    check("grant_type", "password", 400, "unsupported_grant_type");
    check("refresh_token", "Atzr%7Cother", 400, "invalid_grant");
    check("client_secret", "other", 401, "invalid_client");
    check("client_id", "other", 401, "invalid_client");
    let foreign = format!("amzn1.application-oa2-client.{}", "0".repeat(32));
    check("client_id", &foreign, 400, "unauthorized_client");
    seller.fault("token_revoked", 1);
    let form: Vec<(&str, &str)> = right.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(seller.ask_token(&form).body["error"], "invalid_grant");
    let seen = seller.ask_token(&form);
    assert_eq!(seen.body["expires_in"], 3_600);
    assert_eq!(seen.body["token_type"], "bearer");
}

#[test]
fn a_token_without_a_seller_opens_nothing_of_a_seller() {
    let mut seller = Seller::new();
    let mut grant = form(&seller);
    grant[0].1 = "client_credentials".to_owned();
    grant.push(("scope", "sellingpartnerapi::notifications".to_owned()));
    let grant: Vec<(&str, &str)> = grant.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let seen = seller.ask_token(&grant);
    assert_eq!(seen.body["scope"], "sellingpartnerapi::notifications");
    seller.token = seen.body["access_token"].as_str().unwrap().to_owned();
    let path = seller.item_path("A", US);
    assert_eq!(seller.get(&path).status, StatusCode::FORBIDDEN);
}

#[test]
fn a_call_says_who_it_is_and_carries_a_token() {
    let mut seller = Seller::new();
    let path = seller.item_path("A", US);
    let mut without = |name: &'static str, value: Option<&str>| {
        let mut request = seller.signed(Method::GET, &path, None);
        request.headers_mut().remove(name);
        if let Some(value) = value {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        seller.send(request).status
    };
    assert_eq!(without("user-agent", None), StatusCode::BAD_REQUEST);
    assert_eq!(
        without("user-agent", Some("Barrow/0.1")),
        StatusCode::BAD_REQUEST
    );
    let long = format!("Barrow/0.1 (Language=Rust; {})", "x".repeat(500));
    assert_eq!(without("user-agent", Some(&long)), StatusCode::BAD_REQUEST);
    assert_eq!(without("x-amz-access-token", None), StatusCode::FORBIDDEN);
    assert_eq!(
        without("x-amz-date", Some("yesterday")),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        without("x-amz-date", Some("20261122T080000Z")),
        StatusCode::NOT_FOUND
    );
}

#[test]
fn every_operation_has_its_burst_and_says_its_rate_unless_it_is_exhausted() {
    let check = |path: &str, burst: u32, rate: &str| {
        let mut seller = Seller::new();
        let path = path.replace("SELLER", &seller.id);
        for call in 0..burst {
            let seen = seller.get(&path);
            assert_ne!(
                seen.status,
                StatusCode::TOO_MANY_REQUESTS,
                "{path} after {call}"
            );
            assert_eq!(seen.headers["x-amzn-ratelimit-limit"], rate, "{path}");
        }
        assert_eq!(seller.held().limit_violations, 0);
        let seen = seller.get(&path);
        assert_eq!(
            (seen.status, seen.code()),
            (StatusCode::TOO_MANY_REQUESTS, "QuotaExceeded")
        );
        assert!(!seen.headers.contains_key("x-amzn-ratelimit-limit"));
        assert!(seen.headers.contains_key("x-amzn-requestid"));
        assert_eq!(seller.held().limit_violations, 1);
    };
    check("/sellers/v1/marketplaceParticipations", 15, "0.016");
    check(
        "/orders/2026-01-01/orders?createdAfter=2026-11-01T00:00:00Z",
        20,
        "0.0056",
    );
    check("/orders/2026-01-01/orders/111-1111111-1111111", 30, "0.5");
    check(
        "/feeds/2021-06-30/feeds?feedTypes=JSON_LISTINGS_FEED",
        10,
        "0.0222",
    );
    check("/feeds/2021-06-30/feeds/1", 15, "2.0");
    check(
        &format!("/catalog/2022-04-01/items?marketplaceIds={US}&keywords=a"),
        2,
        "2.0",
    );
    check(
        &format!("/listings/2021-08-01/items/SELLER?marketplaceIds={US}"),
        5,
        "5.0",
    );
    check(
        &format!("/listings/2021-08-01/items/SELLER/A?marketplaceIds={US}"),
        10,
        "5.0",
    );
}

#[test]
fn a_bucket_refills_evenly() {
    let mut seller = Seller::new();
    let path = "/orders/2026-01-01/orders?createdAfter=2026-11-01T00:00:00Z";
    for _ in 0..20 {
        assert_eq!(seller.get(path).status, StatusCode::OK);
    }
    seller.wait(178);
    assert_eq!(seller.get(path).status, StatusCode::TOO_MANY_REQUESTS);
    seller.wait(2);
    assert_eq!(seller.get(path).status, StatusCode::OK);
    assert_eq!(seller.get(path).status, StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn unknown_paths_and_faults_are_refused() {
    let mut seller = Seller::new();
    for path in ["/", "/orders/v0/orders", "/listings/2021-08-01/items"] {
        let seen = seller.get(path);
        assert_eq!(
            (seen.status, seen.code()),
            (StatusCode::FORBIDDEN, "Unauthorized"),
            "{path}"
        );
    }
    let fault = Fault {
        name: "earthquake".to_owned(),
        times: 1,
    };
    assert!(seller.market.set_fault(fault).is_err());
}

#[test]
fn faults_before_the_effect_leave_everything_as_it_was() {
    let check = |name: &str, status: StatusCode, html: bool| {
        let mut seller = Seller::new();
        seller.fault(name, 1);
        let seen = seller.put("A", US, offer(1, 5.0, 1));
        assert_eq!(seen.status, status, "{name}: {}", seen.text);
        assert_eq!(seen.body.get("errors").is_none(), html, "{name}");
        assert!(seen.headers.contains_key("x-amzn-requestid"));
        assert!(seller.held().listings.is_empty());
        assert_eq!(seller.held().limit_violations, 0);
        if name == "token_expired" {
            seller.sign_in();
        }
        assert_eq!(seller.put("A", US, offer(1, 5.0, 1)).status, StatusCode::OK);
    };
    check("429", StatusCode::TOO_MANY_REQUESTS, false);
    check("500", StatusCode::INTERNAL_SERVER_ERROR, false);
    check("503", StatusCode::SERVICE_UNAVAILABLE, true);
    check("html", StatusCode::BAD_GATEWAY, true);
    check("token_expired", StatusCode::FORBIDDEN, false);
    check("missing_role", StatusCode::FORBIDDEN, false);
    check("missing_role@putListingsItem", StatusCode::FORBIDDEN, false);
    let mut seller = Seller::new();
    seller.fault("timeout", 1);
    let path = seller.item_path("A", US);
    let request = seller.signed(Method::PUT, &path, Some(&offer(1, 5.0, 1)));
    assert!(matches!(seller.reply(request), Reply::NoAnswer));
    assert!(seller.held().listings.is_empty());
}

#[test]
fn faults_after_the_effect_only_spoil_the_answer() {
    for name in ["lost_answer", "cut_body", "wrong_json"] {
        let mut seller = Seller::new();
        seller.fault(name, 1);
        let path = seller.item_path("A", US);
        let request = seller.signed(Method::PUT, &path, Some(&offer(1, 5.0, 1)));
        match seller.reply(request) {
            Reply::NoAnswer => assert_eq!(name, "lost_answer"),
            Reply::CutBody { response, sent } => {
                assert_eq!(name, "cut_body");
                assert!(sent < response.body().len());
            }
            Reply::Answer(response) => {
                assert_eq!(name, "wrong_json");
                assert!(!String::from_utf8_lossy(response.body()).contains("ACCEPTED"));
            }
        }
        seller.wait(600);
        assert_eq!(seller.listing("A").state, "live", "{name}");
    }
}

#[test]
fn missing_roles_and_failing_data_sets_meet_only_what_they_are_about() {
    let mut seller = Seller::new();
    let path = "/orders/2026-01-01/orders?createdAfter=2026-11-01T00:00:00Z&includedData=";
    seller.fault("missing_pii_role", 2);
    let ask = |seller: &mut Seller, data: &str| seller.get(&format!("{path}{data}")).status;
    assert_eq!(
        ask(&mut seller, "PROCEEDS,RECIPIENT"),
        StatusCode::FORBIDDEN
    );
    assert_eq!(ask(&mut seller, "PROCEEDS,FULFILLMENT"), StatusCode::OK);
    assert_eq!(ask(&mut seller, "BUYER"), StatusCode::FORBIDDEN);
    assert_eq!(ask(&mut seller, "BUYER"), StatusCode::OK);
    seller.fault("reduced_data", 1);
    assert_eq!(
        ask(&mut seller, "PROCEEDS,FULFILLMENT,PACKAGES,CANCELLATION"),
        StatusCode::OK
    );
    assert_eq!(
        ask(&mut seller, "PROCEEDS,PROMOTION"),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(ask(&mut seller, "PROCEEDS,PROMOTION"), StatusCode::OK);
}
