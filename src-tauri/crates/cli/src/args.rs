//! The words of the command line.

mod account;
mod case;
mod image;
mod listing;
mod message;

use std::path::PathBuf;

use barrow_model::{CancelReason, RefundReason};
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::account::AccountCommand;
pub(crate) use self::case::{AnswerArgs, AnswerWith, CasesArgs, CasesCommand, EvidenceOf};
pub(crate) use self::image::ImageCommand;
pub(crate) use self::listing::ListingCommand;
pub(crate) use self::message::{MessagesArgs, MessagesCommand};

/// Lists a shop's catalogue on marketplaces, keeps prices and stock right, and brings all orders
/// into one list.
#[derive(Debug, Parser)]
#[command(
    name = "barrow",
    version,
    propagate_version = true,
    after_help = "Exit status: 0 done; 1 failed; 2 bad usage; 3 done in part.\n\
        Try it without signing up anywhere: barrow demo"
)]
pub(crate) struct Cli {
    /// The folder of the catalogue; the system's folder for application data if not given.
    #[arg(long, global = true, value_name = "DIR", env = "BARROW_DATA")]
    pub(crate) data: Option<PathBuf>,
    /// Print one JSON document on standard output and nothing else there.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Accounts: your logins at marketplaces.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Import a catalogue file (CSV of Shopify, WooCommerce or a plain table).
    #[command(
        after_help = "Example:\n  barrow import supplier.csv --map \"Item no.=sku\" \
        --default quantity=10 --preview\n\nFields: handle sku title description brand category \
        tags gtin mpn asin condition weight length width height cost price compare_at quantity \
        location images variant_images currency parts; also option:NAME, attribute:NAME, ignore."
    )]
    Import(ImportArgs),
    /// Show what was imported.
    #[command(after_help = "Example:\n  barrow imports --json")]
    Imports,
    /// Undo an import, or the last edit: the values from before come back, except where a later
    /// change has replaced them.
    #[command(after_help = "Examples:\n  barrow undo 3\n  barrow undo")]
    Undo {
        /// The import's number, as `barrow imports` shows it; the last edit if not given.
        id: Option<i64>,
    },
    /// Show products.
    #[command(after_help = "Example:\n  barrow products --search \"speaker\" --limit 20")]
    Products(ProductsArgs),
    /// Change fields of a SKU.
    #[command(after_help = "Example:\n  barrow set MUG-BLUE price=12.90 title=\"Blue mug\"")]
    Set {
        /// The SKU.
        sku: String,
        /// What to change; an empty value empties the field.
        #[arg(required = true, value_name = "field=value")]
        fields: Vec<String>,
    },
    /// Make a product, or a copy of one.
    #[command(
        after_help = "Examples:\n  barrow new MUG-RED title=\"Red mug\" price=12.90 quantity=4\n  \
        barrow new MUG-GREEN --copy-of MUG-BLUE title=\"Green mug\""
    )]
    New {
        /// The new SKU.
        sku: String,
        /// Its fields; a title at least, unless it is a copy.
        #[arg(value_name = "field=value")]
        fields: Vec<String>,
        /// Take everything else from this SKU, but for its stock and its barcode.
        #[arg(long, value_name = "SKU")]
        copy_of: Option<String>,
    },
    /// Remove products from the catalogue, or show whether they can be. Undo brings them back.
    #[command(after_help = "Example:\n  barrow remove MUG-RED MUG-GREEN --preview")]
    Remove {
        /// The SKUs.
        #[arg(required = true)]
        skus: Vec<String>,
        /// Show what would be removed, and remove nothing.
        #[arg(long)]
        preview: bool,
    },
    /// Images of products that are files on this computer.
    #[command(subcommand)]
    Image(ImageCommand),
    /// Count or correct the stock of a SKU.
    #[command(after_help = "Examples:\n  barrow stock MUG-BLUE --set 12\n  \
        barrow stock MUG-BLUE --add -1 --reason \"broken\"")]
    Stock(StockArgs),
    /// Listings: what is sold where.
    #[command(subcommand)]
    Listing(ListingCommand),
    /// Show listings.
    #[command(after_help = "Example:\n  barrow listings --account my-ebay --state refused")]
    Listings(ListingsArgs),
    /// Show what a push would send, without sending anything.
    #[command(after_help = "Examples:\n  barrow plan my-ebay\n  \
        barrow plan --lines --search MUG --at 1000 --json")]
    Plan {
        /// Only for these accounts; all if none is named.
        accounts: Vec<String>,
        /// Line by line, a page at a time.
        #[arg(long)]
        lines: bool,
        /// Only lines of SKUs that hold this.
        #[arg(long, value_name = "TEXT", requires = "lines")]
        search: Option<String>,
        /// From this line on, counted from 0.
        #[arg(long, value_name = "N", requires = "lines", default_value_t = 0)]
        at: u64,
        /// How many lines.
        #[arg(long, value_name = "N", requires = "lines", default_value_t = 200,
            value_parser = clap::value_parser!(u16).range(1..=1000))]
        limit: u16,
    },
    /// Send what is new or has changed.
    #[command(after_help = "Example:\n  barrow push my-ebay --yes")]
    Push {
        /// Only to these accounts; all if none is named.
        accounts: Vec<String>,
        /// Say yes to changes that are held because they move too much.
        #[arg(long)]
        yes: bool,
    },
    /// Download orders.
    #[command(after_help = "Example:\n  barrow pull --since 2026-11-01")]
    Pull {
        /// Only from these accounts; all if none is named.
        accounts: Vec<String>,
        /// Read again from this day (YYYY-MM-DD, or an instant such as 2026-11-01T12:00:00Z).
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
    },
    /// Show orders, newest first.
    #[command(after_help = "Example:\n  barrow orders --state to_ship --json")]
    Orders(OrdersArgs),
    /// Show what buyers ask for after the sale, what must be answered first at the top.
    #[command(after_help = "Examples:\n  barrow cases\n  \
        barrow cases --order my-ebay/13-14786-65872\n  \
        barrow cases answer my-ebay 5300000001 approve")]
    Cases(CasesArgs),
    /// Show what buyers wrote, what was written last first.
    #[command(
        after_help = "Examples:\n  barrow messages --waiting\n  barrow messages show 12\n  \
        barrow messages answer 12 --text \"It leaves on Monday.\""
    )]
    Messages(MessagesArgs),
    /// Say that goods have left, so that the marketplace and the buyer learn the tracking number.
    #[command(
        after_help = "Example:\n  barrow ship my-ebay/13-14786-65872 --carrier USPS \
        --tracking 9400111899223100001234"
    )]
    Ship(ShipArgs),
    /// Take back shipments of an order that were not told to the marketplace yet.
    #[command(after_help = "Example:\n  barrow take-back my-ebay/13-14786-65872")]
    TakeBack {
        /// ACCOUNT/ID, or ID where it is unique.
        order: String,
        /// Only this one, as `barrow orders --json` shows it.
        #[arg(long, value_name = "ID")]
        shipment: Option<String>,
    },
    /// Erase name, address and note of an order's buyer and what was written with him, for good.
    #[command(after_help = "Example:\n  barrow erase my-ebay/13-14786-65872 --yes")]
    Erase {
        /// ACCOUNT/ID, or ID where it is unique.
        order: String,
        /// It is meant: what is erased cannot be brought back.
        #[arg(long)]
        yes: bool,
    },
    /// Cancel an order, or lines of it.
    #[command(
        after_help = "Examples:\n  barrow cancel 2577453162650 --reason out_of_stock\n  \
        barrow cancel my-ebay/13-14786-65872 --reject"
    )]
    Cancel(CancelArgs),
    /// Give money back for an order.
    #[command(
        after_help = "Example:\n  barrow refund my-walmart/2577453162650 --amount 5.00 \
        --reason adjustment"
    )]
    Refund(RefundArgs),
    /// Say which of your SKUs an order line is.
    #[command(
        after_help = "Example:\n  barrow match my-ebay/13-14786-65872 --line 1001 \
        --sku MUG-BLUE"
    )]
    Match {
        /// ACCOUNT/ID, or ID where it is unique.
        order: String,
        /// The line, as `barrow orders --json` shows it.
        #[arg(long)]
        line: String,
        /// Your SKU.
        #[arg(long)]
        sku: String,
    },
    /// Show what needs a person.
    #[command(after_help = "Example:\n  barrow problems --json")]
    Problems {
        /// Only of this account.
        #[arg(long)]
        account: Option<String>,
    },
    /// Show what became of changes: wanted, sent, answered, seen.
    #[command(after_help = "Example:\n  barrow receipts MUG-BLUE")]
    Receipts {
        /// Only of this SKU.
        sku: Option<String>,
    },
    /// Order records that could not be read.
    #[command(subcommand)]
    Quarantine(QuarantineCommand),
    /// Write products, listings, stock or orders to a file.
    #[command(after_help = "Example:\n  barrow export orders --format csv --out orders.csv")]
    Export(ExportArgs),
    /// Download orders, then send what has changed.
    #[command(after_help = "Example:\n  barrow sync --watch")]
    Sync {
        /// Go on until stopped, with a line for each run.
        #[arg(long)]
        watch: bool,
        /// Say yes to changes that are held because they move too much.
        #[arg(long)]
        yes: bool,
        /// With --watch: minutes between two runs.
        #[arg(long, value_name = "MINUTES", default_value_t = 5,
            value_parser = clap::value_parser!(u32).range(1..=1440))]
        every: u32,
    },
    /// Serve practice marketplaces on this computer until stopped.
    #[command(after_help = "Example:\n  barrow practice --port 8700 --speed 60 --json")]
    Practice(PracticeArgs),
    /// The whole job on practice marketplaces, in a fresh folder among the system's temporary ones.
    #[command(after_help = "Examples:\n  barrow demo\n  barrow demo products.csv \
        --default quantity=5 --json")]
    Demo(DemoArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The file.
    pub(crate) file: PathBuf,
    /// Take what was kept under this name, and keep what --map and --default say under it.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// What a column holds.
    #[arg(long = "map", value_name = "Column=field")]
    pub(crate) map: Vec<String>,
    /// What a blank cell is taken for.
    #[arg(long = "default", value_name = "field=value")]
    pub(crate) defaults: Vec<String>,
    /// What the file is written in, where Barrow takes it for something else: utf8, windows1252,
    /// windows1250, windows1251, utf16_le, utf16_be, big5, gb18030, shift_jis or euc_kr.
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,
    /// What separates the cells, where Barrow takes something else for it: "," ";" "|" or tab.
    #[arg(long, value_name = "MARK")]
    pub(crate) delimiter: Option<String>,
    /// Currency of prices that do not name one; that of the catalogue if not given, else USD.
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Show what would change, and change nothing.
    #[arg(long)]
    pub(crate) preview: bool,
    /// Write refused rows to this file, to correct and import again.
    #[arg(long, value_name = "FILE")]
    pub(crate) errors: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ProductsArgs {
    /// Part of a title, SKU, brand, barcode number or part number.
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// How many to show, 1 to 1000; 50 if not given, with --json 1000.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: Option<u32>,
    /// Show those after this SKU.
    #[arg(long, value_name = "SKU")]
    pub(crate) after: Option<String>,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("how").required(true))]
