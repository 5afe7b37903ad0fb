//! `barrow account`.

use std::collections::BTreeMap;

use barrow_api::{
    AccountAddRequest, AccountCheckResponse, AccountNameRequest, AccountSetRequest, AccountView,
    AccountsRequest, Api, CheckMendView, FieldView, GivenSecrets, MarketplacesRequest,
    MendFieldView,
};

use crate::account_facts;
use crate::args::AccountCommand;
use crate::consent;
use crate::output::{End, Failure, Table, Text};
use crate::session::Session;
use crate::{parse, secrets};

const FORM: &str = "key=value";
const PRACTICE: &str = "practice";

pub(crate) async fn run(session: &Session, command: AccountCommand) -> Result<End, Failure> {
    session
        .with_api(async |api| match command {
            AccountCommand::Add {
                marketplace,
                name,
                endpoint,
                settings,
            } => {
                let settings = parse::pairs(&settings, FORM)?;
                add(session, &api, marketplace, name, endpoint, settings).await
            }
            AccountCommand::List => list(session, &api).await,
            AccountCommand::Check { name } => check(session, &api, name).await,
            AccountCommand::Set { name, settings } => set(session, &api, name, &settings).await,
            AccountCommand::Choices { name, site } => {
                account_facts::choices(session, &api, name, site).await
            }
            AccountCommand::Limits { name } => account_facts::limits(session, &api, name).await,
            AccountCommand::Consent { name } => consent::consent(session, &api, name).await,
            AccountCommand::Mend { name, item, fields } => {
                let fields = parse::pairs(&fields, FORM)?;
                consent::mend(session, &api, name, item, fields).await
            }
            AccountCommand::Remove { name } => {
                let response = api
                    .account_remove(AccountNameRequest { name: name.clone() })
                    .await?;
                session.output.answer(&response, |_| {
                    Text::new().line(format!("Removed {name} with its keys. Its orders stay."))
                })?;
                Ok(End::Done)
            }
        })
        .await
}

/// The secret fields of a marketplace; none for one that is not known, which the command tells.
async fn secret_fields(api: &Api, marketplace: &str) -> Result<Vec<FieldView>, Failure> {
    let response = api.marketplaces(MarketplacesRequest {}).await?;
    let mut found = response.marketplaces.into_iter();
    let found = found.find(|known| known.marketplace == marketplace);
    let fields = found.map(|known| known.fields).unwrap_or_default();
    Ok(fields
        .into_iter()
        .filter(|field| field.kind == "secret")
        .collect())
}

/// The key that a consent in the browser yields; none where keys are all that is asked for.
async fn consent_key(api: &Api, marketplace: &str) -> Result<Option<String>, Failure> {
    let response = api.marketplaces(MarketplacesRequest {}).await?;
    let mut found = response.marketplaces.into_iter();
    let found = found.find(|known| known.marketplace == marketplace);
    Ok(found.and_then(|known| known.consent))
}

async fn add(
    session: &Session,
    api: &Api,
    marketplace: String,
    name: String,
    endpoint: String,
    settings: BTreeMap<String, String>,
) -> Result<End, Failure> {
    let fields = secret_fields(api, &marketplace).await?;
    if let Some(secret) = fields
        .iter()
        .find(|field| settings.contains_key(&field.key))
    {
        return Err(Failure::Usage(format!(
            "“{}” is secret and must not stand among the arguments, where others can read it. Give \
             it as a line {}=VALUE on standard input.",
            secret.key, secret.key
        )));
    }
    // Practice marketplaces give their keys themselves.
    let is_told = endpoint == PRACTICE;
    let secrets = if endpoint == PRACTICE || fields.is_empty() {
        GivenSecrets::default()
    } else {
        secrets::read(&fields)?
    };
    let yields = consent_key(api, &marketplace).await?;
    let lacks_consent = !is_told && yields.is_some_and(|key| !secrets.0.contains_key(&key));
    let request = AccountAddRequest {
        marketplace,
        name,
        endpoint: Some(endpoint),
        settings,
        secrets,
    };
    let response = api.account_add(request).await?;
    session.output.answer(&response, |response| {
        let view = response.account.as_ref();
        let text = Text::new();
        match view {
            Some(view) => {
                let next = if lacks_consent { "consent" } else { "check" };
                let why = if lacks_consent {
                    "Agree in your browser with"
                } else {
                    "Try its keys with"
                };
                text.line(format!(
                    "Added {}: {}, {}.",
                    view.name, view.title, view.endpoint
                ))
                .line(format!("{why}: barrow account {next} {}", view.name))
            }
            None => text,
        }
    })?;
    Ok(End::complete(response.report.is_complete()))
}

async fn list(session: &Session, api: &Api) -> Result<End, Failure> {
    let response = api.accounts(AccountsRequest {}).await?;
    session.output.answer(&response, |response| {
        let mut table = Table::new(
            &[
                "name",
                "marketplace",
                "endpoint",
                "listings",
                "orders read to",
            ],
            2,
        );
        for account in &response.accounts {
            table.row([
                account.name.clone(),
                account.marketplace.clone(),
                account.endpoint.clone(),
                counts(account),
                account
                    .pulled_at
                    .map(|at| at.format("%Y-%m-%d %H:%M").to_string())
                    .unwrap_or_else(|| "never".to_owned()),
            ]);
        }
        let none = "There are no accounts. Add one with: barrow account add ebay NAME, or try \
                    barrow account add ebay NAME --endpoint practice";
        Text::new().table(table, none)
    })?;
    Ok(End::Done)
}

