//! Conversations with buyers, and answers on their way.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use barrow_model::{
    AccountId, Buyer, Conversation, ConversationId, ConversationRowId, Endpoint, Marketplace,
    Message, MessageId, MessageRowId, MessageState, Problem, ProblemKind, Settings, Words,
};
use barrow_store::{AnswerEnd, ConversationQuery, NewAccount, StoredConversation, StoredMessage};
use chrono::Duration;

use crate::shop::{Shop, at, line, order, shop};

fn conversation(id: &str, last: i64) -> Conversation {
    Conversation {
        id: ConversationId(id.to_owned()),
        buyer: Some(Words::new("anna")),
        title: Some(Words::new("Lamp")),
        listing_ref: Some("1100".to_owned()),
        unread: 1,
        last_message: Some(MessageId(format!("{id}-{last}"))),
        last_at: Some(at(last)),
    }
}

fn message(id: &str, seconds: i64, mine: bool) -> Message {
    Message {
        id: MessageId(id.to_owned()),
        at: Some(at(seconds)),
        mine,
        text: Words::new(format!("Words of {id}")),
        read: false,
        files: 0,
    }
}

fn put(shop: &Shop, told: &Conversation) -> bool {
    let account = shop.account;
    shop.store
        .write(|tx| tx.put_conversation(account, told))
        .unwrap()
}

fn all(shop: &Shop, waiting: bool) -> Vec<StoredConversation> {
    let query = ConversationQuery {
        account_id: None,
        waiting,
        limit: 10,
    };
    let count = shop.store.read(|db| db.conversation_count(&query)).unwrap();
    let found = shop.store.read(|db| db.conversations(&query)).unwrap();
    assert_eq!(count, found.len() as u64);
    found
}

fn row(shop: &Shop, id: &str) -> ConversationRowId {
    let found = all(shop, false);
    let mut found = found.iter().filter(|one| one.conversation.id.0 == id);
    found.next().unwrap().id
}

fn thread(shop: &Shop, id: ConversationRowId) -> Vec<StoredMessage> {
    shop.store.read(|db| db.messages(id)).unwrap()
}

fn read(shop: &Shop, id: ConversationRowId, messages: &[Message]) {
    shop.store
        .write(|tx| tx.put_messages(id, messages))
        .unwrap();
}

fn answer(shop: &Shop, id: ConversationRowId, text: &str) -> MessageRowId {
    let text = Words::new(text);
    shop.store.write(|tx| tx.queue_answer(id, &text)).unwrap()
}

fn settle(shop: &Shop, id: MessageRowId, end: AnswerEnd) {
    shop.store.write(|tx| tx.settle_answer(id, &end)).unwrap();
}

#[test]
fn what_was_written_last_stands_first_and_the_same_again_changes_nothing() {
    let shop = shop();
    assert!(put(&shop, &conversation("1", 10)));
    assert!(put(&shop, &conversation("2", 20)));
    assert!(!put(&shop, &conversation("1", 10)));
    assert!(put(&shop, &conversation("1", 30)));
    let found = all(&shop, false);
    let ids: Vec<_> = found
        .iter()
        .map(|one| one.conversation.id.0.as_str())
        .collect();
    assert_eq!(ids, ["1", "2"]);
    let waiting = shop.store.read(|db| db.conversations_waiting()).unwrap();
    assert_eq!((waiting[0].count, waiting[0].since), (2, at(20)));
}

#[test]
fn messages_are_read_where_one_is_missing_and_once() {
    let shop = shop();
    put(&shop, &conversation("1", 10));
    let id = row(&shop, "1");
    let behind = || {
        let account = shop.account;
        let found = shop.store.read(|db| db.conversations_behind(account, 9));
        found.unwrap().len()
    };
    assert_eq!(behind(), 1);
    let last = message("1-10", 10, false);
    read(&shop, id, &[last.clone(), message("a", 5, true)]);
    read(&shop, id, &[last]);
    assert_eq!(behind(), 0);
    put(&shop, &conversation("1", 10));
    assert_eq!(behind(), 0);
    let told: Vec<_> = thread(&shop, id)
        .into_iter()
        .map(|one| (one.message_id.unwrap().0, one.mine, one.state))
        .collect();
    let there = MessageState::There;
    assert_eq!(
        told,
        [
            ("a".to_owned(), true, there),
            ("1-10".to_owned(), false, there)
        ]
    );
    put(&shop, &conversation("1", 11));
    assert_eq!(behind(), 1);
    // The list may tell of a message before its conversation shows it.
    read(&shop, id, &[message("b", 10, false)]);
    assert_eq!(behind(), 1);
    read(&shop, id, &[message("1-11", 11, false)]);
    assert_eq!(behind(), 0);
}

