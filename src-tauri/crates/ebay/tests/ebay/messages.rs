//! What members write, as eBay tells of it, and the seller's answers.

use barrow_market::{Answered, ErrorKind};
use barrow_model::{ConversationId, ProblemKind, Words};
use serde_json::{Value, json};

use crate::script::{Reply, Script, answer, connect, ok};

const MESSAGES: &str = "/commerce/message/v1";

fn seller() -> Reply {
    ok(json!({"userId": "abc", "username": "the-shop"}))
}

fn id() -> ConversationId {
    ConversationId("62001".to_owned())
}

fn message(number: u32, from: &str, to: &str) -> Value {
    json!({"messageId": format!("73{number}"), "messageBody": format!("Words {number}"),
        "senderUsername": from, "recipientUsername": to, "readStatus": false,
        "createdDate": format!("2026-11-20T08:0{number}:00.000Z"), "messageMedia": []})
}

fn conversation(last: Value) -> Value {
    json!({"conversationId": "62001", "conversationTitle": "Lamp", "conversationStatus": "ACTIVE",
        "conversationType": "FROM_MEMBERS", "createdDate": "2026-11-20T08:00:00.000Z",
        "referenceType": "LISTING", "referenceId": "1100", "unreadCount": 1,
        "latestMessage": last})
}

fn page(conversations: &[Value], total: u64) -> Reply {
    ok(json!({"conversations": conversations, "total": total, "limit": 50, "offset": 0}))
}

#[tokio::test]
async fn a_conversation_has_its_buyer_its_listing_and_what_is_unread() {
    let theirs = conversation(message(1, "anna", "the-shop"));
    let script = Script::new([seller(), page(&[theirs, json!({"unreadCount": 7})], 2)]);
    let adapter = connect(&script);
    let role = adapter.messages().unwrap();
    let since = "2026-11-01T00:00:00Z".parse().unwrap();
    let read = role.read(&role.start(since).unwrap()).await.unwrap();
    assert_eq!(
        script.lines(),
        [
            "GET /commerce/identity/v1/user/".to_owned(),
            format!(
                "GET {MESSAGES}/conversation?conversation_type=FROM_MEMBERS\
                 &start_time=2026-11-01T00%3A00%3A00.000Z&limit=50&offset=0"
            ),
        ]
    );
    assert_eq!(
        (read.conversations.len(), read.unreadable, read.more),
        (1, 1, false)
    );
    let one = &read.conversations[0];
    assert_eq!(one.id, id());
    assert_eq!(one.buyer, Some(Words::new("anna")));
    assert_eq!(one.listing_ref.as_deref(), Some("1100"));
    assert_eq!(one.unread, 1);
    assert_eq!(one.last_at, Some("2026-11-20T08:01:00Z".parse().unwrap()));
    let told = format!("{read:?}");
    assert!(!told.contains("anna") && !told.contains("Lamp"), "{told}");
}

#[tokio::test]
async fn the_other_one_is_the_buyer_whoever_wrote_last() {
    let mine = conversation(message(2, "THE-SHOP", "anna"));
    let script = Script::new([seller(), page(&[mine], 1)]);
    let adapter = connect(&script);
    let role = adapter.messages().unwrap();
    let since = "2026-11-01T00:00:00Z".parse().unwrap();
    let read = role.read(&role.start(since).unwrap()).await.unwrap();
    assert_eq!(read.conversations[0].buyer, Some(Words::new("anna")));
}

#[tokio::test]
async fn a_reading_goes_on_page_by_page_and_the_next_one_begins_where_it_began() {
    let one = conversation(message(1, "anna", "the-shop"));
    let many = vec![one; 50];
    let replies = [
        seller(),
        page(&many, 60),
        page(&many[..10], 60),
        page(&[], 0),
    ];
    let script = Script::new(replies);
    let adapter = connect(&script);
    let role = adapter.messages().unwrap();
    let since = "2026-11-01T00:00:00Z".parse().unwrap();
    let first = role.read(&role.start(since).unwrap()).await.unwrap();
    assert!(first.more);
    let second = role.read(&first.next).await.unwrap();
    assert!(!second.more);
    assert!(script.lines()[2].ends_with("&limit=50&offset=50"));
    role.read(&second.next).await.unwrap();
    let last = script.lines().remove(3);
    assert!(last.ends_with("&limit=50&offset=0"), "{last}");
    assert!(!last.contains("2026-11-01"), "{last}");
}

