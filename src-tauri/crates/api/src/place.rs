//! Where the catalogue lies and who keeps the keys, and which addresses may be opened outside.

use barrow_market::ConnectorInfo;
use barrow_model::{Account, Binding, Endpoint};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::error::{ApiError, Result};
use crate::ports::KeysKept;

/// Asks where the catalogue lies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PlaceRequest {}

/// Where the catalogue lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlaceResponse {
    /// The folder that holds everything of this catalogue.
    pub folder: String,
    /// Whether the catalogue's file is encrypted.
    pub encrypted: bool,
    /// Who keeps the keys of the accounts.
    pub keys: KeysKept,
    /// Barrow's version.
    pub version: String,
}

impl Api {
    /// Where the catalogue lies and who keeps the keys.
    pub async fn place(&self, _request: PlaceRequest) -> Result<PlaceResponse> {
        let parts = std::sync::Arc::clone(&self.parts);
        // A keyring may have to be opened for that.
        self.blocking(move || {
            Ok(PlaceResponse {
                folder: parts.folder.display().to_string(),
                encrypted: parts.store.is_encrypted(),
                keys: parts.secrets.kept(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            })
        })
        .await
    }

    /// The address, if it may be opened in the system's browser or file manager: a marketplace's
    /// page about keys, about an order or about a listing, the page on which a seller agrees, the
    /// page on which a parcel of an order is followed, a product's picture, or the catalogue's own
    /// folder. Anything else stays closed, whoever asks.
    pub async fn openable(&self, address: &str) -> Result<String> {
        let has = |info: &&'static ConnectorInfo| {
            let orders = info.order_pages.is_some_and(|pages| pages.has(address));
            let listings = info
                .listing_pages
                .is_some_and(|(_, pages)| pages.has(address));
            info.help_url == address || orders || listings
        };
        let is_folder = self.parts.folder.as_os_str() == address;
        if is_folder || self.parts.connectors.iter().any(has) {
            return Ok(address.to_owned());
        }
        let known = address.to_owned();
        if address.starts_with("https://")
            && self
                .on_store(move |store| {
                    store.read(|db| Ok(db.is_tracking_url(&known)? || db.is_image_url(&known)?))
                })
                .await?
        {
            return Ok(address.to_owned());
        }
        if self.is_consent_page(address).await? {
            return Ok(address.to_owned());
        }
        Err(ApiError::not_found("page", address).told_in(&self.words))
    }

    /// Whether an address is the page on which a seller agrees, the marketplace's own or that of an
    /// account's own address.
    async fn is_consent_page(&self, address: &str) -> Result<bool> {
        let connectors = || self.parts.connectors.iter().filter_map(|info| info.consent);
        if connectors().any(|consent| consent.has(address, None)) {
            return Ok(true);
        }
        for account in self.all_accounts().await? {
            let info = self.connector(&account.marketplace.0).ok();
            let Some(consent) = info.and_then(|info| info.consent) else {
                continue;
            };
            // Asking for an account's own address may start its practice marketplace.
            if !address.contains(consent.path) {
                continue;
            }
            let own = match &account.endpoint {
                Endpoint::Custom(own) => Some(own.clone()),
                Endpoint::Practice => self.practice_address(&account).await,
                Endpoint::Production | Endpoint::Sandbox => None,
            };
            if own.is_some_and(|own| consent.has(address, Some(&own))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn practice_address(&self, account: &Account) -> Option<String> {
        let connection = self.parts.practice.connection(&account.marketplace.0).await;
        connection.ok()?.endpoint
    }

    /// The marketplace's page about an order; none where it has none, or where the account only
    /// practises.
    pub(crate) fn order_page(&self, account: &Account, site: &str, number: &str) -> Option<String> {
        let info = self.sold_for_real(account)?;
        info.order_pages?.address(site, number)
    }

    /// The marketplace's page about a listing, as buyers see it.
    pub(crate) fn listing_page(
        &self,
        account: &Account,
        site: &str,
        binding: &Binding,
    ) -> Option<String> {
        let (key, pages) = self.sold_for_real(account)?.listing_pages?;
        pages.address(site, binding.get(key)?)
    }

    /// The same page, of a listing that is known by the marketplace's own id alone.
    pub(crate) fn listing_page_of(
        &self,
        account: &Account,
        site: &str,
        id: &str,
    ) -> Option<String> {
        let (_, pages) = self.sold_for_real(account)?.listing_pages?;
        pages.address(site, id)
    }

    fn sold_for_real(&self, account: &Account) -> Option<&'static ConnectorInfo> {
        let real = account.endpoint == Endpoint::Production;
        real.then(|| self.connector(&account.marketplace.0).ok())?
    }
}
