//! The seller's consent, given on eBay's own page (ebay.md §2.2, §2.5).

use async_trait::async_trait;
use barrow_market::{Consent, Consented, Error, ErrorKind, Result};
use barrow_model::{Problem, ProblemKind, Secret};
use chrono::TimeDelta;

use super::EbayAdapter;
use crate::auth::{NoConsent, code_of};
use crate::config::{CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, RU_NAME};
use crate::error::parse_consent_error;
use crate::limits::CONSENT_TOKEN;
use crate::request;
use crate::types::TokenAnswer;

#[async_trait]
impl Consent for EbayAdapter {
    async fn address(&self, state: &str) -> Result<Secret> {
        let client_id = self.credentials.needed(CLIENT_ID, "authorize").await?;
        let ru_name = self.credentials.needed(RU_NAME, "authorize").await?;
        let (auth, scopes) = (&self.config.hosts.auth, &self.config.scopes);
        Ok(request::consent_page(
            auth, &client_id, &ru_name, scopes, state,
        ))
    }

    async fn exchange(&self, given: &Secret, state: &str) -> Result<Consented> {
        let operation = CONSENT_TOKEN.operation;
        let code = code_of(given, state).map_err(refused)?;
        let client_id = self.credentials.needed(CLIENT_ID, operation).await?;
        let client_secret = self.credentials.needed(CLIENT_SECRET, operation).await?;
        let ru_name = self.credentials.needed(RU_NAME, operation).await?;
        let api = self.api();
        let request = request::exchange_code(api, &client_id, &client_secret, &ru_name, &code)?;
        let asked_at = self.clock.now();
        let answer = self.client.call(&CONSENT_TOKEN, request).await?;
        if !answer.status.is_success() {
            return Err(parse_consent_error(operation, &answer));
        }
        let token: TokenAnswer = answer.json(operation)?;
        let bearer = token.access_token.filter(|token| !token.is_empty());
        let bearer = bearer.ok_or_else(|| Error::new(ErrorKind::Unreadable, operation))?;
        let seller = self.tokens.seller_of(&Secret::new(bearer)).await?;
        let refresh_token = token.refresh_token.filter(|token| !token.is_empty());
        let refresh_token =
            refresh_token.ok_or_else(|| Error::new(ErrorKind::Unreadable, operation))?;
        // The number that came counts, not the eighteen months that are usual (ebay.md §2.2).
        let lasts = token
            .refresh_token_expires_in
            .and_then(TimeDelta::try_seconds);
        Ok(Consented {
            secrets: vec![(REFRESH_TOKEN, Secret::new(refresh_token))],
            seller,
            until: lasts.and_then(|lasts| asked_at.checked_add_signed(lasts)),
        })
    }
}

fn refused(why: NoConsent) -> Error {
    let problem = Problem::new(ProblemKind::ConsentRefused).param("why", why.code());
    Error::new(ErrorKind::Refused, CONSENT_TOKEN.operation).because(problem)
}
