//! Pictures that the seller puts there (ebay.md §6.8).

use bytes::Bytes;
use http::{Method, Request};
use serde_json::json;

use super::{Desk, INVENTORY, Seen, item};

const IMAGE: &str = "/commerce/media/v1_beta/image";

fn png(side: u32) -> Vec<u8> {
    let side = side.to_be_bytes();
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &side, &side].concat()
}

fn put(desk: &mut Desk, content: &[u8]) -> Seen {
    let path = format!("{IMAGE}/create_image_from_file");
    send_form(desk, &path, ("image", "a.png"), content)
}

/// Sends a form whose part, named first, is a file.
pub(super) fn send_form(
    desk: &mut Desk,
    path: &str,
    (part, file): (&str, &str),
    content: &[u8],
) -> Seen {
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{file}\"\r\n\r\n"
    );
    let body = [head.as_bytes(), content, b"\r\n--b--\r\n"].concat();
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("http://127.0.0.1:1{path}"))
        .header("authorization", format!("Bearer {}", desk.token))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Bytes::from(body))
        .unwrap();
    desk.send(request)
}

#[test]
fn a_picture_has_an_address_until_nobody_shows_it_for_thirty_days() {
    let mut desk = Desk::quiet();
    let made = put(&mut desk, &png(500));
    assert_eq!(made.status, 201, "{}", made.body);
    let read = desk.get(&made.location);
    assert_eq!((read.status, &read.body), (200, &made.body));
    assert_eq!(made.body["expirationDate"], "2026-12-22T12:00:00.000Z");
    let offer = desk.offer("A-1", 3, "9.99");
    let mut shown = item(3);
    shown["product"]["imageUrls"] = json!([made.body["imageUrl"]]);
    desk.put(&format!("{INVENTORY}/inventory_item/A-1"), shown);
    desk.pass(30 * 86_400 + 1);
    desk.token = desk.refresh();
    assert_eq!(desk.get(&made.location).error(), 190_200);
    let refused = desk.publish(&offer);
    assert_eq!((refused.status, refused.errors()), (400, vec![25015]));
    let again = put(&mut desk, &png(500));
    let mut shown = item(3);
    shown["product"]["imageUrls"] = json!([again.body["imageUrl"]]);
    desk.put(&format!("{INVENTORY}/inventory_item/A-1"), shown);
    assert_eq!(desk.publish(&offer).status, 200);
}

#[test]
fn a_picture_that_is_none_or_too_small_or_too_large_is_refused_by_its_number() {
    let mut desk = Desk::quiet();
    let mut check = |content: &[u8], id: u64| {
        let seen = put(&mut desk, content);
        assert_eq!((seen.status, seen.error()), (400, id));
    };
    check(b"%PDF-1.7", 190_203);
    check(&png(499), 190_202);
    check(&[png(500), vec![0; 12 << 20]].concat(), 190_201);
    let seen = desk.post(&format!("{IMAGE}/create_image_from_file"), json!({}));
    assert_eq!(seen.status, 415);
}

#[test]
fn fifty_in_five_seconds_are_taken() {
    let mut desk = Desk::quiet();
    for _ in 0..50 {
        assert_eq!(put(&mut desk, &png(500)).status, 201);
    }
    assert_eq!(put(&mut desk, &png(500)).status, 429);
    desk.pass(5);
    assert_eq!(put(&mut desk, &png(500)).status, 201);
}
