//! The words of `barrow cases`.

use std::path::PathBuf;

use barrow_model::{CaseAct, EvidenceKind, ReturnAddress};
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
        barrow cases answer my-ebay 5300000004 contest --evidence delivery --file slip.jpg\n  \
        barrow cases answer my-ebay 5300000005 contest_with_address --return-name \"Ann Lee\" \
        --return-street \"1 Main St\" --return-city Reno --return-region NV \
        --return-postal-code 89501 --return-country US --return-phone 7755550100")]
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
    #[command(flatten)]
    pub(crate) return_to: ReturnArgs,
}

/// Where the buyer sends the goods back.
#[derive(Debug, Args)]
pub(crate) struct ReturnArgs {
    /// Who takes what the buyer sends back.
    #[arg(long, value_name = "NAME")]
    return_name: Option<String>,
    /// Street and number of that address.
    #[arg(long, value_name = "STREET", requires = "return_name")]
    return_street: Option<String>,
    /// Its second line.
    #[arg(long, value_name = "LINE", requires = "return_name")]
    return_line2: Option<String>,
    /// Its city.
    #[arg(long, value_name = "CITY", requires = "return_name")]
    return_city: Option<String>,
    /// Its state or province.
    #[arg(long, value_name = "REGION", requires = "return_name")]
    return_region: Option<String>,
    /// Its postal code.
    #[arg(long, value_name = "CODE", requires = "return_name")]
    return_postal_code: Option<String>,
    /// Its country, in two letters.
    #[arg(long, value_name = "COUNTRY", requires = "return_name")]
    return_country: Option<String>,
    /// Its phone, with the area code.
    #[arg(long, value_name = "PHONE", requires = "return_name")]
    return_phone: Option<String>,
}

impl ReturnArgs {
    /// The address; none where nobody was named.
    pub(crate) fn address(self) -> Option<ReturnAddress> {
        Some(ReturnAddress {
            name: self.return_name?,
            line1: self.return_street.unwrap_or_default(),
            line2: self.return_line2.unwrap_or_default(),
            city: self.return_city.unwrap_or_default(),
            region: self.return_region.unwrap_or_default(),
            postal_code: self.return_postal_code.unwrap_or_default(),
            country: self.return_country.unwrap_or_default(),
            phone: self.return_phone.unwrap_or_default(),
        })
    }
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
    /// The same, with --return-name and the other parts of the address to which the buyer sends
    /// the goods back; with the one that was given last if not given.
    AcceptWithAddress,
    /// Contest a dispute, with --evidence, or with what was given on the marketplace's page.
    Contest,
    /// The same, with --return-name and the other parts of the address to which the buyer sends
    /// the goods back; with the one that was given last if not given.
    ContestWithAddress,
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
            AnswerWith::AcceptWithAddress => Self::AcceptWithAddress,
            AnswerWith::Contest => Self::Contest,
            AnswerWith::ContestWithAddress => Self::ContestWithAddress,
        }
    }
}
