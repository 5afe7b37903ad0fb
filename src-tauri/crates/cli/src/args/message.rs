//! The words of `barrow messages`.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct MessagesArgs {
    #[command(subcommand)]
    pub(crate) command: Option<MessagesCommand>,
    /// Only of this account.
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// Only with the buyer of this order: ACCOUNT/ID, or ID where it is unique.
    #[arg(long)]
    pub(crate) order: Option<String>,
    /// Only those that wait for you: with something unread, or an answer that was refused.
    #[arg(long)]
    pub(crate) waiting: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MessagesCommand {
    /// Show what stands in a conversation.
    #[command(after_help = "Example:\n  barrow messages show 12")]
    Show {
        /// The conversation, as `barrow messages` numbers it.
        conversation: i64,
    },
    /// Answer a buyer; the marketplace is told with the next push.
    #[command(after_help = "Examples:\n  \
        barrow messages answer 12 --text \"It leaves on Monday.\"\n  \
        barrow messages answer 12 < answer.txt")]
    Answer {
        /// The conversation, as `barrow messages` numbers it.
        conversation: i64,
        /// What is answered; what comes on standard input if not given.
        #[arg(long)]
        text: Option<String>,
    },
    /// Take a conversation for read, here and, with the next push, at the marketplace.
    #[command(after_help = "Example:\n  barrow messages read 12")]
    Read {
        /// The conversation, as `barrow messages` numbers it.
        conversation: i64,
    },
    /// Take back an answer that waits to be sent, or that was refused.
    #[command(after_help = "Example:\n  barrow messages take-back 31")]
    TakeBack {
        /// The answer, as `barrow messages show` numbers it.
        message: i64,
    },
}
