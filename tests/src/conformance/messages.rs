//! What buyers write, and what the seller answers.

use std::time::Duration;

use barrow_market::{Answered, Messages, is_same_text};
use barrow_model::{Conversation, ConversationId, Message, Words};
use barrow_practice::faults::{BROKEN, CUT_BODY, LOST_ANSWER, TIMEOUT, WRONG_JSON};
use chrono::TimeDelta;

use super::Suite;
use super::bench::Bench;
use super::pulling::TOLD_WITHIN;

/// Within this a buyer has written who means to.
const WRITTEN: Duration = Duration::from_secs(600);
/// Messages of a conversation that are read.
const MESSAGES_MAX: usize = 100;

fn role(bench: &Bench) -> Option<&dyn Messages> {
    bench.adapter.messages()
}

/// A bench with an order whose buyer has written; none where there are no messages.
async fn written(suite: &Suite) -> Option<Bench> {
    let bench = suite.bench().await;
    role(&bench)?;
    let listings = bench.publish(&[1], 9).await;
    bench.fault("buyer_writes", 1);
    bench.order(&[(&listings[0].sku, 1)]);
    bench.pass(TOLD_WITHIN);
    bench.pass(WRITTEN);
    Some(bench)
}

/// Reads to the end: every conversation that is given, the newest telling of each.
async fn read(bench: &Bench) -> Vec<Conversation> {
    let role = role(bench).expect("messages are read");
    let since = bench.now() - TimeDelta::days(1);
    let mut cursor = role.start(since).expect("a cursor");
    let mut found: Vec<Conversation> = Vec::new();
    loop {
        let page = role.read(&cursor).await.expect("it is read");
        assert_eq!(page.unreadable, 0);
        found.retain(|known| page.conversations.iter().all(|one| one.id != known.id));
        found.extend(page.conversations);
        cursor = page.next;
        if !page.more {
            return found;
        }
    }
}

async fn only(bench: &Bench) -> Conversation {
    let mut found = read(bench).await;
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

async fn messages(bench: &Bench, id: &ConversationId) -> Vec<Message> {
    let role = role(bench).expect("messages are read");
    let read = role.messages(id, MESSAGES_MAX).await;
    let read = read.expect("they are read");
    assert_eq!(read.unreadable, 0);
    read.messages
}

/// From `start`, reading until `more` is false gives every conversation in which something was
/// written since, with the listing that it is about and who wrote what.
pub async fn what_buyers_write_is_given(suite: &Suite) {
    let Some(bench) = written(suite).await else {
        return;
    };
    let one = only(&bench).await;
    assert!(one.buyer.is_some() && one.listing_ref.is_some(), "{one:?}");
    assert_eq!(one.unread, 1);
    let told = messages(&bench, &one.id).await;
    let [first] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert!(!first.mine && first.text.chars() > 0, "{first:?}");
    assert_eq!(one.last_message.as_ref(), Some(&first.id));
    // Nothing was written since.
    bench.pass(Duration::from_secs(7_200));
    let role = role(&bench).expect("messages are read");
    let later = role.start(bench.now()).expect("a cursor");
    let page = role.read(&later).await.expect("it is read");
    assert_eq!((page.conversations, page.more), (Vec::new(), false));
}

/// An answer is the newest message of its conversation afterwards, and stands there once, also
/// where nobody heard what became of it.
pub async fn an_answer_is_in_its_conversation(suite: &Suite) {
    let Some(bench) = written(suite).await else {
        return;
    };
    let id = only(&bench).await.id;
    let role = role(&bench).expect("messages are read");
    let text = Words::new("It leaves on Monday & comes\non Friday: 2 < 3 days.");
    let answered = role.answer(&id, &text).await.expect("it is sent");
    let Answered::There(answer) = answered else {
        panic!("{answered:?}")
    };
    let told = messages(&bench, &id).await;
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].id, answer.id);
    assert!(told[0].mine && is_same_text(&text, &told[0].text));
    for (name, has_effect) in [
        (LOST_ANSWER, true),
        (CUT_BODY, true),
        (WRONG_JSON, true),
        (TIMEOUT, false),
        (BROKEN, false),
    ] {
        let before = messages(&bench, &id).await.len();
        bench.fault(&format!("{name}@sendMessage"), 1);
        let text = Words::new(format!("After {name}"));
        let answered = role.answer(&id, &text).await;
        assert_eq!(
            answered.expect("it may be there"),
            Answered::Unknown,
            "{name}"
        );
        let told = messages(&bench, &id).await;
        assert_eq!(told.len(), before + usize::from(has_effect), "{name}");
        let is_there = told
            .iter()
            .any(|one| one.mine && is_same_text(&text, &one.text));
        assert_eq!(is_there, has_effect, "{name}");
    }
    let nowhere = ConversationId("1".to_owned());
    let refused = role.answer(&nowhere, &text).await.expect("it is answered");
    assert!(matches!(refused, Answered::Refused(_)), "{refused:?}");
    let long = Words::new("a".repeat(role.text_chars_max() + 1));
    let refused = role.answer(&id, &long).await.expect("it is answered");
    assert!(matches!(refused, Answered::Refused(_)), "{refused:?}");
}

/// A conversation that was marked as read is not among the unread, and marking it again does no
/// harm.
pub async fn what_was_read_is_unread_no_more(suite: &Suite) {
    let Some(bench) = written(suite).await else {
        return;
    };
    let id = only(&bench).await.id;
    let role = role(&bench).expect("messages are read");
    let unread = role.unread().await.expect("it is told");
    assert!(unread.is_none_or(|unread| unread.contains(&id)));
    for _ in 0..2 {
        role.mark_read(&id).await.expect("it is marked");
        let unread = role.unread().await.expect("it is told");
        assert!(unread.is_none_or(|unread| !unread.contains(&id)));
        assert_eq!(only(&bench).await.unread, 0);
    }
}

/// No `Debug` text and no error holds a buyer's name or words.
pub async fn words_of_buyers_stay_secret(suite: &Suite) {
    let Some(bench) = written(suite).await else {
        return;
    };
    let one = only(&bench).await;
    let told = messages(&bench, &one.id).await;
    let name = one.buyer.clone().expect("the buyer is told");
    let words = [name.expose(), told[0].text.expose()];
    let mut said = format!("{one:?} {told:?}");
    let role = role(&bench).expect("messages are read");
    for fault in [CUT_BODY, WRONG_JSON, BROKEN] {
        for operation in ["getConversation", "getConversations"] {
            bench.fault(&format!("{fault}@{operation}"), 9);
            let cursor = role.start(bench.now()).expect("a cursor");
            let page = role.read(&cursor).await;
            let read = role.messages(&one.id, MESSAGES_MAX).await;
            said.push_str(&format!("{page:?} {read:?}"));
            said.extend(page.err().map(|error| error.to_string()));
            said.extend(read.err().map(|error| error.to_string()));
            bench.fault(&format!("{fault}@{operation}"), 0);
        }
    }
    assert!(!words.iter().any(|word| said.contains(word)), "{said}");
}