#[test]
fn what_is_new_of_the_buyer_is_counted_once() {
    let shop = shop();
    put(&shop, &conversation("1", 10));
    let id = row(&shop, "1");
    let check = |messages: &[Message], expected: u32| {
        let news = shop.store.write(|tx| tx.put_messages(id, messages));
        assert_eq!(news.unwrap(), expected);
    };
    check(&[message("a", 5, false), message("b", 6, true)], 1);
    check(&[message("a", 5, false), message("c", 7, false)], 1);
    check(&[message("c", 7, false)], 0);
    shop.store
        .write(|tx| tx.mark_conversation_read(id))
        .unwrap();
    shop.store.write(|tx| tx.note_written_since(id, 2)).unwrap();
    assert_eq!(all(&shop, true)[0].conversation.unread, 2);
    let account = shop.account;
    let untold = shop.store.read(|db| db.conversations_untold(account, 9));
    assert_eq!(untold.unwrap(), [], "the seller has not seen them");
}

#[test]
fn what_was_read_here_stays_read_until_something_new_is_written() {
    let shop = shop();
    let told = conversation("1", 10);
    put(&shop, &told);
    let id = row(&shop, "1");
    shop.store
        .write(|tx| tx.mark_conversation_read(id))
        .unwrap();
    // The marketplace has not been told yet.
    put(&shop, &told);
    assert_eq!(all(&shop, true), []);
    let account = shop.account;
    let untold = shop.store.read(|db| db.conversations_untold(account, 9));
    assert_eq!(untold.unwrap(), [(id, told.id.clone())]);
    shop.store.write(|tx| tx.note_read_told(id)).unwrap();
    put(&shop, &conversation("1", 11));
    assert_eq!(all(&shop, true).len(), 1);
    // He read it there.
    let none = BTreeSet::new();
    let marked = shop
        .store
        .write(|tx| tx.note_read_elsewhere(account, &none));
    assert_eq!(marked.unwrap(), 1);
    assert_eq!(all(&shop, true), []);
}

#[test]
fn an_answer_is_sent_in_its_turn_and_stands_there_once() {
    let shop = shop();
    let account = shop.account;
    put(&shop, &conversation("1", 10));
    let id = row(&shop, "1");
    let first = answer(&shop, id, "On Monday.");
    let second = answer(&shop, id, "In the morning.");
    let due = |seconds: i64| {
        let due = shop.store.read(|db| db.answer_due(account, at(seconds)));
        due.unwrap().map(|due| (due.id, due.state, due.tries))
    };
    assert_eq!(due(0), Some((first, MessageState::Waiting, 0)));
    assert!(shop.store.write(|tx| tx.begin_answer(first)).unwrap());
    assert!(!shop.store.write(|tx| tx.begin_answer(first)).unwrap());
    // Nothing else of this conversation is sent before this one is settled.
    assert_eq!(due(0), None);
    settle(&shop, first, AnswerEnd::Unknown(at(60)));
    assert_eq!(due(0), None);
    assert_eq!(due(60), Some((first, MessageState::Unknown, 1)));
    let next = shop.store.read(|db| db.next_answer_due(account, at(0)));
    assert_eq!(next.unwrap(), Some(at(60)));
    // A pull reads it, and it is found.
    read(&shop, id, &[message("m", 5, true)]);
    let there = AnswerEnd::There {
        id: MessageId("m".to_owned()),
        at: Some(at(5)),
    };
    settle(&shop, first, there);
    let told = thread(&shop, id);
    let there: Vec<_> = told.iter().filter(|one| one.message_id.is_some()).collect();
    assert_eq!(there.len(), 1);
    assert_eq!((there[0].id, there[0].at), (first, at(5)));
    let own = shop.store.read(|db| db.own_answers(id)).unwrap();
    assert_eq!(
        own.into_iter().collect::<Vec<_>>(),
        [MessageId("m".to_owned())]
    );
    assert_eq!(due(60), Some((second, MessageState::Waiting, 0)));
    // It is read again as the marketplace shows it, and is the same.
    read(&shop, id, &[message("m", 5, true)]);
    assert_eq!(thread(&shop, id).len(), 2);
}

#[test]
fn an_answer_that_was_refused_waits_for_the_seller_and_can_be_taken_back() {
    let shop = shop();
    put(&shop, &conversation("1", 10));
    let id = row(&shop, "1");
    let sent = answer(&shop, id, "On Monday.");
    assert_eq!(all(&shop, true), [], "who answers has read");
    assert!(shop.store.write(|tx| tx.begin_answer(sent)).unwrap());
    assert!(!shop.store.write(|tx| tx.take_back_answer(sent)).unwrap());
    let problem = Problem::new(ProblemKind::MessageRefused);
    settle(&shop, sent, AnswerEnd::Refused(problem.clone()));
    let found = all(&shop, true);
    assert_eq!(found[0].answer, Some(MessageState::Refused));
    assert_eq!(thread(&shop, id)[0].problem, Some(problem));
    assert!(shop.store.write(|tx| tx.take_back_answer(sent)).unwrap());
    assert_eq!(all(&shop, true), []);
    assert_eq!(thread(&shop, id), []);
}

