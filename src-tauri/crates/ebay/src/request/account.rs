//! Tokens, what the account has, and what categories demand.

use barrow_market::Result;
use barrow_model::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use super::{address_wrong, encoded, get, post};
use crate::config::{AUTHORIZE, BASE_SCOPE, SiteFacts};

/// A seller's access token (ebay.md §2.2). Without a scope eBay gives all that was consented to.
pub fn refresh_token(
    api: &str,
    client_id: &Secret,
    client_secret: &Secret,
    refresh_token: &Secret,
) -> Result<Request<Bytes>> {
    let token = encoded(refresh_token.expose());
    let body = format!("grant_type=refresh_token&refresh_token={token}");
    token_call(api, client_id, client_secret, body)
}

/// The page on which a seller agrees (ebay.md §2.2). He signs in anew, so that it is the account
/// that he means and not the one that his browser remembers.
pub fn consent_page(
    auth: &str,
    client_id: &Secret,
    ru_name: &Secret,
    scopes: &str,
    state: &str,
) -> Secret {
    Secret::new(format!(
        "{auth}{AUTHORIZE}?client_id={}&redirect_uri={}&response_type=code&scope={}&state={}\
         &prompt=login",
        encoded(client_id.expose()),
        encoded(ru_name.expose()),
        encoded(scopes),
        encoded(state),
    ))
}

/// The seller's tokens for the code that his consent gave (ebay.md §2.2). The code is decoded
/// already: it is encoded here, once.
pub fn exchange_code(
    api: &str,
    client_id: &Secret,
    client_secret: &Secret,
    ru_name: &Secret,
    code: &Secret,
) -> Result<Request<Bytes>> {
    let body = format!(
        "grant_type=authorization_code&code={}&redirect_uri={}",
        encoded(code.expose()),
        encoded(ru_name.expose()),
    );
    token_call(api, client_id, client_secret, body)
}

/// An application token (ebay.md §2.3).
pub fn client_credentials(
    api: &str,
    client_id: &Secret,
    client_secret: &Secret,
) -> Result<Request<Bytes>> {
    let scope = encoded(BASE_SCOPE);
    let body = format!("grant_type=client_credentials&scope={scope}");
    token_call(api, client_id, client_secret, body)
}

