//! The behaviour of reading and writing catalogue files, through the public interface.

mod catalogues;
mod common;
mod round_trip;
mod rows;