#[test]
fn an_answer_that_was_being_sent_when_the_program_ended_is_looked_for() {
    let shop = shop();
    let account = shop.account;
    put(&shop, &conversation("1", 10));
    let sent = answer(&shop, row(&shop, "1"), "On Monday.");
    assert!(shop.store.write(|tx| tx.begin_answer(sent)).unwrap());
    shop.store.write(|tx| tx.recover_attempts()).unwrap();
    let due = shop.store.read(|db| db.answer_due(account, at(0)));
    assert_eq!(due.unwrap().unwrap().state, MessageState::Unknown);
    let counts = shop.store.read(|db| db.answer_counts(account)).unwrap();
    assert_eq!((counts.waiting, counts.unknown), (0, 1));
    let counts = shop.store.read(|db| db.outbox_counts(account)).unwrap();
    assert_eq!((counts.waiting, counts.unknown), (0, 1));
}

/// An order of the listing 1100 by anna.
fn bought(shop: &Shop) -> barrow_model::OrderRowId {
    let mut bought = order("13-1", vec![line("10", "A", 1)]);
    bought.lines[0].listing_ref = Some("1100".to_owned());
    bought.buyer = Some(Buyer {
        username: Some("Anna".to_owned()),
        ..Buyer::default()
    });
    shop.put(&bought)
}

#[test]
fn a_conversation_belongs_to_the_buyers_order_of_the_listing() {
    let shop = shop();
    put(&shop, &conversation("1", 10));
    assert_eq!(all(&shop, false)[0].order, None);
    let id = bought(&shop);
    let found = all(&shop, false);
    let of = found[0].order.as_ref().unwrap();
    assert_eq!((of.id, of.order_id.as_str()), (id, "13-1"));
    let other = Conversation {
        buyer: Some(Words::new("bert")),
        ..conversation("2", 20)
    };
    put(&shop, &other);
    let of_order = shop.store.read(|db| db.order_conversations(id)).unwrap();
    let ids: Vec<_> = of_order
        .iter()
        .map(|one| one.conversation.id.0.as_str())
        .collect();
    assert_eq!(ids, ["1"]);
}

#[test]
fn words_are_erased_with_the_people_of_the_order_and_do_not_come_back() {
    let shop = shop();
    let told = conversation("1", 10);
    put(&shop, &told);
    let id = row(&shop, "1");
    read(&shop, id, &[message("a", 10, false)]);
    let order = bought(&shop);
    shop.clock.0.fetch_add(100, Ordering::SeqCst);
    shop.store.write(|tx| tx.erase_people(order)).unwrap();
    put(&shop, &told);
    read(&shop, id, &[message("a", 10, false)]);
    let found = all(&shop, false);
    assert_eq!(
        (&found[0].conversation.buyer, &found[0].conversation.title),
        (&None, &None)
    );
    assert!(found[0].erased_at.is_some() && found[0].conversation.unread == 0);
    assert_eq!(thread(&shop, id), []);
    // What he writes afterwards is new.
    put(&shop, &conversation("1", 200));
    read(
        &shop,
        id,
        &[message("b", 200, false), message("a", 10, false)],
    );
    assert_eq!(thread(&shop, id).len(), 1);
    assert_eq!(all(&shop, true).len(), 1);
}

#[test]
fn old_words_are_erased_unless_an_answer_is_on_its_way() {
    let shop = shop();
    let account = shop.account;
    put(&shop, &conversation("1", 10));
    put(&shop, &conversation("2", 20));
    answer(&shop, row(&shop, "2"), "On Monday.");
    let kept = Duration::days(30);
    shop.clock.0.fetch_add(31 * 24 * 3_600, Ordering::SeqCst);
    let erased = shop
        .store
        .write(|tx| tx.erase_old_conversations(account, kept));
    assert_eq!(erased.unwrap(), 1);
    let again = shop
        .store
        .write(|tx| tx.erase_old_conversations(account, kept));
    assert_eq!(again.unwrap(), 0);
    let found = all(&shop, false);
    let erased: Vec<_> = found.iter().map(|one| one.erased_at.is_some()).collect();
    assert_eq!(erased, [false, true]);
}

#[test]
fn a_conversation_that_two_accounts_of_a_seller_give_is_kept_once() {
    let shop = shop();
    let second: AccountId = shop
        .store
        .write(|tx| {
            tx.add_account(&NewAccount {
                name: "shop-de".into(),
                marketplace: Marketplace("ebay".into()),
                endpoint: Endpoint::Production,
                settings: Settings::new(),
            })
        })
        .unwrap();
    put(&shop, &conversation("1", 10));
    let told = conversation("1", 30);
    shop.store
        .write(|tx| tx.put_conversation(second, &told))
        .unwrap();
    let found = all(&shop, false);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].account_id, found[0].last_at),
        (shop.account, at(30))
    );
}
