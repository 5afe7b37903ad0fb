//! What a seller does in the window, step by step. Every step ends when its result is seen.

use std::cell::Cell;
use std::path::PathBuf;
use std::time::Duration;

use barrow_tests::window::Window;
use fantoccini::elements::Element;
use fantoccini::key::Key;

use crate::goods::Goods;
use crate::words::{around, number, told, word};

/// How long marketplaces may take for what was sent to them, on a machine that is kept busy by
/// others as well.
const ANSWERED: Duration = Duration::from_secs(600);

/// Times that a seller asks again for what still waits.
const SYNCS_MAX: u32 = 10;

/// Looks, 50 ms apart, before clicks are taken for lost.
const LOOKS_A_TRY: u32 = 60;

/// The practice accounts, as the window names them.
const ACCOUNTS: [&str; 4] = ["eBay", "Amazon", "Walmart", "Newegg"];

/// A seller at a window.
pub(crate) struct At<'a> {
    window: &'a Window,
}

impl<'a> At<'a> {
    pub(crate) fn new(window: &'a Window) -> Self {
        Self { window }
    }

    /// The newcomer's one click, for goods of their own.
    pub(crate) async fn first_start(&self) {
        self.window.click(&button("English")).await;
        let sample = format!(
            "//label[contains(normalize-space(.), {})]",
            quoted(&word("start_sample"))
        );
        self.window.click(&sample).await;
        self.window.click(&button(&word("start_try_do"))).await;
        self.home().await;
    }

    /// Where a seller with accounts begins.
    pub(crate) async fn home(&self) {
        let home = heading(&word("frame_home"));
        let look = async || self.window.find(&home).await;
        self.window.until_within(ANSWERED, "Home", look).await;
    }

    /// Brings the file in, with the cells filled that it leaves blank.
    pub(crate) async fn import(&self, goods: &Goods) {
        self.go("frame_import").await;
        let path = self.window.see(&input(&word("import_path"))).await;
        let file = goods.file.display().to_string();
        path.send_keys(&file).await.expect("a path can be typed");
        self.window.click(&button(&word("import_path_open"))).await;
        let count = number(goods.count());
        let apply = button(&told("import_apply_rows", &[("count", &count)]));
        self.window.see(&apply).await;
        for (field, value) in goods.blanks {
            self.fill_blanks(&word(field), value).await;
            self.window.see(&apply).await;
        }
        self.window.click(&apply).await;
        self.window.see(&button(&word("import_to_products"))).await;
    }

    /// One value for all cells of a field that are blank.
    async fn fill_blanks(&self, field: &str, value: &str) {
        self.window.click(&button(&word("import_blanks_add"))).await;
        let option = format!("//*[@role='option'][normalize-space(.)={}]", quoted(field));
        self.window.click_in_list(&option).await;
        let label = format!("//label[normalize-space(.)={}]", quoted(field));
        let typed = format!("{value}{}", char::from(Key::Enter));
        let field = format!("{label}/following-sibling::input");
        let fill = async || self.window.find(&field).await?.send_keys(&typed).await.ok();
        self.window.until("the new field is filled", fill).await;
        // A line that was added can be removed again.
        self.window
            .see(&format!("{label}/following-sibling::div//button"))
            .await;
    }

    /// Chooses everything in the list of products, and lists it on each account.
    pub(crate) async fn list_on_every_account(&self, count: usize) {
        self.go("frame_products").await;
        self.window.see("//*[@role='gridcell']").await;
        let all = format!(
            "//*[@role='checkbox'][@aria-label={}]",
            quoted(&word("grid_choose_all"))
        );
        self.window.click(&all).await;
        for marketplace in ACCOUNTS {
            let account = told("practice_account", &[("marketplace", marketplace)]);
            let count = number(count);
            let listed = notice(&told(
                "products_listed_on",
                &[("count", &count), ("account", &account)],
            ));
            let menu = button(&word("products_list_on"));
            self.choose(&menu, &account).await;
            let list = button(&told("list_do", &[("count", &count)]));
            self.window.click(&list).await;
            self.window.see(&listed).await;
        }
    }

    /// Looks at what a push would send. Answers how many changes that is.
    pub(crate) async fn plan(&self) -> usize {
        self.go("frame_sync").await;
        let (before, behind) = around("sync_send", "count");
        let place = send_button();
        let read = async || {
            let text = self.window.text(&place).await?;
            let count = text.trim().strip_prefix(&before)?.strip_suffix(&behind)?;
            count.replace(',', "").parse().ok()
        };
        self.window
            .until("how many changes would be sent", read)
            .await
    }

