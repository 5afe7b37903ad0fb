//! The app: one folder, one window.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use barrow_api::{Api, ApiError};
use barrow_host::Host;
use tauri::{
    App, Builder, Manager, RunEvent, Runtime, WebviewUrl, WebviewWindowBuilder, WindowEvent, Wry,
};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

use crate::{bridge, place, start};

/// The window's name, which its rights are given to.
const WINDOW: &str = "main";

/// Runs until the window is closed.
pub(crate) fn run() -> ExitCode {
    let context = tauri::generate_context!();
    let ended = match start::open() {
        Ok(host) => work(host, context),
        Err(error) => tell_why_not(&error, context),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// What the window can call, on any runtime: tests have one without a display.
pub(crate) fn commands<R: Runtime>(builder: Builder<R>, api: Arc<Api>) -> Builder<R> {
    builder
        .plugin(tauri_plugin_dialog::init())
        .manage(api)
        .invoke_handler(tauri::generate_handler![
            bridge::call,
            bridge::open_page,
            bridge::free_place
        ])
}

fn work(host: Host, context: tauri::Context<Wry>) -> tauri::Result<()> {
    let api = Arc::clone(&host.api);
    let folder = host.folder.path().to_owned();
    let watching = host.watching();
    let opened = folder.clone();
    let app = commands(Builder::default(), Arc::clone(&api))
        .setup(move |app| {
            tauri::async_runtime::spawn(bridge::tell(api, app.handle().clone()));
            tauri::async_runtime::spawn(watching);
            show(app, &opened)?;
            Ok(())
        })
        .build(context)?;
    app.run(move |app, event| match event {
        RunEvent::WindowEvent {
            event: WindowEvent::CloseRequested { .. },
            ..
        } => {
            if let Some(window) = app.get_webview_window(WINDOW) {
                place::keep(&folder, &window);
            }
        }
        RunEvent::Exit => {
            // What the practice marketplaces hold is kept already; stopping only tidies it up.
            tauri::async_runtime::block_on(host.practice.stop()).ok();
        }
        _ => {}
    });
    Ok(())
}

fn show(app: &App, folder: &Path) -> tauri::Result<()> {
    let place = place::read(folder);
    WebviewWindowBuilder::new(app, WINDOW, WebviewUrl::App("index.html".into()))
        .title("Barrow")
        .inner_size(place.width, place.height)
        .min_inner_size(place::SIZE_MIN.0, place::SIZE_MIN.1)
        .maximized(place.is_maximized)
        // A page that leads elsewhere is not followed.
        .on_navigation(|url| is_own(url.as_str()))
        .build()?;
    Ok(())
}

fn is_own(url: &str) -> bool {
    [
        "tauri://localhost",
        "http://tauri.localhost",
        "https://tauri.localhost",
    ]
    .iter()
    .any(|own| {
        // Links within the page only add a fragment, and the page itself may have no path.
        url.strip_prefix(own)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '#', '?']))
    })
}

/// Says in a window of the system why the folder cannot be opened, and ends.
fn tell_why_not(error: &ApiError, context: tauri::Context<Wry>) -> tauri::Result<()> {
    let words = error.to_string();
    eprintln!("{words}");
    let app = Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .setup(move |app| {
            let handle = app.handle().clone();
            app.dialog()
                .message(words)
                .title("Barrow")
                .kind(MessageDialogKind::Error)
                .show(move |_| handle.exit(1));
            Ok(())
        })
        .build(context)?;
    app.run(|_, _| {});
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tauri::WebviewWindowBuilder;
    use tauri::ipc::{CallbackFn, InvokeBody};
    use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
    use tauri::webview::InvokeRequest;

    use super::{commands, is_own};
    use crate::start;

    struct Window {
        window: tauri::WebviewWindow<MockRuntime>,
        _app: tauri::App<MockRuntime>,
        _folder: tempfile::TempDir,
    }

    impl Window {
        /// The window of an empty folder, with the rights that the real one has.
        fn open() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let opened = start::open_at(Some(folder.path().to_owned()), Some("test".into()));
            let host = opened.expect("a folder that can be opened");
            let app = commands(mock_builder(), host.api)
                .build(tauri::generate_context!())
                .expect("an app");
            let window = WebviewWindowBuilder::new(&app, "main", Default::default())
                .build()
                .expect("a window");
            Self {
                window,
                _app: app,
                _folder: folder,
            }
        }

        fn invoke(&self, command: &str, body: Value) -> Result<Value, Value> {
            let request = InvokeRequest {
                cmd: command.into(),
                callback: CallbackFn(0),
                error: CallbackFn(1),
                url: "tauri://localhost".parse().expect("an address"),
                body: InvokeBody::Json(body),
                headers: Default::default(),
                invoke_key: INVOKE_KEY.to_owned(),
            };
            let answer = get_ipc_response(&self.window, request);
            answer.map(|body| body.deserialize().expect("JSON"))
        }
    }

    #[test]
    fn the_window_calls_the_commands_and_nothing_else() {
        let window = Window::open();
        let call = |name: &str| window.invoke("call", json!({"name": name, "request": {}}));
        let accounts = call("accounts").expect("an answer");
        assert_eq!(accounts["accounts"], json!([]));
        let unknown = call("format_disk").expect_err("no such command");
        assert_eq!(unknown["error"]["kind"], "invalid_input", "{unknown}");
        assert!(
            window
                .invoke("plugin:dialog|message", json!({"message": "x"}))
                .is_err()
        );
    }

    #[test]
    fn only_pages_of_marketplaces_are_opened() {
        let window = Window::open();
        let refused = window.invoke("open_page", json!({"url": "https://example.com/"}));
        let refused = refused.expect_err("it is nobody's page");
        assert_eq!(refused["error"]["kind"], "not_found", "{refused}");
    }

    #[test]
    fn the_window_stays_on_its_own_pages() {
        let check = |url: &str, expected: bool| assert_eq!(is_own(url), expected, "{url}");
        check("tauri://localhost/", true);
        check("tauri://localhost", true);
        check("tauri://localhost#/products", true);
        check("tauri://localhost/#/products", true);
        check("http://tauri.localhost/index.html", true);
        check("http://tauri.localhost.example.com/", false);
        check("tauri://localhost.example.com#/products", false);
        check("http://tauri.localhost@example.com/", false);
        check("https://example.com/", false);
        check("file:///etc/passwd", false);
    }
}
