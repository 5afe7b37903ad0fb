//! The page on which the seller agrees, for a browser (ebay.md §2.2, §2.5).

use super::answer::{Answer, Outcome, Refusal};
use super::auth::{CODE_SECONDS, every_scope, oauth, wanted_scopes};
use super::call::{Call, percent_encode};
use super::state::State;
use crate::http::Query;

/// What the page sends back.
const FIELDS: &[&str] = &[
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
];

/// `GET /oauth2/authorize`: asks the seller. A keyset that is not known, or a permission that it
/// lacks, is told on the page, and nothing is sent back to the application.
pub(super) fn ask(state: &mut State, call: &Call) -> Outcome {
    check(state, &call.query)?;
    let field = |name: &&str| {
        let value = call.query.get(name).unwrap_or_default();
        format!(
            "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
            escaped(value)
        )
    };
    let fields: String = FIELDS.iter().map(field).collect();
    Ok(page(&format!(
        "<h1>Grant application access: Barrow</h1>\
         <p>Barrow may list your goods, and read and ship your orders, at this practice \
         marketplace.</p>\
         <form method=\"post\" action=\"/oauth2/authorize\">{fields}\
         <button name=\"answer\" value=\"agree\">Agree</button> \
         <button name=\"answer\" value=\"decline\">Decline</button></form>"
    )))
}

/// `POST /oauth2/authorize`: the seller has answered. He lands on the success page, whose address
/// carries the code.
pub(super) fn answer(state: &mut State, call: &Call) -> Outcome {
    let form = Query::parse(&String::from_utf8_lossy(&call.body));
    check(state, &form)?;
    let given = percent_encode(form.get("state").unwrap_or_default());
    let lands = format!("{}/ws/eBayISAPI.dll?ThirdPartyAuthSucessFailure", call.base);
    let location = if form.get("answer") == Some("agree") {
        let scopes = wanted_scopes(&form, &every_scope())?;
        let code = percent_encode(&state.new_code(scopes, call.now));
        format!("{lands}&isAuthSuccessful=true&state={given}&code={code}&expires_in={CODE_SECONDS}")
    } else {
        // What a refusal looks like is not documented; this is the word of the OAuth standard.
        format!("{lands}&isAuthSuccessful=false&error=access_denied&state={given}")
    };
    Ok(Answer {
        location: Some(location),
        ..Answer::empty(302)
    })
}

/// `GET /ws/eBayISAPI.dll`: where the browser lands.
pub(super) fn landed(_: &mut State, call: &Call) -> Outcome {
    let agreed = call.parameter("isAuthSuccessful") == Some("true");
    Ok(page(if agreed {
        "<h1>Authorization successfully completed.</h1><p>Copy the address of this page and give \
         it to the application. You may then close this window.</p>"
    } else {
        "<h1>You did not agree.</h1><p>The application was given nothing.</p>"
    }))
}

fn check(state: &State, given: &Query) -> Result<(), Refusal> {
    let known = given.get("client_id") == Some(state.auth.client_id.as_str())
        && given.get("redirect_uri") == Some(state.auth.ru_name.as_str())
        && given.get("response_type") == Some("code");
    if !known {
        let words = "The OAuth client was not found.";
        return Err(oauth(400, "unauthorized_client", words));
    }
    wanted_scopes(given, &every_scope()).map(|_| ())
}

fn page(content: &str) -> Answer {
    let head = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Practice eBay\
                </title><body>";
    Answer {
        page: Some(format!("{head}{content}</body></html>")),
        ..Answer::empty(200)
    }
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "&quot;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}
