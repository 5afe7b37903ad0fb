use serde_json::{Value, json};

use super::Desk;

const MESSAGES: &str = "/commerce/message/v1";
const OF_MEMBERS: &str = "conversation_type=FROM_MEMBERS";

/// A buyer who has written; his conversation as the list tells of it.
fn written() -> (Desk, Value) {
    let mut desk = Desk::quiet();
    desk.live("A-1", 5, "9.99");
    desk.fault("buyer_writes", 1);
    desk.order("A-1", 1);
    assert_eq!(conversations(&mut desk, "")["total"], 0);
    desk.pass(301);
    let found = conversations(&mut desk, "");
    assert_eq!(found["total"], 1);
    let one = found["conversations"][0].clone();
    (desk, one)
}

fn conversations(desk: &mut Desk, filter: &str) -> Value {
    let seen = desk.get(&format!("{MESSAGES}/conversation?{OF_MEMBERS}{filter}"));
    assert_eq!(seen.status, 200, "{}", seen.body);
    seen.body
}

fn messages(desk: &mut Desk, id: &Value) -> Vec<Value> {
    let id = id.as_str().unwrap();
    let seen = desk.get(&format!("{MESSAGES}/conversation/{id}?{OF_MEMBERS}"));
    assert_eq!(seen.status, 200, "{}", seen.body);
    seen.body["messages"].as_array().unwrap().clone()
}

#[test]
fn a_buyer_writes_about_what_he_bought_and_is_answered() {
    let (mut desk, one) = written();
    let id = one["conversationId"].clone();
    assert_eq!(
        (&one["unreadCount"], &one["referenceType"]),
        (&json!(1), &json!("LISTING"))
    );
    let first = &one["latestMessage"];
    assert_ne!(first["senderUsername"], first["recipientUsername"]);
    let answer = json!({ "conversationId": id, "messageText": "On Monday." });
    let seen = desk.post(&format!("{MESSAGES}/send_message"), answer);
    assert_eq!(seen.status, 201, "{}", seen.body);
    assert_eq!(seen.body["senderUserName"], first["recipientUsername"]);
    assert_eq!(seen.body["senderUsername"], Value::Null);
    let shown = messages(&mut desk, &id);
    assert_eq!(shown.len(), 2);
    assert_eq!(shown[0]["messageId"], seen.body["messageId"]);
    assert_eq!(shown[0]["messageBody"], "On Monday.");
    assert_eq!(shown[1]["messageId"], first["messageId"]);
}

#[test]
fn what_was_read_is_found_among_the_unread_no_more() {
    let (mut desk, one) = written();
    let id = one["conversationId"].clone();
    assert_eq!(
        conversations(&mut desk, "&conversation_status=UNREAD")["total"],
        1
    );
    let read = json!({ "conversationId": id, "conversationType": "FROM_MEMBERS", "read": true });
    let seen = desk.post(&format!("{MESSAGES}/update_conversation"), read);
    assert_eq!(seen.status, 204);
    assert_eq!(
        conversations(&mut desk, "&conversation_status=UNREAD")["total"],
        0
    );
    assert_eq!(
        conversations(&mut desk, "&conversation_status=READ")["total"],
        1
    );
    // He writes again once he is answered.
    desk.fault("buyer_writes", 1);
    let answer = json!({ "conversationId": id, "messageText": "On Monday." });
    assert_eq!(
        desk.post(&format!("{MESSAGES}/send_message"), answer)
            .status,
        201
    );
    desk.pass(301);
    let unread = conversations(&mut desk, "&conversation_status=UNREAD");
    assert_eq!(unread["conversations"][0]["unreadCount"], 1);
    assert_eq!(messages(&mut desk, &id).len(), 3);
}

#[test]
fn conversations_are_found_by_when_something_was_written() {
    let (mut desk, _) = written();
    let check = |desk: &mut Desk, from: &str, expected: u64| {
        let found = conversations(desk, &format!("&start_time={from}"));
        assert_eq!(found["total"], expected, "{from}");
    };
    check(&mut desk, "2026-11-22T12:00:00.000Z", 1);
    check(&mut desk, "2026-11-22T12:30:00.000Z", 0);
}

#[test]
fn what_ebay_does_not_take_is_refused_by_its_number() {
    let (mut desk, one) = written();
    let id = one["conversationId"].as_str().unwrap().to_owned();
    let list = |query: &str| format!("{MESSAGES}/conversation{query}");
    for (path, number) in [
        (list(""), 355_017),
        (list("?conversation_type=FROM_NOBODY"), 355_002),
        (list(&format!("?{OF_MEMBERS}&limit=51")), 355_009),
        (list(&format!("?{OF_MEMBERS}&limit=50&offset=7")), 355_008),
        (
            list(&format!("?{OF_MEMBERS}&start_time=yesterday")),
            355_005,
        ),
        (
            list(&format!("?{OF_MEMBERS}&conversation_status=NEW")),
            355_001,
        ),
        (list(&format!("?{OF_MEMBERS}&reference_id=12")), 355_022),
        (
            list(&format!("?{OF_MEMBERS}&other_party_username=nobody")),
            355_006,
        ),
        (list(&format!("/12?{OF_MEMBERS}")), 355_007),
    ] {
        assert_eq!(desk.get(&path).error(), number, "{path}");
    }
    let send = format!("{MESSAGES}/send_message");
    for (body, number) in [
        (json!({ "messageText": "Hello" }), 355_018),
        (json!({ "conversationId": id }), 355_015),
        (
            json!({ "conversationId": "12", "messageText": "Hello" }),
            355_007,
        ),
        (
            json!({ "conversationId": id, "messageText": "a".repeat(2_001) }),
            355_013,
        ),
        (
            json!({ "otherPartyUsername": "nobody", "messageText": "Hello" }),
            355_006,
        ),
        (
            json!({ "conversationId": id, "messageText": "Hello",
                "reference": { "referenceType": "LISTING", "referenceId": "1" } }),
            355_020,
        ),
        (
            json!({ "conversationId": id, "messageText": "Hello",
                "messageMedia": [{ "mediaName": "a", "mediaType": "IMAGE",
                    "mediaUrl": "http://images.example/a.jpg" }] }),
            355_014,
        ),
    ] {
        let told = body.to_string();
        assert_eq!(desk.post(&send, body).error(), number, "{told}");
    }
    let body = json!({ "conversationId": id, "conversationType": "FROM_MEMBERS" });
    let seen = desk.post(&format!("{MESSAGES}/update_conversation"), body);
    assert_eq!(seen.error(), 355_001);
    assert_eq!(
        conversations(&mut desk, "")["conversations"][0]["conversationId"],
        id.as_str()
    );
}
