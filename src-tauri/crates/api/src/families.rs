//! Variants as one listing: which ones are, and the seller's choice between one listing and one for
//! each.

use std::collections::BTreeMap;

use barrow_model::{Account, AccountId, Site};
use barrow_store::{FamilyFacts, ListingRow, StoreError};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::Result;
use crate::listings::ListingPickRequest;
use crate::report::{ActionReport, RefusedItem};

/// Chooses how the variants of products are listed on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ListingFamilyRequest {
    /// Where.
    pub account: String,
    /// On this site only.
    #[serde(default)]
    pub site: Option<String>,
    /// All products that are listed there.
    #[serde(default)]
    pub all: bool,
    /// The products of these SKUs there.
    #[serde(default)]
    pub skus: Vec<String>,
    /// Whether their variants are shown as one listing, or each in its own.
    pub together: bool,
}

/// The listing with variations that a listing is part of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FamilyView {
    /// Its key on the marketplace.
    pub key: String,
    /// Its title.
    pub title: String,
    /// How many variants it has here.
    pub variants: u64,
}

impl From<FamilyFacts> for FamilyView {
    fn from(facts: FamilyFacts) -> Self {
        Self {
            key: facts.key,
            title: facts.title,
            variants: facts.members,
        }
    }
}

/// Listings with variations that a push would make or add to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlanFamilies {
    /// How many listings.
    pub listings: u64,
    /// How many variants they show.
    pub variants: u64,
    /// The same in words; null where there are none.
    pub text: Option<String>,
}

impl Api {
    /// Shows the variants of products as one listing, or each in its own. What is for sale stays as
    /// it is: it has to be ended first.
    pub async fn listing_family(&self, request: ListingFamilyRequest) -> Result<ActionReport> {
        let account = self.account(&request.account).await?;
        let pick = ListingPickRequest {
            account: request.account,
            site: request.site,
            all: request.all,
            skus: request.skus,
        };
        let (rows, unknown) = self.picked(&account, &pick).await?;
        let members_max = self.parts.adapters.family_members_max(&account);
        let (id, together) = (account.id, request.together);
        let (done, refused) = self
            .on_store(move |store| store.write(|tx| choose(tx, id, &rows, (together, members_max))))
            .await?;
        let mut report = ActionReport::done(done);
        for text in unknown {
            report.refuse(self.not_listed(&account, &text));
        }
        for (sku, why) in refused {
            report.refuse(self.refused_family(&account, &sku, &why));
        }
        Ok(report)
    }

    fn refused_family(&self, account: &Account, sku: &str, why: &Refusal) -> RefusedItem {
        let (kind, key) = match why {
            Refusal::There(_) => ("listing_locked", "family_there"),
            Refusal::TooMany(_) => ("unsupported", "family_too_many"),
            Refusal::NotOffered => ("unsupported", "family_not_offered"),
            Refusal::NoVariants => ("unsupported", "family_no_variants"),
        };
        let detail = match why {
            Refusal::There(other) => other.clone(),
            Refusal::TooMany(most) => most.to_string(),
            Refusal::NotOffered | Refusal::NoVariants => String::new(),
        };
        let params = [
            ("sku", sku),
            ("account", account.name.as_str()),
            ("detail", detail.as_str()),
        ];
        RefusedItem {
            account: Some(account.name.clone()),
            sku: Some(sku.to_owned()),
            order: None,
            kind: kind.to_owned(),
            field: Some("family".to_owned()),
            reason: self.words.text(key, &params),
            vendor: None,
        }
    }

    /// What a plan says of listings with variations: `keys` names the family of each variant.
    pub(crate) fn plan_families<'a>(&self, keys: impl Iterator<Item = &'a str>) -> PlanFamilies {
        let mut families: BTreeMap<&str, u64> = BTreeMap::new();
        for key in keys {
            *families.entry(key).or_default() += 1;
        }
        let (listings, variants) = (families.len() as u64, families.values().sum::<u64>());
        let text = match listings {
            0 => None,
            1 => Some(
                self.words
                    .text("plan_family", &[("variants", &variants.to_string())]),
            ),
            _ => {
                let (listings, variants) = (listings.to_string(), variants.to_string());
                let params = [("listings", listings.as_str()), ("variants", &variants)];
                Some(self.words.text("plan_families", &params))
            }
        };
        PlanFamilies {
            listings,
            variants,
            text,
        }
    }
}

/// Why a product's variants stay listed as they are.
enum Refusal {
    /// This one is for sale, or on its way.
    There(String),
    /// One listing shows so many at most.
    TooMany(usize),
    /// The marketplace has no listings with variations.
    NotOffered,
    /// The product has one variant alone, or its variants have no options.
    NoVariants,
}

type Chosen = (u64, Vec<(String, Refusal)>);

fn choose(
    tx: &mut barrow_store::Writer<'_>,
    account: AccountId,
    rows: &[ListingRow],
    (together, members_max): (bool, usize),
) -> std::result::Result<Chosen, StoreError> {
    let mut done = 0;
    let mut refused = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for row in rows {
        let listing = &row.listing;
        let site: &Site = &listing.site;
        if !seen.insert(listing.id) {
            continue;
        }
        let place = tx.product_place(account, site, listing.sku_id)?;
        seen.extend(place.listings.iter().copied());
        let is_so = place.family_id.is_some() == together;
        let refusal = match place.there {
            _ if is_so => None,
            Some(other) => Some(Refusal::There(other)),
            None if together && members_max == 0 => Some(Refusal::NotOffered),
            None if together && place.listings.len() > members_max => {
                Some(Refusal::TooMany(members_max))
            }
            None if together && !tx.has_variants(listing.sku_id)? => Some(Refusal::NoVariants),
            None => None,
        };
        match refusal {
            Some(why) => refused.push((listing.channel_sku.to_string(), why)),
            None if is_so => {}
            None if together => done += tx.list_together((account, site), listing.sku_id)?,
            None => done += tx.list_alone((account, site), listing.sku_id)?,
        }
    }
    Ok((done, refused))
}
