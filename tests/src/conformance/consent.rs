//! Consent in a browser, walked as a browser walks it; and mending what a check finds missing.

use barrow_market::{Consent, ErrorKind};
use barrow_model::{ProblemKind, Secret, Settings};
use barrow_practice::Reply;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, LOCATION};
use http::{Method, Request, Response};

use super::Suite;
use super::bench::{Bench, Wiring};
use crate::browser::{filled, form};

const STATE: &str = "0123 &=+#%";

/// Goes where a browser would, at the practice marketplace.
async fn visit(bench: &Bench, method: Method, address: &str, body: String) -> Response<Bytes> {
    let uri: http::Uri = address.parse().expect("an address");
    let host = uri.authority().expect("a whole address").to_string();
    let path = uri.path_and_query().expect("a path").to_string();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, host)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Bytes::from(body))
        .expect("a request of plain parts");
    let answer = bench.marketplaces.call(bench.subject.name, request).await;
    match answer.expect("it is practised") {
        Reply::Answer(answer) => answer,
        other => panic!("a whole answer, not {other:?}"),
    }
}

/// Opens the page, presses a button, and says where the browser arrives.
async fn answered(bench: &Bench, consent: &dyn Consent, state: &str, button: &str) -> String {
    let address = consent.address(state).await.expect("the keys are good");
    let page = visit(bench, Method::GET, address.expose(), String::new()).await;
    assert_eq!(page.status(), 200, "the page is shown");
    let page = String::from_utf8_lossy(page.body()).into_owned();
    let (action, fields) = form(&page);
    let target = format!("{}{action}", bench.address());
    let sent = visit(bench, Method::POST, &target, filled(&fields, button)).await;
    let arrives = sent.headers().get(LOCATION).expect("it leads on");
    arrives.to_str().expect("an address is a text").to_owned()
}

/// An adapter of an account that nobody has agreed for yet, where that is how keys are given.
fn before_consent(bench: &mut Bench) -> bool {
    let info = (bench.subject.connector)(bench.parts()).info();
    assert_eq!(info.consent.is_some(), bench.adapter.consent().is_some());
    let Some(consent) = info.consent else {
        return false;
    };
    let mut wiring = Wiring::default();
    wiring.secrets.insert(consent.yields.to_owned(), None);
    bench.adapter = bench.connect(&wiring).expect("it connects without consent");
    true
}

/// What belongs to another sign-in, and what says no, is refused without a call.
pub async fn consent_keeps_to_its_state(suite: &Suite) {
    let mut bench = suite.bench().await;
    if !before_consent(&mut bench) {
        return;
    }
    let consent = bench.adapter.consent().expect("as its info says");
    let arrived = answered(&bench, consent, STATE, "agree").await;
    let declined = answered(&bench, consent, STATE, "decline").await;
    bench.take_calls();
    let refused = async |given: &str, state: &str, why: &str| {
        let error = consent.exchange(&Secret::new(given), state).await;
        let problem = error.expect_err("it is refused").to_problem();
        assert_eq!(problem.kind, ProblemKind::ConsentRefused, "{given}");
        assert_eq!(problem.params.get("why").map(String::as_str), Some(why));
    };
    refused(&arrived, "another", "other").await;
    refused(&declined, STATE, "declined").await;
    refused("the page said that it went well", STATE, "unreadable").await;
    assert!(bench.take_calls().is_empty(), "nobody is called for it");
}

/// What came back is exchanged once, for what the account works with.
pub async fn consent_yields_keys(suite: &Suite) {
    let mut bench = suite.bench().await;
    if !before_consent(&mut bench) {
        return;
    }
    let consent = bench.adapter.consent().expect("as its info says");
    let error = bench
        .adapter
        .core()
        .check()
        .await
        .expect_err("nobody has agreed");
    assert_eq!(error.kind, ErrorKind::Config);
    assert_eq!(error.to_problem().kind, ProblemKind::ConsentMissing);
    let arrived = Secret::new(answered(&bench, consent, STATE, "agree").await);
    let consented = consent.exchange(&arrived, STATE).await.expect("he agreed");
    assert!(consented.until.is_some_and(|until| until > bench.now()));
    let again = consent
        .exchange(&arrived, STATE)
        .await
        .expect_err("good once");
    assert_eq!(again.to_problem().kind, ProblemKind::ConsentRefused);
    let shown = format!("{consented:?} {again:?} {:?}", consent.address(STATE).await);
    let mut wiring = Wiring::default();
    for (key, secret) in consented.secrets {
        assert!(!shown.contains(secret.expose()), "{key} is not shown");
        wiring
            .secrets
            .insert(key.to_owned(), Some(secret.expose().to_owned()));
    }
    let adapter = bench.connect(&wiring).expect("it connects");
    adapter.core().check().await.expect("the account works");
}

/// What is done at the marketplace to mend a part of a check is harmless where it is done already.
pub async fn mending_again_does_no_harm(suite: &Suite) {
    let bench = suite.bench().await;
    let core = bench.adapter.core();
    for (item, given) in suite.subject.mends {
        let pairs = given.iter();
        let fields: Settings = pairs
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let first = core.mend(item, &fields).await.expect("it is mended");
        let again = core
            .mend(item, &fields)
            .await
            .expect("it is mended already");
        assert_eq!(first, again, "{item}");
        for (key, value) in &first.settings {
            let choices = core
                .choices(&bench.site())
                .await
                .expect("choices can be read");
            let offered = choices.iter().find(|offered| offered.key == *key);
            let mut choices = offered.expect("it is a setting").choices.iter();
            assert!(
                choices.any(|choice| choice.value == *value),
                "{key} {value}"
            );
        }
    }
    let error = core.mend("no such part", &Settings::new()).await;
    let error = error.expect_err("there is nothing to mend");
    assert_eq!(error.kind, ErrorKind::Unsupported);
}