    /// Sends what was planned, and waits until every change is answered.
    pub(crate) async fn push(&self) {
        self.begin_push().await;
        self.settle().await;
    }

    /// Presses the button, and looks no further.
    pub(crate) async fn begin_push(&self) {
        self.window.click(&send_button()).await;
    }

    /// Orders in, changes out, until nothing waits for an answer.
    pub(crate) async fn sync(&self) {
        self.window.click(&sync_button()).await;
        self.go("frame_sync").await;
        self.settle().await;
    }

    /// Waits until nothing runs; asks again as long as something waits for an answer.
    async fn settle(&self) {
        let sent = format!(
            "//h2[normalize-space(.)={}]",
            quoted(&word("sync_all_sent"))
        );
        let waiting = format!(
            "//*[@role='tab'][starts-with(normalize-space(.), {})][.//*]",
            quoted(&word("sync_waiting"))
        );
        for _ in 0..SYNCS_MAX {
            let over = async || {
                self.window.find(&sent).await?;
                self.window.find(&sync_button()).await
            };
            self.window
                .until_within(ANSWERED, "everything is sent", over)
                .await;
            if self.window.find(&waiting).await.is_none() {
                return;
            }
            self.window.click(&sync_button()).await;
        }
        panic!("something waits for ever");
    }

    /// How many listings need a person.
    pub(crate) async fn problems(&self) -> usize {
        self.go("frame_listings").await;
        let title = word("listings_problems");
        let tab = format!(
            "//*[@role='tab'][starts-with(normalize-space(.), {})]",
            quoted(&title)
        );
        let read = async || {
            let text = self.window.text(&tab).await?;
            text.trim()
                .strip_prefix(&title)?
                .trim()
                .replace(',', "")
                .parse()
                .ok()
        };
        self.window.until("how many have problems", read).await
    }

    /// Edits a price where it stands.
    pub(crate) async fn set_price(&self, sku: &str, price: &str) {
        self.edit(sku, "products_price", price).await;
    }

    /// Edits a stock where it stands.
    pub(crate) async fn set_stock(&self, sku: &str, units: &str) {
        self.edit(sku, "products_on_hand", units).await;
    }

    async fn edit(&self, sku: &str, column: &str, value: &str) {
        self.go("frame_products").await;
        let search = input(&word("products_search"));
        self.window.click(&search).await;
        self.window.choose_all().await;
        self.window.type_text(sku).await;
        let row = format!(
            "//*[@role='row'][*[@role='gridcell'][normalize-space(.)={}]]",
            quoted(sku)
        );
        let first = format!("{row}[@aria-rowindex='2']");
        self.window.see(&first).await;
        let title = word(column);
        let head = format!(
            "//*[@role='columnheader'][starts-with(normalize-space(.), {})]",
            quoted(&title)
        );
        let place = self.window.see(&head).await.attr("aria-colindex").await;
        let place = place.ok().flatten().expect("a column has a place");
        let cell = format!("{first}/*[@aria-colindex='{place}']");
        self.open_with(&cell, &input(&title)).await;
        self.window.choose_all().await;
        self.window.type_text(value).await;
        self.window.press(Key::Enter).await;
        let kept = async || {
            let closed = self.window.find(&input(&title)).await.is_none();
            let shown = self.window.text(&cell).await?;
            (closed && shown.trim() == value).then_some(())
        };
        self.window
            .until("the list shows what was typed", kept)
            .await;
    }

    /// Fetches orders until these are there and can be shipped.
    pub(crate) async fn pull_orders(&self, orders: &[&str]) {
        self.go("frame_orders").await;
        for order in orders {
            let row = order_row(order);
            let look = async || {
                if self.window.find(&row).await.is_some() {
                    return Some(());
                }
                self.window.find(&sync_button()).await?;
                self.choose(
                    &button_named(&word("frame_more_sync")),
                    &word("frame_pull_now"),
                )
                .await;
                // The answer may take a moment to be shown.
                self.window.see(&sync_button()).await;
                None
            };
            self.window.until_within(ANSWERED, order, look).await;
        }
    }

