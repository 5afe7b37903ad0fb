//! What buyers write on eBay reaches the catalogue, and what the seller answers stands there once.

use std::sync::Arc;
use std::time::Duration;

use barrow_engine::{NoFaults, PullOptions, PushOptions, Summary};
use barrow_model::{ConversationRowId, MessageState, OrderRowId, ProblemKind, Site};
use barrow_practice::{Fault, OrderRequestLine};
use barrow_store::{
    ConversationQuery, OrderFilter, ProblemQuery, StoredConversation, StoredMessage,
};
use barrow_tests::goods::{Goods, import, sku};
use barrow_tests::rig::{Rig, RigOptions};

const ALL: ConversationQuery = ConversationQuery {
    account_id: None,
    waiting: false,
    limit: 10,
};

async fn push(rig: &Rig) -> Summary {
    let options = PushOptions {
        accounts: Vec::new(),
        yes: true,
        patience: Duration::from_secs(86_400),
    };
    rig.engine.push(&options).await.expect("a push ends")
}

async fn pull(rig: &Rig) {
    let summary = rig.engine.pull(&PullOptions::default()).await;
    let summary = summary.expect("a pull ends");
    assert!(summary.accounts.iter().all(|account| account.is_complete()));
}

fn fault(rig: &Rig, name: &str, times: u32) {
    let fault = Fault {
        name: name.to_owned(),
        times,
    };
    rig.marketplaces.set_fault("ebay", fault).expect("a fault");
}

async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// A shop on practice eBay with one order, whose buyer has written about it.
async fn shop() -> (Rig, OrderRowId) {
    let rig = Rig::open(RigOptions::quiet(11), &["ebay"]);
    import(
        &rig.store,
        Goods {
            count: 2,
            price_cents: 2_000,
            quantity: 10,
        },
    );
    let (site, account) = (Site("EBAY_US".to_owned()), rig.accounts["ebay"]);
    rig.store
        .write(|tx| tx.add_listings_of_all(account, &site, ""))
        .expect("listings are added");
    push(&rig).await;
    fault(&rig, "buyer_writes", 1);
    let wanted = OrderRequestLine {
        sku: sku(0).to_string(),
        quantity: 2,
    };
    rig.marketplaces
        .place_order("ebay", &[wanted])
        .expect("it is for sale");
    pass(600).await;
    pull(&rig).await;
    let page = rig
        .store
        .read(|db| db.orders_page(&OrderFilter::default(), None, 10));
    let id = page.expect("orders can be read").orders[0].id;
    (rig, id)
}

fn conversations(rig: &Rig) -> Vec<StoredConversation> {
    rig.store
        .read(|db| db.conversations(&ALL))
        .expect("conversations")
}