fn token_call(
    api: &str,
    client_id: &Secret,
    client_secret: &Secret,
    body: String,
) -> Result<Request<Bytes>> {
    let pair = STANDARD.encode(format!("{}:{}", client_id.expose(), client_secret.expose()));
    let mut basic = HeaderValue::from_str(&format!("Basic {pair}")).map_err(|_| address_wrong())?;
    basic.set_sensitive(true);
    Request::post(format!("{api}/identity/v1/oauth2/token"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, "application/json")
        .header(AUTHORIZATION, basic)
        .body(Bytes::from(body))
        .map_err(|_| address_wrong())
}

/// What the seller may do (ebay.md §4).
pub fn privileges(api: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    get(api, "/sell/account/v1/privilege", site)
}

/// Who the seller is (ebay.md §4); it has a host of its own.
pub fn user(apiz: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    get(apiz, "/commerce/identity/v1/user/", site)
}

/// How many calls the application has left, of all APIs at once (ebay.md §13).
pub fn rate_limits(api: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    get(api, "/developer/analytics/v1_beta/rate_limit/", site)
}

/// How many calls the application has left for this seller, of all APIs at once (ebay.md §13).
pub fn user_rate_limits(api: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    get(api, "/developer/analytics/v1_beta/user_rate_limit/", site)
}

/// The programs that the seller takes part in (ebay.md §4).
pub fn opted_in_programs(api: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    get(api, "/sell/account/v1/program/get_opted_in_programs", site)
}

/// Joins a program (ebay.md §4).
pub fn opt_in(api: &str, site: &SiteFacts, program: &str) -> Result<Request<Bytes>> {
    let body = json!({ "programType": program });
    post(api, "/sell/account/v1/program/opt_in", site, &body)
}

/// Creates a place that goods ship from, under a key of ours (ebay.md §5).
pub fn create_location(
    api: &str,
    site: &SiteFacts,
    key: &str,
    location: &Value,
) -> Result<Request<Bytes>> {
    let path = format!("/sell/inventory/v1/location/{}", encoded(key));
    post(api, &path, site, location)
}

/// Reads a location (ebay.md §5).
pub fn location(api: &str, site: &SiteFacts, key: &str) -> Result<Request<Bytes>> {
    let path = format!("/sell/inventory/v1/location/{}", encoded(key));
    get(api, &path, site)
}

/// Takes a disabled location into use (ebay.md §5).
pub fn enable_location(api: &str, site: &SiteFacts, key: &str) -> Result<Request<Bytes>> {
    let path = format!("/sell/inventory/v1/location/{}/enable", encoded(key));
    post(api, &path, site, &json!({}))
}

/// Makes a key for digital signatures (ebay.md §2.6); it has a host of its own.
pub fn create_signing_key(apiz: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    let body = json!({ "signingKeyCipher": "ED25519" });
    post(
        apiz,
        "/developer/key_management/v1/signing_key",
        site,
        &body,
    )
}

/// Shipping policies of a site (ebay.md §5).
pub fn fulfillment_policies(api: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    policies(api, site, "fulfillment_policy")
}

/// Payment policies of a site (ebay.md §5).
pub fn payment_policies(api: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    policies(api, site, "payment_policy")
}

/// Return policies of a site (ebay.md §5).
pub fn return_policies(api: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    policies(api, site, "return_policy")
}

fn policies(api: &str, site: &SiteFacts, kind: &str) -> Result<Request<Bytes>> {
    let path = format!("/sell/account/v1/{kind}?marketplace_id={}", site.id);
    get(api, &path, site)
}

/// Locations of one page (ebay.md §5).
pub const LOCATIONS_PAGE: usize = 100;

/// Places that goods ship from (ebay.md §5), so many behind the first: `offset` counts records.
pub fn locations(api: &str, site: &SiteFacts, offset: usize) -> Result<Request<Bytes>> {
    let path = format!("/sell/inventory/v1/location?limit={LOCATIONS_PAGE}&offset={offset}");
    get(api, &path, site)
}

/// The category tree of a site (ebay.md §7).
pub fn default_tree_id(api: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    let path = format!(
        "/commerce/taxonomy/v1/get_default_category_tree_id?marketplace_id={}",
        site.id
    );
    get(api, &path, site)
}

/// Suggested categories (ebay.md §7).
pub fn category_suggestions(
    api: &str,
    site: &SiteFacts,
    tree: &str,
    words: &str,
) -> Result<Request<Bytes>> {
    let path = format!(
        "/commerce/taxonomy/v1/category_tree/{}/get_category_suggestions?q={}",
        encoded(tree),
        encoded(words)
    );
    get(api, &path, site)
}

/// The aspects of a leaf category (ebay.md §7).
pub fn aspects(api: &str, site: &SiteFacts, tree: &str, category: &str) -> Result<Request<Bytes>> {
    let path = format!(
        "/commerce/taxonomy/v1/category_tree/{}/get_item_aspects_for_category?category_id={}",
        encoded(tree),
        encoded(category)
    );
    get(api, &path, site)
}

/// The categories that others took the place of (ebay.md §7).
pub fn expired_categories(api: &str, site: &SiteFacts, tree: &str) -> Result<Request<Bytes>> {
    let path = format!(
        "/commerce/taxonomy/v1/category_tree/{}/get_expired_categories",
        encoded(tree)
    );
    get(api, &path, site)
}

/// A reading of the Metadata API, of some categories or of a whole site.
fn metadata(
    api: &str,
    site: &SiteFacts,
    what: &str,
    categories: &[&str],
) -> Result<Request<Bytes>> {
    let filter = match categories {
        [] => String::new(),
        some => format!(
            "?filter={}",
            encoded(&format!("categoryIds:{{{}}}", some.join("|")))
        ),
    };
    let path = format!("/sell/metadata/v1/marketplace/{}/{what}{filter}", site.id);
    get(api, &path, site)
}

/// Whether a category shows variants as one listing (ebay.md §6.6).
pub fn listing_structures(api: &str, site: &SiteFacts, category: &str) -> Result<Request<Bytes>> {
    metadata(api, site, "get_listing_structure_policies", &[category])
}

/// Categories of one question for conditions (ebay.md §6.3).
pub const CONDITION_CATEGORIES_MAX: usize = 50;

/// The conditions that categories take (ebay.md §6.3).
pub fn conditions(api: &str, site: &SiteFacts, categories: &[&str]) -> Result<Request<Bytes>> {
    metadata(api, site, "get_item_condition_policies", categories)
}

/// What goods of a category must tell by law (ebay.md §6.4).
pub fn regulatory_policies(api: &str, site: &SiteFacts, category: &str) -> Result<Request<Bytes>> {
    metadata(api, site, "get_regulatory_policies", &[category])
}

/// The words of codes that tell how safe goods are.
pub fn safety_labels(api: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    metadata(api, site, "get_product_safety_labels", &[])
}

/// The words of codes that tell what is dangerous about goods.
pub fn hazard_labels(api: &str, site: &SiteFacts) -> Result<Request<Bytes>> {
    metadata(api, site, "get_hazardous_materials_labels", &[])
}