pub(crate) struct StockArgs {
    /// The SKU.
    pub(crate) sku: String,
    /// So many were counted.
    #[arg(long, value_name = "N", group = "how")]
    pub(crate) set: Option<i64>,
    /// So many came, or with a minus went.
    #[arg(long, value_name = "N", group = "how", allow_negative_numbers = true)]
    pub(crate) add: Option<i64>,
    /// Where; the default location if not given.
    #[arg(long, value_name = "L")]
    pub(crate) location: Option<String>,
    /// Why, for the ledger.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ListingsArgs {
    /// Only of this account.
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// Only in this state: new, publishing, live, paused, ending, ended or refused.
    #[arg(long)]
    pub(crate) state: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct OrdersArgs {
    /// Only in this state: pending, to_ship, partly_shipped, shipped, delivered, cancelled or
    /// unknown.
    #[arg(long)]
    pub(crate) state: Option<String>,
    /// Only of this account.
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// Only those placed on this day or later.
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Only those with these words in number, SKUs, titles, or the buyer's name, user name or
    /// e-mail.
    #[arg(long, value_name = "WORDS")]
    pub(crate) search: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ShipArgs {
    /// ACCOUNT/ID, or ID where it is unique.
    pub(crate) order: String,
    /// The carrier, such as USPS, UPS or DHL.
    #[arg(long, required_unless_present = "untracked")]
    pub(crate) carrier: Option<String>,
    /// The tracking number.
    #[arg(long, required_unless_present = "untracked")]
    pub(crate) tracking: Option<String>,
    /// It leaves without carrier and tracking number, where the marketplace takes it so. There is
    /// no proof then that it was sent.
    #[arg(long, conflicts_with_all = ["carrier", "tracking", "tracking_url"])]
    pub(crate) untracked: bool,
    /// Ship although the buyer has not paid.
    #[arg(long)]
    pub(crate) unpaid: bool,
    /// A page on which the buyer can follow it.
    #[arg(long, value_name = "URL")]
    pub(crate) tracking_url: Option<String>,
    /// Only so many of a line; everything that is open if not given.
    #[arg(long = "line", value_name = "LINE=QTY")]
    pub(crate) lines: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CancelArgs {
    /// ACCOUNT/ID, or ID where it is unique.
    pub(crate) order: String,
    /// Why.
    #[arg(long, default_value = "out_of_stock")]
    pub(crate) reason: CancelBecause,
    /// Only so many of a line; everything that is open if not given.
    #[arg(long = "line", value_name = "LINE=QTY")]
    pub(crate) lines: Vec<String>,
    /// Do not agree to the buyer's wish to cancel.
    #[arg(long, conflicts_with_all = ["lines", "reason"])]
    pub(crate) reject: bool,
}

/// Why the seller cancels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum CancelBecause {
    BuyerAsked,
    OutOfStock,
    PriceError,
    AddressProblem,
}

impl From<CancelBecause> for CancelReason {
    fn from(because: CancelBecause) -> Self {
        match because {
            CancelBecause::BuyerAsked => Self::BuyerAsked,
            CancelBecause::OutOfStock => Self::OutOfStock,
            CancelBecause::PriceError => Self::PriceError,
            CancelBecause::AddressProblem => Self::AddressProblem,
        }
    }
}

/// Why the seller gives money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum RefundBecause {
    BuyerCancelled,
    SellerCancelled,
    NotReceived,
    Returned,
    NotAsDescribed,
    Adjustment,
}

impl From<RefundBecause> for RefundReason {
    fn from(because: RefundBecause) -> Self {
        match because {
            RefundBecause::BuyerCancelled => Self::BuyerCancelled,
            RefundBecause::SellerCancelled => Self::SellerCancelled,
            RefundBecause::NotReceived => Self::NotReceived,
            RefundBecause::Returned => Self::Returned,
            RefundBecause::NotAsDescribed => Self::NotAsDescribed,
            RefundBecause::Adjustment => Self::Adjustment,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct RefundArgs {
    /// ACCOUNT/ID, or ID where it is unique.
    pub(crate) order: String,
    /// How much, in the order's currency; all of it if not given.
    #[arg(long)]
    pub(crate) amount: Option<String>,
    /// Only for this line.
    #[arg(long)]
    pub(crate) line: Option<String>,
    /// Why.
    #[arg(long, default_value = "adjustment")]
    pub(crate) reason: RefundBecause,
    /// Words for the buyer.
    #[arg(long)]
    pub(crate) comment: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum QuarantineCommand {
    /// Show records that wait.
    #[command(after_help = "Example:\n  barrow quarantine list")]
    List,
    /// Read them again, as after an update.
    #[command(after_help = "Example:\n  barrow quarantine retry")]
    Retry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    Products,
    Listings,
    Stock,
    Orders,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Csv,
    Json,
    Xlsx,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// What to write.
    pub(crate) what: What,
    /// In which form; csv if not given, json with --json and without --out.
    #[arg(long)]
    pub(crate) format: Option<Format>,
    /// The file; standard output if not given.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PracticeArgs {
    /// The port of the first marketplace; the others follow.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,
    /// What is left to chance derives from it.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Shortens delays and rate windows so many times.
    #[arg(long, value_name = "N", default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) speed: u32,
    /// Orders that arrive by themselves in an hour of their time.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) orders: u32,
    /// Faults to switch on, as NAME or MARKETPLACE:NAME, with commas between.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) faults: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// A catalogue file of your own; a sample of ours if not given.
    pub(crate) file: Option<PathBuf>,
    /// What a blank cell of the file is taken for.
    #[arg(long = "default", value_name = "field=value")]
    pub(crate) defaults: Vec<String>,
}
