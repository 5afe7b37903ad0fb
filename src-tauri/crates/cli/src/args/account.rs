//! The words of `barrow account`.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Add an account. Secrets are read as key=value lines from standard input, or asked for.
    #[command(
        after_help = "Examples:\n  barrow account add ebay my-ebay < ebay-keys.txt\n  \
        barrow account add walmart rehearsal --endpoint practice"
    )]
    Add {
        /// The marketplace: ebay or walmart.
        marketplace: String,
        /// Your own name for the account.
        name: String,
        /// production, sandbox, practice, or an https address (http on this computer only).
        #[arg(long, default_value = "production")]
        endpoint: String,
        /// A setting; secret keys are refused here.
        #[arg(long = "set", value_name = "key=value")]
        settings: Vec<String>,
    },
    /// Show accounts.
    #[command(after_help = "Example:\n  barrow account list --json")]
    List,
    /// Try the keys of an account and say what is missing.
    #[command(after_help = "Example:\n  barrow account check my-ebay")]
    Check {
        /// The account.
        name: String,
    },
    /// Agree in a browser that Barrow works for an account. The address at which the browser
    /// arrives is asked for, or read from standard input.
    #[command(after_help = "Example:\n  barrow account consent my-ebay")]
    Consent {
        /// The account.
        name: String,
    },
    /// Do at the marketplace what a check found missing, as the check says.
    #[command(
        after_help = "Examples:\n  barrow account mend my-ebay out_of_stock\n  \
        barrow account mend my-ebay merchant_location_key name=Main country=US postal_code=95125"
    )]
    Mend {
        /// The account.
        name: String,
        /// The part, as `barrow account check` names it.
        item: String,
        /// What is asked for.
        #[arg(value_name = "key=value")]
        fields: Vec<String>,
    },
    /// Show what settings can be: business policies, places that goods ship from and the like. Asks
    /// the marketplace. One is chosen with `barrow account set`.
    #[command(after_help = "Example:\n  barrow account choices my-ebay")]
    Choices {
        /// The account.
        name: String,
        /// The country site, in the marketplace's words; the account's own if not given.
        #[arg(long)]
        site: Option<String>,
    },
    /// Show what is left of the limits that accounts work under. Asks nobody.
    #[command(after_help = "Example:\n  barrow account limits my-ebay")]
    Limits {
        /// Only this account.
        name: Option<String>,
    },
    /// Change settings. Secret keys are read from standard input or asked for: name them without
    /// a value.
    #[command(
        after_help = "Examples:\n  barrow account set my-ebay merchant_location_key=main\n  \
        barrow account set my-ebay refresh_token"
    )]
    Set {
        /// The account.
        name: String,
        /// Settings; an empty value removes one.
        #[arg(required = true, value_name = "key=value")]
        settings: Vec<String>,
    },
    /// Remove an account and its secrets. Orders stay.
    #[command(after_help = "Example:\n  barrow account remove my-ebay")]
    Remove {
        /// The account.
        name: String,
    },
}
