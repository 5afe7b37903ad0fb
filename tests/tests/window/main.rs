//! The real window, driven as a seller drives it: from the first start to an exported file, and on
//! after a power cut.
//!
//! What the marketplaces hold is read from them, never from the window. Start reading at the two
//! tests below; `seller.rs` is what a seller does, `shelves.rs` what is expected of marketplaces.

// Elsewhere the webview has no driver of its own.
#![cfg(target_os = "linux")]
#![allow(clippy::panic)] // Helpers of tests are tests too.

mod goods;
mod seller;
mod shelves;
mod words;

use std::path::{Path, PathBuf};
use std::time::Duration;

use barrow_tests::process::{Practice, Seller, Served};
use barrow_tests::window::{Program, Window};

use goods::{Goods, LineTold, QUANTITY, is_list_of_orders};
use seller::At;
use shelves::{MARKETPLACES, Shelves};

/// What takes a marketplace an hour takes it two seconds.
const PRACTICE: Practice<'static> = Practice {
    seed: 5,
    speed: 2_000,
    kill_at: None,
};

/// Goods of the shorter test: more than one batch of eBay's bulk calls, which take 25.
const FEW: u32 = 30;

/// A number whose form tells that USPS carries it.
const TRACKING: &str = "9400111899223100001234";

/// Longest time from a press of the button to the first call.
const BEGIN_WAIT: Duration = Duration::from_secs(180);

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_start_to_an_exported_file() {
    let Some(program) = Program::find() else {
        return;
    };
    let (seller, goods) = (Seller::open(), Goods::of_the_catalogue());
    let served = Served::start(seller.path(), PRACTICE);
    let window = Window::open(&program, seller.path()).await;
    let at = At::new(&window);
    let story = async {
        at.first_start().await;
        assert_eq!(Shelves::of(&served).count(), 0, "nothing is listed yet");

        at.import(&goods).await;
        at.list_on_every_account(goods.count()).await;
        let planned = at.plan().await;
        at.push().await;
        let published = Shelves::of(&served);
        published.are_of(&goods);
        assert!(published.count() <= planned, "nothing beside the plan");
        let missing = goods.count() * MARKETPLACES.len() - published.live();
        assert_eq!(
            at.problems().await,
            missing,
            "each that is not for sale is told"
        );

        let [letter, box_] = published.two_everywhere(&goods);
        let dearer = goods.dearer(&letter);
        at.set_price(&letter, &dearer.to_string()).await;
        at.set_stock(&box_, "17").await;
        assert_eq!(at.plan().await, 2 * MARKETPLACES.len());
        at.push().await;
        let edited = published.repriced(&letter, dearer).restocked(&box_, 17);
        Shelves::of(&served).show_the_same_as(&edited, "the two edits, and nothing else");

        let sent = served.order("ebay", &[(&letter, 2)]);
        let kept = served.order("walmart", &[(&box_, 1)]);
        at.pull_orders(&[&sent, &kept]).await;
        at.ship(&sent, TRACKING).await;
        at.sync().await;
        let sold = edited
            .restocked(&letter, QUANTITY - 2)
            .restocked(&box_, 17 - 1);
        let shelves = Shelves::of(&served);
        shelves.show_the_same_as(&sold, "what was sold is gone everywhere");
        shelves.shipped(&sent, TRACKING);
        shelves.not_shipped(&kept);

        let file = at.export_orders(2).await;
        let line = |order, sku, quantity, shipped, tracking| LineTold {
            order,
            sku,
            quantity,
            shipped,
            tracking,
        };
        let expected = [
            line(&sent, &letter, "2", "2", TRACKING),
            line(&kept, &box_, "1", "0", ""),
        ];
        is_list_of_orders(&file, &expected);
    };
    window
        .save_what_is_seen_if_it_fails(&place("story"), story)
        .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_power_cut_in_a_push_all_goes_on_and_nothing_is_sent_twice() {
    let Some(program) = Program::find() else {
        return;
    };
    let (seller, goods) = (Seller::open(), Goods::made_up(FEW));
    let served = Served::start(seller.path(), PRACTICE);
    let everything = goods.count() * MARKETPLACES.len();

    let window = Window::open(&program, seller.path()).await;
    let at = At::new(&window);
    let begun = async {
        at.first_start().await;
        at.import(&goods).await;
        at.list_on_every_account(goods.count()).await;
        assert_eq!(at.plan().await, everything);
        at.begin_push().await;
        let shelves = Shelves::until(&served, BEGIN_WAIT, Shelves::have_begun).await;
        assert!(shelves.live() < everything, "it is over already");
    };
    window
        .save_what_is_seen_if_it_fails(&place("power-cut"), begun)
        .await;
    window.cut_power(seller.path());

    let window = Window::open(&program, seller.path()).await;
    let at = At::new(&window);
    let over = async {
        at.home().await;
        at.sync().await;
        let shelves = Shelves::of(&served);
        shelves.are_of(&goods);
        assert_eq!(shelves.live(), everything);
        shelves.took_each_feed_once();
    };
    window
        .save_what_is_seen_if_it_fails(&place("power-back"), over)
        .await;
    window.close().await;
}

/// Where a picture of a failure is kept.
fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("window")
        .join(name)
}
