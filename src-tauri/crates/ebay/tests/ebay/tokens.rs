//! Tokens: fetched when needed, once, and what their refusal means.

use barrow_market::ErrorKind;
use barrow_model::{ProblemKind, Site};
use serde_json::json;

use crate::script::{Reply, Script, answer, connect, connect_set, connect_with, ok};

fn orders() -> Reply {
    ok(json!({"orders": [], "total": 0}))
}

fn invalid_token() -> Reply {
    let error = json!({"errorId": 1001, "domain": "OAuth", "category": "REQUEST",
        "message": "Invalid access token"});
    answer(401, json!({"errors": [error]}))
}

#[tokio::test]
async fn a_token_is_fetched_once_and_used_until_shortly_before_it_ends() {
    let script = Script::new([orders(), orders(), orders()]);
    let (adapter, clock) = connect_with(&script);
    let role = adapter.orders().unwrap();
    let ids = ["1".to_owned()];
    role.fetch(&ids).await.unwrap();
    role.fetch(&ids).await.unwrap();
    assert_eq!(script.token_calls().len(), 1);
    clock.skip(7200 - 100);
    role.fetch(&ids).await.unwrap();
    assert_eq!(script.token_calls().len(), 2);
    let used: Vec<String> = script
        .asked()
        .iter()
        .map(|asked| asked.headers["authorization"].clone())
        .collect();
    assert_eq!(used, ["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn the_token_call_is_as_documented() {
    let script = Script::new([orders()]);
    connect(&script)
        .orders()
        .unwrap()
        .fetch(&["1".to_owned()])
        .await
        .unwrap();
    let call = &script.token_calls()[0];
    assert_eq!(call.line(), "POST /identity/v1/oauth2/token");
    assert_eq!(
        call.headers["authorization"],
        "Basic dGhlLWFwcDp0aGUtY2VydA=="
    );
    assert_eq!(
        call.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        call.body,
        "grant_type=refresh_token&refresh_token=v%5E1.1%23the%2Fconsent"
    );
}

#[tokio::test]
async fn callers_that_come_together_share_one_fetch() {
    let script = Script::new((0..4).map(|_| orders()));
    let adapter = connect(&script);
    let role = adapter.orders().unwrap();
    let ids = ["1".to_owned()];
    let (a, b, c, d) = tokio::join!(
        role.fetch(&ids),
        role.fetch(&ids),
        role.fetch(&ids),
        role.fetch(&ids)
    );
    assert!([a, b, c, d].iter().all(Result::is_ok));
    assert_eq!(script.token_calls().len(), 1);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let script = Script::new([invalid_token(), orders(), invalid_token(), invalid_token()]);
    let adapter = connect(&script);
    let role = adapter.orders().unwrap();
    role.fetch(&["1".to_owned()]).await.unwrap();
    assert_eq!(script.token_calls().len(), 2);
    let error = role.fetch(&["1".to_owned()]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    assert_eq!(script.token_calls().len(), 3);
}

#[tokio::test]
async fn the_end_of_consent_and_wrong_keys_are_told_apart() {
    let check = async |status, body, kind, problem| {
        let script = Script::new([]);
        script
            .token_replies
            .lock()
            .unwrap()
            .push_back(answer(status, body));
        let error = connect(&script).core().check().await.unwrap_err();
        assert_eq!(error.kind, kind);
        assert_eq!(error.to_problem().kind, problem);
        assert!(
            script.asked().is_empty(),
            "nothing is asked without a token"
        );
        let told = format!("{error:?} {:?}", error.to_problem());
        assert!(
            !told.contains("consent\"") && !told.contains("the-cert"),
            "{told}"
        );
    };
    let ended = json!({"error": "invalid_grant", "error_description": "v^1.1#the/consent"});
    check(
        400,
        ended,
        ErrorKind::ConsentEnded,
        ProblemKind::ConsentEnded,
    )
    .await;
    let wrong = json!({"error": "invalid_client", "error_description": "client authentication"});
    check(
        401,
        wrong,
        ErrorKind::Unauthorized,
        ProblemKind::CredentialsRefused,
    )
    .await;
    let scope = json!({"error": "invalid_scope"});
    check(
        400,
        scope,
        ErrorKind::Forbidden,
        ProblemKind::PermissionMissing,
    )
    .await;
}

#[tokio::test]
async fn categories_are_asked_with_the_applications_own_token() {
    let script = Script::new([
        ok(json!({"categoryTreeId": "0", "categoryTreeVersion": "1"})),
        ok(
            json!({"categorySuggestions": [{"category": {"categoryId": "53159",
            "categoryName": "Boots"}, "categoryTreeNodeAncestors": [
            {"categoryName": "Shoes", "categoryTreeNodeLevel": 2},
            {"categoryName": "Clothing", "categoryTreeNodeLevel": 1}]}]}),
        ),
    ]);
    let adapter = connect(&script);
    let query = barrow_market::CategoryQuery {
        title: "Red boots".to_owned(),
        path: vec!["Shoes".to_owned()],
    };
    let site = Site("EBAY_US".to_owned());
    let found = adapter
        .core()
        .suggest_category(&site, &query)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.id.0, "53159");
    assert_eq!(found.path, ["Clothing", "Shoes", "Boots"]);
    assert!(
        script.token_calls()[0]
            .body
            .starts_with("grant_type=client_credentials")
    );
    assert_eq!(
        script.asked()[1].path,
        "/commerce/taxonomy/v1/category_tree/0/get_category_suggestions?q=Red%20boots%20Shoes"
    );
}

#[tokio::test]
async fn a_permission_of_another_seller_is_not_used() {
    let known = [("consent_seller", "seller-1")];
    let is = |seller: &str| ok(json!({ "userId": seller, "username": "shop" }));
    let script = Script::new([is("seller-2")]);
    let adapter = connect_set(&script, &known);
    let fetched = adapter.orders().unwrap().fetch(&["1".to_owned()]).await;
    let problem = fetched.unwrap_err().problem.unwrap();
    assert_eq!(problem.kind, ProblemKind::ConsentRefused);
    assert_eq!(problem.params["why"], "token");
    assert_eq!(
        script.lines(),
        ["GET /commerce/identity/v1/user/"],
        "no call of his was made"
    );

    let script = Script::new([is("seller-1"), orders(), orders()]);
    let adapter = connect_set(&script, &known);
    for _ in 0..2 {
        adapter
            .orders()
            .unwrap()
            .fetch(&["1".to_owned()])
            .await
            .unwrap();
    }
    assert_eq!(script.lines().len(), 3, "it is asked once");

    // Where eBay cannot say whose it is now, nothing waits for that.
    let away = || Reply::Answer(404, String::new());
    let script = Script::new([away(), orders()]);
    let adapter = connect_set(&script, &known);
    let fetched = adapter.orders().unwrap().fetch(&["1".to_owned()]).await;
    fetched.unwrap();
}