fn only(rig: &Rig) -> StoredConversation {
    let mut found = conversations(rig);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn thread(rig: &Rig, id: ConversationRowId) -> Vec<StoredMessage> {
    rig.store.read(|db| db.messages(id)).expect("messages")
}

fn states(rig: &Rig, id: ConversationRowId) -> Vec<(bool, MessageState)> {
    let told = thread(rig, id).into_iter();
    told.map(|one| (one.mine, one.state)).collect()
}

fn calls(rig: &Rig, operation: &str) -> u64 {
    let held = rig.marketplaces.held().expect("kept in memory");
    held["ebay"].calls.get(operation).copied().unwrap_or(0)
}

async fn answer(rig: &Rig, text: &str) {
    let queued = rig.engine.answer_message(only(rig).id, text).await;
    queued.expect("asked").expect("queued");
}

const THEIRS: (bool, MessageState) = (false, MessageState::There);
const MINE: (bool, MessageState) = (true, MessageState::There);

#[tokio::test(start_paused = true)]
async fn what_a_buyer_writes_comes_with_the_orders_and_belongs_to_his() {
    let (rig, order) = shop().await;
    pull(&rig).await;
    let one = only(&rig);
    assert_eq!(one.conversation.unread, 1);
    assert_eq!(one.order.as_ref().map(|of| of.id), Some(order));
    assert_eq!(states(&rig, one.id), [THEIRS]);
    let of_order = rig.store.read(|db| db.order_conversations(order));
    assert_eq!(of_order.expect("read"), [one]);
    // What was read is read once: a thread without news costs no call.
    let before = calls(&rig, "getConversation");
    pull(&rig).await;
    assert_eq!(calls(&rig, "getConversation"), before);
}

#[tokio::test(start_paused = true)]
async fn an_answer_stands_there_once_though_nobody_heard_of_it() {
    // Of these the first three take effect, and the last three do not.
    for lost in [
        "lost_answer",
        "cut_body",
        "wrong_json",
        "timeout",
        "500",
        "html",
    ] {
        let (rig, _) = shop().await;
        let id = only(&rig).id;
        answer(&rig, "It leaves on Monday & comes on Friday.").await;
        let again = rig
            .engine
            .answer_message(id, " It leaves on Monday & comes on Friday. ")
            .await;
        let again = again.expect("asked").map_err(|problem| problem.kind);
        assert_eq!(again, Err(ProblemKind::MessageRefused), "one is on its way");
        fault(&rig, &format!("{lost}@sendMessage"), 1);
        push(&rig).await;
        pull(&rig).await;
        push(&rig).await;
        pull(&rig).await;
        assert_eq!(states(&rig, id), [THEIRS, MINE], "{lost}");
        let effect = ["lost_answer", "cut_body", "wrong_json"].contains(&lost);
        let sent = if effect { 1 } else { 2 };
        assert_eq!(calls(&rig, "sendMessage"), sent, "{lost}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_words_twice_stand_there_twice() {
    let (rig, _) = shop().await;
    let id = only(&rig).id;
    answer(&rig, "Thank you!").await;
    push(&rig).await;
    answer(&rig, "Thank you!").await;
    fault(&rig, "lost_answer@sendMessage", 1);
    push(&rig).await;
    pull(&rig).await;
    assert_eq!(states(&rig, id), [THEIRS, MINE, MINE]);
    assert_eq!(calls(&rig, "sendMessage"), 2);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_sent_when_the_program_ended_is_not_sent_again() {
    let (mut rig, _) = shop().await;
    let id = only(&rig).id;
    answer(&rig, "It leaves on Monday.").await;
    rig.restart(Arc::new(NoFaults));
    fault(&rig, "lost_answer@sendMessage", 1);
    let options = PushOptions {
        accounts: Vec::new(),
        yes: true,
        patience: Duration::ZERO,
    };
    rig.engine.push(&options).await.expect("a push ends");
    assert_eq!(states(&rig, id), [THEIRS, (true, MessageState::Unknown)]);
    rig.restart(Arc::new(NoFaults));
    pass(60).await;
    push(&rig).await;
    assert_eq!(calls(&rig, "sendMessage"), 1);
    assert_eq!(states(&rig, id), [THEIRS, MINE]);
}

#[tokio::test(start_paused = true)]
async fn what_was_read_here_is_read_there_and_the_other_way() {
    let (rig, _) = shop().await;
    let id = only(&rig).id;
    rig.store
        .write(|tx| tx.mark_conversation_read(id))
        .expect("marked");
    pull(&rig).await;
    assert_eq!(only(&rig).conversation.unread, 0);
    push(&rig).await;
    assert_eq!(calls(&rig, "updateConversation"), 1);
    pull(&rig).await;
    assert_eq!(only(&rig).conversation.unread, 0);
    // He writes again, and it is unread again.
    fault(&rig, "buyer_writes", 1);
    answer(&rig, "It leaves on Monday.").await;
    push(&rig).await;
    pass(600).await;
    pull(&rig).await;
    assert_eq!(only(&rig).conversation.unread, 1);
    assert_eq!(states(&rig, id), [THEIRS, MINE, THEIRS]);
}

#[tokio::test(start_paused = true)]
async fn what_a_buyer_wrote_since_stays_unread_though_the_rest_was_read_here() {
    let (rig, _) = shop().await;
    fault(&rig, "buyer_writes", 1);
    fault(&rig, "500@updateConversation", 9);
    answer(&rig, "It leaves on Monday.").await;
    push(&rig).await;
    // He writes again before eBay is told that his first words were read.
    pass(600).await;
    fault(&rig, "500@updateConversation", 0);
    push(&rig).await;
    pull(&rig).await;
    let one = only(&rig);
    // eBay was never told of his first words, and counts them with the others.
    assert_eq!(one.conversation.unread, 2);
    assert_eq!(states(&rig, one.id), [THEIRS, MINE, THEIRS]);
}

#[tokio::test(start_paused = true)]
async fn messages_that_cannot_be_read_leave_the_pull_whole() {
    let (rig, _) = shop().await;
    answer(&rig, "It leaves on Monday.").await;
    push(&rig).await;
    for name in ["500", "html", "wrong_json", "cut_body", "timeout"] {
        for operation in ["getConversations", "getConversation"] {
            fault(&rig, &format!("{name}@{operation}"), 9);
            pull(&rig).await;
            fault(&rig, &format!("{name}@{operation}"), 0);
        }
    }
    let problems = |rig: &Rig| {
        let query = ProblemQuery {
            account_id: None,
            kind: None,
            after: 0,
            limit: 10,
        };
        let found = rig.store.read(|db| db.problems(&query)).expect("problems");
        found.len()
    };
    assert_eq!(problems(&rig), 0, "it passes by itself");
    // A permission that is missing is told, and gone once it is there.
    fault(&rig, "forbidden@getConversations", 1);
    pull(&rig).await;
    assert_eq!(problems(&rig), 1);
    pull(&rig).await;
    assert_eq!(problems(&rig), 0);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_is_said_before() {
    let (rig, order) = shop().await;
    let id = only(&rig).id;
    let check = async |text: &str, expected: ProblemKind| {
        let queued = rig.engine.answer_message(id, text).await.expect("asked");
        assert_eq!(queued.map_err(|problem| problem.kind), Err(expected));
    };
    check("  \n", ProblemKind::MessageRefused).await;
    check(&"a".repeat(2_001), ProblemKind::TextTooLong).await;
    assert_eq!(states(&rig, id), [THEIRS]);
    // Words go with the buyer, and a later pull does not bring them back.
    rig.store
        .write(|tx| tx.erase_people(order))
        .expect("erased");
    pull(&rig).await;
    let one = only(&rig);
    assert!(one.erased_at.is_some() && one.conversation.buyer.is_none());
    assert_eq!(states(&rig, id), []);
}
