//! Listings without stock where the seller has not joined the program that keeps them
//! (OUT_OF_STOCK_CONTROL, ebay.md §6.5): eBay refuses a zero and would sell on, and ends a listing
//! whose last unit is sold.

use barrow_market::{Error, ErrorKind, Fate, Retry, Status};
use barrow_model::{Action, Change, Target};

use super::EbayAdapter;
use super::core::STOCK_PROGRAM;
use super::listings::Listed;
use super::prices::Setting;
use crate::error::refusal_of;
use crate::{GROUP, map};

/// How eBay refuses a price or a quantity of a listing that has ended: as a user error, or as
/// something that is not there (ebay.md §12).
const SAID_OF_ENDED: [&str; 2] = ["25002", "25710"];

/// eBay's number for a quantity that it does not take (ebay.md §12).
const QUANTITY_REFUSED: &str = "25004";

/// The number of a refusal that does not pass by itself; blank where eBay gave none.
pub(super) fn lasting_refusal(fate: &Result<Fate, Error>) -> Option<&str> {
    let vendor = match fate {
        Ok(Fate::Refused {
            problem,
            retry: Retry::No,
        }) => &problem.vendor,
        Err(error) if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) => {
            &error.vendor
        }
        _ => return None,
    };
    Some(vendor.as_ref().map_or("", |vendor| vendor.code.as_str()))
}

impl EbayAdapter {
    /// What a refused price or quantity comes to. A zero that eBay does not take ends the listing,
    /// so that nobody buys what is sold out; what was refused because the listing had ended is
    /// told as that. `program` keeps for a batch whether zeros are taken.
    pub(super) async fn unless_ended(
        &self,
        setting: &Setting<'_>,
        fate: Result<Fate, Error>,
        program: &mut Option<bool>,
    ) -> Result<Fate, Error> {
        let may_have_ended = match lasting_refusal(&fate) {
            Some(code) => setting.quantity == Some(0) || SAID_OF_ENDED.contains(&code),
            None => false,
        };
        let Some(change_id) = setting.changes.first().copied().filter(|_| may_have_ended) else {
            return fate;
        };
        if let Some(offer_id) = setting.offer_id.as_deref() {
            let offer = self.read_offer(setting.site, offer_id).await;
            if matches!(&offer, Ok(Some(offer)) if !map::is_listed(offer)) {
                return Ok(Fate::Ended { binding: None });
            }
        }
        if setting.quantity != Some(0) {
            return fate;
        }
        let keeps = match *program {
            Some(keeps) => keeps,
            None => match self.keeps_at_zero().await {
                Ok(keeps) => *program.insert(keeps),
                // He does not let it be asked: eBay's word on the quantity counts.
                Err(error) if error.status == Status::Permanent => {
                    lasting_refusal(&fate) != Some(QUANTITY_REFUSED)
                }
                // Asked again with the next try: it must not stay on sale.
                Err(error) => return Ok(refusal_of(change_id, &error).fate),
            },
        };
        if keeps {
            return fate;
        }
        let change = Change {
            id: change_id,
            target: Target::Listing(setting.listing.clone()),
            action: Action::End,
        };
        let listed = Listed {
            change: &change,
            listing: setting.listing,
            site: setting.site,
        };
        let ended = match setting.listing.binding.get(GROUP) {
            Some(key) => self.end_sold_out(&listed, key).await,
            None => self.end(&listed).await,
        };
        match ended {
            Ok(Fate::Applied { binding }) => Ok(Fate::Ended { binding }),
            Ok(Fate::Refused {
                retry: Retry::No, ..
            }) => fate,
            ended => ended,
        }
    }

    /// Whether a listing survives a zero: the seller has joined the program.
    async fn keeps_at_zero(&self) -> Result<bool, Error> {
        let programs = self.programs().await?;
        Ok(programs.iter().any(|program| program == STOCK_PROGRAM))
    }
}
