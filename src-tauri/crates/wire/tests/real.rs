//! What the transport over sockets says of connections that fail, so that nobody takes a call that
//! may have had an effect for one that had none.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use barrow_wire::{HttpTransport, Transport, TransportErrorKind};
use bytes::Bytes;
use http::{Request, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Longer than any of these takes: a test that hangs fails.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Copy)]
enum Server {
    /// Reads the request and closes.
    Silent,
    /// Announces ten bytes and sends three.
    Cut,
    /// Sends the client elsewhere, in plain HTTP.
    Redirect,
}

async fn answer(mut stream: TcpStream, server: Server) {
    let mut read = vec![0; 4096];
    assert!(stream.read(&mut read).await.unwrap() > 0);
    let text = match server {
        Server::Silent => "",
        Server::Cut => "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
        Server::Redirect => {
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
        }
    };
    stream.write_all(text.as_bytes()).await.unwrap();
    stream.shutdown().await.ok();
}

/// Serves one connection after another; returns the address.
async fn serve(server: Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            answer(stream, server).await;
        }
    });
    address
}

/// What became of a POST whose query names a buyer: the status and body, or the error's kind.
async fn call(url: &str) -> Result<(StatusCode, Bytes), TransportErrorKind> {
    let transport = HttpTransport::new("test").unwrap();
    let request = Request::post(format!("{url}?buyer=ada"))
        .body(Bytes::from_static(b"{}"))
        .unwrap();
    let whole = async {
        let (head, body) = transport.send(request).await?.into_parts();
        Ok((head.status, body.collect(100).await?))
    };
    tokio::time::timeout(PATIENCE, whole)
        .await
        .unwrap()
        .map_err(|error: barrow_wire::TransportError| {
            assert!(!error.to_string().contains("ada"), "{error}");
            assert!(!error.to_string().contains("127.0.0.1"), "{error}");
            error.kind
        })
}

#[tokio::test]
async fn each_way_to_fail_says_whether_the_request_left() {
    let plain = serve(Server::Redirect).await;
    let tls = call(&format!("https://{plain}/a")).await;
    assert_eq!(tls, Err(TransportErrorKind::Tls), "a port without TLS");

    let silent = serve(Server::Silent).await;
    let no_answer = call(&format!("http://{silent}/a")).await;
    assert_eq!(
        no_answer,
        Err(TransportErrorKind::NoAnswer),
        "closed before the head"
    );

    let cut = serve(Server::Cut).await;
    let cut = call(&format!("http://{cut}/a")).await;
    assert_eq!(cut, Err(TransportErrorKind::CutBody));

    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let not_sent = call(&format!("http://{address}/a")).await;
    assert_eq!(not_sent, Err(TransportErrorKind::NotSent), "nobody listens");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let address = serve(Server::Redirect).await;
    let (status, _) = call(&format!("http://{address}/a")).await.unwrap();
    assert_eq!(status, StatusCode::FOUND);
}
