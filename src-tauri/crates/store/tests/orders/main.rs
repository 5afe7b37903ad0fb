//! What storing orders does, whatever comes in whatever order.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod booking;
mod cases;
mod handed_over;
mod messages;
mod record;
mod same_seller;
mod shop;
