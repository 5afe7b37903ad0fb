//! The words of `barrow cases`.

use std::path::PathBuf;

use barrow_model::{CaseAct, EvidenceKind};
use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct CasesArgs {
    #[command(subcommand)]
    pub(crate) command: Option<CasesCommand>,
    /// Only of this account.
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// Only of this order, open or closed: ACCOUNT/ID, or ID where it is unique.
    #[arg(long)]
    pub(crate) order: Option<String>,
    /// Those that are closed.
    #[arg(long, conflicts_with = "order")]
    pub(crate) closed: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CasesCommand {
    /// Answer a case; the marketplace is told with the next push.
    #[command(after_help = "Examples:\n  \
        barrow cases answer my-ebay 5300000001 approve\n  \
        barrow cases answer my-ebay 5300000002 refund --amount 20.50\n  \
        barrow cases answer my-ebay 5300000003 provide_shipment --carrier USPS \
        --tracking 9400111899223100001234\n  \
        barrow cases answer my-ebay 5300000004 contest --evidence delivery --file slip.jpg")]
    Answer(AnswerArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AnswerArgs {
    /// The account.
    pub(crate) account: String,
    /// The number of the case, as `barrow cases` shows it.
    pub(crate) case: String,
    /// The answer. A refund gives back all that the case is about.
    pub(crate) answer: AnswerWith,
    /// What is given back, as `barrow cases` shows it; a refund needs it.
    #[arg(long)]
    pub(crate) amount: Option<String>,
    /// Who carries the goods; what the marketplace was told when they left if not given.
    #[arg(long, requires = "tracking")]
    pub(crate) carrier: Option<String>,
    /// Their tracking number.
    #[arg(long, requires = "carrier")]
    pub(crate) tracking: Option<String>,
    /// When they left (YYYY-MM-DD, or an instant).
    #[arg(long, value_name = "DATE")]
    pub(crate) shipped: Option<String>,
    /// Words for the buyer who is refused, or for the bank.
    #[arg(long)]
    pub(crate) comment: Option<String>,
    /// What the files show that a dispute is contested with.
    #[arg(long, requires = "file", value_name = "KIND")]
    pub(crate) evidence: Option<EvidenceOf>,
    /// A file for the bank: JPG or PNG, 1.5 MB all together. May be given more than once.
    #[arg(long, requires = "evidence", value_name = "PATH")]
    pub(crate) file: Vec<PathBuf>,
}

/// What evidence shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum EvidenceOf {
    /// The goods arrived.
    Delivery,
    /// Somebody signed for the goods.
    Signature,
    /// The buyer fetched the goods.
    Pickup,
    /// The goods are genuine.
    Authenticity,
    /// The goods are as they were described.
    AsDescribed,
    /// No money is owed back.
    CreditNotDue,
    /// What was to be sent back did not come.
    ReturnNotReceived,
}

impl From<EvidenceOf> for EvidenceKind {
    fn from(shown: EvidenceOf) -> Self {
        match shown {
            EvidenceOf::Delivery => Self::Delivery,
            EvidenceOf::Signature => Self::Signature,
            EvidenceOf::Pickup => Self::Pickup,
            EvidenceOf::Authenticity => Self::Authenticity,
            EvidenceOf::AsDescribed => Self::AsDescribed,
            EvidenceOf::CreditNotDue => Self::CreditNotDue,
            EvidenceOf::ReturnNotReceived => Self::ReturnNotReceived,
        }
    }
}

/// The answer to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum AnswerWith {
    /// Agree: to a cancellation, to a return.
    Approve,
    /// Not agree.
    Decline,
    /// What was sent back has come.
    MarkReceived,
    /// Give the money back.
    Refund,
    /// Say how the goods were sent.
    ProvideShipment,
    /// Accept a dispute: the bank keeps the money.
    Accept,
    /// Contest a dispute, with --evidence, or with what was given on the marketplace's page.
    Contest,
}

impl From<AnswerWith> for CaseAct {
    fn from(with: AnswerWith) -> Self {
        match with {
            AnswerWith::Approve => Self::Approve,
            AnswerWith::Decline => Self::Decline,
            AnswerWith::MarkReceived => Self::MarkReceived,
            AnswerWith::Refund => Self::Refund,
            AnswerWith::ProvideShipment => Self::ProvideShipment,
            AnswerWith::Accept => Self::Accept,
            AnswerWith::Contest => Self::Contest,
        }
    }
}
