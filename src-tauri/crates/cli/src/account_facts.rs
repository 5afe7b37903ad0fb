//! `barrow account choices` and `barrow account limits`.

use barrow_api::{AccountChoicesRequest, AccountLimitsRequest, Api};

use crate::output::{End, Failure, Table, Text};
use crate::session::Session;

pub(crate) async fn choices(
    session: &Session,
    api: &Api,
    name: String,
    site: Option<String>,
) -> Result<End, Failure> {
    let set = format!("barrow account set {name}");
    let request = AccountChoicesRequest { name, site };
    let response = api.account_choices(request).await?;
    session.output.answer(&response, |response| {
        let mut table = Table::new(&["setting", "now", "value", "what it is"], 3);
        for setting in &response.settings {
            for choice in &setting.choices {
                let is_chosen = setting.value.as_ref() == Some(&choice.value);
                let now = if is_chosen { "chosen" } else { "" };
                table.row([
                    setting.key.clone(),
                    now.to_owned(),
                    choice.value.clone(),
                    choice.label.clone(),
                ]);
            }
        }
        let text = Text::new().table(table, "There is nothing to choose.");
        let open = response.settings.iter().find(|setting| {
            let known = |value: &String| setting.choices.iter().any(|one| one.value == *value);
            setting.choices.len() > 1 && !setting.value.as_ref().is_some_and(known)
        });
        match open {
            Some(open) => text.line(format!(
                "Of several one must be chosen: {set} {}=VALUE",
                open.key
            )),
            None => text,
        }
    })?;
    Ok(End::Done)
}

pub(crate) async fn limits(
    session: &Session,
    api: &Api,
    account: Option<String>,
) -> Result<End, Failure> {
    let response = api.account_limits(AccountLimitsRequest { account }).await?;
    session.output.answer(&response, |response| {
        let headers = ["account", "limit", "left", "of", "all there again"];
        let mut table = Table::new(&headers, 1).right(&[2, 3]);
        for account in &response.accounts {
            for limit in &account.limits {
                let until = limit.blocked_until.max(limit.full_at);
                let until = until.map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string());
                table.row([
                    account.account.clone(),
                    limit.title.clone(),
                    limit.left.to_string(),
                    limit.of.to_string(),
                    until.unwrap_or_else(|| "now".to_owned()),
                ]);
            }
        }
        Text::new().table(table, "No limit was used yet.")
    })?;
    Ok(End::Done)
}
