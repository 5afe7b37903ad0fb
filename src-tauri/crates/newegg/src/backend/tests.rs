//! The adapter over a scripted transport: what it asks for, and what it makes of the answers.

mod aftersales;
mod feeds;
mod orders;
mod rows;
mod script;
mod secrets;
mod values;
