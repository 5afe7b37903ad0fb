//! Is the connection right, and what is missing.

use barrow_market::{Check, CheckState};
use barrow_model::ProblemKind;
use barrow_wire::testing::{Line, World, line};

use super::script::{world, world_with};

const SITES: &str = "GET /sellers/v1/marketplaceParticipations";
const LISTINGS: &str = "GET /listings/2021-08-01/items/AX1?marketplaceIds=ATVPDKIKX0DER&pageSize=1";
const ORDERS: &str = "GET /orders/2026-01-01/orders?";
const NO_LISTINGS: &str = r#"{"numberOfResults":0,"items":[]}"#;
const NO_ORDERS: &str = r#"{"orders":[]}"#;
const DENIED: &str = r#"{"errors":[{"code":"Unauthorized","message":"Access is denied."}]}"#;

fn participations(id: &str, takes_part: bool, suspended: bool) -> String {
    format!(
        r#"{{"payload":[{{"marketplace":{{"id":"{id}","countryCode":"US","name":"Amazon.com",
        "defaultCurrencyCode":"USD","defaultLanguageCode":"en_US","domainName":"d"}},
        "participation":{{"isParticipating":{takes_part},"hasSuspendedListings":{suspended}}},
        "storeName":"The Shop"}},{{"marketplace":{{"id":"A1MQXOICRS2Z7M","name":"Non-Amazon CA"}},
        "participation":{{"isParticipating":true,"hasSuspendedListings":false}}}}]}}"#
    )
}

async fn check(lines: Vec<Line>) -> (World, Check) {
    let world = world(lines);
    let found = world.adapter.core().check().await.expect("a check");
    world.finished();
    (world, found)
}

fn problem(check: &Check, name: &str) -> Option<(CheckState, ProblemKind)> {
    let item = check.items.iter().find(|item| item.name == name);
    let item = item.unwrap_or_else(|| panic!("{name} is looked at"));
    Some((item.state, item.problem.as_ref()?.kind))
}

#[tokio::test]
async fn a_good_account_is_all_good_and_known_sites_alone_are_told() {
    let (world, found) = check(vec![
        line(SITES, 200, participations("ATVPDKIKX0DER", true, false)),
        line(LISTINGS, 200, NO_LISTINGS),
        line(ORDERS, 200, NO_ORDERS),
    ])
    .await;
    assert_eq!(found.seller.as_deref(), Some("The Shop"));
    let sites: Vec<&str> = found.sites.iter().map(|site| site.0.as_str()).collect();
    assert_eq!(sites, ["ATVPDKIKX0DER"]);
    assert!(found.items.iter().all(|i| i.state == CheckState::Good));
    assert!(
        world
            .target(2)
            .contains("&maxResultsPerPage=1&includedData=BUYER,")
    );
}

#[tokio::test]
async fn what_is_asked_rarely_is_asked_once() {
    let world = world(vec![
        line(SITES, 200, participations("ATVPDKIKX0DER", true, false)),
        line(LISTINGS, 200, NO_LISTINGS),
        line(ORDERS, 200, NO_ORDERS),
        line(LISTINGS, 200, NO_LISTINGS),
    ]);
    for _ in 0..2 {
        world.adapter.core().check().await.expect("a check");
    }
    world.finished();
}

#[tokio::test]
async fn sites_that_do_not_sell_are_told() {
    let cases = [
        (
            participations("ATVPDKIKX0DER", true, true),
            ProblemKind::SellerNotReady,
        ),
        (
            participations("ATVPDKIKX0DER", false, false),
            ProblemKind::SellerNotReady,
        ),
        (
            participations("A2EUQ1WTGCTBG2", true, false),
            ProblemKind::SettingInvalid,
        ),
    ];
    for (body, kind) in cases {
        let (_, found) = check(vec![
            line(SITES, 200, body),
            line(LISTINGS, 200, NO_LISTINGS),
            line(ORDERS, 200, NO_ORDERS),
        ])
        .await;
        let told = problem(&found, "marketplace ATVPDKIKX0DER");
        assert_eq!(told, Some((CheckState::Missing, kind)));
    }
}

#[tokio::test]
async fn a_wrong_merchant_token_is_named() {
    let invalid = r#"{"errors":[{"code":"InvalidInput","message":"Merchant is not found."}]}"#;
    let (_, found) = check(vec![
        line(SITES, 200, participations("ATVPDKIKX0DER", true, false)),
        line(LISTINGS, 400, invalid),
        line(ORDERS, 200, NO_ORDERS),
    ])
    .await;
    let told = problem(&found, "listings");
    assert_eq!(
        told,
        Some((CheckState::Missing, ProblemKind::SettingInvalid))
    );
}

#[tokio::test]
async fn missing_roles_are_named() {
    let (_, found) = check(vec![
        line(SITES, 200, participations("ATVPDKIKX0DER", true, false)),
        line(LISTINGS, 403, DENIED),
        line(ORDERS, 403, DENIED),
        line(ORDERS, 403, DENIED),
    ])
    .await;
    let missing = Some((CheckState::Missing, ProblemKind::PermissionMissing));
    assert_eq!(problem(&found, "listings"), missing);
    assert_eq!(problem(&found, "orders"), missing);
    assert_eq!(problem(&found, "buyers"), None);
}

#[tokio::test]
async fn buyers_data_that_is_refused_is_told_and_not_asked_for_again() {
    let (world, found) = check(vec![
        line(SITES, 200, participations("ATVPDKIKX0DER", true, false)),
        line(LISTINGS, 200, NO_LISTINGS),
        line(ORDERS, 403, DENIED),
        line(ORDERS, 200, NO_ORDERS),
    ])
    .await;
    assert_eq!(problem(&found, "orders"), None);
    let limited = Some((CheckState::Limited, ProblemKind::PermissionMissing));
    assert_eq!(problem(&found, "buyers"), limited);
    let reduced = "&includedData=PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES";
    assert!(world.target(3).ends_with(reduced), "{}", world.target(3));
}

#[tokio::test]
async fn sites_of_two_regions_are_asked_apart() {
    let european = world_with(
        &[("marketplace_ids", "A1PA6795UKMFR9,A13V1IB3VIYZZH")],
        vec![
            line(SITES, 429, ""),
            line(
                "GET /listings/2021-08-01/items/AX1?marketplaceIds=A1PA6795UKMFR9",
                200,
                NO_LISTINGS,
            ),
            line(ORDERS, 200, NO_ORDERS),
        ],
    );
    let found = european.adapter.core().check().await.expect("a check");
    assert_eq!(found.sites.len(), 2, "the limit hides no site");
    european.finished();
}
