//! `barrow account consent` and `barrow account mend`: what a seller agrees to in a browser, and
//! what a check found missing.

use std::collections::BTreeMap;

use barrow_api::{
    AccountConsentFinishRequest, AccountMendRequest, AccountNameRequest, Api, GivenText,
};

use crate::output::{End, Failure, Text, can_ask, tell};
use crate::secrets;
use crate::session::Session;

/// Opens or prints the page on which the seller agrees, and takes the address at which his browser
/// arrives.
pub(crate) async fn consent(session: &Session, api: &Api, name: String) -> Result<End, Failure> {
    let asked = api
        .account_consent(AccountNameRequest { name: name.clone() })
        .await?;
    tell("Open this address in a browser, sign in with your seller account and agree:");
    tell(&asked.url);
    if can_ask() && open::that_detached(&asked.url).is_ok() {
        tell("It was opened in your browser.");
    }
    tell(
        "Then copy the whole address of the page at which you arrive, and paste it here. The code \
         in it is good for about five minutes.",
    );
    let given = secrets::pasted("Address: ")?;
    let request = AccountConsentFinishRequest {
        name,
        state: asked.state,
        given: GivenText(given),
    };
    let response = api.account_consent_finish(request).await?;
    session.output.answer(&response, |response| {
        let name = &response.account.name;
        let ends = response.until.map_or(String::new(), |until| {
            format!(" It ends on {}.", until.format("%Y-%m-%d"))
        });
        Text::new()
            .line(format!("{name} may work for you now.{ends}"))
            .line(format!(
                "See what it can do with: barrow account check {name}"
            ))
    })?;
    Ok(End::Done)
}

/// Mends a part of a check.
pub(crate) async fn mend(
    session: &Session,
    api: &Api,
    name: String,
    item: String,
    fields: BTreeMap<String, String>,
) -> Result<End, Failure> {
    let request = AccountMendRequest { name, item, fields };
    let response = api.account_mend(request).await?;
    session.output.answer(&response, |response| {
        Text::new().line(response.told.clone())
    })?;
    Ok(End::Done)
}
