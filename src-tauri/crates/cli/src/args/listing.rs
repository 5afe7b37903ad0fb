//! The words of `barrow listing`.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum ListingCommand {
    /// List SKUs on an account; they are sent with the next push.
    #[command(after_help = "Examples:\n  barrow listing add my-ebay --all\n  \
        barrow listing add my-ebay --sku MUG-BLUE --sku MUG-RED")]
    #[command(group = clap::ArgGroup::new("which").required(true))]
    Add {
        /// The account.
        account: String,
        /// The country site, in the marketplace's words; the account's own if not given.
        #[arg(long)]
        site: Option<String>,
        /// Everything that is not listed there yet.
        #[arg(long, group = "which")]
        all: bool,
        /// This SKU; may be given again.
        #[arg(long, group = "which", num_args = 1..)]
        sku: Vec<String>,
        /// List each variant alone, also where variants can be shown as one listing.
        #[arg(long)]
        alone: bool,
    },
    /// Show the variants of products as one listing where the marketplace can, as it is by default.
    #[command(after_help = "Example:\n  barrow listing together my-ebay SHIRT-RED-M")]
    Together {
        /// The account.
        account: String,
        /// One SKU there of each product.
        #[arg(required = true)]
        skus: Vec<String>,
    },
    /// List each variant of products alone.
    #[command(after_help = "Example:\n  barrow listing alone my-ebay SHIRT-RED-M")]
    Alone {
        /// The account.
        account: String,
        /// One SKU there of each product.
        #[arg(required = true)]
        skus: Vec<String>,
    },
    /// Set title, price, quantity, category … for one listing alone.
    #[command(
        after_help = "Example:\n  barrow listing set my-ebay MUG-BLUE price=14.90 \
        category=20625"
    )]
    Set {
        /// The account.
        account: String,
        /// The SKU there.
        sku: String,
        /// title, description, price, floor, quantity, category, attribute:NAME or a setting of the
        /// account; an empty value removes it.
        #[arg(required = true, value_name = "field=value")]
        fields: Vec<String>,
    },
    /// Look for a category of the marketplace by words, to set it with `barrow listing set`.
    #[command(after_help = "Example:\n  barrow listing categories my-ebay coffee mug")]
    Categories {
        /// The account.
        account: String,
        /// The words.
        #[arg(required = true)]
        words: Vec<String>,
        /// The country site, in the marketplace's words; the account's own if not given.
        #[arg(long)]
        site: Option<String>,
    },
    /// Show what the category of a listing asks for and what the listing says: attributes with the
    /// values that are allowed, and conditions. What a category asks for is read with each push.
    #[command(after_help = "Example:\n  barrow listing attributes my-ebay MUG-BLUE")]
    Attributes {
        /// The account.
        account: String,
        /// The SKU in the catalogue.
        sku: String,
    },
    /// Keep the quantity at zero until resumed.
    #[command(after_help = "Example:\n  barrow listing pause my-ebay MUG-BLUE")]
    Pause {
        /// The account.
        account: String,
        /// SKUs there.
        #[arg(required = true)]
        skus: Vec<String>,
    },
    /// Sell a paused, ended or refused listing again.
    #[command(after_help = "Example:\n  barrow listing resume my-ebay MUG-BLUE")]
    Resume {
        /// The account.
        account: String,
        /// SKUs there.
        #[arg(required = true)]
        skus: Vec<String>,
    },
    /// End listings; sent with the next push.
    #[command(after_help = "Example:\n  barrow listing end my-ebay MUG-BLUE")]
    End {
        /// The account.
        account: String,
        /// SKUs there.
        #[arg(required = true)]
        skus: Vec<String>,
    },
    /// Take over listings that are there already, matched by SKU or barcode number.
    #[command(after_help = "Example:\n  barrow listing adopt my-ebay")]
    Adopt {
        /// The account.
        account: String,
        /// Make products of what no product fits, with the stock that the marketplace shows.
        #[arg(long)]
        create: bool,
    },
    /// Compare what stands there with what was sent: what was changed or ended there by other means
    /// is found, and mended by the next push.
    #[command(after_help = "Example:\n  barrow listing compare my-ebay")]
    Compare {
        /// The account.
        account: String,
    },
    /// Show what is live there and was listed by other means. Asks the marketplace for a report and
    /// waits for it.
    #[command(after_help = "Example:\n  barrow listing elsewhere my-ebay")]
    Elsewhere {
        /// The account.
        account: String,
    },
    /// Take listings that were made by other means over, so that Barrow can work with them. This
    /// cannot be undone.
    #[command(
        after_help = "Example:\n  barrow listing take-over my-ebay 120500000011 --understood"
    )]
    TakeOver {
        /// The account.
        account: String,
        /// Their numbers, as `barrow listing elsewhere` shows them.
        #[arg(required = true, value_name = "LISTING")]
        listings: Vec<String>,
        /// You know that it cannot be undone.
        #[arg(long)]
        understood: bool,
    },
}
