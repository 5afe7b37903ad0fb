//! `barrow messages` where nobody has written; what is written and answered is tried against
//! practice eBay in `tests/messages.rs`.

use serde_json::json;

use crate::barrow::Shop;

#[test]
fn without_messages_the_list_is_empty_and_says_so() {
    let shop = Shop::new();
    let none = json!({"conversations": [], "total": 0, "waiting": 0});
    assert_eq!(shop.json(&["messages"]), none);
    assert_eq!(shop.json(&["messages", "--waiting"]), none);
    let told = shop.run(&["messages"]).done().out;
    assert!(told.contains("no such conversations"), "{told}");
}

#[test]
fn what_is_not_there_is_not_answered() {
    let shop = Shop::new();
    for arguments in [
        &["messages", "show", "7"][..],
        &["messages", "read", "7"],
        &["messages", "answer", "7", "--text", "Yes."],
        &["messages", "take-back", "7"],
    ] {
        let run = shop.run(&[arguments, &["--json"]].concat());
        assert_eq!((run.status, run.error().as_str()), (1, "not_found"));
    }
    // The text may come on standard input.
    let run = shop.run_given("Yes.", &["messages", "answer", "7", "--json"]);
    assert_eq!((run.status, run.error().as_str()), (1, "not_found"));
}
