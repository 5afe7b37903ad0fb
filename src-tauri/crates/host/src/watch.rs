//! Notices what other processes write into the same catalogue.

use std::sync::Weak;
use std::time::Duration;

use barrow_api::Api;
use barrow_store::Store;

/// How soon another process's write is noticed. Asking costs a system call or two.
const INTERVAL: Duration = Duration::from_millis(750);

/// Tells listeners of the commands that another process wrote, until the catalogue is closed.
pub(crate) async fn watch(store: Weak<Store>, api: Weak<Api>) {
    let mut known = None;
    while let Some(open) = store.upgrade() {
        // A disk that cannot be read is told by the commands; here it is only asked again.
        let asked = tokio::task::spawn_blocking(move || open.others_version()).await;
        if let Ok(Ok(Some(version))) = asked
            && known
                .replace(version)
                .is_some_and(|before| before != version)
            && let Some(api) = api.upgrade()
        {
            api.touched_elsewhere();
        }
        tokio::time::sleep(INTERVAL).await;
    }
}