    /// Marks an order as shipped under a tracking number, whose form tells the carrier.
    pub(crate) async fn ship(&self, order: &str, tracking: &str) {
        self.go("frame_orders").await;
        let field = self
            .open_with(&order_row(order), &input(&word("orders_tracking")))
            .await;
        field
            .send_keys(tracking)
            .await
            .expect("a number can be typed");
        self.window.press(Key::Enter).await;
        let (_, behind) = around("orders_ship_queued", "order");
        let behind = behind.split("{").next().unwrap_or_default().to_owned();
        self.notice(&format!("{order}{behind}")).await;
    }

    /// Exports all orders. Answers the file that the notice names.
    pub(crate) async fn export_orders(&self, count: usize) -> PathBuf {
        self.go("frame_orders").await;
        self.choose(&button(&word("orders_export")), &word("orders_export_csv"))
            .await;
        let text = word("orders_exported").replace("{count}", &number(count));
        let (before, behind) = text.split_once("{file}").expect("it names the file");
        let notice = notice(before);
        let read = async || {
            let text = self.window.text(&notice).await?;
            let file = text.trim().strip_prefix(before)?.strip_suffix(behind)?;
            Some(PathBuf::from(file))
        };
        let file = self.window.until("where the file is", read).await;
        assert_eq!(
            file.parent(),
            Some(self.window.downloads().as_path()),
            "{file:?}"
        );
        file
    }

    async fn go(&self, place: &str) {
        let title = word(place);
        let link = format!("//nav//a[.//*[normalize-space(text())={}]]", quoted(&title));
        self.window.click(&link).await;
        self.window.see(&heading(&title)).await;
    }

    /// Clicks twice on a place until that opens something: a list that is just being read again
    /// may move on under the first clicks. Between two tries it looks for a while, since the same
    /// clicks on what opens slowly would close it.
    async fn open_with(&self, place: &str, opened: &str) -> Element {
        let looks = Cell::new(0_u32);
        let open = async || {
            if let Some(opened) = self.window.find(opened).await {
                return Some(opened);
            }
            if looks.get().is_multiple_of(LOOKS_A_TRY) {
                self.window.double_click(place).await;
            }
            looks.set(looks.get() + 1);
            None
        };
        self.window.until(opened, open).await
    }

    /// Chooses from a menu.
    async fn choose(&self, menu: &str, item: &str) {
        let item = format!("//*[@role='menuitem'][normalize-space(.)={}]", quoted(item));
        let choose = async || {
            if let Some(item) = self.window.find(&item).await {
                return item.click().await.ok();
            }
            let menu = self.window.find(menu).await?;
            // A click may have come before the menu listens.
            if menu.attr("aria-expanded").await.ok()?.as_deref() == Some("false") {
                menu.click().await.ok()?;
            }
            None
        };
        self.window.until(&item, choose).await;
        let closed = async || {
            let open = self.window.find("//*[@role='menu']").await.is_some();
            (!open).then_some(())
        };
        self.window.until("the menu is closed", closed).await;
    }

    async fn notice(&self, text: &str) {
        self.window.see(&notice(text)).await;
    }
}

fn heading(title: &str) -> String {
    format!("//h1[normalize-space(.)={}]", quoted(title))
}

/// A button that can be pressed, by what it says first, or by its name.
fn button(word: &str) -> String {
    let word = quoted(word);
    format!(
        "//button[not(@disabled)][starts-with(normalize-space(.), {word}) or @aria-label={word}]"
    )
}

fn button_named(name: &str) -> String {
    format!("//button[not(@disabled)][@aria-label={}]", quoted(name))
}

/// The button in the frame; it cannot be pressed while anything runs.
fn sync_button() -> String {
    let title = quoted(&word("frame_sync_now"));
    format!("//button[not(@disabled)][starts-with(@title, {title})]")
}

/// The button that sends the plan.
fn send_button() -> String {
    let (before, _) = around("sync_send", "count");
    format!(
        "//main//button[starts-with(normalize-space(.), {})]",
        quoted(before.trim())
    )
}

fn input(label: &str) -> String {
    format!("//input[@aria-label={}]", quoted(label))
}

/// What lies above everything and says what was done.
fn notice(beginning: &str) -> String {
    let region = quoted(&word("frame_notices"));
    let text = quoted(beginning.trim());
    format!("//section[@aria-label={region}]//span[starts-with(normalize-space(.), {text})]")
}

fn order_row(order: &str) -> String {
    format!(
        "//*[@role='row']/*[@role='gridcell'][contains(., {})]",
        quoted(order)
    )
}

/// A text as XPath writes it, which has no way to write both kinds of quotes.
fn quoted(text: &str) -> String {
    assert!(!text.contains('"'), "{text}");
    format!("\"{text}\"")
}