#[tokio::test]
async fn messages_come_newest_first_and_tell_who_wrote_them() {
    let records = [
        message(1, "anna", "the-shop"),
        message(2, "the-shop", "anna"),
        json!({"messageBody": "without an id"}),
    ];
    let body = json!({"messages": records, "total": 3, "conversationType": "FROM_MEMBERS"});
    let script = Script::new([seller(), ok(body)]);
    let adapter = connect(&script);
    let read = adapter
        .messages()
        .unwrap()
        .messages(&id(), 9)
        .await
        .unwrap();
    assert_eq!(read.unreadable, 1);
    let found: Vec<_> = read
        .messages
        .iter()
        .map(|one| (one.id.0.as_str(), one.mine, one.text.expose()))
        .collect();
    assert_eq!(found, [("732", true, "Words 2"), ("731", false, "Words 1")]);
}

#[tokio::test]
async fn an_answer_is_sent_as_ebay_takes_it() {
    let sent = json!({"messageId": "739", "messageBody": "Yes.", "senderUserName": "the-shop",
        "recipientUserName": "anna", "createdDate": "2026-11-20T08:09:00.000Z"});
    let script = Script::new([answer(201, sent)]);
    let adapter = connect(&script);
    let role = adapter.messages().unwrap();
    let answered = role.answer(&id(), &Words::new("Yes.")).await.unwrap();
    let Answered::There(message) = answered else {
        panic!("{answered:?}")
    };
    assert_eq!((message.id.0.as_str(), message.mine), ("739", true));
    let asked = script.asked().remove(0);
    assert_eq!(asked.line(), format!("POST {MESSAGES}/send_message"));
    let body = json!({"conversationId": "62001", "messageText": "Yes."});
    assert_eq!(asked.json(), body);
}

#[tokio::test]
async fn what_may_have_been_written_is_unknown_and_what_was_not_taken_is_told() {
    let check = async |reply: Reply| {
        let adapter = connect(&Script::new([reply]));
        let role = adapter.messages().unwrap();
        role.answer(&id(), &Words::new("Yes.")).await
    };
    for reply in [
        Reply::NoAnswer,
        answer(500, json!({"errors": [{"errorId": 335_000}]})),
        answer(201, json!({"unexpected": []})),
    ] {
        assert_eq!(check(reply).await.unwrap(), Answered::Unknown);
    }
    for number in [355_007, 355_013, 355_015] {
        let body = json!({"errors": [{"errorId": number, "message": "No."}]});
        let Answered::Refused(problem) = check(answer(400, body)).await.unwrap() else {
            panic!("{number}")
        };
        assert_eq!(problem.kind, ProblemKind::MessageRefused);
        assert_eq!(problem.vendor.unwrap().code, number.to_string());
    }
    let forbidden = answer(403, json!({"errors": [{"errorId": 1100}]}));
    let error = check(forbidden).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Forbidden);
    assert_eq!(error.to_problem().params["permission"], "commerce.message");
}

#[tokio::test]
async fn a_text_that_is_too_long_is_not_sent() {
    let script = Script::new([]);
    let adapter = connect(&script);
    let text = Words::new("a".repeat(2_001));
    let answered = adapter.messages().unwrap().answer(&id(), &text).await;
    let Answered::Refused(problem) = answered.unwrap() else {
        panic!("it is sent")
    };
    assert_eq!(problem.kind, ProblemKind::TextTooLong);
    assert_eq!(script.lines(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_unread_is_told_whole_or_not_at_all() {
    let one = conversation(message(1, "anna", "the-shop"));
    let adapter = connect(&Script::new([page(&[one], 1)]));
    let unread = adapter.messages().unwrap().unread().await.unwrap();
    assert_eq!(unread.unwrap().into_iter().collect::<Vec<_>>(), [id()]);
    let adapter = connect(&Script::new([page(&[json!({})], 1)]));
    assert_eq!(adapter.messages().unwrap().unread().await.unwrap(), None);
    let adapter = connect(&Script::new([ok(json!({"unexpected": []}))]));
    let error = adapter.messages().unwrap().unread().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreadable);
}

#[tokio::test]
async fn a_conversation_is_marked_as_read() {
    let script = Script::new([Reply::Answer(204, String::new())]);
    let adapter = connect(&script);
    adapter.messages().unwrap().mark_read(&id()).await.unwrap();
    let asked = script.asked().remove(0);
    assert_eq!(asked.line(), format!("POST {MESSAGES}/update_conversation"));
    let body = json!({"conversationId": "62001", "conversationType": "FROM_MEMBERS", "read": true});
    assert_eq!(asked.json(), body);
}

#[tokio::test]
async fn without_the_sellers_name_nothing_is_guessed() {
    let forbidden = answer(403, json!({"errors": [{"errorId": 1100}]}));
    let adapter = connect(&Script::new([forbidden]));
    let error = adapter.messages().unwrap().messages(&id(), 9).await;
    let problem = error.unwrap_err().to_problem();
    assert_eq!(problem.kind, ProblemKind::PermissionMissing);
    assert_eq!(problem.params["permission"], "commerce.identity.readonly");
}