fn counts(account: &AccountView) -> String {
    let counts: Vec<String> = account
        .listings
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    if counts.is_empty() {
        "none".to_owned()
    } else {
        counts.join(", ")
    }
}

async fn check(session: &Session, api: &Api, name: String) -> Result<End, Failure> {
    let response = api.account_check(AccountNameRequest { name }).await?;
    session.output.answer(&response, check_text)?;
    Ok(End::complete(response.ready))
}

fn check_text(response: &AccountCheckResponse) -> Text {
    let stands = if response.ready {
        "is ready to sell"
    } else {
        "is not ready to sell"
    };
    let seller = response
        .seller
        .as_ref()
        .map(|name| format!(" ({name})"))
        .unwrap_or_default();
    let mut text = Text::new().line(format!("{}{seller} {stands}.", response.account));
    if !response.sites.is_empty() {
        text = text.line(format!("Sites: {}", response.sites.join(", ")));
    }
    let mut table = Table::new(&["part", "state", "what to do"], 2);
    for item in &response.items {
        table.row([
            item.name.clone(),
            format!("{:?}", item.state).to_lowercase(),
            item.reason.clone().unwrap_or_default(),
        ]);
    }
    let mends: Vec<String> = response
        .items
        .iter()
        .filter_map(|item| {
            Some(mend_line(
                &response.account,
                &item.name,
                item.mend.as_ref()?,
            ))
        })
        .collect();
    if let Some(until) = response.consent_until {
        text = text.line(format!(
            "The permission ends on {}.",
            until.format("%Y-%m-%d")
        ));
    }
    if let Some(limit) = &response.selling_limit {
        let units = limit.units.map(|units| format!("{units} units"));
        let amount = limit.amount.map(|amount| amount.to_string());
        let parts: Vec<String> = units.into_iter().chain(amount).collect();
        text = text.line(format!("You may sell {} a month.", parts.join(" and ")));
    }
    text = text.table(table, "Nothing was looked at.");
    for line in mends {
        text = text.line(line);
    }
    text
}

/// What stands for the address where either that or city and region will do: the shorter one.
const ADDRESS_FIELD: &str = "postal_code";

/// The command that mends a part of a check, with what it cannot do without. A value that is to be
/// filled in is the field's name in capitals.
fn mend_line(account: &str, item: &str, mend: &CheckMendView) -> String {
    let needed = |field: &&MendFieldView| field.required || field.key == ADDRESS_FIELD;
    let fields = mend.fields.iter().filter(needed).map(|field| {
        let unset = || field.key.to_uppercase();
        let value = field.value.clone().unwrap_or_else(unset);
        format!(" {}={value}", field.key)
    });
    let fields: String = fields.collect();
    format!(
        "{}: barrow account mend {account} {item}{fields}",
        mend.label
    )
}

/// Names without a value are keys: they are read or asked for.
async fn set(session: &Session, api: &Api, name: String, given: &[String]) -> Result<End, Failure> {
    let (bare, pairs): (Vec<String>, Vec<String>) =
        given.iter().cloned().partition(|text| !text.contains('='));
    let settings = parse::pairs(&pairs, FORM)?;
    let accounts = api.accounts(AccountsRequest {}).await?.accounts;
    let account = accounts.into_iter().find(|account| account.name == name);
    let marketplace = account
        .map(|account| account.marketplace)
        .unwrap_or_default();
    let fields = secret_fields(api, &marketplace).await?;
    if let Some(secret) = fields
        .iter()
        .find(|field| settings.contains_key(&field.key))
    {
        return Err(Failure::Usage(format!(
            "“{}” is secret and must not stand among the arguments. Name it without a value; it \
             is read from standard input or asked for.",
            secret.key
        )));
    }
    let asked: Vec<FieldView> = fields
        .iter()
        .filter(|field| bare.contains(&field.key))
        .cloned()
        .collect();
    let unknown = bare
        .iter()
        .find(|key| !asked.iter().any(|field| field.key == **key));
    if let Some(key) = unknown.filter(|_| !marketplace.is_empty()) {
        return Err(Failure::Usage(format!(
            "“{key}” is no secret key: write {key}=value."
        )));
    }
    let secrets = if asked.is_empty() {
        GivenSecrets::default()
    } else {
        secrets::read(&asked)?
    };
    let request = AccountSetRequest {
        name,
        settings,
        secrets,
        state: None,
        expected: None,
    };
    let response = api.account_set(request).await?;
    session.output.answer(&response, |response| {
        let name = response
            .account
            .as_ref()
            .map(|view| view.name.clone())
            .unwrap_or_default();
        Text::new().line(format!("Saved the settings of {name}."))
    })?;
    Ok(End::complete(response.report.is_complete()))
}
