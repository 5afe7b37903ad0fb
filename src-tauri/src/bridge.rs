//! What the window may call and what it hears.

use std::sync::Arc;

use barrow_api::{Api, ApiError, ApiErrorKind, MarketplacesRequest};
use serde_json::Value;
use tauri::{AppHandle, Emitter, Runtime, State};

/// The event under which the window hears.
const EVENT: &str = "barrow";

/// Does a command of the table.
#[tauri::command]
pub(crate) async fn call(
    api: State<'_, Arc<Api>>,
    name: String,
    request: Value,
) -> Result<Value, ApiError> {
    api.call(&name, request).await
}

/// Opens a marketplace's page about keys in the system's browser. Nothing else is opened: an
/// address that the window was talked into stays closed.
#[tauri::command]
pub(crate) async fn open_page(api: State<'_, Arc<Api>>, url: String) -> Result<(), ApiError> {
    let known = api.marketplaces(MarketplacesRequest::default()).await?;
    let is_known = known.marketplaces.iter().any(|one| one.help_url == url);
    if !is_known {
        return Err(ApiError::not_found("page", url));
    }
    open::that_detached(&url)
        .map_err(|error| ApiError::new(ApiErrorKind::Internal).param("reason", error))
}

/// Passes on what happens, for as long as the window is there.
pub(crate) async fn tell<R: Runtime>(api: Arc<Api>, app: AppHandle<R>) {
    let mut listening = api.events();
    loop {
        let event = listening.next().await;
        if app.emit(EVENT, &event).is_err() {
            return;
        }
    }
}
