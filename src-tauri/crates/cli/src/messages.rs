//! `barrow messages`.

use std::io::Read;

use barrow_api::{
    ConversationView, MessageAnswerRequest, MessageTakeBackRequest, MessageThreadRequest,
    MessageThreadResponse, MessageView, MessagesRequest,
};
use barrow_model::{ConversationRowId, MessageRowId, MessageState};

use crate::args::{MessagesArgs, MessagesCommand};
use crate::output::{End, Failure, Table, Text};
use crate::report;
use crate::session::Session;

/// Conversations that are listed at most.
const CONVERSATIONS_MAX: usize = 1_000;
/// Bytes of an answer that are read of standard input; no marketplace takes as much.
const TEXT_BYTES_MAX: u64 = 64 * 1024;

pub(crate) async fn run(session: &Session, args: MessagesArgs) -> Result<End, Failure> {
    let of = |conversation: i64| MessageThreadRequest {
        conversation: ConversationRowId(conversation),
    };
    match args.command {
        None => list(session, args).await,
        Some(MessagesCommand::Show { conversation }) => {
            let request = of(conversation);
            let shown = session
                .with_api(async |api| Ok(api.message_thread(request).await?))
                .await?;
            thread(session, &shown)
        }
        Some(MessagesCommand::Read { conversation }) => {
            let request = of(conversation);
            let shown = session
                .with_api(async |api| Ok(api.message_read(request).await?))
                .await?;
            thread(session, &shown)
        }
        Some(MessagesCommand::TakeBack { message }) => {
            let message = MessageRowId(message);
            let request = MessageTakeBackRequest { message };
            let shown = session
                .with_api(async |api| Ok(api.message_take_back(request).await?))
                .await?;
            thread(session, &shown)
        }
        Some(MessagesCommand::Answer { conversation, text }) => {
            answer(session, ConversationRowId(conversation), text).await
        }
    }
}

async fn list(session: &Session, args: MessagesArgs) -> Result<End, Failure> {
    session
        .with_api(async |api| {
            let request = MessagesRequest {
                account: args.account,
                order: args.order,
                waiting: args.waiting,
                limit: Some(CONVERSATIONS_MAX),
            };
            let response = api.messages(request).await?;
            session
                .output
                .answer(&response, |response| list_text(&response.conversations))?;
            Ok(End::Done)
        })
        .await
}

async fn answer(
    session: &Session,
    conversation: ConversationRowId,
    text: Option<String>,
) -> Result<End, Failure> {
    let text = match text {
        Some(text) => text,
        None => typed()?,
    };
    session
        .with_api(async |api| {
            let request = MessageAnswerRequest { conversation, text };
            let response = api.message_answer(request).await?;
            let report = &response.report;
            session.output.answer(&response, |_| match report.done {
                0 => report::more(Text::new(), report),
                _ => {
                    let words = "The answer is queued; it goes out with the next push.";
                    report::text(report, words.to_owned())
                }
            })?;
            Ok(End::complete(report.is_complete()))
        })
        .await
}

/// What comes on standard input.
fn typed() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin()
        .lock()
        .take(TEXT_BYTES_MAX)
        .read_to_string(&mut text);
    match read {
        Ok(_) => Ok(text),
        Err(error) => Err(Failure::Other(
            "input",
            format!("The answer could not be read: {error}."),
        )),
    }
}

fn thread(session: &Session, shown: &MessageThreadResponse) -> Result<End, Failure> {
    session
        .output
        .answer(shown, |shown| thread_text(&shown.messages))?;
    Ok(End::Done)
}

/// Where an answer stands that is not there yet.
fn standing(state: MessageState) -> &'static str {
    match state {
        MessageState::There => "",
        MessageState::Waiting => "goes out with the next push",
        MessageState::Sending => "is being sent",
        MessageState::Unknown => "nobody knows yet whether it arrived",
        MessageState::Refused => "was not taken",
    }
}

fn list_text(conversations: &[ConversationView]) -> Text {
    let headers = [
        "no.", "account", "buyer", "order", "last", "unread", "answer", "says",
    ];
    let mut table = Table::new(&headers, 7).right(&[0, 5]);
    for one in conversations {
        let answer = one.answer.map(standing).unwrap_or_default();
        table.row([
            one.id.to_string(),
            one.account.clone(),
            shown(one.buyer.as_deref().unwrap_or_default()),
            one.order_id.clone().unwrap_or_default(),
            one.last_at.format("%Y-%m-%d %H:%M").to_string(),
            one.unread.to_string(),
            answer.to_owned(),
            shown(one.last.as_deref().unwrap_or_default()),
        ]);
    }
    Text::new().table(table, "There are no such conversations.")
}

fn thread_text(messages: &[MessageView]) -> Text {
    if messages.is_empty() {
        return Text::new().line("Nothing stands in this conversation.");
    }
    messages.iter().fold(Text::new(), |text, one| {
        let who = if one.mine { "you" } else { "buyer" };
        let at = one.at.format("%Y-%m-%d %H:%M");
        let reason = one.problem.as_ref().map(|problem| problem.reason.clone());
        let standing = reason.unwrap_or_else(|| standing(one.state).to_owned());
        let standing = match standing.is_empty() {
            true => String::new(),
            false => format!(": {standing}"),
        };
        let text = text.line(format!("{} {at} {who}{standing}", one.id));
        let lines = one.text.lines();
        let text = lines.fold(text, |text, line| text.line(format!("  {}", shown(line))));
        match one.files {
            0 => text,
            count => text.line(format!("  ({count} files, on the marketplace's page)")),
        }
    })
}

/// What somebody else wrote, without what would move the terminal's cursor or change its colours.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_others_write_cannot_steer_the_terminal() {
        assert_eq!(shown("Is it \u{1b}[31mblue?\u{7}"), "Is it [31mblue?");
    }
}
